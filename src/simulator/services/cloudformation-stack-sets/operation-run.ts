import { cancel, work } from './instance-work.js';
import { concurrencyIn, toleranceIn } from './preferences.js';
import { placeOf } from './stack-set.js';
import type { Operation, OperationResult, StackInstance, StackSet, Target } from './stack-set.js';
import type { StackSetWorld } from './world.js';

const newInstance = (target: Target, operation: Operation): StackInstance => ({
  account: target.account,
  region: target.region,
  unitId: target.unitId,
  stackId: undefined,
  overrides: new Map(),
  status: 'OUTDATED',
  detailedStatus: 'PENDING',
  reason: undefined,
  lastOperationId: operation.id,
  templateRevision: 0,
  drift: { status: 'NOT_CHECKED', at: undefined },
});

/** Every target shows as PENDING at once: an instance is listed before its stack exists. */
function announce(set: StackSet, operation: Operation): void {
  for (const target of operation.targets) {
    const place = placeOf(target);
    operation.results.set(place, { target, status: 'PENDING', reason: undefined, gate: undefined });
    if ((operation.kind.type === 'create' || operation.kind.type === 'import') && !set.instances.has(place))
      set.instances.set(place, newInstance(target, operation));
    const instance = set.instances.get(place);
    if (instance === undefined) continue;
    if (operation.kind.type === 'detect-drift') {
      instance.lastOperationId = operation.id;
      continue;
    }
    if (operation.kind.type !== 'delete' && instance.status !== 'INOPERABLE') instance.status = 'OUTDATED';
    instance.detailedStatus = 'PENDING';
    instance.lastOperationId = operation.id;
  }
}

const isStopping = (operation: Operation): boolean => operation.status === 'STOPPING';

function runRegion(
  world: StackSetWorld,
  set: StackSet,
  operation: Operation,
  region: string,
  then: (end: 'went-through' | 'gave-up') => void,
): void {
  const queue = [...operation.results.values()].filter((result) => result.target.region === region).sort(byAccount);
  const tolerance = toleranceIn(operation.preferences, queue.length);
  let failures = 0;
  let running = 0;
  let next = 0;
  const halted = (): boolean => failures > tolerance || isStopping(operation);
  const pump = (): void => {
    while (!halted() && next < queue.length && running < concurrencyIn(operation.preferences, queue.length, failures)) {
      running += 1;
      work(world, set, operation, queue[next++]!, (counts) => {
        running -= 1;
        if (counts === 'failed') failures += 1;
        pump();
      });
    }
    if (running > 0 || (next < queue.length && !halted())) return;
    for (const result of queue.slice(next))
      cancel(
        set,
        operation,
        result,
        isStopping(operation) ? 'Cancelled by user' : 'Cancelled since failure tolerance has exceeded',
      );
    then(failures > tolerance ? 'gave-up' : 'went-through');
  };
  pump();
}

const byAccount = (left: OperationResult, right: OperationResult): number =>
  left.target.account < right.target.account ? -1 : 1;

/** Works through the Regions; a Region that exceeds its tolerance keeps later Regions from starting. */
export function run(world: StackSetWorld, set: StackSet, operation: Operation, ended: () => void): void {
  operation.status = 'RUNNING';
  announce(set, operation);
  const targeted = new Set(operation.targets.map(({ region }) => region));
  const regions = [...new Set([...operation.preferences.regionOrder, ...[...targeted].sort()])].filter((region) =>
    targeted.has(region),
  );
  let gaveUp = false;
  const end = (): void => {
    operation.status = isStopping(operation) ? 'STOPPED' : gaveUp ? 'FAILED' : 'SUCCEEDED';
    operation.endedAt = world.clock.now();
    if (operation.kind.type === 'detect-drift') set.lastDriftDetection = operation;
    ended();
  };
  const remaining = [...regions];
  const sequentially = (): void => {
    const region = remaining.shift();
    if (region === undefined) return end();
    if (gaveUp) {
      for (const result of operation.results.values()) {
        if (result.status === 'PENDING')
          cancel(set, operation, result, 'Cancelled since failure tolerance has exceeded');
      }
      return end();
    }
    runRegion(world, set, operation, region, (how) => {
      gaveUp ||= how === 'gave-up';
      sequentially();
    });
  };
  const inParallel = (): void => {
    let open = regions.length;
    for (const region of regions) {
      runRegion(world, set, operation, region, (how) => {
        gaveUp ||= how === 'gave-up';
        open -= 1;
        if (open === 0) end();
      });
    }
  };
  // An operation without targets still takes a moment: its caller always sees it RUNNING first.
  if (regions.length === 0) world.clock.after(1, end);
  else if (operation.preferences.regionsInParallel) inParallel();
  else sequentially();
}
