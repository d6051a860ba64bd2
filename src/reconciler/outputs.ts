import { targetOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { Observation } from '../model/observed.js';
import type { Change, Refusal } from '../model/plan.js';
import { targetKey } from '../model/target.js';
import { inOrder, standingAt } from './needs.js';
import type { Outside } from './outside.js';
import type { Needs } from './needs.js';
import { refers, resolveReferences } from './references.js';
import type { Output, Outputs } from './references.js';
import type { Drivers } from './ports.js';
import type { Unit } from './units.js';

export type OutputWorld = {
  readonly needs: Needs;
  readonly observed: ReadonlyMap<Address, Observation>;
  /** Null where the reconcile is not narrowed, or refers to nothing outside. */
  readonly outside: Outside | null;
  readonly drivers: Drivers;
  /** What is going to be done about a unit whose own references are resolved; null for nothing. */
  readonly changeOf: (unit: Unit) => Change | null;
};

export type ResolvedUnits = {
  /** In the order of the given ones. */
  readonly units: readonly Unit[];
  /** Units that cannot be changed for want of an output. */
  readonly refusals: ReadonlyMap<Address, Refusal>;
};

/** Every unit with what is known of its references, from the first that needs nothing to the last. No cycle may be among them. */
export function resolveAll(units: readonly Unit[], world: OutputWorld): ResolvedUnits {
  if (!units.some(refers)) return { units, refusals: new Map() };
  const resolved = new Map<Address, Unit>();
  const refusals = new Map<Address, Refusal>();
  const changes = new Map<Address, Change | null>();
  const changeOf = (unit: Unit): Change | null => {
    const { address } = unit.subject;
    if (!changes.has(address)) changes.set(address, world.changeOf(unit));
    return changes.get(address)!;
  };
  const outputs: Outputs = {
    every: (manifest) => everyDeployment(world, manifest),
    at: (address, output) => {
      const unit = standingAt(world.needs, address);
      if (unit === null) return outputOutside(world, address, output);
      const own = unit.subject.address;
      if (refusals.has(own)) return { type: 'missing', why: `${own} itself waits for an output` };
      const change = changeOf(resolved.get(own) ?? unit);
      return change !== null && mayMove(change, address)
        ? { type: 'pending' }
        : outputSeen(world.observed.get(own), address, output);
    },
  };
  for (const unit of inOrder(units, world.needs)) {
    const answer = resolveReferences(unit, outputs, world.drivers);
    resolved.set(unit.subject.address, answer.unit);
    if (answer.refusal !== null) refusals.set(unit.subject.address, answer.refusal);
  }
  return { units: units.map((unit) => resolved.get(unit.subject.address)!), refusals };
}

/** What is there once the changes before it have been carried out: nothing is pending any more. */
export function outputsNow(
  world: Pick<OutputWorld, 'needs' | 'outside'>,
  seen: (unit: Address) => Observation | undefined,
): Outputs {
  return {
    every: (manifest) => everyDeployment(world, manifest),
    at: (address, output) => {
      const unit = standingAt(world.needs, address);
      if (unit === null) return outputOutside(world, address, output);
      return outputSeen(seen(unit.subject.address), address, output);
    },
  };
}

/** Addresses of all deployments that a manifest wants, sorted: the order in which their outputs are joined. */
function everyDeployment(
  { needs, outside }: Pick<OutputWorld, 'needs' | 'outside'>,
  manifest: Address,
): readonly Address[] {
  const elsewhere = outside?.needs.unitsOf(manifest) ?? [];
  const addresses = [...needs.unitsOf(manifest), ...elsewhere].flatMap(({ wanted }) =>
    wanted!.deployments.map(({ address }) => address),
  );
  return [...new Set(addresses)].sort();
}

function outputOutside({ outside }: Pick<OutputWorld, 'outside'>, address: Address, output: string): Output {
  const unit = outside === null ? null : standingAt(outside.needs, address);
  return unit === null
    ? { type: 'missing', why: `${address} is not deployed` }
    : outputSeen(outside!.observed.get(unit.subject.address), address, output);
}

/** The value that stands in AWS. */
export function outputSeen(seen: Observation | undefined, address: Address, output: string): Output {
  const missing = (why: string): Output => ({ type: 'missing', why: `${address} ${why}` });
  if (seen === undefined || seen.type === 'unknown') return missing('could not be looked at');
  if (seen.type === 'absent') return missing('does not stand yet');
  if (seen.ownership === 'theirs') return missing('is not ours');
  if (seen.condition.type !== 'settled') return missing(`is ${seen.status}`);
  const key = targetKey(targetOf(address)!);
  const member = seen.members[key];
  if (Object.keys(seen.members).length > 0 && member === undefined) return missing('does not stand yet');
  const values = member === undefined ? seen.outputs : member.outputs;
  if (values === null) return missing('has a stack that could not be looked at');
  const value = values[output];
  return value === undefined ? missing(`has no output ${output}`) : { type: 'known', value };
}

/** Whether a change may give a deployment other outputs: whatever makes it, or reaches its template or parameters. */
function mayMove(change: Change, address: Address): boolean {
  if (change.action !== 'update' || change.reason === 'interrupted') return true;
  if (change.fields.some(({ path }) => path === 'template' || path.startsWith('parameters.'))) return true;
  return change.members.some((member) => member.address === address);
}
