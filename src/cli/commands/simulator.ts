import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { OrganizationFile, OrganizationState } from '../../simulator/kernel/contract.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { wantsColour } from '../render/colour.js';
import { visibleText } from '../render/visible-text.js';
import { SimulatedCalls } from '../simulated-calls.js';
import { quoted } from '../shell-word.js';
import { troubleFrom, usable } from '../trouble-option.js';

export type SimulatorCommandOptions = {
  readonly port: number;
  readonly organization: string;
  readonly from?: string;
  readonly speed: number;
  readonly seed?: number;
  readonly trouble: string;
  readonly throttling: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
};

/** Whoever calls first as this account in an empty simulator can make it the management account. */
const FIRST_ACCOUNT = '111111111111';

/** An AWS on the loopback until it is interrupted: the environment to export on stdout, everything else on stderr. */
export async function run(options: SimulatorCommandOptions, context: Context): Promise<ExitCode> {
  const trouble = await troubleFrom(options.trouble, context);
  const organization = await organizationOf(options, context);
  const seed = options.seed ?? (Object.keys(trouble).length === 0 ? 1 : randomInt(1_000_000));
  const colour = wantsColour({ env: context.env, isTerminal: context.stderr.isTTY, forbidden: !options.color });
  const following = new SimulatedCalls(context.stderr, { show: options.verbose ? 'all' : 'trouble', colour });
  const { createSimulator } = await import('../../simulator/simulator.js');
  // Controllers are other processes, and go by the machine's clock.
  const startAt = new Date();
  const { speed, throttling } = options;
  const { onCall, onDeed } = following;
  const simulator = usable(options.trouble, () =>
    inhabitable(options, () =>
      createSimulator({ organization, speed, seed, startAt, trouble, throttling, onCall, onDeed }),
    ),
  );
  try {
    const listening = await simulator.listen(options.port).catch((error: unknown) => unlistenable(error, options.port));
    if (typeof listening === 'string') {
      context.stderr.write(`error: ${listening}\n`);
      return EXIT.failed;
    }
    const caller = callerIn(simulator.world.organization, organization);
    context.stdout.write(exports({ url: listening.url, account: caller.account }));
    context.stderr.write(
      `The simulator listens on ${listening.url}, at ${String(options.speed)} simulated seconds a second. Ctrl-C ends it.\n` +
        `${replay(options, seed)}\n` +
        `These credentials are those of ${visibleText(caller.told)}.\n` +
        'To become another account, write its id as AWS_ACCESS_KEY_ID.\n',
    );
    await interruption(context.signal);
    await listening.close();
    following.end();
    context.stderr.write('The simulator has ended, and with it everything that stood in it.\n');
  } finally {
    await simulator.close();
  }
  return EXIT.done;
}

/** What `make` gives; a file that contradicts itself is the caller's mistake. */
function inhabitable<Result>({ from, organization }: SimulatorCommandOptions, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    const name = from ?? organization;
    if (!(error instanceof Error) || error.name !== 'Error' || name === 'demo' || name === 'empty') throw error;
    throw new UsageError(`${name} describes no organization that can be: ${error.message}`);
  }
}

/** How to have the same again. */
function replay(options: SimulatorCommandOptions, seed: number): string {
  const { from, organization, speed, trouble, throttling } = options;
  const words = [
    ...(from === undefined ? ['--organization', organization] : ['--from', from]),
    ...['--speed', String(speed), '--seed', String(seed), '--trouble', trouble],
    ...(throttling ? ['--throttling'] : []),
  ];
  return `The seed is ${String(seed)}. The same world with the same trouble again: evenkeel simulator ${words.map(quoted).join(' ')}`;
}

/** Why nobody can be listened to at the port; rethrows what is no fault of the port. */
function unlistenable(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const otherwise = 'give another with --port, or --port 0 for a free one';
  if (code === 'EADDRINUSE') return `port ${String(port)} is in use, perhaps by another simulator: ${otherwise}`;
  if (code === 'EACCES') return `port ${String(port)} is not open to you: ${otherwise}`;
  if (code === 'ERR_SOCKET_BAD_PORT') return `there is no port ${String(port)}, the last is 65535: ${otherwise}`;
  throw error;
}

/** Where a controller runs: where the file says so, else the delegated administrator where there is one, as in life; else the only account that may manage the organization. */
function callerIn(
  organization: OrganizationState,
  file: 'empty' | 'demo' | OrganizationFile,
): { readonly account: string; readonly told: string } {
  const { managementAccountId, delegatedAdministrators, accounts } = organization;
  if (managementAccountId === null) {
    const told = `account ${FIRST_ACCOUNT}, which becomes the management account when it calls CreateOrganization`;
    return { account: FIRST_ACCOUNT, told };
  }
  const [delegated] = delegatedAdministrators.keys();
  const account = (typeof file === 'string' ? undefined : file.controller) ?? delegated ?? managementAccountId;
  const role =
    account === managementAccountId
      ? 'the management account'
      : `${delegatedAdministrators.has(account) ? 'a delegated administrator' : 'a member'}; the management account is ${managementAccountId}`;
  return { account, told: `account ${account} (${accounts.get(account)?.name ?? 'unnamed'}), ${role}` };
}

function exports({ url, account }: { readonly url: string; readonly account: string }): string {
  return [
    `export AWS_ENDPOINT_URL=${url}`,
    'unset AWS_PROFILE AWS_SESSION_TOKEN',
    'export AWS_REGION=us-east-1',
    `export AWS_ACCESS_KEY_ID=${account}`,
    'export AWS_SECRET_ACCESS_KEY=simulator',
    '',
  ].join('\n');
}

async function organizationOf(
  { organization, from }: Pick<SimulatorCommandOptions, 'organization' | 'from'>,
  context: Context,
): Promise<'empty' | 'demo' | OrganizationFile> {
  if (from === undefined && (organization === 'empty' || organization === 'demo')) return organization;
  const name = from ?? organization;
  const takes =
    from === undefined
      ? '--organization takes "empty", "demo" or a YAML or JSON file'
      : '--from takes a file that "evenkeel snapshot" wrote';
  try {
    const text = await readFile(resolve(context.cwd, name), 'utf8');
    const { readOrganizationFile } = await import('../../simulator/organizations/organization-file.js');
    return readOrganizationFile(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${takes}; ${name} cannot be read: ${why.replace(/\s*\n\s*/g, ' ')}`);
  }
}

async function interruption(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => {
    signal.addEventListener(
      'abort',
      () => {
        done();
      },
      { once: true },
    );
  });
}
