import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Controller } from '../model/desired.js';
import type { AccountId, Partition, Revision, RunId } from '../model/identifiers.js';
import type { Clock } from '../reconciler/ports.js';
import { RoleNotAssumable } from './contract.js';

/** A session is renewed this long before AWS ends it. */
const REFRESH_BEFORE = 5 * 60 * 1000;
/** AWS's ceiling for a session that was itself begun from a role. */
const SESSION_SECONDS = 3600;

export type RoleName = 'plan' | 'apply';
export type SessionCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};
export type Attribution = { readonly run: RunId; readonly revision: Revision };

export type Sessions = {
  /** Good credentials of that account, or RoleNotAssumable; never anybody else's. */
  credentials(account: AccountId, role: RoleName): Promise<SessionCredentials>;
  /** What a call about to be made would be signed with; null where nobody has assumed the role yet. */
  held(account: AccountId, role: RoleName): HeldSession | null;
  /** AWS says that the session has ended, whatever it said before: the next call assumes the role anew. */
  forget(account: AccountId, role: RoleName, session: HeldSession | null): void;
  attribute(session: Attribution): void;
};

/** Opaque: one session of one role. */
export type HeldSession = Promise<Held>;
type Held = { readonly credentials: SessionCredentials; readonly expiresAt: number };

export type SessionOptions = {
  readonly partition: Partition;
  readonly roles: Controller['roles'];
  readonly clock: Clock;
  /** Signed by the controller itself. */
  readonly sts: STSClient;
  /** Signed with a session's credentials, to ask AWS whose they are. */
  readonly stsAs: (credentials: SessionCredentials) => STSClient;
};

/** Role sessions, one for each account and role. A failed assumption is remembered until the next run, so that an account costs one call. */
export function createSessions(options: SessionOptions): Sessions {
  const { partition, roles, clock, sts } = options;
  const held = new Map<string, Promise<Held>>();
  let attribution: Attribution | null = null;

  async function assume(account: AccountId, role: RoleName): Promise<Held> {
    const name = roles[role];
    const arn = `arn:${partition}:iam::${account}:role/${name}`;
    try {
      const answer = await sts.send(
        new AssumeRoleCommand({
          RoleArn: arn,
          RoleSessionName: sessionText(attribution?.run ?? `evenkeel-${role}`),
          DurationSeconds: SESSION_SECONDS,
          ...(roles.externalId === null ? {} : { ExternalId: roles.externalId }),
          ...(attribution === null ? {} : { SourceIdentity: sessionText(attribution.revision) }),
        }),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error('AWS answered without credentials');
      demandAccount(answer.AssumedRoleUser?.Arn, account);
      const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
      if (role === 'apply') await demandIdentity(credentials, account);
      return { credentials, expiresAt: Expiration?.getTime() ?? clock.now().getTime() + SESSION_SECONDS * 1000 };
    } catch (error) {
      throw new RoleNotAssumable(account, name, error);
    }
  }

  /** What AssumeRole says is not enough before an effect: the credentials themselves are asked. */
  async function demandIdentity(credentials: SessionCredentials, account: AccountId): Promise<void> {
    const client = options.stsAs(credentials);
    const identity = await client.send(new GetCallerIdentityCommand({}));
    if (identity.Account !== account)
      throw new Error(`the credentials are of account ${identity.Account ?? 'unknown'}`);
    demandAccount(identity.Arn, account);
  }

  return {
    async credentials(account, role) {
      const key = `${account}/${role}`;
      const known = held.get(key);
      if (known !== undefined) {
        const session = await known;
        if (clock.now().getTime() < session.expiresAt - REFRESH_BEFORE) return session.credentials;
        if (held.get(key) === known) held.delete(key);
      }
      const session = held.get(key) ?? assume(account, role);
      held.set(key, session);
      return (await session).credentials;
    },
    held: (account, role) => held.get(`${account}/${role}`) ?? null,
    forget(account, role, session) {
      const key = `${account}/${role}`;
      // Whoever was told so at the same time has assumed it anew by now.
      if (session === null || held.get(key) === session) held.delete(key);
    },
    attribute(session) {
      if (attribution?.run === session.run && attribution.revision === session.revision) return;
      attribution = session;
      // Sessions that only read may go on; one that has effects must carry the run that caused them, and a failure is judged anew.
      for (const [key, promise] of held) {
        const forget = () => {
          if (held.get(key) === promise) held.delete(key);
        };
        if (key.endsWith('/apply')) forget();
        else promise.catch(forget);
      }
    },
  };
}

function demandAccount(arn: string | undefined, account: AccountId): void {
  if (arn?.split(':')[4] !== account) throw new Error(`the session that came back is ${arn ?? 'nameless'}`);
}

/** What STS takes as RoleSessionName and SourceIdentity: 2 to 64 of a small alphabet. */
function sessionText(text: string): string {
  return text
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
}
