import {
  AwsError,
  type Call,
  type Handler,
  type Identifiers,
  type Service,
  type ServiceId,
} from '../kernel/contract.js';
import type { VirtualClock } from '../kernel/contract.js';
import type { Trouble } from '../kernel/trouble.js';
import type { ChangeTimes } from './change-times.js';
import { LATE_LISTINGS, type Listing } from './listings.js';
import { noting } from './noted-changes.js';
import { strikesAt } from './where.js';

type Services = ReadonlyMap<ServiceId, Service>;
type Values = Readonly<Record<string, unknown>>;
type Seen = { readonly item: Values; readonly at: number };

export type LatenessParts = {
  readonly trouble: NonNullable<Trouble['lateListings']>;
  readonly clock: VirtualClock;
  readonly draws: Pick<Identifiers, 'between'>;
  readonly times: ChangeTimes;
  /** False once there is to be no more trouble. */
  readonly isOn: () => boolean;
};

/** The services with listings that see everything a little later than it happens, each as if it read a copy of its own. */
export function withLateListings(services: Services, parts: LatenessParts): Services {
  return new Map([...services].map(([id, service]) => [id, { id, operations: late(services, service, parts) }]));
}

function late(
  services: Services,
  { id, operations }: Service,
  parts: LatenessParts,
): Readonly<Record<string, Handler>> {
  const wrapped = Object.entries(operations).map(([operation, handler]): [string, Handler] => {
    const listing = LATE_LISTINGS.find((each) => each.service === id && each.operation === operation);
    if (listing !== undefined) return [operation, new LateListing(services, listing, handler, parts).handler];
    if (`${id}:${operation}` === 'sts:AssumeRole') return [operation, notYetAssumable(handler, parts)];
    return [operation, noting(parts.times, `${id}:${operation}`, handler)];
  });
  return Object.fromEntries(wrapped);
}

/** One operation, and what each caller saw of each of its listings. */
class LateListing {
  readonly #copies = new Map<string, Map<string, Seen>>();

  constructor(
    private readonly services: Services,
    private readonly listing: Listing,
    private readonly inner: Handler,
    private readonly parts: LatenessParts,
  ) {}

  readonly handler: Handler = async (input: Values, call) => {
    const answer = (await this.inner(input, call)) as Values;
    const { clock, isOn, trouble } = this.parts;
    if (!isOn() || this.listing.lists?.(input) === false || !strikesAt(trouble, placeOf(call))) return answer;
    const key = keyOf(input, call);
    const copy = this.#copies.get(key) ?? new Map<string, Seen>();
    this.#copies.set(key, copy);
    const now = clock.now().getTime();
    const shown: Values[] = [];
    for (const item of itemsOf(answer, this.listing)) {
      const id = this.listing.id(item);
      const seen = copy.get(id);
      const since = await this.#outdatedSince(id, item, seen, input, call);
      if (!this.#isLate(id, since, now, key)) {
        copy.set(id, { item, at: now });
        shown.push(item);
      } else if (seen !== undefined) shown.push(seen.item);
    }
    const gone = answer['NextToken'] === undefined ? await this.#goneItems(copy, key, now, input, call) : [];
    return { ...answer, [this.listing.items]: [...shown, ...gone] };
  };

  /** When what was seen stopped being true; where nothing was seen, when there was something to see. */
  async #outdatedSince(
    id: string,
    item: Values | undefined,
    seen: Seen | undefined,
    input: Values,
    call: Call,
  ): Promise<number | undefined> {
    const look = { times: this.parts.times, services: this.services, input, call };
    const { appearedAt, changes } = await this.listing.history(id, item, look);
    return seen === undefined ? appearedAt : changes.find((change) => change >= seen.at);
  }

  #isLate(id: string, since: number | undefined, now: number, key: string): boolean {
    if (since === undefined) return false;
    const { trouble, draws } = this.parts;
    return now - since < draws.between(0, secondsOf(trouble) * 1000, `late ${key} ${id} ${since}`);
  }

  /** What was seen, and is not there any more, as long as this listing has not noticed. */
  async #goneItems(
    copy: Map<string, Seen>,
    key: string,
    now: number,
    input: Values,
    call: Call,
  ): Promise<readonly Values[]> {
    const standing = new Set<string>();
    for (let token: unknown = undefined; ;) {
      const page = (await this.inner({ ...input, ...FIRST_PAGE, NextToken: token }, call)) as Values;
      for (const item of itemsOf(page, this.listing)) standing.add(this.listing.id(item));
      token = page['NextToken'];
      if (token === undefined) break;
    }
    const gone: Values[] = [];
    for (const [id, seen] of copy) {
      if (standing.has(id)) continue;
      const since = await this.#outdatedSince(id, undefined, seen, input, call);
      if (since !== undefined && this.#isLate(id, since, now, key)) gone.push(seen.item);
      else copy.delete(id);
    }
    return gone;
  }
}

/** The roles of an account that has just been made are not known everywhere yet. */
function notYetAssumable(handler: Handler, { trouble, clock, draws, times, isOn }: LatenessParts): Handler {
  return (input: { readonly RoleArn?: string }, call) => {
    const account = /:(\d{12}):role\//.exec(input.RoleArn ?? '')?.[1];
    const since = account === undefined ? Number.NEGATIVE_INFINITY : times.appearedAt(account);
    const place = { ...placeOf(call), account: account ?? '' };
    const lag = draws.between(0, secondsOf(trouble) * 1000, `late ${place.operation} ${place.account} ${since}`);
    if (isOn() && strikesAt(trouble, place) && clock.now().getTime() - since < lag) {
      const message = `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`;
      throw new AwsError('AccessDenied', message, 403);
    }
    return handler(input, call);
  };
}

const FIRST_PAGE = { NextToken: undefined, MaxResults: undefined, MaxItems: undefined };

/** Which listing a caller reads, whatever its page. */
function keyOf(input: Values, call: Call): string {
  const { operation, account, region } = placeOf(call);
  return `${operation} ${account} ${region} ${JSON.stringify({ ...input, ...FIRST_PAGE })}`;
}

const itemsOf = (answer: Values, { items }: Listing): readonly Values[] =>
  (answer[items] as readonly Values[] | undefined) ?? [];

const placeOf = ({ service, operation, principal, region }: Call) => ({
  operation: `${service}:${operation}`,
  account: principal.accountId,
  region,
});

const secondsOf = (trouble: NonNullable<Trouble['lateListings']>): number =>
  typeof trouble === 'number' ? trouble : trouble.seconds;
