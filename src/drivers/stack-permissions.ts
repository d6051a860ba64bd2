import type { IamAction } from '../reconciler/ports.js';

/** What the `stack` driver calls in a target account, and why. */
export const STACK_ACTIONS: readonly IamAction[] = [
  {
    action: 'cloudformation:DescribeStacks',
    role: 'plan',
    reason: 'lists every stack of a Region once, and looks up a recorded one that the listing does not show',
  },
  {
    action: 'cloudformation:ListStacks',
    role: 'plan',
    reason: 'DescribeStacks without a name is allowed only to those who may list',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html',
  },
  {
    action: 'cloudformation:GetTemplate',
    role: 'plan',
    reason: 'compares the template of a stack that somebody touched',
  },
  {
    action: 'cloudformation:DescribeStackEvents',
    role: 'plan',
    reason: 'tells our own running operation from another, and names what failed',
  },
  {
    action: 'cloudformation:DescribeStackEvents',
    role: 'apply',
    reason: 'tells whether this step has run already, and names what failed',
  },
  { action: 'cloudformation:CreateStack', role: 'apply', reason: 'creates a deployment' },
  {
    action: 'cloudformation:CreateChangeSet',
    role: 'apply',
    reason: 'asks what an update would do; on a transform too, where a template has one',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html',
  },
  {
    action: 'cloudformation:DescribeChangeSet',
    role: 'apply',
    reason: 'compares what an update would do with the plan',
  },
  { action: 'cloudformation:ExecuteChangeSet', role: 'apply', reason: 'updates a deployment' },
  { action: 'cloudformation:DeleteChangeSet', role: 'apply', reason: 'removes a change set that is not executed' },
  {
    action: 'cloudformation:DeleteStack',
    role: 'apply',
    reason: 'deletes a deployment, or what is left of a creation that failed',
  },
  {
    action: 'cloudformation:UpdateTerminationProtection',
    role: 'apply',
    reason: 'sets the protection that the manifest asks for, and lifts it before a planned deletion',
  },
  { action: 'cloudformation:TagResource', role: 'apply', reason: 'marks a stack as ours' },
  { action: 'cloudformation:UntagResource', role: 'apply', reason: 'removes a tag that the manifest no longer has' },
  { action: 'iam:PassRole', role: 'apply', reason: 'hands CloudFormation its service role, and nobody else any other' },
  {
    action: 's3:GetObject',
    role: 'apply',
    reason: "CloudFormation reads a template from the artifact bucket with the caller's permissions",
  },
];
