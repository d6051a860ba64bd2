import type { Call, Identifiers } from '../kernel/contract.js';
import type { Ending, Strike } from '../kernel/strike.js';
import type { Share, Trouble, Wait } from '../kernel/trouble.js';
import { denied, expired, failed, throttled } from './answers.js';
import { isLaterPage } from './later-page.js';
import type { Input } from './resource-named.js';
import { strikesAt, type Place } from './where.js';

const MOST_IN_A_ROW = 2;
const LONGEST_LATENCY = 100;

/** In this order: a call that several would strike is struck by the first. */
const KINDS = [
  'throttling',
  'errors',
  'resets',
  'lostAnswers',
  'timeouts',
  'expired',
  'denied',
  'pages',
] as const satisfies readonly (keyof Trouble)[];
type Kind = (typeof KINDS)[number];

type Drawn = { readonly key: string; readonly call: Call; readonly input: () => Input | undefined };
type Past = { calls: number; inARow: number };

/** Draws which calls are struck, and by what. */
export class SeededStrikes {
  readonly #past = new Map<string, Past>();

  constructor(
    private readonly trouble: Trouble,
    private readonly partition: string,
    private readonly draws: Pick<Identifiers, 'between'>,
  ) {}

  /** What strikes this call; counts it. `input` answers undefined where what is asked cannot be read. */
  striking(call: Call, input: () => Input | undefined): Strike | undefined {
    const place = placeOf(call, input);
    const later = isLaterPage(call, input);
    const like = `${place.operation}${later ? ' (later page)' : ''} ${place.account} ${place.region}`;
    const past = this.#past.get(like) ?? { calls: 0, inARow: 0 };
    this.#past.set(like, past);
    past.calls += 1;
    const drawn: Drawn = { key: `${like} ${past.calls}`, call, input };
    const spared = past.inARow >= (this.trouble.mostInARow ?? MOST_IN_A_ROW);
    const kind = KINDS.find((each) => this.#hits(each, { place, later, spared }, drawn.key));
    past.inARow = kind === undefined ? 0 : past.inARow + 1;
    const delay = this.#latency(place, drawn.key);
    if (kind === undefined)
      return delay === 0 ? undefined : { kind: 'latency', when: 'before', delay, ending: { type: 'answer' } };
    const when = kind === 'lostAnswers' || kind === 'timeouts' ? 'after' : 'before';
    return { kind, when, delay, ending: this.#ending(kind, drawn) };
  }

  #hits(
    kind: Kind,
    at: { readonly place: Place; readonly later: boolean; readonly spared: boolean },
    key: string,
  ): boolean {
    const share: Share | Wait | undefined = this.trouble[kind];
    if (share === undefined || !strikesAt(share, at.place)) return false;
    if (kind === 'pages' && !at.later) return false;
    if (kind === 'denied' && at.place.operation === 'sts:GetCallerIdentity') return false;
    const rate = rateOf(share);
    return rate >= 1 || (!at.spared && this.#fraction(`${kind} ${key}`) < rate);
  }

  #latency(place: Place, key: string): number {
    const wait = this.trouble.latency;
    if (wait === undefined || !strikesAt(wait, place)) return 0;
    if (this.#fraction(`latency ${key}`) >= rateOf(wait)) return 0;
    return 1 + Math.floor(this.#fraction(`wait ${key}`) * (millisecondsOf(wait) ?? LONGEST_LATENCY));
  }

  #ending(kind: Kind, { key, call, input }: Drawn): Ending {
    const failure = () => failed(call, this.#fraction(`which ${key}`) < 0.5 ? 'internal' : 'unavailable');
    switch (kind) {
      case 'throttling':
        return { type: 'refusal', error: throttled(call) };
      case 'errors':
        return { type: 'refusal', error: failure() };
      case 'resets':
      case 'lostAnswers':
        return { type: 'reset' };
      case 'timeouts':
        return { type: 'silence', milliseconds: millisecondsOf(this.trouble.timeouts!) ?? null };
      case 'expired':
        return { type: 'refusal', error: expired(call) };
      case 'denied':
        return { type: 'refusal', error: denied(call, this.partition, input()) };
      case 'pages': {
        const page = [throttled(call), failure(), expired(call)] as const;
        return { type: 'refusal', error: page[this.draws.between(0, 2, `page ${key}`)]! };
      }
    }
  }

  /** At least 0 and less than 1. */
  #fraction(key: string): number {
    return this.draws.between(0, 999_999, key) / 1_000_000;
  }
}

function placeOf(call: Call, input: () => Input | undefined): Place {
  const operation = `${call.service}:${call.operation}`;
  const role = operation === 'sts:AssumeRole' ? /:(\d{12}):role\//.exec(String(input()?.['RoleArn']))?.[1] : undefined;
  return { operation, account: role ?? call.principal.accountId, region: call.region };
}

const rateOf = (share: Share): number => (typeof share === 'number' ? share : share.rate);

const millisecondsOf = (wait: Wait): number | undefined => (typeof wait === 'number' ? undefined : wait.milliseconds);
