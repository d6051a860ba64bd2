import { error } from '../manifest/issues.js';
import type { ManifestAddress } from '../model/address.js';
import type { Deployment, Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { targetKey } from '../model/target.js';

type Deployments = ReadonlyMap<ManifestAddress, readonly Deployment[]>;

/** An error for each pair of manifests that meet on one name: CloudFormation would take them for the same stack. */
export function collisions(desired: readonly Desired[], deployments: Deployments): readonly Diagnostic[] {
  return desired.flatMap((second, index) =>
    desired
      .slice(0, index)
      .filter((first) => first.driver === second.driver && first.stackName === second.stackName)
      .flatMap((first) => meeting(first, second, deployments) ?? []),
  );
}

function meeting(first: Desired, second: Desired, deployments: Deployments): Diagnostic | null {
  const where = meetingPlace(first, second, deployments);
  if (where === null) return null;
  const message = `${first.address} and ${second.address} meet on the name ${second.stackName}${where}`;
  const remedy = 'give one of them another stackName, or other targets';
  return { ...error('EK3007', message, remedy, second.at('spec', 'stackName')), address: second.address };
}

/** Stack sets stand in one account, wherever their instances do; stacks meet only where both are. Null where they do not. */
function meetingPlace(first: Desired, second: Desired, deployments: Deployments): string | null {
  if (first.stackSet !== null) return ', which only one stack set can have';
  const taken = new Set((deployments.get(first.address) ?? []).map(({ target }) => targetKey(target)));
  const shared = (deployments.get(second.address) ?? [])
    .map(({ target }) => targetKey(target))
    .filter((key) => taken.has(key));
  if (shared.length === 0) return null;
  return ` at ${shared[0]}${shared.length > 1 ? ` and ${shared.length - 1} more targets` : ''}`;
}
