import { manifestOf, targetOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { Commit } from '../model/commit.js';
import type { Desired } from '../model/desired.js';
import type { Block, Document, Line } from '../model/document.js';
import type { DriftState } from '../model/drift.js';
import type { Entry, HistoryEvent, Recorded } from '../model/recorded.js';
import type { Run } from '../model/run.js';
import { targetKey } from '../model/target.js';
import { blockWords } from './describe-drift-block.js';
import { sameDriftBlocks } from './describe-drift-findings.js';
import { sameDrift } from './describe-drift-groups.js';
import type { Places } from './describe-drift-places.js';
import { isInDoubt } from './describe-drift-doubts.js';
import { SYNC_STATES } from './describe-drift-report.js';
import type { DriftReport, FoundDrift } from './describe-drift-report.js';
import { uncheckedBlocks } from './describe-drift-unchecked.js';
import { commitLines, manifestLines, ruleLines } from './describe-explain-git.js';
import { eventLine } from './describe-ledger.js';
import { withAccountNames } from './describe-names.js';
import { outcomeWords, resultCounts } from './describe-run.js';
import { compactTargets, NAMED_ACCOUNTS } from './describe-targets.js';
import { counted, shortRevision, shortTime } from './describe-wording.js';

/** All that is known of one address, from the stack in AWS back to Git. */
export type Explanation = {
  readonly address: Address;
  /** Its own, or the one of the stack set that it belongs to; null for a manifest whose stacks have their own. */
  readonly entry: Entry | null;
  /** The deployments of a manifest whose stacks have their own entries. */
  readonly below: readonly Entry[];
  /** What it has come to, newest first. */
  readonly events: readonly HistoryEvent[];
  /** The run that recorded it; null where the ledger does not have it. */
  readonly run: Run | null;
  readonly findings: readonly FoundDrift[];
  /** How its layers stand, and what of it could not be checked. */
  readonly checks: Pick<DriftReport, 'states' | 'unchecked'>;
  readonly places: Places;
  /** What Git says; null where no desired state was read. */
  readonly git: {
    /** Null where the manifest is no longer there. */
    readonly desired: Desired | null;
    /** Its file's newest commit at the recorded revision; null where Git does not know. */
    readonly commit: Commit | null;
  } | null;
  readonly now: Date;
};

const NAMED_EVENTS = 5;

/** From the stack in AWS back to the manifest's line, its commit, its pull request and its run; and who changed it by hand. */
export function describeExplanation(explanation: Explanation): Document {
  const { address, entry, below, events, run, findings, checks, places, git, now } = explanation;
  const blocks: readonly Block[] = [
    { type: 'heading', text: address },
    ...section('In AWS', standingLines(explanation)),
    ...section('In the ledger', recordedLines(explanation)),
    ...section('In Git', [
      ...manifestLines(address, git),
      ...(below.length > 0 ? [] : commitLines(entry?.recorded ?? null, git)),
    ]),
    { type: 'heading', text: 'Drift' },
    ...(findings.length === 0
      ? [{ type: 'paragraph', line: driftless(explanation) } as const]
      : sameDrift(findings).flatMap((same) => sameDriftBlocks(same, NAMED_ACCOUNTS))),
    ...uncheckedBlocks({ unchecked: checks.unchecked, unnamed: 0 }, NAMED_ACCOUNTS, now),
    ...section('Ignore rules', ruleLines(git, now)),
    ...section('Newest events', events.slice(0, NAMED_EVENTS).map(eventLine)),
  ];
  return {
    blocks: withAccountNames(blocks, places.accountNames),
    data: {
      schemaVersion: 1,
      address,
      recorded: recordedAt(explanation),
      deployments: below.map((each) => each.address),
      step: entry?.step ?? null,
      run,
      manifest:
        git?.desired == null
          ? null
          : { ...placeOf(git.desired), block: git.desired.block, ignore: git.desired.driftIgnore },
      commit: git?.commit ?? null,
      findings,
      unchecked: checks.unchecked,
      events,
    },
  };
}

function placeOf(desired: Desired): { readonly file: string; readonly line: number } {
  const { file, line } = desired.at('metadata', 'name');
  return { file, line };
}

function section(heading: string, items: readonly Line[]): readonly Block[] {
  return items.length === 0
    ? []
    : [
        { type: 'heading', text: heading },
        { type: 'list', items },
      ];
}

/** The event with which it came to its end; null where it goes on, or nobody knows. */
function endOf(explanation: Explanation): HistoryEvent | null {
  const { address, entry, events } = explanation;
  const newest = events.find(({ event, finding }) => finding === undefined && event !== 'begun');
  if (recordedAt(explanation) !== null || (entry !== null && entry.step.type !== 'idle')) return null;
  return newest?.event === 'deleted' && newest.address === address ? newest : null;
}

/** The record of this address: of a stack set's instance, its own part. */
function recordedAt({ address, entry }: Explanation): Recorded | null {
  return entry?.recorded == null || !isRecordedAt(address, entry.recorded, entry.address) ? null : entry.recorded;
}

function isRecordedAt(address: Address, recorded: Recorded, owner: Address): boolean {
  const target = targetOf(address);
  return address === owner || (target !== null && recorded.members[targetKey(target)] !== undefined);
}

function standingLines(explanation: Explanation): readonly Line[] {
  const { address, entry, below, places } = explanation;
  const target = targetOf(address);
  const recorded = recordedAt(explanation);
  const name = target === null ? undefined : places.accountNames[target.account];
  const where: readonly Line[] =
    target === null
      ? []
      : [
          `account ${target.account}${name === undefined ? ', whose name is not known' : ''}, OU ${places.unitPathOf(address) ?? 'not known'}, Region ${target.region}`,
        ];
  if (below.length > 0) {
    const targets = below.flatMap((each) => targetOf(each.address) ?? []);
    return [`${counted(below.length, 'stack')} in ${compactTargets(targets, NAMED_ACCOUNTS)}`];
  }
  const end = endOf(explanation);
  if (end !== null) return [...where, `nothing: ${end.event} ${shortTime(end.at)} by ${end.run}`];
  if (recorded === null) return [...where, 'what stands in AWS is not known: the ledger has no record of it'];
  const member = target === null ? undefined : recorded.members[targetKey(target)];
  const instances = Object.keys(recorded.members).length;
  const isMember = member !== undefined && entry!.address !== address;
  return [
    ...where,
    ...(isMember
      ? [
          `stack ${member.identity ?? 'not known: it had none when it was recorded'}`,
          `of stack set ${recorded.stackName}, ${recorded.identity}`,
        ]
      : recorded.driver === 'stack-set'
        ? [
            `stack set ${recorded.stackName}, ${recorded.identity}`,
            `${counted(instances, 'instance')}${instances === 0 ? '' : ` in ${compactTargets(targetsOf(recorded), NAMED_ACCOUNTS)}`}`,
          ]
        : [`stack ${recorded.stackName}, ${recorded.identity}`]),
  ];
}

function targetsOf(recorded: Recorded): readonly NonNullable<ReturnType<typeof targetOf>>[] {
  return Object.keys(recorded.members).flatMap((key) => targetOf(`Stack/x@${key}` as Address) ?? []);
}

function recordedLines(explanation: Explanation): readonly Line[] {
  const { entry, below, run, git } = explanation;
  const recorded = recordedAt(explanation);
  if (below.length > 0) {
    const revisions = new Set(below.flatMap((each) => each.recorded?.revision ?? []));
    const named =
      revisions.size === 1 ? `revision ${shortRevision([...revisions][0]!)}` : counted(revisions.size, 'revision');
    return [
      `${String(below.filter((each) => each.recorded !== null).length)} recorded, at ${named}; explain one of them for its run and its commit`,
    ];
  }
  if (endOf(explanation) !== null) return ['nothing is recorded of it any more; its history stays'];
  if (recorded === null) return stepLines(entry);
  return [
    `driver ${recorded.driver}, artifact ${recorded.artifactSha256.slice(0, 12)}${git?.desired == null ? '' : ` of ${blockWords(git.desired.block)}`}`,
    `revision ${shortRevision(recorded.revision)}, recorded ${shortTime(recorded.at)}`,
    runLine(recorded, run),
    ...stepLines(entry),
  ];
}

function stepLines(entry: Entry | null): readonly Line[] {
  if (entry === null) return ['the ledger has no record of it'];
  switch (entry.step.type) {
    case 'idle':
      return entry.recorded === null ? ['the ledger has no record of it; its history says why'] : [];
    case 'in-doubt':
      return [
        [
          { text: 'in doubt', tone: 'bad' },
          `: ${entry.step.action} begun ${shortTime(entry.step.at)} by ${entry.step.run}`,
        ],
      ];
    case 'failed':
      return [
        [
          { text: 'failed', tone: 'bad' },
          `: ${entry.step.action}, attempt ${String(entry.step.attempt)}: ${entry.step.reason}`,
        ],
      ];
  }
}

function runLine(recorded: Recorded, run: Run | null): Line {
  if (run === null) return `${recorded.run}, of which the ledger has nothing more`;
  const ended = run.finishedAt === null ? '' : `, ended ${shortTime(run.finishedAt)}`;
  const counts = run.changes.length === 0 ? '' : `: ${resultCounts(run.changes)}`;
  return [
    `${run.id} through the door ${run.door}, begun ${shortTime(run.startedAt)}${ended}, `,
    outcomeWords(run.outcome),
    counts,
  ];
}

/** That nothing is known is no sign that nothing differs. */
function driftless(explanation: Explanation): Line {
  const { entry, below, checks } = explanation;
  if (endOf(explanation) !== null) return 'Nothing stands that could drift.';
  const unseen = [...(entry === null ? [] : [entry]), ...below].filter(({ sync }) => isInDoubt(sync));
  const states = [...new Set(unseen.map(({ sync }) => sync))].sort().join(', ');
  const ofResources = SYNC_STATES.filter((state) => isInDoubt(state) && checks.states.resource[state] > 0).join(', ');
  const doubt = states !== '' ? `it is ${states}` : ofResources !== '' ? `its resources are ${ofResources}` : null;
  if (doubt === null) return [{ text: 'No finding is open.', tone: 'good' }];
  return [{ text: `No finding is open, and that says little: ${doubt}.`, tone: 'warn' }];
}

/** The drift of one address, and for a manifest of all that is below it. */
export function statesAt(
  address: Address,
  entry: Entry | null,
  below: readonly Entry[],
): readonly (readonly [Address, DriftState])[] {
  const target = targetOf(address);
  const own = [...(entry === null ? [] : [entry]), ...below].flatMap(
    (each): readonly (readonly [Address, DriftState])[] => [
      [each.address, each.drift],
      ...Object.entries(each.memberDrift).map(([key, state]): readonly [Address, DriftState] => [
        `${manifestOf(each.address)}@${key}` as Address,
        state,
      ]),
    ],
  );
  return target === null ? own : own.filter(([at]) => at === address);
}
