import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { OrganizationFile } from '../../simulator/kernel/contract.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';

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
    const account = simulator.world.organization.managementAccountId ?? FIRST_ACCOUNT;
    context.stdout.write(exports({ url: listening.url, account }));
    context.stderr.write(
      `The simulator listens on ${listening.url}, at ${String(options.speed)} simulated seconds a second. Any account id is its own access key. Ctrl-C ends it.\n`,
    );
    await interruption(context.signal);
    await listening.close();
  } finally {
    await simulator.close();
  }
  return EXIT.done;
}

function exports({ url, account }: { readonly url: string; readonly account: string }): string {
  return [
    `export AWS_ENDPOINT_URL=${url}`,
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
