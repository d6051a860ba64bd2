import type { Pass } from '../model/checks.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Scope } from '../model/plan.js';
import { targetKey } from '../model/target.js';
import type { DetectOutcome } from './describe-detection.js';
import type { Planned } from './outcome.js';
import { closePass, openPass } from './pass.js';
import type { PassPorts } from './pass.js';
import { newRunId } from './run-id.js';
import type { Survey, SurveyWatch } from './survey.js';

/** Milliseconds between two looks at whether detections have ended. */
const BETWEEN = 15_000;
/** A detection takes seconds, and minutes where a stack is large: whoever waits for longer waits for nothing. */
const LONGEST = 60 * 60 * 1000;

export type Detecting = {
  readonly ports: PassPorts;
  readonly survey: (scope: Scope) => Promise<{ readonly planned: Planned; readonly survey: Survey | null }>;
};

/** Passes that only look: the first begins what nobody has looked at since, and where somebody waits, the next ones take in how it ended. */
export async function detectAll(
  { ports, survey }: Detecting,
  scope: Scope,
  { wait }: { readonly wait: boolean },
  watch: SurveyWatch,
): Promise<DetectOutcome> {
  const since = ports.clock.now();
  const warnings: Diagnostic[] = [];
  let begun = 0;
  let looked = 0;
  for (let rounds = 1; ; rounds += 1) {
    const { planned, survey: surveyed } = await survey(scope);
    if (surveyed === null) return { pass: null, begun, looked, diagnostics: [...planned.diagnostics, ...warnings] };
    const run = newRunId(ports.clock.now());
    const open = await openPass(surveyed, ports, { door: 'drift', run, urgent: { since } }, watch);
    looked += open.round.outcomes.filter(({ detection }) => detection !== undefined).length;
    const closed = await closePass(open, ports, { touched: [], run: null }, watch);
    begun += closed.pass.begun.detections;
    warnings.push(...closed.warnings.filter(({ message }) => warnings.every((known) => known.message !== message)));
    // Counted too: a clock that is put back meanwhile makes nobody wait for longer.
    const isLate = rounds * BETWEEN > LONGEST || ports.clock.now().getTime() - since.getTime() > LONGEST;
    if (!wait || isLate || watch.signal.aborted || !(await isPending(ports, open.round.watching.stacks, closed.pass)))
      return { pass: closed.pass, begun, looked, diagnostics: [...planned.diagnostics, ...warnings] };
    await ports.clock.sleep(BETWEEN, watch.signal);
  }
}

/** Whether a detection of a stack in scope has been begun and not been seen to end. */
async function isPending(
  { ledger }: PassPorts,
  stacks: Parameters<typeof touching>[0],
  { begun }: Pass,
): Promise<boolean> {
  if (begun.detections > 0) return true;
  const books = await ledger.checkBooks();
  const targets = touching(stacks);
  return books.some(
    ({ target, stacks: checks }) =>
      targets.has(target) && Object.values(checks).some(({ pending }) => pending !== null),
  );
}

function touching(stacks: readonly { readonly target: Parameters<typeof targetKey>[0] }[]): ReadonlySet<string> {
  return new Set(stacks.map(({ target }) => targetKey(target)));
}
