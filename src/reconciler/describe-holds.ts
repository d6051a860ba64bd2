import type { ManifestAddress } from '../model/address.js';
import type { Block, Document, Line } from '../model/document.js';
import type { Hold } from '../model/hold.js';
import { shortTime } from './describe-wording.js';

/** Rollouts that have stopped, one line each with how to let it go on; nothing where none has. */
export function holdBlocks(holds: readonly Hold[]): readonly Block[] {
  const active = holds.filter(({ resumed }) => resumed === null);
  if (active.length === 0) return [];
  return [
    { type: 'heading', text: 'Stopped rollouts' },
    { type: 'list', items: active.map(holdLine) },
  ];
}

function holdLine(hold: Hold): Line {
  const more = hold.failed.length > 1 ? ` and ${String(hold.failed.length - 1)} more` : '';
  return [
    { text: hold.manifest, tone: 'strong' },
    `${hold.wave === null ? '' : `, wave ${String(hold.wave + 1)},`} stopped ${shortTime(hold.at)} by run ${hold.run}: `,
    { text: `${hold.failed[0] ?? 'a deployment'}${more} failed`, tone: 'bad' },
    `: ${hold.reason}; evenkeel resume ${hold.manifest} --reason "…"`,
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
          ', with the same artifact, where it stopped. The reason is in the ledger.',
        ]
      : [
          { text: `No rollout of ${manifest} has stopped`, tone: 'bad' },
          resumed.held.length === 0 ? ', nor any other.' : `; these have: ${resumed.held.join(', ')}.`,
        ];
  return { blocks: [{ type: 'paragraph', line }], data: { schemaVersion: 1, manifest, ...resumed } };
}
