import type { Break } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { CHECKS, OUTGOING, PASS_KEY } from './keys.js';
import type { Item, Table } from './table.js';
import { untouched } from './untouched.js';

const CHECKS_REMEDY =
  'restore the item from a backup, or delete it: then every stack there is checked anew; until then, none is';
const NOTICE_REMEDY =
  'restore the item from a backup, or delete it: then it is told by the next pass that finds the same; until then, nobody is told';
const PASS_REMEDY = 'nothing has to be done: the next pass writes it anew';

/** What is no history and no record, and what reconciles rely on all the same: books of checks, notices that wait, the newest pass. */
export async function verifyChecks(table: Table, bodies: Bodies, signal: AbortSignal): Promise<readonly Break[]> {
  const breaks: Break[] = [];
  const verify = async (item: Item, words: string, remedy: string): Promise<void> => {
    signal.throwIfAborted();
    const read = await untouched(bodies, item);
    if (read.type === 'edited')
      breaks.push({ address: null, run: null, item: words, sequence: null, message: read.why, remedy });
  };
  for await (const items of table.pages(CHECKS))
    for (const item of items) await verify(item, `the checks of ${String(item['sk'])}`, CHECKS_REMEDY);
  for await (const items of table.pages(OUTGOING))
    for (const item of items) await verify(item, `the notice ${String(item['sk'])}`, NOTICE_REMEDY);
  const pass = await table.get(PASS_KEY);
  if (pass !== null) await verify(pass, 'the newest pass', PASS_REMEDY);
  return breaks;
}
