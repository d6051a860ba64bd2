import { accountGate } from './account-gate.js';
import { detectDrift } from './instance-drift.js';
import { importStack } from './instance-import.js';
import { bringStack, deleteStack } from './instance-stack.js';
import type { StackOutcome } from './instance-stack.js';
import { changedOverrides } from './parameters.js';
import { placeOf } from './stack-set.js';
import type { Operation, OperationResult, StackInstance, StackSet } from './stack-set.js';
import type { StackSetWorld } from './world.js';

/** Looks into the account before anything happens there; seconds. */
const GATE_SECONDS = { least: 2, most: 6 };

type Ended = (counts: 'failed' | 'not-failed') => void;

/** Records that an operation was cut short before it came to this instance. */
export function cancel(set: StackSet, operation: Operation, result: OperationResult, reason: string): void {
  result.status = 'CANCELLED';
  result.reason = reason;
  const instance = set.instances.get(placeOf(result.target));
  if (instance === undefined || operation.kind.type === 'detect-drift') return;
  instance.detailedStatus = 'CANCELLED';
  instance.reason = reason;
  instance.lastOperationId = operation.id;
}

/** A failed deletion or import leaves an instance that only its removal with RetainStacks gets rid of. */
function fail({ kind }: Operation, result: OperationResult, instance: StackInstance, reason: string): void {
  result.status = 'FAILED';
  result.reason = reason;
  switch (kind.type) {
    case 'detect-drift':
      return;
    case 'delete':
    case 'import':
      instance.status = 'INOPERABLE';
      instance.detailedStatus = kind.type === 'delete' ? 'INOPERABLE' : 'FAILED_IMPORT';
      break;
    case 'create':
    case 'update-set':
    case 'update-instances':
      instance.status = 'OUTDATED';
      instance.detailedStatus = 'FAILED';
  }
  instance.reason = reason;
}

/** Carries out one operation on one instance and answers once, later: never before this call has returned. */
export function work(
  world: StackSetWorld,
  set: StackSet,
  operation: Operation,
  result: OperationResult,
  ended: Ended,
): void {
  const { target } = result;
  result.status = 'RUNNING';
  const running = set.instances.get(placeOf(target));
  if (running !== undefined && operation.kind.type !== 'detect-drift') running.detailedStatus = 'RUNNING';
  const pause = world.identifiers.between(
    GATE_SECONDS.least,
    GATE_SECONDS.most,
    `gate/${operation.id}/${placeOf(target)}`,
  );
  world.clock.after(pause, () => {
    const instance = set.instances.get(placeOf(target));
    if (instance === undefined) {
      result.status = 'SUCCEEDED';
      return ended('not-failed');
    }
    if (operation.kind.type === 'delete' && operation.kind.retainStacks) {
      set.instances.delete(placeOf(target));
      result.status = 'SUCCEEDED';
      return ended('not-failed');
    }
    const gate = accountGate(world, set, target.account);
    if (gate.type === 'suspended') {
      cancel(set, operation, result, `Account ${target.account} is suspended`);
      if (operation.kind.type !== 'detect-drift') instance.detailedStatus = 'SKIPPED_SUSPENDED_ACCOUNT';
      return ended('not-failed');
    }
    result.gate = gate.result;
    if (instance.status === 'INOPERABLE' && isRefusedByInoperable(operation)) {
      result.status = 'FAILED';
      result.reason = `Stack instance in account ${target.account} and Region ${target.region} is INOPERABLE`;
      instance.detailedStatus = 'INOPERABLE';
      return ended('failed');
    }
    if (gate.type === 'closed') {
      fail(operation, result, instance, gate.reason);
      return ended('failed');
    }
    through(world, set, operation, result, instance, ended);
  });
}

/** Deletion is the way out of INOPERABLE, importing again another one; looking for drift changes nothing. */
const isRefusedByInoperable = ({ kind: { type } }: Operation): boolean =>
  type !== 'delete' && type !== 'import' && type !== 'detect-drift';

function through(
  world: StackSetWorld,
  set: StackSet,
  operation: Operation,
  result: OperationResult,
  instance: StackInstance,
  ended: Ended,
): void {
  const { kind } = operation;
  const revision = set.revision;
  const done = (outcome: StackOutcome): void => {
    if (outcome.type === 'failed') {
      fail(operation, result, instance, outcome.reason);
      return ended('failed');
    }
    result.status = 'SUCCEEDED';
    if (kind.type === 'delete') {
      set.instances.delete(placeOf(instance));
      return ended('not-failed');
    }
    instance.status =
      set.revision === revision && instance.templateRevision === set.templateRevision ? 'CURRENT' : 'OUTDATED';
    instance.detailedStatus = 'SUCCEEDED';
    instance.reason = undefined;
    ended('not-failed');
  };
  switch (kind.type) {
    case 'delete':
      return deleteStack(world, instance, done);
    case 'import':
      return done(importStack(world, set, instance, kind.stackIds.get(placeOf(instance))!));
    case 'detect-drift':
      return detectDrift(world, instance, (outcome) => {
        if (outcome.type === 'failed') {
          fail(operation, result, instance, outcome.reason);
          return ended('failed');
        }
        result.status = 'SUCCEEDED';
        instance.drift = outcome.drift;
        kind.seen.set(placeOf(instance), outcome.resources);
        ended('not-failed');
      });
    case 'create':
    case 'update-instances':
      instance.overrides = changedOverrides(kind.overrides, instance.overrides);
      return bringStack(world, set, instance, kind.type === 'create' ? 'of-the-set' : 'its-own', done);
    case 'update-set':
      return bringStack(world, set, instance, 'of-the-set', done);
  }
}
