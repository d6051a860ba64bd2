import type { Call, World } from '../../kernel/contract.js';
import type { Inheritance, Sessions } from '../../kernel/sessions.js';
import { credentialsView } from './credentials-view.js';
import { denied, invalid } from './refusals.js';
import { checkPolicies, packedSize, type Restricted } from './session-policies.js';
import { transitiveTags } from './session-tags.js';

export type Realm = Pick<World, 'partition' | 'organization'>;

export type AssumeRoleInput = Restricted & {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
  readonly ExternalId?: string;
  readonly SourceIdentity?: string;
  readonly TransitiveTagKeys?: readonly string[];
};

type Role = { readonly partition: string; readonly accountId: string; readonly name: string };

/** A role's MaxSessionDuration where nobody has set another, which is what all roles here have; and the limit of role chaining. */
const LONGEST_SECONDS = 3600;
const NO_INHERITANCE: Inheritance = { sourceIdentity: undefined, transitiveTags: new Map() };

/** A session of a role. What the model limits has been looked at on the wire. */
export function assumeRole(realm: Realm, sessions: Sessions, input: AssumeRoleInput, call: Call) {
  const calling = sessions.behind(call.principal);
  const seconds = input.DurationSeconds ?? LONGEST_SECONDS;
  checkDuration(seconds, calling === undefined ? 'first' : 'chained');
  const role = roleOf(input.RoleArn);
  if (role === undefined) throw invalid('Request ARN is invalid');
  checkPolicies(input, realm.partition, role.accountId);
  const inherited = calling?.inheritance ?? NO_INHERITANCE;
  const tags = transitiveTags(input, inherited.transitiveTags);
  const PackedPolicySize = packedSize(input);
  if (!isOpen(realm, role, input, call)) throw denied(call.principal.arn, 'sts:AssumeRole', input.RoleArn);
  const { sourceIdentity = input.SourceIdentity } = inherited;
  if (input.SourceIdentity !== undefined && input.SourceIdentity !== sourceIdentity)
    throw denied(call.principal.arn, 'sts:SetSourceIdentity', input.RoleArn);
  const session = sessions.issue({
    accountId: role.accountId,
    role: role.name,
    sessionName: input.RoleSessionName,
    seconds,
    inheritance: { sourceIdentity, transitiveTags: tags },
  });
  return {
    Credentials: credentialsView(session),
    AssumedRoleUser: { AssumedRoleId: session.principal.userId, Arn: session.principal.arn },
    ...(PackedPolicySize === undefined ? {} : { PackedPolicySize }),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  };
}

function checkDuration(seconds: number, kind: 'first' | 'chained'): void {
  if (seconds <= LONGEST_SECONDS) return;
  throw invalid(
    kind === 'chained'
      ? 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'
      : 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
}

/** AWS says the same whether the role is missing, the account closed, the caller a stranger or the external id another. */
function isOpen({ partition, organization }: Realm, role: Role, { ExternalId }: AssumeRoleInput, call: Call): boolean {
  const account = role.partition === partition ? organization.accounts.get(role.accountId) : undefined;
  const trust = account?.roles.get(role.name);
  return (
    organization.accounts.has(call.principal.accountId) &&
    account?.state === 'ACTIVE' &&
    trust !== undefined &&
    (trust === null || trust === ExternalId)
  );
}

function roleOf(arn: string): Role | undefined {
  const [, partition, accountId, name] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  if (partition === undefined || accountId === undefined || name === undefined) return undefined;
  return { partition, accountId, name };
}
