import type { Identifiers, Principal, VirtualClock } from './contract.js';

export type SessionCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

type Session = { readonly principal: Principal; readonly credentials: SessionCredentials };

/** Whom an access key stands for. Twelve digits are that account's administrator, and this is the only place on earth where they are. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  constructor(
    private readonly partition: string,
    private readonly clock: VirtualClock,
    private readonly identifiers: Identifiers,
  ) {}

  issue(request: {
    readonly accountId: string;
    readonly role: string;
    readonly sessionName: string;
    readonly seconds: number;
  }): Session {
    const roleId = `AROA${this.identifiers.alphanumeric(17)}`;
    const session: Session = {
      principal: {
        accountId: request.accountId,
        arn: `arn:${this.partition}:sts::${request.accountId}:assumed-role/${request.role}/${request.sessionName}`,
        userId: `${roleId}:${request.sessionName}`,
      },
      credentials: {
        accessKeyId: `ASIA${this.identifiers.alphanumeric(16)}`,
        secretAccessKey: this.identifiers.hex(40),
        sessionToken: this.identifiers.hex(120),
        expiration: new Date(this.clock.now().getTime() + request.seconds * 1000),
      },
    };
    this.#sessions.set(session.credentials.accessKeyId, session);
    return session;
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
}
