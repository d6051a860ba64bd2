import { temporaryKeyId } from './access-key-id.js';
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
  readonly inheritance: Inheritance;
};

const NOTHING: Inheritance = { sourceIdentity: undefined, transitiveTags: new Map() };

/** Whom an access key stands for. Twelve digits are that account's administrator, and this is the only place on earth where they are. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #byPrincipal = new WeakMap<Principal, Session>();
  /** `account/role` → the id of the role, which is the same in all its sessions. */
  readonly #roleIds = new Map<string, string>();

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
    const principal: Principal = {
      accountId,
      arn: `arn:${this.partition}:sts::${accountId}:assumed-role/${role}/${sessionName}`,
      userId: `${this.#roleId(accountId, role)}:${sessionName}`,
    };
    return this.#begin(principal, request.seconds, request.inheritance ?? NOTHING);
  }

  /** Temporary credentials of whoever asks for them. */
  issueToken(principal: Principal, seconds: number): Session {
    return this.#begin({ ...principal }, seconds, NOTHING);
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
    const session = this.#sessions.get(accessKeyId);
    if (session === undefined || session.credentials.sessionToken !== sessionToken) return 'unknown';
    return session.credentials.expiration <= this.clock.now() ? 'expired' : session.principal;
  }

  #begin(principal: Principal, seconds: number, inheritance: Inheritance): Session {
    const session: Session = {
      principal,
      inheritance,
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

  #roleId(accountId: string, role: string): string {
    const key = `${accountId}/${role}`;
    const id = this.#roleIds.get(key) ?? `AROA${this.identifiers.alphanumeric(17)}`;
    this.#roleIds.set(key, id);
    return id;
  }
}
