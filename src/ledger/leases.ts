import pLimit from 'p-limit';
import type { Lease, Ledger } from '../reconciler/ports.js';
import { leaseKey } from './keys.js';
import type { Condition, Item, Table } from './table.js';

const CONCURRENCY = 16;

type Leases = Pick<Ledger, 'acquire' | 'renew' | 'release'>;

/**
 * A lease is an item that is never deleted: its generation only grows, also over a release, so that whatever was written under an
 * older one can be told. Whether it has run out is decided by the caller's clock.
 */
export function openLeases(table: Table): Leases {
  const limit = pLimit(CONCURRENCY);

  /** False where it was taken over since: there is nothing left to change then. */
  function move(
    lease: Lease,
    holder: string,
    to: { readonly holder: string | null; readonly expiresAt: string | null },
  ): Promise<boolean> {
    const item = { ...leaseKey(lease.name), name: lease.name, generation: lease.generation, ...to };
    return limit(() => table.put(item, { type: 'unchanged', attributes: { generation: lease.generation, holder } }));
  }

  async function release(leases: readonly Lease[], holder: string): Promise<void> {
    await Promise.all(leases.map((lease) => move(lease, holder, { holder: null, expiresAt: null })));
  }

  return {
    async acquire(names, holder, ttl, now) {
      const sorted = [...new Set(names)].sort();
      const there = new Map((await table.getMany(sorted.map(leaseKey))).map((item) => [item['name'] as string, item]));
      const taken = sorted.map((name) => there.get(name)).find((item) => item !== undefined && isHeld(item, now));
      if (taken !== undefined) return held(taken);

      const leases: Lease[] = [];
      // One after the other and in one order for all: of two who want the same, one gets everything.
      for (const name of sorted) {
        const before = there.get(name);
        const lease = { name, generation: ((before?.['generation'] as number | undefined) ?? 0) + 1 };
        const item = { ...leaseKey(name), ...lease, holder, expiresAt: expiry(now, ttl) };
        let mine = false;
        try {
          mine = await table.put(item, unchangedSince(before));
        } finally {
          if (!mine) await release(leases, holder);
        }
        if (!mine) return held((await table.get(leaseKey(name))) ?? item);
        leases.push(lease);
      }
      return { type: 'acquired', leases };
    },
    async renew(leases, holder, ttl, now) {
      const renewed = await Promise.all(
        leases.map((lease) => move(lease, holder, { holder, expiresAt: expiry(now, ttl) })),
      );
      return renewed.every(Boolean);
    },
    release,
  };
}

/** The nonce changes with every write: a renewal that comes between the look and the take-over defeats it. */
function unchangedSince(before: Item | undefined): Condition {
  return before === undefined
    ? { type: 'absent' }
    : { type: 'unchanged', attributes: { nonce: before['nonce'] as string } };
}

function isHeld(item: Item, now: Date): boolean {
  return typeof item['holder'] === 'string' && Date.parse(item['expiresAt'] as string) > now.getTime();
}

/** Who was faster may have released it again by the time it is read. */
function held(item: Item): {
  readonly type: 'held';
  readonly name: string;
  readonly holder: string;
  readonly until: string;
} {
  return {
    type: 'held',
    name: item['name'] as string,
    holder: (item['holder'] as string | null) ?? 'nobody any more',
    until: (item['expiresAt'] as string | null) ?? '',
  };
}

function expiry(now: Date, ttl: number): string {
  return new Date(now.getTime() + ttl).toISOString();
}
