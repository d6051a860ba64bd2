import { AwsError, type Call, type Service, type World } from '../kernel/contract.js';
import type { Sessions } from '../kernel/sessions.js';

type AssumeRoleInput = {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
  readonly ExternalId?: string;
  readonly SourceIdentity?: string;
};

const LONGEST_CHAINED_SECONDS = 3600;
const NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/** The Security Token Service: who is calling, and sessions of the roles that exist in the organization's accounts. */
export function securityTokenService(world: Pick<World, 'partition' | 'organization'>, sessions: Sessions): Service {
  return {
    id: 'sts',
    operations: {
      GetCallerIdentity: (_input: unknown, { principal }) => ({
        Account: principal.accountId,
        Arn: principal.arn,
        UserId: principal.userId,
      }),
      AssumeRole: (input: AssumeRoleInput, call) => assumeRole(world, sessions, input, call),
    },
  };
}

function assumeRole(
  world: Pick<World, 'partition' | 'organization'>,
  sessions: Sessions,
  input: AssumeRoleInput,
  call: Call,
) {
  const chained = call.principal.arn.includes(':assumed-role/');
  const seconds = input.DurationSeconds ?? 3600;
  validate(input, seconds, chained);
  const role = roleOf(input.RoleArn);
  const account = role?.partition === world.partition ? world.organization.accounts.get(role.accountId) : undefined;
  const trust = role === undefined ? undefined : account?.roles.get(role.name);
  const stranger = !world.organization.accounts.has(call.principal.accountId);
  const refused =
    stranger || trust === undefined || account?.state !== 'ACTIVE' || (trust !== null && trust !== input.ExternalId);
  // AWS says the same whether the role is missing, the account closed, the caller a stranger or the external id another.
  if (role === undefined || refused) {
    throw new AwsError(
      'AccessDenied',
      `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
      403,
    );
  }
  const session = sessions.issue({
    accountId: role.accountId,
    role: role.name,
    sessionName: input.RoleSessionName,
    seconds,
  });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = session.credentials;
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
    },
    AssumedRoleUser: { AssumedRoleId: session.principal.userId, Arn: session.principal.arn },
    ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
  };
}

function validate(input: AssumeRoleInput, seconds: number, chained: boolean): void {
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    const bound = seconds < 900 ? 'greater than or equal to 900' : 'less than or equal to 43200';
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  if (chained && seconds > LONGEST_CHAINED_SECONDS) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  check('roleSessionName', input.RoleSessionName, NAME);
  if (input.ExternalId !== undefined) check('externalId', input.ExternalId, EXTERNAL_ID);
  if (input.SourceIdentity !== undefined) check('sourceIdentity', input.SourceIdentity, NAME);
  if (roleOf(input.RoleArn) === undefined) throw invalid(`${input.RoleArn} is invalid`);
}

function check(member: string, value: string, pattern: RegExp): void {
  if (pattern.test(value)) return;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
  );
}

function roleOf(
  arn: string,
): { readonly partition: string; readonly accountId: string; readonly name: string } | undefined {
  const [, partition, accountId, name] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  if (partition === undefined || accountId === undefined || name === undefined) return undefined;
  return { partition, accountId, name };
}

const invalid = (message: string): AwsError => new AwsError('ValidationError', message, 400);
