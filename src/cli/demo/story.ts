import { cp, mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { StorySimulator } from '../../simulator/simulator.js';
import type { Context } from '../context.js';
import { packageRoot } from './package-root.js';
import { createPeople } from './people.js';
import { SIMULATED_POLL_INTERVAL, simulatedAws, simulatedClock } from './simulated-aws.js';

/** The account that the controller of the demo runs in: delegated administrator for stack sets. */
const TOOLING = '100000000004';

/** Runs a command line inside the demo; the shell's own entry point, so that the demo shows what a person would see. */
export type RunProgram = (argv: readonly string[], context: Context) => Promise<ExitCode>;

/** The main job as a story, on the shipped desired state and a simulated organization. Leaves the ledger and the desired state to look at. */
export async function runDemo(outer: Context, runProgram: RunProgram): Promise<ExitCode> {
  const { createSimulator } = await import('../../simulator/simulator.js');
  const simulator = createSimulator({ organization: 'demo', seed: 7, startAt: outer.clock.now() });
  const folder = join(outer.cwd, '.evenkeel', 'demo');
  try {
    return await tell({ outer, runProgram, simulator, folder });
  } finally {
    await simulator.close();
  }
}

type Telling = {
  readonly outer: Context;
  readonly runProgram: RunProgram;
  readonly simulator: StorySimulator;
  readonly folder: string;
};

async function tell({ outer, runProgram, simulator, folder }: Telling): Promise<ExitCode> {
  const started = performance.now();
  const desiredState = join(folder, 'desired-state');
  const ledger = join(folder, 'ledger');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(packageRoot(), 'desired-state'), desiredState, { recursive: true });

  const context = inSimulator(outer, simulator);
  const people = createPeople(simulator);
  const shown = (path: string): string => relative(outer.cwd, path);
  const narrate = (text: string): void => void outer.stdout.write(`\n▍ ${text.replaceAll('\n', '\n▍ ')}\n`);
  /** Prints the command as a person would type it, and runs it; anything but the expected exit code ends the demo. */
  const evenkeel = async (argv: readonly string[], expected: ExitCode): Promise<void> => {
    outer.stdout.write(`\n$ evenkeel ${argv.join(' ')}\n`);
    const code = await runProgram(argv, context);
    if (code !== expected)
      throw new Error(
        `the demo expected exit code ${String(expected)} of "evenkeel ${argv[0]!}" and got ${String(code)}`,
      );
  };
  const from = ['--path', shown(desiredState)];
  const kept = [...from, '--ledger', shown(ledger)];
  const apply = [...kept, '--allow-path', '--yes'];

  narrate(
    `A simulated organization: fourteen accounts in nested OUs, one of them suspended, two Regions, and stacks of other people in each.\nThe desired state is a copy of the shipped one, in ${shown(desiredState)}.`,
  );

  narrate(
    'First the building blocks are pinned: what the publishers of applications and solutions serve, and what the CDK makes of a construct, is written beside the manifests, by digest.\nThe simulator serves short stand-ins for the real ones.',
  );
  await evenkeel(['lock', ...from], EXIT.done);

  narrate(
    'What would be done, and what waits for what? A plan reads, and changes nothing. Exit code 2 says that there are changes.',
  );
  await evenkeel(['plan', ...kept], EXIT.changes);

  narrate(
    'So be it: GuardDuty, Security Hub and AWS Config first, then the administrator of Automated Security Response, its roles in every account, its members in every account and Region.\nStacks take minutes of simulated time; every change is written down before it is begun, and verified after it has ended.',
  );
  await evenkeel(['apply', ...apply], EXIT.done);

  narrate('Settled is quiet: the same reconcile again finds nothing to do.');
  await evenkeel(['reconcile', ...apply], EXIT.done);

  narrate(
    "Somebody changes two stacks by hand: the janitor's parameter in payments-prod, and the archive's retention in log-archive.",
  );
  await people.changeParameter({
    account: '100000000011',
    region: 'us-east-1',
    stack: 'evenkeel-lambda-janitor',
    name: 'VersionsToKeep',
    value: '99',
  });
  await people.changeParameter({
    account: '100000000003',
    region: 'us-east-1',
    stack: 'evenkeel-log-archive',
    name: 'ExpireAfterDays',
    value: '90',
  });
  await evenkeel(['plan', ...kept], EXIT.changes);

  narrate(
    'The janitor says "respond: revert" and is put right. The archive says nothing, so it is reported and left alone: exit code 2.',
  );
  await evenkeel(['reconcile', ...apply], EXIT.changes);

  narrate('Who was it? From the stack back to the line of the manifest, the run, and the person.');
  await evenkeel(['explain', 'Stack/log-archive@100000000003/us-east-1', ...kept], EXIT.done);

  narrate('A person puts the archive back as it was.');
  await people.changeParameter({
    account: '100000000003',
    region: 'us-east-1',
    stack: 'evenkeel-log-archive',
    name: 'ExpireAfterDays',
    value: '400',
  });

  narrate(
    "Somebody goes behind CloudFormation's back: the janitor's function in payments-prod gets another timeout. No stack shows that; CloudFormation's drift detection does, once a day for each stack, or now.",
  );
  people.changeResource({
    account: '100000000011',
    region: 'us-east-1',
    stack: 'evenkeel-lambda-janitor',
    resource: 'JanitorFunction',
    properties: { Timeout: 3 },
  });
  await evenkeel(['drift', 'detect', '--account', '100000000011', '--wait', ...kept], EXIT.changes);

  narrate('The same plan, guard and budget as for any change, and a drift-aware change set puts it right.');
  await evenkeel(['reconcile', ...apply], EXIT.done);

  narrate(
    'orders-dev is moved from /Workloads/NonProd to /Sandbox: what only workloads get is taken away there, within the budget.',
  );
  await people.moveAccount('100000000022', '/Workloads/NonProd', '/Sandbox');
  await evenkeel(['reconcile', ...apply], EXIT.done);

  narrate(
    'An account joins. The next reconcile gives it all that the others have, and the list of roles in the log archive has one more.',
  );
  await people.createAccount('analytics-dev', '/Workloads/NonProd');
  await evenkeel(['reconcile', ...apply], EXIT.done);

  narrate('A manifest is removed from the desired state: its deployment goes.');
  await rm(join(desiredState, 'logging', 'lambda-edge-logs-aggregator.yaml'));
  await evenkeel(['lock', ...from], EXIT.done);
  await evenkeel(['reconcile', ...apply], EXIT.done);

  narrate('All of it is in the ledger, each event with the digest of the one before.');
  await evenkeel(
    ['history', 'ServerlessApplication/lambda-janitor@100000000011/us-east-1', '--ledger', shown(ledger)],
    EXIT.done,
  );
  await evenkeel(['ledger', 'verify', '--ledger', shown(ledger)], EXIT.done);

  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  narrate(
    `Done in ${seconds} s, with ${String(simulator.calls.total)} calls to the simulated AWS. Look round in what it left:\n\n  npx evenkeel status --ledger ${shown(ledger)}\n  npx evenkeel drift --ledger ${shown(ledger)}\n  npx evenkeel history StackSet/security-events --ledger ${shown(ledger)}`,
  );
  return EXIT.done;
}

/** The same commands, with the simulator in the place of AWS and its time in the place of the machine's. */
function inSimulator(outer: Context, simulator: StorySimulator): Context {
  const clock = simulatedClock(simulator);
  const aws = simulatedAws(simulator, TOOLING);
  const pollInterval = SIMULATED_POLL_INTERVAL;
  return {
    ...outer,
    clock,
    installations: {
      ...outer.installations,
      open: async (options) =>
        (await import('../../installation/installation.js')).open({ ...options, clock, aws, pollInterval }),
    },
  };
}
