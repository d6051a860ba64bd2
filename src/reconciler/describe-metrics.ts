import type { CheckBook, Pass } from '../model/checks.js';
import type { Controller } from '../model/desired.js';
import { DRIFT_LAYERS, DRIFT_METHODS } from '../model/drift.js';
import type { DriftLayer, DriftMethod, FindingKind } from '../model/drift.js';
import type { BudgetUse } from '../model/plan.js';
import type { HistoryEvent } from '../model/recorded.js';
import { driftReport, SYNC_STATES } from './describe-drift-report.js';
import type { DriftReport, LedgerDrift } from './describe-drift-report.js';
import { driftTimes } from './describe-metrics-times.js';

export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** One metric with all of its samples; of a summary, every value that was observed. Units are Prometheus's: seconds. */
export type Metric = { readonly name: string; readonly help: string; readonly labels: readonly string[] } & (
  | { readonly type: 'gauge'; readonly samples: readonly Sample[] }
  | {
      readonly type: 'summary';
      readonly observed: readonly { readonly labels: Sample['labels']; readonly values: readonly number[] }[];
    }
);

/** What metrics are made of. */
export type MetricFacts = {
  readonly drift: LedgerDrift;
  /** Of the newest days. */
  readonly events: readonly HistoryEvent[];
  readonly noticesWaiting: number;
  /** Null where no desired state was read: budgets are the Controller's. */
  readonly budgets: { readonly limits: Controller['budgets']; readonly spent: BudgetUse } | null;
  readonly now: Date;
};

/** How many days of events the times to detect and to restore are of. */
export const DAYS_OF_EVENTS = 7;

/** Everything that the ledger knows, as numbers. What is not known has no sample, and never reads as zero. */
export function metricsOf(facts: MetricFacts): readonly Metric[] {
  const { drift, now, budgets } = facts;
  const report = driftReport(drift);
  return [
    ...stateMetrics(report),
    ...driftTimes(facts.events),
    ...checkMetrics(report, drift, now),
    ...(drift.pass === null ? [] : passMetrics(drift.pass)),
    ...(budgets === null ? [] : budgetMetrics(budgets, drift.books, now)),
    gauge(
      'evenkeel_notices_waiting',
      'Notices that have not been delivered everywhere yet.',
      [],
      [one(facts.noticesWaiting)],
    ),
  ];
}

function gauge(name: string, help: string, labels: readonly string[], samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', labels, samples };
}

const one = (value: number): Sample => ({ labels: {}, value });

/** What each layer can have, so that a kind of which there is none reads as zero, and does not vanish. */
const KINDS: Readonly<Record<DriftLayer, readonly FindingKind[]>> = {
  stack: ['changed', 'deleted'],
  resource: ['changed', 'deleted'],
  instance: ['missing', 'outdated', 'inoperable', 'suspended', 'unexpected'],
};

function stateMetrics({ states, findings }: DriftReport): readonly Metric[] {
  const counts = new Map<string, number>();
  const count = (layer: DriftLayer, kind: FindingKind, accepted: boolean, contested: boolean, more: number): void => {
    const key = JSON.stringify({ layer, kind, accepted: String(accepted), contested: String(contested) });
    counts.set(key, (counts.get(key) ?? 0) + more);
  };
  for (const layer of DRIFT_LAYERS) for (const kind of KINDS[layer]) count(layer, kind, false, false, 0);
  for (const { finding } of findings)
    count(finding.layer, finding.kind, finding.accepted !== null, finding.contestedSince !== null, 1);
  return [
    gauge(
      'evenkeel_deployments',
      'Deployments by state of drift, in the stack layer and in the resource layer.',
      ['layer', 'state'],
      (['stack', 'resource'] as const).flatMap((layer) =>
        SYNC_STATES.map((state) => ({ labels: { layer, state }, value: states[layer][state] })),
      ),
    ),
    gauge(
      'evenkeel_findings',
      'Differences that stand, accepted ones among them.',
      ['layer', 'kind', 'accepted', 'contested'],
      [...counts]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, value]) => ({ labels: JSON.parse(key) as Sample['labels'], value })),
    ),
  ];
}

function checkMetrics({ states, oldest, waiting }: DriftReport, { pass }: LedgerDrift, now: Date): readonly Metric[] {
  const newest: Readonly<Record<DriftMethod, string | undefined>> = {
    walk: pass?.at,
    template: oldest.template?.at,
    detection: oldest.detection?.at,
  };
  return [
    gauge(
      'evenkeel_oldest_check_age_seconds',
      'Age of the check that is longest ago, of those that saw something; what was never checked is counted elsewhere.',
      ['method'],
      DRIFT_METHODS.flatMap((method) => {
        const at = newest[method];
        return at === undefined ? [] : [{ labels: { method }, value: secondsSince(at, now) }];
      }),
    ),
    gauge(
      'evenkeel_oldest_unchecked_age_seconds',
      'For how long the stack has waited that waits longest for its first check; none where none waits.',
      ['method'],
      (['template', 'detection'] as const).flatMap((method) => {
        const since = waiting[method]?.at;
        return since === undefined ? [] : [{ labels: { method }, value: secondsSince(since, now) }];
      }),
    ),
    gauge(
      'evenkeel_unchecked_deployments',
      'Deployments of which no drift detection has looked at every resource yet.',
      [],
      [one(states.resource.NOT_CHECKED)],
    ),
  ];
}

function passMetrics({ at, durationMs, calls }: Pass): readonly Metric[] {
  return [
    gauge(
      'evenkeel_last_pass_timestamp_seconds',
      'When the newest pass over the installation ended, as Unix time.',
      [],
      [one(Date.parse(at) / 1000)],
    ),
    gauge('evenkeel_last_pass_duration_seconds', 'How long the newest pass took.', [], [one(durationMs / 1000)]),
    gauge(
      'evenkeel_last_pass_calls',
      'Calls of AWS since the pass before the newest one, by operation.',
      ['service', 'operation'],
      Object.entries(calls)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([name, value]) => {
          const [service = '', operation = ''] = name.split(':');
          return { labels: { service, operation }, value };
        }),
    ),
  ];
}

/** A budget that is a share of all accounts has no number here: the ledger does not know how many there are. */
function budgetMetrics(
  { limits, spent }: NonNullable<MetricFacts['budgets']>,
  books: readonly CheckBook[],
  now: Date,
): readonly Metric[] {
  const use = { delete: spent.deletes, replace: spent.replaces, accounts: spent.accounts.length };
  const budgets = ['delete', 'replace', 'accounts'] as const;
  return [
    gauge(
      'evenkeel_budget_spent',
      "What was spent of each budget inside the Controller's window.",
      ['budget'],
      budgets.map((budget) => ({ labels: { budget }, value: use[budget] })),
    ),
    gauge(
      'evenkeel_budget_left',
      "What is left of each budget inside the Controller's window; none for a budget that is a share of all accounts.",
      ['budget'],
      budgets.flatMap((budget) => {
        const limit = limits[budget];
        return typeof limit === 'number' ? [{ labels: { budget }, value: Math.max(0, limit - use[budget]) }] : [];
      }),
    ),
    gauge(
      'evenkeel_checks_budget_left',
      'Calls that checks may still make this hour, in the account and Region that has the fewest left.',
      [],
      [one(books.reduce((least, book) => Math.min(least, callsLeft(book, limits.checks, now)), limits.checks))],
    ),
  ];
}

const HOUR = 60 * 60 * 1000;

function callsLeft({ spent }: CheckBook, limit: number, now: Date): number {
  const age = now.getTime() - Date.parse(spent.since);
  return age >= 0 && age < HOUR ? Math.max(0, limit - spent.calls) : limit;
}

/** Not below zero, whatever the clocks say. */
function secondsSince(at: string, now: Date): number {
  return Math.max(0, (now.getTime() - Date.parse(at)) / 1000);
}
