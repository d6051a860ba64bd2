import { keepResource } from './journal.js';
import type { ResourceChange } from './projection.js';
import { policyDenial, type PolicyAction } from './stack-policy.js';
import type { LiveResource, Stack } from './stack.js';
import type { Step } from './timeline.js';

/** What the stack's policy forbids of a change; additions are not its affair. */
export function denialOf(
  policy: string,
  change: ResourceChange,
): { readonly before: LiveResource; readonly reason: string } | undefined {
  if (!('before' in change)) return undefined;
  const { before } = change;
  for (const action of policyActions(change)) {
    const reason = policyDenial(policy, action, before);
    if (reason !== undefined) return { before, reason };
  }
  return undefined;
}

/** A change that may or may not replace needs both permissions: nobody knows beforehand. */
function policyActions(change: Extract<ResourceChange, { readonly before: LiveResource }>): readonly PolicyAction[] {
  if (change.action === 'Remove') return ['Update:Delete'];
  switch (change.replacement) {
    case 'True':
      return ['Update:Replace'];
    case 'False':
      return ['Update:Modify'];
    case 'Conditional':
      return ['Update:Modify', 'Update:Replace'];
  }
}

/** Fails the resource's part of the update without touching the resource. */
export function deniedStep(
  stack: Stack,
  before: LiveResource,
  reason: string,
  now: () => Date,
  touched: () => void,
): Step {
  return {
    begin: () => undefined,
    finish: (done) => {
      touched();
      keepResource(stack, { ...before, status: 'UPDATE_FAILED', reason, updatedAt: now() });
      done({ logicalId: before.logicalId, reason });
    },
  };
}
