import type { Identifiers, VirtualClock } from '../../kernel/contract.js';
import type { TrailEntry, TrailEvent, TrailOptions } from '../../kernel/trail.js';

/** Newest events that are kept for certain, of all accounts and Regions together. */
export const KEPT_EVENTS = 100_000;
const USUAL_DELAY = 120;

type Book = { readonly events: TrailEvent[]; inOrder: boolean };

/** What CloudTrail has written down, for each account and Region. */
export class Trail {
  readonly recordsReads: boolean;
  readonly #delay: number;
  #books = new Map<string, Book>();
  #sequence = 0;
  #kept = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly identifiers: Pick<Identifiers, 'uuid'>,
    { delay = USUAL_DELAY, reads = false }: TrailOptions = {},
  ) {
    this.recordsReads = reads;
    this.#delay = delay * 1000;
  }

  record(entry: TrailEntry): TrailEvent {
    const event = { ...entry, id: this.identifiers.uuid(), sequence: (this.#sequence += 1), at: this.clock.now() };
    const key = `${entry.account}/${entry.region}`;
    const book = this.#books.get(key) ?? { events: [], inOrder: true };
    this.#books.set(key, book);
    // A clock that was set back.
    if ((book.events.at(-1)?.at ?? event.at) > event.at) book.inOrder = false;
    book.events.push(event);
    this.#kept += 1;
    // Forgetting a quarter at a time keeps the cost of an event constant.
    if (this.#kept > KEPT_EVENTS * 1.25) this.#forget();
    return event;
  }

  /** What can be looked up by now in an account and Region, newest first. */
  shown(account: string, region: string): readonly TrailEvent[] {
    const book = this.#books.get(`${account}/${region}`);
    if (book === undefined) return [];
    const until = this.clock.now().getTime() - this.#delay;
    const shown = book.events.filter(({ at }) => at.getTime() <= until).reverse();
    return book.inOrder ? shown : shown.sort((one, other) => other.at.getTime() - one.at.getTime());
  }

  #forget(): void {
    const oldest = this.#sequence - KEPT_EVENTS;
    this.#kept = 0;
    this.#books = new Map(
      [...this.#books].flatMap(([key, { events, inOrder }]): [string, Book][] => {
        const kept = events.filter(({ sequence }) => sequence > oldest);
        this.#kept += kept.length;
        return kept.length === 0 ? [] : [[key, { events: kept, inOrder }]];
      }),
    );
  }
}
