import type { Hold } from '../model/hold.js';
import type { Ledger } from '../reconciler/ports.js';
import { holdKey, HOLDS } from './keys.js';
import { LedgerError } from './ledger-error.js';
import type { Table } from './table.js';

const MAX_ATTEMPTS = 5;
/** A thousand failures are named by the first few; the journal has them all. */
const MOST_FAILED = 100;
const MOST_REASON = 4_000;

/** What failed waves hold back: one item for each manifest that ever stopped, all in one partition, because they are few. */
export function openHolds(table: Table): Pick<Ledger, 'holds' | 'hold'> {
  return {
    async holds() {
      const items = await table.all(HOLDS);
      return items.map((item) => item['hold'] as Hold);
    },
    async hold(hold) {
      const key = holdKey(hold.manifest);
      const bounded: Hold = {
        ...hold,
        failed: hold.failed.slice(0, MOST_FAILED),
        reason: hold.reason.slice(0, MOST_REASON),
      };
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const before = await table.get(key);
        const written = await table.put(
          { ...key, hold: bounded },
          before === null
            ? { type: 'absent' }
            : { type: 'unchanged', attributes: { nonce: before['nonce'] as string } },
        );
        if (written) return;
      }
      throw new LedgerError(`the hold of ${hold.manifest} was written by others each of ${MAX_ATTEMPTS} times`);
    },
  };
}
