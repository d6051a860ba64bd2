import type { IamAction } from '../reconciler/ports.js';

/** What it takes to become a role in an account, with the reason. */
export const SESSION_ACTIONS: readonly IamAction[] = [
  { action: 'sts:AssumeRole', role: 'controller', reason: 'becomes the plan or apply role of an account' },
  {
    action: 'sts:SetSourceIdentity',
    role: 'controller',
    reason: 'says in CloudTrail which revision a session works for',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html',
  },
  { action: 'sts:GetCallerIdentity', role: 'controller', reason: 'learns which account the controller runs in' },
  {
    action: 'sts:GetCallerIdentity',
    role: 'apply',
    reason: 'makes sure, before the first effect, that this is the right account',
  },
];
