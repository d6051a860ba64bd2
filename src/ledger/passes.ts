import type { Pass } from '../model/checks.js';
import type { Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { PASS_KEY } from './keys.js';
import { overwrite } from './overwrite.js';
import type { Table } from './table.js';
import { untouched } from './untouched.js';

/** Milliseconds by which one pass may be written after another that ended later. */
const LATENESS = 60 * 60 * 1000;

/**
 * The newest look at everything. One that ended up to an hour before it does not take its place; one that ended longer before does, because
 * then a clock was put back. One that somebody edited counts as none.
 */
export function openPasses(table: Table, bodies: Bodies): Pick<Ledger, 'pass' | 'recordPass'> {
  return {
    async pass() {
      const item = await table.get(PASS_KEY);
      if (item === null) return null;
      const read = await untouched<Pass>(bodies, item);
      return read.type === 'read' ? read.value : null;
    },
    async recordPass(pass) {
      const item = await bodies.seal({ ...PASS_KEY, at: pass.at }, pass);
      await overwrite(table, item, (there) => {
        const ahead = Date.parse(there['at'] as string) - Date.parse(pass.at);
        return ahead > 0 && ahead <= LATENESS;
      });
    },
  };
}
