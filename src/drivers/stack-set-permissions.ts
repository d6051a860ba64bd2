import type { IamAction } from '../reconciler/ports.js';

const controller = (action: IamAction['action'], reason: string): IamAction => ({ action, role: 'controller', reason });
const plan = (action: IamAction['action'], reason: string): IamAction => ({ action, role: 'plan', reason });

/** What the `stack-set` driver calls in the controller's own account, and in target accounts to look at the instances' stacks. */
export const STACK_SET_ACTIONS: readonly IamAction[] = [
  controller('cloudformation:DescribeStackSet', 'compares the definition with the manifest'),
  controller('cloudformation:ListStackInstances', 'shows every instance, and so every hole'),
  controller('cloudformation:DescribeStackInstance', 'reads parameter overrides, which no listing shows'),
  controller('cloudformation:ListStackSetOperations', "tells our own running operation from somebody else's"),
  controller('cloudformation:DescribeStackSetOperation', 'tells how an operation of ours has ended'),
  controller('cloudformation:ListStackSetOperationResults', 'names the accounts where an operation failed, and why'),
  controller('cloudformation:CreateStackSet', 'creates a stack set'),
  controller(
    'cloudformation:UpdateStackSet',
    'updates a stack set, and instances that fell behind or were changed by hand',
  ),
  controller('cloudformation:CreateStackInstances', 'creates missing instances'),
  controller('cloudformation:UpdateStackInstances', 'corrects parameter overrides'),
  controller('cloudformation:DeleteStackInstances', 'removes instances that are no longer wanted'),
  controller('cloudformation:DeleteStackSet', 'removes a stack set whose manifest is gone'),
  controller('cloudformation:TagResource', 'marks a stack set as ours'),
  controller('cloudformation:UntagResource', 'removes a tag that the manifest no longer has'),
  controller('iam:PassRole', 'hands a self-managed stack set its administration role, and nobody else any other'),
  plan('cloudformation:DescribeStacks', "compares an instance's own stack with what its stack set says"),
  plan('cloudformation:ListStacks', 'DescribeStacks without a name is allowed only to those who may list'),
  plan('cloudformation:GetTemplate', 'compares the template of an instance whose stack somebody touched'),
];
