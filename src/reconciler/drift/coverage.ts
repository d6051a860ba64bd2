import type { Asking } from './asking.js';
import type { Gathered, HarvestPorts } from './harvest.js';
import type { Watched } from './watched.js';

/** What CloudFormation cannot check of a stack's resources; nothing is known of a stack whose artifact nobody has looked at. */
export type Coverage = (watched: Watched) => {
  readonly notCheckable: readonly string[];
  /** Not one of its types can be checked: that nothing was found says nothing. */
  readonly isEverything: boolean;
};

/** Stands in the ledger beside the types of an artifact of which not one can be checked. */
export const EVERY_TYPE = '*';

/**
 * What the ledger knows of the artifacts behind these detections. Of an artifact that it does not know, one stack is asked for its
 * types, and which of them CloudFormation looked at, once for all of them; where that fails, the next detection tries again.
 */
export async function coverageOf(
  gathered: readonly Gathered[],
  { probe, ledger }: HarvestPorts,
  asking: Asking,
): Promise<Coverage> {
  const artifacts = [...new Set(gathered.flatMap(({ watched }) => watched.artifactSha256 ?? []))].sort();
  const known = new Map(artifacts.length === 0 ? [] : await ledger.coverage(artifacts));
  await Promise.all(
    artifacts
      .filter((artifact) => !known.has(artifact))
      .map(async (artifact) => {
        const one = gathered.find((each) => each.watched.artifactSha256 === artifact && isTelling(each));
        const notCheckable = one === undefined ? null : await learn(one, probe, asking);
        if (notCheckable === null) return;
        await ledger.learnCoverage(artifact, notCheckable);
        known.set(artifact, notCheckable);
      }),
  );
  return ({ artifactSha256 }) => {
    const types = (artifactSha256 === null ? undefined : known.get(artifactSha256)) ?? [];
    return { notCheckable: types.filter((type) => type !== EVERY_TYPE), isEverything: types.includes(EVERY_TYPE) };
  };
}

/** What a detection did not come to, and what was updated since, is not checked and may be checkable all the same. */
function isTelling({ watched, at, error }: Gathered): boolean {
  const { updatedAt } = watched.stack;
  return error === null && (updatedAt === null || Date.parse(updatedAt) < Date.parse(at));
}

async function learn(
  { watched, checked }: Gathered,
  probe: HarvestPorts['probe'],
  asking: Asking,
): Promise<readonly string[] | null> {
  const { target, stack } = watched;
  const place = { target, stackId: stack.stackId };
  const listed = await asking.ask(target, (signal) => probe.types(place, signal));
  if (listed?.type !== 'types') return null;
  const missing = listed.notChecked.filter((type) => checked?.includes(type) !== true);
  return missing.length > 0 && missing.length === listed.types.length ? [EVERY_TYPE, ...missing] : missing;
}
