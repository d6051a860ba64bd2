import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { OrganizationFile, OrganizationState } from '../../simulator/kernel/contract.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { visibleText } from '../render/visible-text.js';

export type SimulatorCommandOptions = {
  readonly port: number;
  readonly organization: string;
  readonly speed: number;
  readonly seed?: number;
};

/** Whoever calls first as this account in an empty simulator can make it the management account. */
const FIRST_ACCOUNT = '111111111111';

/** An AWS on the loopback until it is interrupted: the environment to export on stdout, everything else on stderr. */
export async function run(options: SimulatorCommandOptions, context: Context): Promise<ExitCode> {
  const organization = await organizationOf(options.organization, context);
  const { createSimulator } = await import('../../simulator/simulator.js');
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const simulator = createSimulator({ organization, speed: options.speed, ...seed });
  try {
    const listening = await simulator.listen(options.port);
    const caller = callerIn(simulator.world.organization);
    context.stdout.write(exports({ url: listening.url, account: caller.account }));
    context.stderr.write(
      `The simulator listens on ${listening.url}, at ${String(options.speed)} simulated seconds a second. Ctrl-C ends it.\n` +
        `These credentials are those of ${visibleText(caller.told)}.\n` +
        'To become another account, write its id as AWS_ACCESS_KEY_ID.\n',
    );
    await interruption(context.signal);
    await listening.close();
  } finally {
    await simulator.close();
  }
  return EXIT.done;
}

/** Where a controller runs: the delegated administrator where there is one, as in life; else the only account that may manage the organization. */
function callerIn(organization: OrganizationState): { readonly account: string; readonly told: string } {
  const { managementAccountId, delegatedAdministrators, accounts } = organization;
  if (managementAccountId === null) {
    const told = `account ${FIRST_ACCOUNT}, which becomes the management account when it calls CreateOrganization`;
    return { account: FIRST_ACCOUNT, told };
  }
  const [delegated] = delegatedAdministrators.keys();
  const account = delegated ?? managementAccountId;
  const role =
    delegated === undefined
      ? 'the management account'
      : `a delegated administrator; the management account is ${managementAccountId}`;
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

async function organizationOf(name: string, context: Context): Promise<'empty' | 'demo' | OrganizationFile> {
  if (name === 'empty' || name === 'demo') return name;
  let value: unknown;
  try {
    value = parse(await readFile(resolve(context.cwd, name), 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--organization takes "empty", "demo" or a YAML or JSON file; ${name} cannot be read: ${why}`);
  }
  if (typeof value !== 'object' || value === null || !('managementAccount' in value) || !('accounts' in value)) {
    throw new UsageError(`${name} describes no organization: it needs managementAccount, units and accounts`);
  }
  return { units: [], ...value } as unknown as OrganizationFile;
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
