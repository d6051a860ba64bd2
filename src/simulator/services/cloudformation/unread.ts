import { AwsError, type Handler } from '../../kernel/contract.js';
import type { Unread } from '../../kernel/placed.js';

/** What AWS answered to whoever could not read it, answered again. */
export function refusalOf({ code, message }: Unread): AwsError {
  return new AwsError(code, message, /denied|token|unauthorized/i.test(code) ? 403 : 400);
}

/** The accounts and Regions of which nothing is known. */
export class UnreadPlaces {
  readonly #refusals = new Map<string, Unread>();
  readonly #read = new Set<string>();
  /** Accounts of which only the places that were read are known. */
  #known: ReadonlySet<string> = new Set();

  /** From here on, of these accounts only what is marked as read is known. */
  limitTo(accounts: Iterable<string>): void {
    this.#known = new Set(accounts);
  }

  markRead(accountId: string, region: string): void {
    this.#read.add(`${accountId}/${region}`);
  }

  markUnread(accountId: string, region: string, why: Unread): void {
    this.#refusals.set(`${accountId}/${region}`, why);
  }

  /** Undefined where the stacks of the place are known, all of them. */
  refusal(accountId: string, region: string): AwsError | undefined {
    const place = `${accountId}/${region}`;
    if (this.#read.has(place) || !this.#known.has(accountId)) return undefined;
    return refusalOf(
      this.#refusals.get(place) ?? {
        code: 'AccessDenied',
        message: `Nobody looked at CloudFormation in ${place} when this organization was read: take another snapshot, with --regions ${region} where no manifest names it`,
      },
    );
  }
}

/** The operations, refused wherever nothing is known: an empty answer would say that nothing is there. */
export function refusedWhereUnread(
  operations: Readonly<Record<string, Handler>>,
  unread: UnreadPlaces,
): Readonly<Record<string, Handler>> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, handler]): [string, Handler] => [
      name,
      (input: unknown, call) => {
        const refusal = unread.refusal(call.principal.accountId, call.region);
        if (refusal !== undefined) throw refusal;
        return handler(input, call);
      },
    ]),
  );
}
