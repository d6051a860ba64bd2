import type { IamAction } from '../reconciler/ports.js';

const controller = (action: IamAction['action'], reason: string): IamAction => ({ action, role: 'controller', reason });
const plan = (action: IamAction['action'], reason: string): IamAction => ({ action, role: 'plan', reason });

/** What `evenkeel snapshot` calls besides discovery, and why: reads, and nothing else. */
export const SNAPSHOT_ACTIONS: readonly IamAction[] = [
  controller('cloudformation:ListStackSets', 'a snapshot finds every stack set, also those that are not ours'),
  controller('cloudformation:DescribeStackSet', 'a snapshot keeps the definition of a stack set'),
  controller('cloudformation:ListStackInstances', 'a snapshot keeps the instances of a stack set'),
  controller('cloudformation:DescribeStackInstance', 'a snapshot keeps parameter overrides, which no listing shows'),
  plan('cloudformation:DescribeStacks', 'a snapshot keeps every stack of a Region'),
  plan('cloudformation:ListStacks', 'DescribeStacks without a name is allowed only to those who may list'),
  plan('cloudformation:GetTemplate', 'a snapshot keeps the template of every stack'),
];
