import type { Controller } from '../model/desired.js';
import type { Block, Line, Tone } from '../model/document.js';
import type { SyncStatus } from '../model/recorded.js';
import type { TargetKey } from '../model/target.js';
import { agoWords, spanWords } from './describe-age.js';
import type { DriftReport, LedgerDrift, StateCounts } from './describe-drift-report.js';
import { SYNC_STATES } from './describe-drift-report.js';
import { abbreviated, counted, shortTime } from './describe-wording.js';

/** `IN_SYNC` is good, `DRIFTED` is bad, and what nobody looked at is neither. */
const STATE_TONES: Readonly<Record<SyncStatus, Tone>> = {
  IN_SYNC: 'good',
  DRIFTED: 'bad',
  NOT_CHECKABLE: 'warn',
  NOT_CHECKED: 'warn',
  UNKNOWN: 'warn',
};

/** Deployments by state, each layer on its own. */
export function stateTable({ states }: Pick<DriftReport, 'states'>): Block {
  const row = (layer: string, counts: StateCounts): readonly Line[] => [
    layer,
    ...SYNC_STATES.map((state): Line => {
      const count = counts[state];
      return [{ text: String(count), tone: count === 0 ? 'muted' : STATE_TONES[state] }];
    }),
  ];
  return {
    type: 'table',
    columns: ['layer', ...SYNC_STATES],
    rows: [row('stack', states.stack), row('resource', states.resource)],
  };
}

/**
 * When everything was last looked at, how long that took, and what it could not see; nothing where there was no pass yet. What it saw
 * is all that there is, and is left out where somebody asks for a part.
 */
export function passBlocks(pass: LedgerDrift['pass'], now: Date, isWhole = true): readonly Block[] {
  if (pass === null) return [];
  if (!isWhole) return [{ type: 'paragraph', line: `Last pass ${shortTime(pass.at)}, ${agoWords(pass.at, now)}.` }];
  const { at, durationMs, deployments, unknown, waiting } = pass;
  const seconds = (durationMs / 1000).toFixed(1);
  const blind =
    unknown === 0
      ? `it saw all of ${counted(deployments, 'deployment')}`
      : `it could not see ${String(unknown)} of ${counted(deployments, 'deployment')}`;
  return [
    {
      type: 'paragraph',
      line: [
        `Last pass ${shortTime(at)}, ${agoWords(at, now)}, in ${seconds} s: `,
        { text: blind, tone: unknown === 0 ? 'plain' : 'warn' },
        waiting > 0 ? `; ${counted(waiting, 'check')} had to wait for the budget of calls.` : '.',
      ],
    },
  ];
}

/** The checks that are longest ago: how stale the good news may be. */
export function oldestBlocks({ oldest }: Pick<DriftReport, 'oldest'>, now: Date): readonly Block[] {
  const told = (
    [
      ['detection', 'drift detection'],
      ['template', 'the sweep of templates'],
    ] as const
  ).flatMap(([method, words]) => {
    const check = oldest[method];
    return check === undefined
      ? []
      : [`${words} ${spanWords(now.getTime() - Date.parse(check.at))} ago at ${check.address}`];
  });
  return told.length === 0 ? [] : [{ type: 'paragraph', line: `Longest ago: ${told.join('; ')}.` }];
}

/** What was never looked at, and what to do so that it is; `controller` is null where no desired state was read. */
export function neverBlocks(
  { books, pass }: Pick<LedgerDrift, 'books' | 'pass'>,
  controller: Pick<Controller, 'drift'> | null,
): readonly Block[] {
  const stacks = books.flatMap((book) => Object.values(book.stacks));
  if (stacks.some(({ detection }) => detection !== null)) return [];
  const under = stacks.filter(({ pending }) => pending !== null).length;
  const remedy =
    under > 0 ? `${counted(under, 'detection is', 'detections are')} under way` : scheduleWords(controller);
  const text =
    pass === null
      ? `Nothing was checked yet: this ledger knows of no pass. Run evenkeel reconcile; for resources, ${remedy}.`
      : `No resource was checked yet: ${remedy}.`;
  return [{ type: 'paragraph', line: [{ text, tone: 'warn' }] }];
}

function scheduleWords(controller: Pick<Controller, 'drift'> | null): string {
  if (controller === null)
    return 'Controller.spec.schedule.drift says how often that is done, and evenkeel drift detect does it now';
  return controller.drift === null
    ? 'set Controller.spec.schedule.drift, such as rate(1 day), or run evenkeel drift detect'
    : 'the passes to come do it, as Controller.spec.schedule.drift says; evenkeel drift detect does it now';
}

const NAMED_BOOKS = 10;

/** Accounts and Regions whose checks nobody can rely on, because somebody edited them. */
export function unreadableBlocks(books: LedgerDrift['books']): readonly Block[] {
  const unreadable = unreadableData(books);
  if (unreadable.length === 0) return [];
  const named = abbreviated(
    unreadable.map(({ target, why }) => `${target} (${why})`),
    NAMED_BOOKS,
  );
  const text = `What the ledger knows of checks cannot be relied on, and nothing is checked, in ${named}. evenkeel ledger verify says what to do.`;
  return [{ type: 'paragraph', line: [{ text, tone: 'bad' }] }];
}

export function unreadableData(
  books: LedgerDrift['books'],
): readonly { readonly target: TargetKey; readonly why: string }[] {
  return books.flatMap(({ target, unreadable }) => (unreadable === undefined ? [] : [{ target, why: unreadable }]));
}
