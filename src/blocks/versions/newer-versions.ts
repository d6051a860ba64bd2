import pLimit from 'p-limit';
import type { Desired } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import { unreachable } from '../../model/unreachable.js';
import type { VersionLine, VersionState } from '../../model/versions.js';
import { offerOfApplication } from './versions-application.js';
import { offerOfConstruct } from './versions-construct.js';
import type { Offer, VersionSession } from './versions-offer.js';
import { isSameVersion, newerThan, newestFirst } from './versions-order.js';
import { offerOfSolution } from './versions-solution.js';

const AT_ONCE = 4;

export type Standing = { readonly lines: readonly VersionLine[]; readonly diagnostics: readonly Diagnostic[] };

/** How every pinned version stands; one that nobody can be asked about does not keep the others from being told. */
export async function standingOf(
  desired: readonly Desired[],
  session: VersionSession,
  progress: (done: number, of: number) => void,
): Promise<Standing> {
  const pinned = desired.filter(({ block }) => block.type !== 'template');
  const limit = pLimit(AT_ONCE);
  let done = 0;
  const offers = await Promise.all(
    pinned.map((each) =>
      limit(async () => {
        const offer = await offerOf(each, session);
        progress((done += 1), pinned.length);
        return { each, offer };
      }),
    ),
  );
  return {
    lines: offers.flatMap(({ each, offer }) => (offer === null ? [] : [lineOf(each, offer)])),
    diagnostics: offers.flatMap(({ offer }) => offer?.diagnostics ?? []),
  };
}

/** Asks whoever publishes a building block; null for a template of one's own, which has no versions but revisions. */
export async function offerOf(desired: Desired, session: VersionSession): Promise<Offer | null> {
  const { block } = desired;
  switch (block.type) {
    case 'template':
      return null;
    case 'serverless-application':
      return offerOfApplication(desired, block, session);
    case 'solution':
      return offerOfSolution(block, session);
    case 'construct':
      return offerOfConstruct(block, session);
    default:
      return unreachable(block);
  }
}

/** Pure. */
export function lineOf({ address }: Pick<Desired, 'address'>, offer: Offer): VersionLine {
  const { pinned, source, ending } = offer;
  const known = pinned === null ? [] : newerThan(pinned, offer.versions);
  const newer = known.filter((version) => isLockable(version, offer));
  return {
    address,
    pinned,
    newest: known[0] ?? newestOf(offer),
    newer,
    state: stateOf(offer, newer),
    source,
    notes: [
      ...(ending === null ? [] : [ending.reason]),
      ...offer.notes,
      ...beyondReach(known, newer),
      ...unlisted(offer),
    ],
  };
}

function isLockable(version: string, { lockable }: Offer): boolean {
  return lockable === null || lockable.some((each) => isSameVersion(each, version));
}

function beyondReach(known: readonly string[], newer: readonly string[]): readonly string[] {
  const [newest] = known;
  return newest === undefined || newer.includes(newest)
    ? []
    : [`${newest} is newer and not installed, so it cannot be locked`];
}

/** A mirror may be behind, or keep a part only, so what it does not list is not withdrawn for that. */
function unlisted(offer: Offer): readonly string[] {
  return offer.source === 'registry' && !isOffered(offer) ? [`the registry does not list ${offer.pinned}`] : [];
}

function isOffered({ pinned, versions }: Offer): boolean {
  return pinned !== null && versions.some((version) => isSameVersion(version, pinned));
}

function stateOf(offer: Offer, newer: readonly string[]): VersionState {
  const { pinned, versions, complete, source, ending } = offer;
  if (ending !== null) return ending.type;
  if (pinned === null) return 'unversioned';
  if (versions.length === 0) return 'unknown';
  if (complete && source === 'publisher' && !isOffered(offer)) return 'withdrawn';
  return newer.length > 0 ? 'outdated' : 'current';
}

/** Where none is newer: the pinned one where it is offered, else the newest of those that are, be they older. */
function newestOf(offer: Offer): string | null {
  const { pinned, versions, complete } = offer;
  if (versions.length === 0) return null;
  return !complete || isOffered(offer) ? pinned : (newestFirst(versions)[0] ?? null);
}
