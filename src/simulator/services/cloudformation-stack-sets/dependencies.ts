import type { Caller } from './caller.js';
import { invalid } from '../../templates/refusal.js';
import type { Operation, StackSet } from './stack-set.js';
import { isOpen } from './stack-set.js';

/** Quota: dependencies of all stack sets of an administrator account together. */
const MOST_IN_ACCOUNT = 100;

const byArn = (sets: Iterable<StackSet>): ReadonlyMap<string, StackSet> =>
  new Map([...sets].filter(({ status }) => status === 'ACTIVE').map((set) => [set.arn, set]));

/** What a stack set depends on, directly and indirectly, nearest first. */
function dependenciesOf(sets: ReadonlyMap<string, StackSet>, arns: readonly string[]): readonly StackSet[] {
  const found = new Set<StackSet>();
  const follow = (arn: string): void => {
    const set = sets.get(arn);
    if (set === undefined || found.has(set)) return;
    found.add(set);
    set.content.autoDeployment.dependsOn.forEach(follow);
  };
  arns.forEach(follow);
  return [...found];
}

/** Refuses dependencies that do not exist, lead back to the stack set itself (undefined while it is being made), or are too many. */
export function checkDependencies(
  sets: Iterable<StackSet>,
  caller: Caller,
  self: StackSet | undefined,
  arns: readonly string[],
): void {
  if (arns.length === 0) return;
  const all = [...sets];
  const known = byArn(all.filter(({ account, region }) => account === caller.account && region === caller.region));
  const missing = arns.find((arn) => known.get(arn)?.content.permissionModel !== 'SERVICE_MANAGED');
  if (missing !== undefined)
    throw invalid(`StackSet ${missing} in DependsOn does not exist or is not a SERVICE_MANAGED StackSet`);
  if (self !== undefined && dependenciesOf(known, arns).includes(self))
    throw invalid(`Circular dependency detected: StackSet ${self.arn} depends on itself`);
  const others = all.filter((set) => set.account === caller.account && set !== self && set.status === 'ACTIVE');
  const count = others.reduce((sum, { content }) => sum + content.autoDeployment.dependsOn.length, arns.length);
  if (count > MOST_IN_ACCOUNT)
    throw invalid(`The StackSets of an account can have at most ${MOST_IN_ACCOUNT} dependencies`);
}

/** Those that others depend on before those that depend on them. */
export function inOrder(sets: Iterable<StackSet>): readonly StackSet[] {
  const all = [...sets];
  const known = byArn(all);
  const ordered = new Set<StackSet>();
  const place = (set: StackSet): void => {
    if (ordered.has(set)) return;
    for (const arn of set.content.autoDeployment.dependsOn) {
      const dependency = known.get(arn);
      if (dependency !== undefined) place(dependency);
    }
    ordered.add(set);
  };
  all.forEach(place);
  return [...ordered];
}

/** The automatic operations that have to succeed before one of this stack set begins. */
export function operationsBefore(sets: Iterable<StackSet>, set: StackSet): readonly Operation[] {
  return dependenciesOf(byArn(sets), set.content.autoDeployment.dependsOn).flatMap(({ operations }) =>
    [...operations.values()].filter((operation) => operation.automatic && isOpen(operation)),
  );
}
