import type { Address } from '../model/address.js';
import { digestOf } from '../model/canonical.js';
import type { HistoryEvent, HistoryHead } from '../model/recorded.js';
import { LedgerError } from './ledger-error.js';

/** What happened, before it has its place in an address's history. */
export type Happening = Omit<HistoryEvent, 'address' | 'sequence' | 'previousSha256'>;

/** The event that follows `head`. */
export function follow(address: Address, head: HistoryHead | null, happening: Happening): HistoryEvent {
  return {
    at: happening.at,
    run: happening.run,
    revision: happening.revision,
    event: happening.event,
    summary: happening.summary,
    fields: happening.fields,
    ...(happening.finding === undefined ? {} : { finding: happening.finding }),
    address,
    sequence: (head?.sequence ?? 0) + 1,
    previousSha256: head?.sha256 ?? null,
  };
}

export function headOf(event: HistoryEvent): HistoryHead {
  return { sequence: event.sequence, sha256: digestOf(event) };
}

/**
 * Refuses events, newest first, that are not the end of the chain that `head` closes. A crash between an event and its entry
 * leaves one event beyond the head, which is part of the chain already; nothing else may be there, and nothing may be missing.
 */
export function verifyChain(address: Address, events: readonly HistoryEvent[], head: HistoryHead | null): void {
  const newest = events[0]?.sequence ?? 0;
  const closed = head?.sequence ?? 0;
  if (newest < closed) throw broken(address, closed, 'it is missing');
  if (newest > closed + 1) throw broken(address, newest, `the entry knows of ${closed} events only`);
  let expected: { readonly sequence: number; readonly sha256: string | null } | null = null;
  for (const event of events) {
    const self = headOf(event);
    if (expected !== null && event.sequence !== expected.sequence)
      throw broken(address, expected.sequence, 'it is missing');
    const wanted = event.sequence === closed ? head!.sha256 : (expected?.sha256 ?? self.sha256);
    if (self.sha256 !== wanted) throw broken(address, event.sequence, 'it is not what was written');
    if (event.sequence === closed + 1 && event.previousSha256 !== (head?.sha256 ?? null))
      throw broken(address, event.sequence, 'it follows another event than the newest');
    expected = { sequence: event.sequence - 1, sha256: event.previousSha256 };
  }
}

function broken(address: Address, sequence: number, what: string): LedgerError {
  return new LedgerError(
    `the history of ${address} is broken at event ${sequence}: ${what}. Compare the table with a backup from before`,
  );
}
