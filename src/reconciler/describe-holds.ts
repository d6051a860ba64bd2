import { manifestOf } from '../model/address.js';
import type { ManifestAddress } from '../model/address.js';
import type { Block, Document, Line } from '../model/document.js';
import type { Hold } from '../model/hold.js';
import type { Entry } from '../model/recorded.js';
import { shortTime } from './describe-wording.js';

/** Rollouts that have stopped, one line each with how to let it go on, or with who let it; nothing where none has, or where another artifact came since. */
export function holdBlocks(holds: readonly Hold[], entries: readonly Entry[] = []): readonly Block[] {
  const current = holds.filter((hold) => !isSuperseded(hold, entries));
  if (current.length === 0) return [];
  return [
    { type: 'heading', text: 'Stopped rollouts' },
    { type: 'list', items: current.map(holdLine) },
  ];
}

/** Since it stopped, something of the manifest has been brought to another artifact; or it was resumed, and something went on. */
function isSuperseded({ manifest, artifactSha256, at, resumed }: Hold, entries: readonly Entry[]): boolean {
  return entries.some(
    ({ address, recorded }) =>
      manifestOf(address) === manifest &&
      recorded !== null &&
      (recorded.artifactSha256 === artifactSha256 ? resumed !== null && recorded.at > resumed.at : recorded.at > at),
  );
}

/** Why a rollout of this manifest stopped, and who let it go on; nothing where none ever did. */
export function holdHistory(manifest: ManifestAddress, holds: readonly Hold[]): readonly Block[] {
  const own = holds.filter((hold) => hold.manifest === manifest);
  return own.length === 0 ? [] : [{ type: 'list', items: own.map(holdLine) }];
}

function holdLine(hold: Hold): Line {
  const more = hold.failed.length > 1 ? ` and ${String(hold.failed.length - 1)} more` : '';
  const { resumed } = hold;
  return [
    { text: hold.manifest, tone: 'strong' },
    `${hold.wave === null ? '' : `, wave ${String(hold.wave + 1)},`} stopped ${shortTime(hold.at)} by ${hold.run}: `,
    { text: `${hold.failed[0] ?? 'a deployment'}${more} failed`, tone: 'bad' },
    `: ${hold.reason}; `,
    resumed === null
      ? `evenkeel resume ${hold.manifest} --reason "…"`
      : { text: `resumed ${shortTime(resumed.at)}: ${resumed.reason}`, tone: 'good' },
  ];
}

/** What `resume` came to. */
export function describeResumed(
  manifest: ManifestAddress,
  resumed:
    | { readonly type: 'resumed'; readonly hold: Hold }
    | { readonly type: 'nothing'; readonly held: readonly ManifestAddress[] },
): Document {
  const line: Line =
    resumed.type === 'resumed'
      ? [
          { text: `${manifest} goes on at the next reconcile`, tone: 'good' },
          ', with the same artifact, where it stopped. The reason is in the ledger: see evenkeel status.',
        ]
      : [
          { text: `No rollout of ${manifest} has stopped`, tone: 'bad' },
          resumed.held.length === 0 ? ', nor any other.' : `; these have: ${resumed.held.join(', ')}.`,
        ];
  return { blocks: [{ type: 'paragraph', line }], data: { schemaVersion: 1, manifest, ...resumed } };
}
