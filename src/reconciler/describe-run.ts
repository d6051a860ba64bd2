import { manifestOf } from '../model/address.js';
import type { Block, Document, Line, Span } from '../model/document.js';
import type { ChangeOutcome, Run, RunOutcome } from '../model/run.js';
import { unreachable } from '../model/unreachable.js';
import { targetsOf } from './describe-changes.js';
import { refusalBlock } from './describe-diagnostics.js';
import { compactTargets, NAMED_ACCOUNTS } from './describe-targets.js';
import { counted } from './describe-wording.js';
import { withAccountNames } from './describe-names.js';
import type { Planned, Report } from './outcome.js';

const RESULT_TONE = { done: 'good', failed: 'bad', skipped: 'warn', stale: 'warn', 'in-doubt': 'bad' } as const;

/** How a run ended: the outcome, then what did not go as planned with AWS's reason, then what could not be begun at all. */
export function describeRun(report: Report): Document {
  const { planned, run, refusals, warnings, exitCode } = report;
  const data = { schemaVersion: 1, ...planned, run, refusals, warnings, exitCode } as const;
  const troubled = run?.changes.filter(({ result }) => result !== 'done') ?? [];
  const blocks: readonly Block[] = [
    { type: 'paragraph', line: run === null ? nothingBegun(report) : outcomeLine(run) },
    ...leftOutBlocks(planned),
    ...headed('Not done', troubled.length === 0 ? [] : [{ type: 'list', items: troubleLines(troubled) }]),
    ...headed('Refused', refusals.map(refusalBlock)),
    ...headed(
      'Warnings',
      warnings.map((diagnostic) => ({ type: 'diagnostic', diagnostic })),
    ),
  ];
  return { blocks: withAccountNames(blocks, planned.accountNames), data };
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
      return { text: 'stale', tone: 'warn' };
    case 'timed-out':
      return { text: 'timed out', tone: 'warn' };
    case 'lease-held':
      return { text: 'lease held', tone: 'warn' };
    default:
      return unreachable(outcome);
  }
}

function headed(text: string, blocks: readonly Block[]): readonly Block[] {
  return blocks.length === 0 ? [] : [{ type: 'heading', text }, ...blocks];
}

/** What the plan itself left out, so that a run that succeeded does not read as if all were well. */
function leftOutBlocks({ plan }: Planned): readonly Block[] {
  if (plan === null) return [];
  const parts = [
    ...(plan.refusals.length > 0 ? [`${counted(plan.refusals.length, 'change')} refused`] : []),
    ...(plan.unknowns.length > 0 ? [`${counted(plan.unknowns.length, 'deployment')} that could not be looked at`] : []),
    ...(plan.drift.length > 0 ? [`${counted(plan.drift.length, 'deployment')} drifted and reported only`] : []),
  ];
  const text = `Left as it is: ${parts.join(', ')}; the plan says why.`;
  return parts.length === 0 ? [] : [{ type: 'paragraph', line: [{ text, tone: 'warn' }] }];
}

function nothingBegun({ refusals, planned: { plan } }: Report): Line {
  const isWhole = plan !== null && plan.refusals.length + plan.unknowns.length === 0;
  return refusals.length === 0
    ? [{ text: isWhole ? 'Nothing to do.' : 'Nothing else to do.', tone: 'good' }]
    : [{ text: `Nothing was begun, for ${counted(refusals.length, 'reason')}.`, tone: 'bad' }];
}

/** What the outcome's one word does not say. */
const MEANING: Readonly<Partial<Record<RunOutcome, string>>> = {
  stale: ', because something changed since the plan was made',
  'timed-out': ' while waiting; the operations go on',
  'lease-held': ' by another controller',
};

function outcomeLine(run: Run): Line {
  const meaning = run.outcome === null ? '' : (MEANING[run.outcome] ?? '');
  const counts = run.changes.length === 0 ? 'nothing to do' : resultCounts(run.changes);
  return [{ text: `Run ${run.id}`, tone: 'strong' }, ' ', outcomeWords(run.outcome), `${meaning}: ${counts}`];
}

/** What failed first, and what was only skipped last: for one reason in one line, with the places. */
function troubleLines(troubled: readonly ChangeOutcome[]): readonly Line[] {
  const order: readonly ChangeOutcome['result'][] = ['failed', 'in-doubt', 'stale'];
  const told = order.flatMap((result) => troubled.filter((each) => each.result === result).map(troubleLine));
  const skipped = new Map<string, ChangeOutcome[]>();
  for (const each of troubled.filter(({ result }) => result === 'skipped')) {
    const key = JSON.stringify([manifestOf(each.address), each.action, each.detail]);
    skipped.set(key, [...(skipped.get(key) ?? []), each]);
  }
  return [...told, ...[...skipped.values()].map(skippedLine)];
}

function skippedLine(group: readonly ChangeOutcome[]): Line {
  const first = group[0]!;
  if (group.length === 1) return troubleLine(first);
  return [
    { text: 'skipped', tone: 'warn' },
    ` ${first.action} `,
    { text: manifestOf(first.address), tone: 'strong' },
    ` in ${counted(group.length, 'target')}: ${compactTargets(targetsOf(group), NAMED_ACCOUNTS)}`,
    first.detail === '' ? '' : `: ${first.detail}`,
  ];
}

function troubleLine({ address, action, result, detail }: ChangeOutcome): Line {
  return [
    { text: result === 'in-doubt' ? 'in doubt' : result, tone: RESULT_TONE[result] },
    ` ${action} `,
    { text: address, tone: 'strong' },
    detail === '' ? '' : `: ${detail}`,
  ];
}
