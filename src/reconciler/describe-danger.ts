import { manifestOf } from '../model/address.js';
import type { Block, Line } from '../model/document.js';
import type { Change } from '../model/plan.js';
import { unreachable } from '../model/unreachable.js';
import { groupChanges, targetsOf } from './describe-changes.js';
import type { ChangeGroup } from './describe-changes.js';
import { compactTargets } from './describe-targets.js';
import { ACTION_WORDS, counted, fieldLine, REASON_WORDS } from './describe-wording.js';
import type { BudgetLine } from './outcome.js';

/** What cannot be taken back, before anything else and named in full; nothing where the plan holds no such thing. */
export function dangerBlocks(changes: readonly Change[], budgets: readonly BudgetLine[]): readonly Block[] {
  const dangers = groupChanges(changes).flatMap(dangersOf);
  if (dangers.length === 0) return [];
  return [
    { type: 'heading', text: 'DANGER' },
    { type: 'list', items: [...dangers, ...budgets.filter(({ planned }) => planned > 0).map(budgetLine)] },
  ];
}

function dangersOf(group: ChangeGroup<Change>): readonly Line[] {
  const { changes, fields } = group;
  const { address, action, reason, replaces, removes, members } = changes[0]!;
  const { symbol } = ACTION_WORDS[action];
  const where =
    changes.length === 1 ? address : `${manifestOf(address)} at ${compactTargets(targetsOf(changes), Infinity)}`;
  const lines: Line[] = [];
  if (action === 'delete') {
    lines.push([symbol, ' deletes ', { text: where, tone: 'bad' }, ` (${REASON_WORDS[reason]})`]);
  }
  if (action === 'replace') {
    lines.push([symbol, ' deletes and creates anew ', { text: where, tone: 'bad' }, ` (${REASON_WORDS[reason]})`]);
  }
  if (reason === 'drifted' || reason === 'unrecorded') {
    // Without a record nobody knows whether a person or an earlier manifest made it differ.
    const what = reason === 'drifted' ? 'what was changed by hand' : 'what may have been changed by hand';
    const undone = fields.flatMap((field, index) => [index === 0 ? ': ' : ', ', ...fieldLine(field)]);
    lines.push([symbol, ` overwrites ${what} in `, { text: where, tone: 'bad' }, ...undone]);
  }
  if (replaces.length > 0) {
    const resources = `${counted(replaces.length, 'resource')} (predicted): ${replaces.join(', ')}`;
    lines.push([symbol, ' replaces in ', { text: where, tone: 'bad' }, ` ${resources}`]);
  }
  if (removes.length > 0) {
    const resources = `${counted(removes.length, 'resource')}: ${removes.join(', ')}`;
    lines.push([symbol, ' deletes in ', { text: where, tone: 'bad' }, ` ${resources}`]);
  }
  const overwritten = members.filter((member) => member.action === 'update' && member.reason === 'drifted');
  if (overwritten.length > 0) {
    const instances = `${counted(overwritten.length, 'instance')} of ${where}`;
    lines.push([
      ACTION_WORDS.update.symbol,
      ' overwrites what was changed by hand in ',
      { text: instances, tone: 'bad' },
      `: ${compactTargets(targetsOf(overwritten), Infinity)}`,
    ]);
  }
  const removed = members.filter((member) => member.action === 'delete');
  if (removed.length > 0) {
    const instances = `${counted(removed.length, 'instance')} of ${where}`;
    lines.push([
      ACTION_WORDS.delete.symbol,
      ' deletes ',
      { text: instances, tone: 'bad' },
      `: ${compactTargets(targetsOf(removed), Infinity)}`,
    ]);
  }
  return lines;
}

function spending({ name, planned, limit }: BudgetLine): string {
  switch (name) {
    case 'delete':
      return `deletes ${String(planned)} of ${String(limit)}`;
    case 'replace':
      return `replaces ${String(planned)} of ${String(limit)}`;
    case 'accounts':
      return `changes what exists in ${String(planned)} of ${counted(limit, 'account')}`;
    default:
      return unreachable(name);
  }
}

function budgetLine(budget: BudgetLine): Line {
  const before =
    budget.spent > 0
      ? `, and ${String(budget.spent)} ${budget.spent === 1 ? 'was' : 'were'} spent earlier in its window`
      : '';
  const tone = budget.planned + budget.spent > budget.limit ? 'bad' : 'plain';
  return [{ text: `budget: ${spending(budget)}${before}`, tone }];
}
