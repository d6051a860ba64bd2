import type { Block, Document, Line, Span } from '../model/document.js';
import type { ChangeOutcome, Run, RunOutcome } from '../model/run.js';
import { unreachable } from '../model/unreachable.js';
import { refusalBlock } from './describe-diagnostics.js';
import { counted } from './describe-wording.js';
import type { Report } from './outcome.js';

const RESULT_TONE = { done: 'good', failed: 'bad', skipped: 'warn', stale: 'warn', 'in-doubt': 'bad' } as const;

/** How a run ended: the outcome, then what did not go as planned with AWS's reason, then what could not be begun at all. */
export function describeRun(report: Report): Document {
  const { planned, run, refusals, exitCode } = report;
  const data = { schemaVersion: 1, ...planned, run, refusals, exitCode } as const;
  const troubled = run?.changes.filter(({ result }) => result !== 'done') ?? [];
  return {
    blocks: [
      { type: 'paragraph', line: run === null ? nothingBegun(report) : outcomeLine(run) },
      ...headed('Not done', troubled.length === 0 ? [] : [{ type: 'list', items: troubled.map(troubleLine) }]),
      ...headed('Refused', refusals.map(refusalBlock)),
    ],
    data,
  };
}

/** `3 done, 1 failed`: the results that occurred, in the order in which they matter to a reader. */
export function resultCounts(changes: readonly ChangeOutcome[]): string {
  return (['done', 'failed', 'in-doubt', 'stale', 'skipped'] as const)
    .map((result) => ({ result, count: changes.filter((change) => change.result === result).length }))
    .filter(({ count }) => count > 0)
    .map(({ result, count }) => `${String(count)} ${result === 'in-doubt' ? 'in doubt' : result}`)
    .join(', ');
}

/** The outcome of a run in words; a run without one was interrupted, or is still going on. */
export function outcomeWords(outcome: RunOutcome | null): Span {
  switch (outcome) {
    case null:
      return { text: 'not finished', tone: 'warn' };
    case 'succeeded':
      return { text: 'succeeded', tone: 'good' };
    case 'partly-applied':
      return { text: 'partly applied', tone: 'bad' };
    case 'failed':
      return { text: 'failed', tone: 'bad' };
    case 'blocked':
      return { text: 'blocked', tone: 'bad' };
    case 'stale':
      return { text: 'stale: AWS changed since the plan was made', tone: 'warn' };
    case 'timed-out':
      return { text: 'timed out while waiting; the operations go on', tone: 'warn' };
    case 'lease-held':
      return { text: 'another controller holds the lease', tone: 'warn' };
    default:
      return unreachable(outcome);
  }
}

function headed(text: string, blocks: readonly Block[]): readonly Block[] {
  return blocks.length === 0 ? [] : [{ type: 'heading', text }, ...blocks];
}

function nothingBegun({ refusals }: Report): Line {
  return refusals.length === 0
    ? [{ text: 'Nothing to do.', tone: 'good' }]
    : [{ text: `Nothing was begun, for ${counted(refusals.length, 'reason')}.`, tone: 'bad' }];
}

function outcomeLine(run: Run): Line {
  const counts = run.changes.length === 0 ? 'nothing to do' : resultCounts(run.changes);
  return [{ text: `Run ${run.id}`, tone: 'strong' }, ' ', outcomeWords(run.outcome), `: ${counts}`];
}

function troubleLine({ address, action, result, detail }: ChangeOutcome): Line {
  return [
    { text: result === 'in-doubt' ? 'in doubt' : result, tone: RESULT_TONE[result] },
    ` ${action} `,
    { text: address, tone: 'strong' },
    detail === '' ? '' : `: ${detail}`,
  ];
}
