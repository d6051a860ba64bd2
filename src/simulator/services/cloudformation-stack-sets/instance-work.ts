import type { World } from '../../kernel/contract.js';
import { accountGate } from './account-gate.js';
import { bringStack, deleteStack } from './instance-stack.js';
import type { StackOutcome } from './instance-stack.js';
import { changedOverrides } from './parameters.js';
import { placeOf } from './stack-set.js';
import type { Operation, OperationResult, StackInstance, StackSet } from './stack-set.js';

/** Looks into the account before anything happens there; seconds. */
const GATE_SECONDS = { least: 2, most: 6 };

type Ended = (counts: 'failed' | 'not-failed') => void;

/** Records that an operation was cut short before it came to this instance. */
export function cancel(set: StackSet, operation: Operation, result: OperationResult, reason: string): void {
  result.status = 'CANCELLED';
  result.reason = reason;
  const instance = set.instances.get(placeOf(result.target));
  if (instance === undefined) return;
  instance.detailedStatus = 'CANCELLED';
  instance.reason = reason;
  instance.lastOperationId = operation.id;
}

function fail(operation: Operation, result: OperationResult, instance: StackInstance, reason: string): void {
  result.status = 'FAILED';
  result.reason = reason;
  instance.status = operation.kind.type === 'delete' ? 'INOPERABLE' : 'OUTDATED';
  instance.detailedStatus = operation.kind.type === 'delete' ? 'INOPERABLE' : 'FAILED';
  instance.reason = reason;
}

/** Carries out one operation on one instance and answers once, later: never before this call has returned. */
export function work(world: World, set: StackSet, operation: Operation, result: OperationResult, ended: Ended): void {
  const { target } = result;
  result.status = 'RUNNING';
  const running = set.instances.get(placeOf(target));
  if (running !== undefined) running.detailedStatus = 'RUNNING';
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
      instance.detailedStatus = 'SKIPPED_SUSPENDED_ACCOUNT';
      return ended('not-failed');
    }
    result.gate = gate.result;
    if (instance.status === 'INOPERABLE' && operation.kind.type !== 'delete') {
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

function through(
  world: World,
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
  if (kind.type === 'delete') return deleteStack(world, instance, done);
  if (kind.type !== 'update-set') instance.overrides = changedOverrides(kind.overrides, instance.overrides);
  bringStack(world, set, instance, kind.type === 'update-instances' ? 'its-own' : 'of-the-set', done);
}
