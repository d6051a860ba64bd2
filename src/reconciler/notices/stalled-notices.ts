import type { Run } from '../../model/run.js';
import { counted, shortRevision, shortTime } from '../describe-wording.js';
import { spanWords } from '../describe-age.js';
import { bounded, titled } from './wording.js';
import type { Draft, Found } from './write.js';

const HOUR = 60 * 60 * 1000;
/** What even a slow rollout does not take. A run does not say which leases it holds, so that its age alone is what speaks. */
export const STALLED_AFTER = 2 * HOUR;

/** Runs that began more than two hours ago and have no end. */
export function stalledNotices({ runs, run: own, now }: Found): readonly Draft[] {
  return runs
    .filter((run) => run.finishedAt === null && run.id !== own && ageOf(run, now) > STALLED_AFTER)
    .map((run) => ({
      about: run.id,
      order: run.startedAt,
      address: null,
      title: titled(`the run ${run.id} began ${spanWords(ageOf(run, now))} ago and has not ended`),
      lines: [
        `Began: ${shortTime(run.startedAt)}, by ${run.door}, ${scopeWords(run)}`,
        `Revision: ${shortRevision(run.revision)}`,
        ...(run.changes.length === 0 ? [] : [`Changes: ${counted(run.changes.length, 'change')}`]),
        'Its controller was stopped, or it still waits for AWS. What it began is in the journal, and the next reconcile looks at it first.',
        '',
        'To see what is in doubt:',
        '  evenkeel status',
      ].map((line) => bounded(line)),
    }));
}

function ageOf(run: Run, now: Date): number {
  return now.getTime() - Date.parse(run.startedAt);
}

function scopeWords({ scope }: Run): string {
  return scope.type === 'all' ? 'everywhere' : `in account ${scope.account}`;
}
