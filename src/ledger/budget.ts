import type { AccountId, RunId, Token } from '../model/identifiers.js';
import type { BudgetUse } from '../model/plan.js';
import type { Charge, Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { BUDGET_KEY } from './keys.js';
import type { Table } from './table.js';

/** One step's deletes and replacements, or, without a token, the accounts that a run touched. */
type Line = BudgetUse & { readonly token: Token | null; readonly run: RunId; readonly at: string };
type Book = { readonly version: number; readonly lines: readonly Line[] };

/** What was spent, in one item, so that two who spend at the same time cannot both be right about what is left. */
export function openBudget(table: Table, bodies: Bodies): Pick<Ledger, 'spent' | 'spend'> {
  async function read(window: number, now: Date): Promise<Book> {
    const item = await table.get(BUDGET_KEY);
    if (item === null) return { version: 0, lines: [] };
    const lines = await bodies.open<readonly Line[]>(item);
    return {
      version: item['version'] as number,
      lines: lines.filter((line) => Date.parse(line.at) > now.getTime() - window),
    };
  }

  return {
    async spent(window, now, apartFrom) {
      return sum(withoutSteps((await read(window, now)).lines, apartFrom));
    },
    async spend({ charges, accounts }, known, run, window, now) {
      const book = await read(window, now);
      const tokens = charges.map((charge) => charge.token);
      const others = withoutSteps(book.lines, tokens);
      if (!same(sum(others), known)) return false;
      const at = now.toISOString();
      const lines: Line[] = [
        ...withoutAccounts(others, accounts),
        ...charges.map((charge) => ({ ...atLeast(charge, book.lines), accounts: [], run, at })),
        ...(accounts.length === 0 ? [] : [{ token: null, deletes: 0, replaces: 0, accounts, run, at }]),
      ];
      const item = await bodies.seal({ ...BUDGET_KEY, version: book.version + 1 }, lines);
      return table.put(
        item,
        book.version === 0 ? { type: 'absent' } : { type: 'unchanged', attributes: { version: book.version } },
      );
    },
  };
}

/** An account counts once in a window, and its newest touch leaves the window last: older mentions of it need not be kept. */
function withoutAccounts(lines: readonly Line[], accounts: readonly AccountId[]): readonly Line[] {
  const again = new Set(accounts);
  return lines
    .map((line) => ({ ...line, accounts: line.accounts.filter((account) => !again.has(account)) }))
    .filter((line) => line.deletes > 0 || line.replaces > 0 || line.accounts.length > 0);
}

function withoutSteps(lines: readonly Line[], tokens: readonly Token[]): readonly Line[] {
  const apart = new Set<Token | null>(tokens);
  return lines.filter((line) => line.token === null || !apart.has(line.token));
}

/** What a step has brought about before it was interrupted is not in its plan any more, and was paid for all the same. */
function atLeast(charge: Charge, lines: readonly Line[]): Charge {
  const before = lines.find((line) => line.token === charge.token);
  if (before === undefined) return charge;
  return {
    token: charge.token,
    deletes: Math.max(charge.deletes, before.deletes),
    replaces: Math.max(charge.replaces, before.replaces),
  };
}

function sum(uses: readonly BudgetUse[]): BudgetUse {
  return {
    deletes: uses.reduce((total, use) => total + use.deletes, 0),
    replaces: uses.reduce((total, use) => total + use.replaces, 0),
    accounts: [...new Set(uses.flatMap((use) => use.accounts))].sort(),
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
