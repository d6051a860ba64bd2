import { lastingKeyId, temporaryKeyId } from './access-key-id.js';
import type { Identifiers, Principal, VirtualClock } from './contract.js';

export type SessionCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

/** What a session hands on to those that are begun from it. */
export type Inheritance = {
  readonly sourceIdentity: string | undefined;
  readonly transitiveTags: ReadonlyMap<string, string>;
};

export type Session = {
  readonly principal: Principal;
  readonly credentials: SessionCredentials;
  readonly begunAt: Date;
  readonly inheritance: Inheritance;
};

const NOTHING: Inheritance = { sourceIdentity: undefined, transitiveTags: new Map() };

/** Whom an access key stands for. Twelve digits are that account's administrator, and this is the only place on earth where they are. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #byPrincipal = new WeakMap<Principal, Session>();
  /** `account/role`, or `account/user/name` → the unique id, which stays the same. */
  readonly #uniqueIds = new Map<string, string>();
  /** IAM users by their access keys, which last. */
  readonly #users = new Map<string, Principal>();

  constructor(
    private readonly partition: string,
    private readonly clock: VirtualClock,
    private readonly identifiers: Identifiers,
  ) {}

  /** A session of a role. */
  issue(request: {
    readonly accountId: string;
    readonly role: string;
    readonly sessionName: string;
    readonly seconds: number;
    readonly inheritance?: Inheritance;
  }): Session {
    const { accountId, role, sessionName } = request;
    const principal = this.actor({ accountId, role, session: sessionName });
    return this.#begin(principal, request.seconds, request.inheritance ?? NOTHING);
  }

  /** Temporary credentials of whoever asks for them. */
  issueToken(principal: Principal, seconds: number): Session {
    return this.#begin({ ...principal }, seconds, NOTHING);
  }

  /** A lasting access key of an IAM user, as AWS gives them out: another one each time. */
  issueKey(accountId: string, user: string): Omit<SessionCredentials, 'sessionToken' | 'expiration'> {
    const accessKeyId = lastingKeyId(accountId, this.identifiers.alphanumeric(6));
    this.#users.set(accessKeyId, this.user(accountId, user));
    return { accessKeyId, secretAccessKey: this.identifiers.hex(40) };
  }

  /** Who acts in a session of a role, whether or not anybody was given keys for it. */
  actor(acting: { readonly accountId: string; readonly role: string; readonly session: string }): Principal {
    const { accountId, role, session } = acting;
    return {
      accountId,
      arn: `arn:${this.partition}:sts::${accountId}:assumed-role/${role}/${session}`,
      userId: `${this.#uniqueId('AROA', `${accountId}/${role}`)}:${session}`,
    };
  }

  user(accountId: string, name: string): Principal {
    return {
      accountId,
      arn: `arn:${this.partition}:iam::${accountId}:user/${name}`,
      userId: this.#uniqueId('AIDA', `${accountId}/user/${name}`),
    };
  }

  /** The session in which the call was made; undefined where it was signed with lasting credentials. */
  behind(principal: Principal): Session | undefined {
    return this.#byPrincipal.get(principal);
  }

  /** Whom the key stands for; `unknown` for one that nobody was given, `expired` once the virtual clock has passed a session's end. */
  principal(accessKeyId: string, sessionToken: string | undefined): Principal | 'unknown' | 'expired' {
    if (/^\d{12}$/.test(accessKeyId)) {
      return { accountId: accessKeyId, arn: `arn:${this.partition}:iam::${accessKeyId}:root`, userId: accessKeyId };
    }
    const user = this.#users.get(accessKeyId);
    if (user !== undefined && sessionToken === undefined) return user;
    const session = this.#sessions.get(accessKeyId);
    if (session === undefined || session.credentials.sessionToken !== sessionToken) return 'unknown';
    return session.credentials.expiration <= this.clock.now() ? 'expired' : session.principal;
  }

  #begin(principal: Principal, seconds: number, inheritance: Inheritance): Session {
    const session: Session = {
      principal,
      inheritance,
      begunAt: this.clock.now(),
      credentials: {
        accessKeyId: temporaryKeyId(principal.accountId, this.identifiers.alphanumeric(6)),
        secretAccessKey: this.identifiers.hex(40),
        sessionToken: this.identifiers.hex(120),
        expiration: new Date(this.clock.now().getTime() + seconds * 1000),
      },
    };
    this.#sessions.set(session.credentials.accessKeyId, session);
    this.#byPrincipal.set(principal, session);
    return session;
  }

  #uniqueId(prefix: string, key: string): string {
    const id = this.#uniqueIds.get(key) ?? `${prefix}${this.identifiers.alphanumeric(17)}`;
    this.#uniqueIds.set(key, id);
    return id;
  }
}
