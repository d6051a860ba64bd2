import type { Span } from '../model/document.js';
import type { Change, Field, Reason, Shown } from '../model/plan.js';
import { REDACTED } from './diff.js';

/** Each action's sign and verb, the same everywhere: in the plan, in its dangers, in a run. */
export const ACTION_WORDS: Readonly<
  Record<Change['action'], { readonly symbol: Span; readonly verb: string; readonly toDo: string }>
> = {
  create: { symbol: { text: '+', tone: 'add' }, verb: 'create', toDo: 'to create' },
  update: { symbol: { text: '~', tone: 'change' }, verb: 'update', toDo: 'to update' },
  replace: { symbol: { text: '±', tone: 'remove' }, verb: 'replace', toDo: 'to delete and create anew' },
  delete: { symbol: { text: '-', tone: 'remove' }, verb: 'delete', toDo: 'to delete' },
  adopt: { symbol: { text: '↑', tone: 'change' }, verb: 'adopt', toDo: 'to adopt' },
  forget: { symbol: { text: '○', tone: 'muted' }, verb: 'forget', toDo: 'to forget' },
};

/** Why a change is in the plan, for somebody who has not read the design. */
export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  new: 'in Git and not yet in AWS',
  missing: 'recorded, and gone from AWS',
  'manifest-changed': 'the manifest changed',
  drifted: 'changed in AWS by somebody else',
  outdated: 'its stack set has moved on without it',
  members: 'some of its instances need it',
  'target-left': 'no longer among the targets',
  removed: 'its manifest is no longer in Git',
  'failed-creation': 'its creation failed, so nothing live stands behind it',
  interrupted: 'an earlier run was interrupted in the middle of it',
  unrecorded: 'ours by its tags, and the ledger does not know it',
  adopted: 'it exists, and the manifest says adopt: true',
};

/** `1 change`, `3 changes`; the plural is given where an s does not make it. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${String(count)} ${count === 1 ? singular : plural}`;
}

/** The items up to a limit, and how many more there are: a long list never hides that it was cut. */
export function abbreviated(items: readonly string[], limit: number): string {
  if (items.length <= limit) return items.join(', ');
  return `${items.slice(0, limit).join(', ')} and ${String(items.length - limit)} more`;
}

const LONGEST_VALUE = 160;

function shownValue(value: Shown): string {
  if (value === null) return '(not set)';
  if (value === REDACTED) return value;
  if (/^[0-9a-f]{64}$/.test(value)) return value.slice(0, 12);
  if (value.length <= LONGEST_VALUE) return `"${value}"`;
  return `"${value.slice(0, LONGEST_VALUE)}…" (${String(value.length)} characters)`;
}

/** `parameters.X: "a" → "b"`; a digest is cut to twelve digits, as Git cuts its own. A field without values is known only to differ. */
export function fieldLine(field: Field): readonly (string | Span)[] {
  if (field.before === null && field.after === null) return [`${field.path}: `, { text: 'differs', tone: 'change' }];
  return [
    `${field.path}: `,
    { text: shownValue(field.before), tone: 'remove' },
    ' → ',
    { text: shownValue(field.after), tone: 'add' },
  ];
}

/** A revision as a person compares it: twelve digits of the commit, or of the folder's digest. */
export function shortRevision(revision: string): string {
  const content = 'content-';
  return revision.startsWith(content)
    ? content + revision.slice(content.length, content.length + 12)
    : revision.slice(0, 12);
}

/** Orders text the same on every machine, whatever its locale. */
export function byText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** An ISO time without its milliseconds. */
export function shortTime(time: string): string {
  return time.replace(/\.\d+(?=Z$)/, '');
}
