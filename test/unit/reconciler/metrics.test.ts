import { describe, expect, it } from 'vitest';
import { renderPrometheus } from '../../../src/cli/render/prometheus.js';
import type { Revision, RunId } from '../../../src/model/identifiers.js';
import type { FindingEvent } from '../../../src/model/drift.js';
import type { HistoryEvent } from '../../../src/model/recorded.js';
import { metricsOf } from '../../../src/reconciler/describe-metrics.js';
import type { Metric, MetricFacts } from '../../../src/reconciler/describe-metrics.js';
import { controller } from '../../support/builders.js';
import { alice, EVERYTHING, NOW, pass } from '../render/drifts.js';
import { at } from '../render/plans.js';

const ADDRESS = at('Stack/log-bucket', 1);

function event(kind: HistoryEvent['event'], time: string, over: Partial<FindingEvent> = {}): HistoryEvent {
  return {
    address: ADDRESS,
    sequence: 1,
    previousSha256: null,
    at: time,
    run: 'run-1' as RunId,
    revision: 'content-1' as Revision,
    event: kind,
    summary: '',
    fields: [],
    finding: {
      key: 'resource:Queue',
      layer: 'resource',
      subject: 'Queue',
      resourceType: 'AWS::SQS::Queue',
      kind: 'changed',
      methods: ['detection'],
      firstSeen: '2026-11-22T23:00:00.000Z',
      lastSeen: '2026-11-22T23:00:00.000Z',
      notBefore: null,
      actor: null,
      ...over,
    },
  };
}

const EVENTS: readonly HistoryEvent[] = [
  event('appeared', '2026-11-22T23:00:07.000Z', { actor: alice }),
  event('appeared', '2026-11-22T23:00:00.000Z', { notBefore: '2026-11-22T22:00:00.000Z' }),
  event('appeared', '2026-11-22T23:00:00.000Z'),
  event('reverted', '2026-11-22T23:30:00.000Z', { lastSeen: '2026-11-22T23:15:00.000Z' }),
  event('gone', '2026-11-23T00:00:00.000Z', { layer: 'stack' }),
];

function facts(over: Partial<MetricFacts> = {}): MetricFacts {
  return {
    drift: EVERYTHING,
    events: EVENTS,
    noticesWaiting: 2,
    budgets: {
      limits: controller().budgets,
      spent: { deletes: 2, replaces: 5, accounts: [] },
    },
    now: NOW,
    ...over,
  };
}

function named(metrics: readonly Metric[], name: string): Metric {
  const found = metrics.find((metric) => metric.name === name);
  if (found === undefined) throw new Error(`there is no ${name} among ${metrics.map((each) => each.name).join(', ')}`);
  return found;
}

/** Every sample of a text in Prometheus's format; throws at a line that is none. */
function parsed(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || /^# (?:HELP [a-z_]+ \S.*|TYPE [a-z_]+ (?:gauge|summary|counter|histogram))$/.test(line))
      continue;
    const found = /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/.exec(line);
    if (found === null || Number.isNaN(Number(found[3]))) throw new Error(`no sample: ${line}`);
    const key = `${found[1]!}${found[2] ?? ''}`;
    if (samples.has(key)) throw new Error(`twice: ${key}`);
    samples.set(key, Number(found[3]));
  }
  return samples;
}

describe('metrics', () => {
  it('read as they did', async () => {
    await expect(await renderPrometheus(metricsOf(facts()))).toMatchFileSnapshot('../render/golden/metrics.txt');
  });

  it('are read back by the rules of the format', async () => {
    const samples = parsed(await renderPrometheus(metricsOf(facts())));
    expect(samples.get('evenkeel_deployments{layer="resource",state="DRIFTED"}')).toBe(2);
    expect(samples.get('evenkeel_last_pass_calls{service="cloudformation",operation="DescribeStacks"}')).toBe(24);
    expect(samples.get('evenkeel_last_pass_timestamp_seconds')).toBe(Date.parse(pass.at) / 1000);
    expect(samples.get('evenkeel_notices_waiting')).toBe(2);
  });

  it('keep to the names that Prometheus asks for: a unit at the end, and _total on no gauge', () => {
    for (const { name, type } of metricsOf(facts())) {
      expect(name).toMatch(/^evenkeel_[a-z_]+$/);
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|hours)$/);
      if (type === 'gauge') expect(name).not.toMatch(/_total$/);
    }
  });

  it('are the same in whatever order and how often they are made', async () => {
    const many = Array.from({ length: 5_000 }, (_, index) =>
      event('appeared', new Date(NOW.getTime() + index * 1_000).toISOString(), { notBefore: NOW.toISOString() }),
    );
    const one = await renderPrometheus(metricsOf(facts({ events: many })));
    const other = await renderPrometheus(metricsOf(facts({ events: [...many].reverse() })));
    expect(one).toBe(other);
    expect(parsed(one).get('evenkeel_drift_time_to_detect_seconds{quantile="0.5",layer="resource"}')).toBe(2_499);
  });
});

describe('the time to detect', () => {
  const detected = (...events: readonly HistoryEvent[]): unknown => {
    const metrics = metricsOf(facts({ events }));
    const [times, unknown] = ['seconds', 'unknown'].map((unit) =>
      named(metrics, `evenkeel_drift_time_to_detect_${unit}`),
    );
    return {
      seconds: times!.type === 'summary' ? times!.observed.flatMap(({ values }) => values) : null,
      unknown: unknown!.type === 'gauge' ? unknown!.samples.reduce((sum, { value }) => sum + value, 0) : null,
    };
  };

  it('counts from when somebody did it', () => {
    expect(detected(EVENTS[0]!)).toEqual({ seconds: [1_140], unknown: 0 });
  });

  it('counts from the newest look that did not show it where nobody is known', () => {
    expect(detected(EVENTS[1]!)).toEqual({ seconds: [3_600], unknown: 0 });
  });

  it('is unknown, and not zero, where neither is known', () => {
    expect(detected(EVENTS[2]!)).toEqual({ seconds: [], unknown: 1 });
  });

  it('is unknown where a clock jumped, and it was seen before it was done', () => {
    const early = event('appeared', '2026-11-22T22:00:00.000Z', {
      actor: alice,
      firstSeen: alice.at,
      lastSeen: alice.at,
    });
    expect(detected(early)).toEqual({ seconds: [], unknown: 1 });
  });

  it('leaves out what comes up again because nobody accepts it any more', () => {
    const again = event('appeared', '2026-11-23T00:00:00.000Z', { actor: alice, lastSeen: '2026-11-23T00:00:00.000Z' });
    expect(detected(again)).toEqual({ seconds: [], unknown: 0 });
  });

  it('has a count of zero and no quantile where nothing appeared', async () => {
    const samples = parsed(await renderPrometheus(metricsOf(facts({ events: [] }))));
    expect(samples.get('evenkeel_drift_time_to_detect_seconds_count{layer="stack"}')).toBe(0);
    expect([...samples.keys()].filter((key) => key.includes('quantile'))).toEqual([]);
  });
});

describe('what is not known', () => {
  it('has no sample before the first pass', async () => {
    const drift = { rows: [], books: [], pass: null };
    const text = await renderPrometheus(metricsOf(facts({ drift })));
    expect(text).not.toContain('evenkeel_last_pass');
    expect([...parsed(text).keys()].filter((key) => key.startsWith('evenkeel_oldest_check'))).toEqual([]);
  });

  it('has no sample where no Controller was read', () => {
    expect(metricsOf(facts({ budgets: null })).map(({ name }) => name)).not.toContain('evenkeel_budget_left');
  });

  it('has no sample of a budget that is a share of all accounts', () => {
    const left = named(metricsOf(facts()), 'evenkeel_budget_left');
    expect(left.type === 'gauge' && left.samples).toEqual([
      { labels: { budget: 'delete' }, value: 3 },
      { labels: { budget: 'replace' }, value: 0 },
    ]);
  });
});

describe('the budget of checks', () => {
  it('is that of the account and Region with the fewest calls left', () => {
    const [first, ...others] = EVERYTHING.books;
    const books = [{ ...first!, spent: { since: '2026-11-23T01:30:00.000Z', calls: 230 } }, ...others];
    const left = named(metricsOf(facts({ drift: { ...EVERYTHING, books } })), 'evenkeel_checks_budget_left');
    expect(left.type === 'gauge' && left.samples).toEqual([{ labels: {}, value: 10 }]);
  });

  it('is whole again once the hour is over', () => {
    const books = EVERYTHING.books.map((book) => ({
      ...book,
      spent: { since: '2026-11-23T00:30:00.000Z', calls: 230 },
    }));
    const left = named(metricsOf(facts({ drift: { ...EVERYTHING, books } })), 'evenkeel_checks_budget_left');
    expect(left.type === 'gauge' && left.samples).toEqual([{ labels: {}, value: 240 }]);
  });
});
