// The process that is measured: a day of passes over eighty thousand stacks. AWS is a probe that counts, the ledger a map.
import { deploymentAddress } from '../../src/model/address.js';
import type { CheckBook } from '../../src/model/checks.js';
import type { AccountId, Region, Sha256 } from '../../src/model/identifiers.js';
import type { Known, SeenStack } from '../../src/model/observed.js';
import type { Target, TargetKey } from '../../src/model/target.js';
import { templateSha256 } from '../../src/model/template.js';
import type { Schedule } from '../../src/model/schedule.js';
import { dueChecks } from '../../src/reconciler/drift/due.js';
import { begin, look, NOTHING_URGENT } from '../../src/reconciler/drift/round.js';
import type { RoundPorts } from '../../src/reconciler/drift/round.js';
import { watchedOf } from '../../src/reconciler/drift/watched.js';
import type { DriftProbe, StackPlace } from '../../src/reconciler/ports.js';
import type { Survey } from '../../src/reconciler/survey.js';
import type { Unit } from '../../src/reconciler/units.js';
import {
  account,
  controller,
  deployment,
  entry,
  known,
  organization,
  recorded,
  settings,
  stackUnit,
} from '../support/builders.js';
import type { DriftFound, DriftSize } from './drift.js';

const MIB = 1024 * 1024;
const QUARTER = 15 * 60 * 1000;
const DAILY: Schedule = { type: 'rate', every: 24 * 60 * 60 * 1000 };
const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1'];
const START = Date.parse('2026-11-23T00:00:00.000Z');
const TEXT = '{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}';
const MADE = '2026-01-01T00:00:00.000Z';

const size = JSON.parse(process.argv[2]!) as DriftSize;
const accounts = Array.from({ length: size.accounts }, (_, n) => String(300_000_000_000 + n) as AccountId);
const places: readonly Target[] = accounts.flatMap((id) =>
  REGIONS.slice(0, size.regions).map((region) => ({ account: id, region: region as Region })),
);

/** What the walk shows of one stack; CloudFormation's last word on it changes from pass to pass. */
type Standing = { readonly unit: Unit; readonly seen: Known; readonly isDrifted: boolean };
const units: Unit[] = [];
const observed = new Map<Unit['subject']['address'], Known>();
const standing = new Map<string, Standing>();
const standingTemplate = settings({ template: templateSha256(TEXT) });
for (const [index, target] of places.entries())
  for (let n = 0; n < size.stacksAtEachPlace; n += 1) {
    const address = deploymentAddress(`Stack/block-${String(n)}`, target);
    const stackId = `arn:aws:cloudformation:${target.region}:${target.account}:stack/evenkeel-block-${String(n)}/1`;
    const stack: SeenStack = {
      stackId,
      stackName: `evenkeel-block-${String(n)}`,
      nested: null,
      status: 'CREATE_COMPLETE',
      updatedAt: MADE,
      detected: { status: 'NOT_CHECKED', at: null },
    };
    const record = recorded({
      identity: stackId,
      settings: standingTemplate,
      artifactSha256: `${String(n).padStart(64, '0')}` as Sha256,
    });
    const unit = stackUnit({
      entry: entry(address, { recorded: record }),
      wanted: { ...stackUnit().wanted!, deployments: [deployment(address)] },
    });
    const at = { ...unit, subject: { ...unit.subject, address, targets: [target] } };
    const seen: Known = { ...known(), identity: stackId, settings: standingTemplate, stacks: [stack] };
    units.push(at);
    observed.set(address, seen);
    standing.set(stackId, {
      unit: at,
      seen,
      isDrifted: (index * size.stacksAtEachPlace + n) % size.oneDriftedOf === 0,
    });
  }
const survey = {
  units,
  observed,
  plan: { scope: { type: 'all' } },
  organization: organization(...accounts.map((id) => account(id))),
} as unknown as Survey;

const calls: Record<string, number> = {};
const detected: StackPlace[] = [];
const count = (operation: string, times = 1): void => void (calls[operation] = (calls[operation] ?? 0) + times);
const probe: DriftProbe = {
  iamActions: [],
  detect: async (stack) => {
    count('DetectStackDrift');
    detected.push(stack);
    return { type: 'begun', id: 'detection' };
  },
  status: async () => {
    count('DescribeStackDriftDetectionStatus');
    return { type: 'complete' };
  },
  resources: async () => {
    count('DescribeStackResourceDrifts');
    count('GetTemplate');
    const differences = [{ path: '/VisibilityTimeout', expected: '30', actual: '99' }];
    const queue = {
      layer: 'resource',
      subject: 'Queue',
      resourceType: 'AWS::SQS::Queue',
      physicalId: 'q',
      kind: 'changed',
      differences,
    } as const;
    return { type: 'drifts', sightings: [queue], checked: ['AWS::SQS::Queue'], unread: [] };
  },
  types: async () => {
    count('ListStackResources');
    return { type: 'types', types: ['AWS::SQS::Queue'], notChecked: [] };
  },
  template: async () => {
    count('GetTemplate');
    return { type: 'template', text: TEXT };
  },
};
const books = new Map<TargetKey, CheckBook>();
let bookWrites = 0;
const known_ = new Map<Sha256, readonly string[]>();
const ledger: RoundPorts['ledger'] = {
  checkBooks: async () => [...books.values()],
  writeCheckBook: async (book) => {
    bookWrites += 1;
    books.set(book.target, { ...book, version: book.version + 1 });
    return true;
  },
  coverage: async (artifacts) =>
    new Map(artifacts.flatMap((each) => (known_.has(each) ? [[each, known_.get(each)!]] : []))),
  learnCoverage: async (artifact, types) => void known_.set(artifact, types),
};
const ports: RoundPorts = { probe, ledger, controller: controller({ drift: DAILY }) };
const signal = new AbortController().signal;

/** The detections that were begun have ended by the time of the next walk. */
function endDetections(at: Date): void {
  for (const { stackId } of detected.splice(0)) {
    const { unit, seen, isDrifted } = standing.get(stackId)!;
    const result = { status: isDrifted ? ('DRIFTED' as const) : ('IN_SYNC' as const), at: at.toISOString() };
    const next: Known = { ...seen, stacks: [{ ...seen.stacks[0]!, detected: result }] };
    observed.set(unit.subject.address, next);
  }
}

/** Seconds on the wall and of the processor: on a machine that does other things too, the first say little. */
function timed<Value>(work: () => Value): {
  readonly value: Value;
  readonly seconds: number;
  readonly cpuSeconds: number;
} {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const value = work();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { value, seconds, cpuSeconds: (user + system) / 1_000_000 };
}

/** Everything at once is the longest that it can take. */
function planEverything(): DriftFound['everything'] {
  const { stacks } = watchedOf(survey);
  const turns = { schedule: DAILY, now: new Date(START), budget: 240, urgent: { since: new Date(START) } };
  const before = process.memoryUsage().heapUsed;
  const { value, seconds, cpuSeconds } = timed(() => dueChecks({ ...turns, watched: stacks, books: new Map() }));
  const addedMiB = (process.memoryUsage().heapUsed - before) / MIB;
  return { seconds, cpuSeconds, addedMiB, due: value.detect.length + value.sweep.length };
}

const everything = planEverything();
const passes: DriftFound['passes'][number][] = [];
let dayCalls: Readonly<Record<string, number>> = {};
const made = (): number => Object.values(calls).reduce((sum, times) => sum + times, 0);
// The first pass enters the stacks into the books; the last one takes in what the day's last one began.
for (let index = 0; index <= 97; index += 1) {
  const now = new Date(START + index * QUARTER);
  if (index === 97) dayCalls = { ...calls };
  const before = made();
  endDetections(new Date(now.getTime() - QUARTER));
  const begun = performance.now();
  const round = await look(survey, ports, { now, urgent: NOTHING_URGENT, signal });
  await begin(round, ports, { now, touched: [], unsettled: new Set() });
  const seconds = (performance.now() - begun) / 1000;
  if (index === 0 || index === 97) continue;
  const planner = timed(() =>
    dueChecks({ watched: round.watching.stacks, books, schedule: DAILY, now, budget: 240, urgent: NOTHING_URGENT }),
  );
  passes.push({
    calls: made() - before,
    seconds,
    plannerSeconds: planner.seconds,
    plannerCpuSeconds: planner.cpuSeconds,
  });
}

process.send!({
  stacks: units.length,
  everything,
  passes,
  calls: dayCalls,
  books: books.size,
  bookWrites,
  checked: [...books.values()]
    .flatMap(({ stacks }) => Object.values(stacks))
    .filter(({ detection, template }) => detection?.status !== 'NOT_CHECKED' && template?.status !== 'NOT_CHECKED')
    .length,
  peakRssMiB: process.resourceUsage().maxRSS / 1024,
} satisfies DriftFound);
