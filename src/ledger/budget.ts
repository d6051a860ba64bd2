import type { AccountId, RunId } from '../model/identifiers.js';
import type { BudgetUse } from '../model/plan.js';
import type { Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { BUDGET_KEY } from './keys.js';
import type { Table } from './table.js';

type Spending = BudgetUse & { readonly run: RunId; readonly at: string };
type Book = { readonly version: number; readonly spendings: readonly Spending[] };

/** What was spent, in one item, so that two who spend at the same time cannot both be right about what is left. */
export function openBudget(table: Table, bodies: Bodies): Pick<Ledger, 'spent' | 'spend'> {
  async function read(window: number, now: Date): Promise<Book> {
    const item = await table.get(BUDGET_KEY);
    if (item === null) return { version: 0, spendings: [] };
    const spendings = await bodies.open<readonly Spending[]>(item);
    return {
      version: item['version'] as number,
      spendings: spendings.filter((spending) => Date.parse(spending.at) > now.getTime() - window),
    };
  }

  return {
    async spent(window, now) {
      return sum((await read(window, now)).spendings);
    },
    async spend(use, known, run, window, now) {
      const book = await read(window, now);
      if (!same(sum(book.spendings), known)) return false;
      const spendings = [...withoutAccounts(book.spendings, use.accounts), { run, at: now.toISOString(), ...use }];
      const item = await bodies.seal({ ...BUDGET_KEY, version: book.version + 1 }, spendings);
      return table.put(
        item,
        book.version === 0 ? { type: 'absent' } : { type: 'unchanged', attributes: { version: book.version } },
      );
    },
  };
}

/** An account counts once in a window, and its newest touch leaves the window last: older mentions of it need not be kept. */
function withoutAccounts(spendings: readonly Spending[], accounts: readonly AccountId[]): readonly Spending[] {
  const again = new Set(accounts);
  return spendings
    .map((spending) => ({ ...spending, accounts: spending.accounts.filter((account) => !again.has(account)) }))
    .filter((spending) => spending.deletes > 0 || spending.replaces > 0 || spending.accounts.length > 0);
}

function sum(spendings: readonly BudgetUse[]): BudgetUse {
  return {
    deletes: spendings.reduce((total, spending) => total + spending.deletes, 0),
    replaces: spendings.reduce((total, spending) => total + spending.replaces, 0),
    accounts: [...new Set(spendings.flatMap((spending) => spending.accounts))].sort(),
  };
}

function same(one: BudgetUse, other: BudgetUse): boolean {
  const accounts = new Set(other.accounts);
  return (
    one.deletes === other.deletes &&
    one.replaces === other.replaces &&
    one.accounts.length === accounts.size &&
    one.accounts.every((account) => accounts.has(account))
  );
}
