import type { IamAction } from '../reconciler/ports.js';

const DETECTION =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html#drift-considerations';

const plan = (action: IamAction['action'], reason: string, source?: string): IamAction => ({
  action,
  role: 'plan',
  reason,
  ...(source === undefined ? {} : { source }),
});

/** What the detection of drift calls in a target account. */
export const DRIFT_ACTIONS: readonly IamAction[] = [
  plan(
    'cloudformation:DetectStackDrift',
    'begins to compare the resources of a stack with its template; CloudFormation reads each of them with the permissions of this role, and those that it may not read are UNKNOWN',
    DETECTION,
  ),
  plan('cloudformation:DetectStackResourceDrift', 'DetectStackDrift is allowed only with it', DETECTION),
  plan(
    'cloudformation:BatchDescribeTypeConfigurations',
    'DetectStackDrift reads how resource types are configured',
    DETECTION,
  ),
  plan(
    'cloudformation:DescribeStackDriftDetectionStatus',
    'tells how a detection ended that no listing shows the end of',
  ),
  plan('cloudformation:DescribeStackResourceDrifts', 'reads which properties differ in a stack that has drifted'),
  plan('cloudformation:ListStackResources', 'tells which resource types CloudFormation cannot check'),
  plan('cloudformation:GetTemplate', 'reads each template at intervals, and which properties are given a secret'),
];

/** What it takes to learn who changed something by hand. */
export const TRAIL_ACTIONS: readonly IamAction[] = [
  plan('cloudtrail:LookupEvents', 'names who changed a resource by hand; without it nobody is named'),
];
