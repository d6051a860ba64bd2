import { AwsError } from '../../kernel/contract.js';
import type { StackView, World } from '../../kernel/contract.js';
import { stackParameters } from './parameters.js';
import type { StackInstance, StackSet } from './stack-set.js';
import { declaredParameters } from './template.js';

export type StackOutcome = { readonly type: 'succeeded' } | { readonly type: 'failed'; readonly reason: string };

/** What a stack is left in that never came to life: it can only be deleted, and a retry makes another one under another name. */
const NEVER_ALIVE = new Set(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED']);

const outcomeOf = (stack: StackView, wanted: readonly string[]): StackOutcome =>
  wanted.includes(stack.status)
    ? { type: 'succeeded' }
    : {
        type: 'failed',
        reason: `Stack ${stack.stackId} is in ${stack.status} state${stack.statusReason === undefined ? '' : `: ${stack.statusReason}`}`,
      };

/** A refusal of CloudFormation is how the instance failed; anything else is a mistake of the simulator's and is thrown on. */
function attempt(effect: () => void, then: (outcome: StackOutcome) => void): void {
  try {
    effect();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    then({ type: 'failed', reason: error.message });
  }
}

function create(world: World, set: StackSet, instance: StackInstance, then: (outcome: StackOutcome) => void): void {
  const { account: accountId, region } = instance;
  const { content, templateRevision } = set;
  attempt(() => {
    const stackId = world.stacks.create({
      accountId,
      region,
      name: `StackSet-${set.name}-${world.identifiers.uuid()}`,
      template: content.template,
      parameters: stackParameters(content, instance.overrides, content.declared),
      tags: content.tags,
      capabilities: content.capabilities,
    });
    instance.stackId = stackId;
    instance.templateRevision = templateRevision;
    world.stacks.whenSettled(accountId, region, stackId, (stack) => then(outcomeOf(stack, ['CREATE_COMPLETE'])));
  }, then);
}

function update(
  world: World,
  set: StackSet,
  instance: StackInstance,
  stack: StackView,
  template: 'of-the-set' | 'its-own',
  then: (outcome: StackOutcome) => void,
): void {
  const { account: accountId, region } = instance;
  const { content, templateRevision } = set;
  const keepsItsOwn = template === 'its-own' && instance.templateRevision !== templateRevision;
  attempt(() => {
    const begun = world.stacks.update({
      accountId,
      region,
      stackId: stack.stackId,
      name: stack.name,
      template: keepsItsOwn ? stack.template : content.template,
      parameters: stackParameters(
        content,
        instance.overrides,
        keepsItsOwn ? declaredParameters(stack.template) : content.declared,
      ),
      tags: content.tags,
      capabilities: content.capabilities,
    });
    const done = (outcome: StackOutcome): void => {
      if (outcome.type === 'succeeded' && !keepsItsOwn) instance.templateRevision = templateRevision;
      then(outcome);
    };
    if (begun === 'no-updates') done({ type: 'succeeded' });
    else
      world.stacks.whenSettled(accountId, region, stack.stackId, (settled) =>
        done(outcomeOf(settled, ['UPDATE_COMPLETE'])),
      );
  }, then);
}

/** Deletes the instance's stack; one that is gone already counts as deleted. */
export function deleteStack(world: World, instance: StackInstance, then: (outcome: StackOutcome) => void): void {
  const { account, region, stackId } = instance;
  const stack = stackId === undefined ? undefined : world.stacks.find(account, region, stackId);
  if (stackId === undefined || stack === undefined || stack.status === 'DELETE_COMPLETE')
    return then({ type: 'succeeded' });
  attempt(() => {
    world.stacks.delete(account, region, stackId);
    world.stacks.whenSettled(account, region, stackId, (settled) => then(outcomeOf(settled, ['DELETE_COMPLETE'])));
  }, then);
}

/** Creates or updates the instance's stack. A stack that somebody deleted is not made again: its instance has to be removed first. */
export function bringStack(
  world: World,
  set: StackSet,
  instance: StackInstance,
  template: 'of-the-set' | 'its-own',
  then: (outcome: StackOutcome) => void,
): void {
  const { account, region, stackId } = instance;
  if (stackId === undefined) return create(world, set, instance, then);
  const stack = world.stacks.find(account, region, stackId);
  if (stack === undefined || stack.status === 'DELETE_COMPLETE')
    return then({ type: 'failed', reason: `Stack with id ${stackId} does not exist` });
  if (!NEVER_ALIVE.has(stack.status)) return update(world, set, instance, stack, template, then);
  deleteStack(world, instance, (outcome) => {
    if (outcome.type === 'failed') return then(outcome);
    instance.stackId = undefined;
    instance.templateRevision = 0;
    create(world, set, instance, then);
  });
}
