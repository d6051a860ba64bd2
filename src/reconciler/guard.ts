import { targetOf } from '../model/address.js';
import type { Controller, Suspension } from '../model/desired.js';
import type { AccountId, Token } from '../model/identifiers.js';
import type { BudgetUse, Change, Plan, Refusal } from '../model/plan.js';
import type { BudgetLine, Verdict } from './outcome.js';
import type { Spending } from './ports.js';

export type GuardInput = {
  readonly plan: Plan;
  readonly controller: Controller;
  /** What was spent inside the window, through every door, apart from what was spent on steps that the plan begins again. */
  readonly spent: BudgetUse;
  /** How many accounts the organization has that are ACTIVE. */
  readonly activeAccounts: number;
  readonly now: Date;
};

/** Judges the plan as a whole, once: budgets and freezes. It never drops a change; it stops the lot, and says what it would take to go on. */
export function guard(input: GuardInput): Verdict {
  const { controller, plan } = input;
  const use = budgetUse(plan.changes);
  const limit = accountLimit(controller.budgets.accounts, input.activeAccounts);
  const accounts = new Set([...input.spent.accounts, ...use.accounts]);
  const budgets: BudgetLine[] = [
    { name: 'delete', planned: use.deletes, spent: input.spent.deletes, limit: controller.budgets.delete },
    { name: 'replace', planned: use.replaces, spent: input.spent.replaces, limit: controller.budgets.replace },
    {
      name: 'accounts',
      planned: accounts.size - input.spent.accounts.length,
      spent: input.spent.accounts.length,
      limit,
    },
  ];
  const hours = Math.round(controller.budgets.window / 3_600_000);
  const blocks = [
    ...budgets
      .filter((line) => line.planned > 0 && line.planned + line.spent > line.limit)
      .map((line) => overBudget(line, hours, controller)),
    ...(plan.changes.length === 0 ? [] : freezes(controller, input.now)),
  ];
  return { blocks, budgets };
}

/** What a plan would spend. Creating touches nothing that exists, and costs nothing. */
export function budgetUse(changes: readonly Change[]): BudgetUse {
  const costs = changes.map(costOf);
  return {
    deletes: costs.reduce((sum, cost) => sum + cost.deletes, 0),
    replaces: costs.reduce((sum, cost) => sum + cost.replaces, 0),
    accounts: accountsOf(changes),
  };
}

/** The same, step by step; `tokenOf` is what a step keeps when it is begun again after a crash. */
export function spendingOf(changes: readonly Change[], tokenOf: (change: Change) => Token): Spending {
  const charges = changes.map((change) => ({ token: tokenOf(change), ...costOf(change) }));
  return { charges: charges.filter((charge) => charge.deletes + charge.replaces > 0), accounts: accountsOf(changes) };
}

function costOf(change: Change): Pick<BudgetUse, 'deletes' | 'replaces'> {
  const deletedMembers = change.members.filter((member) => member.action === 'delete').length;
  return {
    deletes: change.action === 'delete' ? Math.max(1, deletedMembers) : deletedMembers,
    replaces: (change.action === 'replace' ? 1 : 0) + (isDestructive(change) ? stacksOf(change) : 0),
  };
}

/** Resources inside it are replaced or deleted, although the deployment stays. */
function isDestructive({ replaces, removes }: Change): boolean {
  return replaces.length + removes.length > 0;
}

function stacksOf(change: Change): number {
  return Math.max(1, change.members.filter((member) => member.action === 'update').length);
}

function accountsOf(changes: readonly Change[]): AccountId[] {
  const accounts = new Set<AccountId>();
  for (const change of changes) {
    if (change.action !== 'create' && change.action !== 'forget') touch(accounts, change.address);
    for (const member of change.members)
      if (member.action === 'update' || member.action === 'delete') touch(accounts, member.address);
  }
  return [...accounts].sort();
}

export function isSuspended(suspension: Suspension, now: Date): boolean {
  return suspension.until === null || now.toISOString().slice(0, 10) <= suspension.until;
}

function touch(accounts: Set<AccountId>, address: Change['address']): void {
  const target = targetOf(address);
  if (target !== null) accounts.add(target.account);
}

function accountLimit(budget: Controller['budgets']['accounts'], activeAccounts: number): number {
  return typeof budget === 'number'
    ? budget
    : Math.max(1, Math.floor((activeAccounts * Number.parseFloat(budget)) / 100));
}

const BUDGET_TEXTS = {
  delete: { code: 'EK6001', what: 'deletes', unit: 'deployments' },
  replace: { code: 'EK6002', what: 'replaces', unit: 'deployments' },
  accounts: { code: 'EK6003', what: 'changes what exists in', unit: 'accounts' },
} as const;

function overBudget(line: BudgetLine, hours: number, controller: Controller): Refusal {
  const text = BUDGET_TEXTS[line.name];
  const spent = line.spent === 0 ? '' : `, after ${line.spent} in the last ${hours} hours`;
  return {
    code: text.code,
    address: null,
    message: `the plan ${text.what} ${line.planned} ${text.unit}${spent}; the budget is ${line.limit} in ${hours} hours`,
    remedy: `whoever may change Controller/${controller.name} can raise budgets.${line.name} to ${line.planned + line.spent} or more; or do it in smaller steps, ${hours} hours apart`,
  };
}

/** Both days belong to the freeze. */
function freezes(controller: Controller, now: Date): Refusal[] {
  const today = now.toISOString().slice(0, 10);
  return controller.freeze
    .filter((freeze) => freeze.from <= today && today <= freeze.to)
    .map((freeze) => ({
      code: 'EK6004' as const,
      address: null,
      message: `changes are frozen from ${freeze.from} to ${freeze.to} (${freeze.reason})`,
      remedy: `wait until ${freeze.to} has passed, or remove the freeze from Controller/${controller.name}`,
    }));
}
