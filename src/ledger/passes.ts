import type { Pass } from '../model/checks.js';
import type { Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { PASS_KEY } from './keys.js';
import { overwrite } from './overwrite.js';
import type { Table } from './table.js';

/** The newest look at everything. A slower one that began before it does not take its place. */
export function openPasses(table: Table, bodies: Bodies): Pick<Ledger, 'pass' | 'recordPass'> {
  return {
    async pass() {
      const item = await table.get(PASS_KEY);
      return item === null ? null : bodies.open<Pass>(item);
    },
    async recordPass(pass) {
      const item = await bodies.seal({ ...PASS_KEY, at: pass.at }, pass);
      await overwrite(table, item, (there) => (there['at'] as string) > pass.at);
    },
  };
}
