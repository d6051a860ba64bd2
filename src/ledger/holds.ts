import type { Hold } from '../model/hold.js';
import type { Ledger } from '../reconciler/ports.js';
import { holdKey, HOLDS } from './keys.js';
import { overwrite } from './overwrite.js';
import type { Table } from './table.js';

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
      const bounded: Hold = {
        ...hold,
        failed: hold.failed.slice(0, MOST_FAILED),
        reason: hold.reason.slice(0, MOST_REASON),
      };
      await overwrite(table, { ...holdKey(hold.manifest), hold: bounded });
    },
  };
}
