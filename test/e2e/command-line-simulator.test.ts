import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queueTemplate, stackManifest } from '../support/world.js';

/** The bundle as it is installed, in processes of its own: a simulator, and the commands against it over HTTP. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STARTS_WITHIN = 20_000;

let bundle: string;
let folder: string;
let simulator: ChildProcess;
let environment: Readonly<Record<string, string>>;
let aside = '';

beforeAll(async () => {
  // Below the project, because what is not bundled is looked up from there.
  await mkdir(join(ROOT, '.evenkeel'), { recursive: true });
  bundle = await mkdtemp(join(ROOT, '.evenkeel', 'bundle-'));
  await build({
    entryPoints: [join(ROOT, 'src/cli/main.ts')],
    outdir: bundle,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-simulator-'));
  await mkdir(join(folder, 'desired-state/templates'), { recursive: true });
  const targets = 'targets: [{ accounts: [network], regions: [us-east-1] }]';
  // The shipped one, whose external id the demo organization's roles ask for.
  await cp(join(ROOT, 'desired-state/controller.yaml'), join(folder, 'desired-state/controller.yaml'));
  await writeFile(join(folder, 'desired-state/queue.yaml'), stackManifest('queue', targets));
  await writeFile(join(folder, 'desired-state/templates/queue.yaml'), queueTemplate());

  simulator = evenkeel(['simulator', '--port', '0', '--speed', '600', '--seed', '1'], {});
  environment = exportsOf(await announcement(simulator));
}, 60_000);

afterAll(async () => {
  if (simulator.exitCode === null) simulator.kill('SIGKILL');
  await Promise.all([bundle, folder].map((path) => rm(path, { recursive: true, force: true })));
});

function evenkeel(argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && name !== 'NODE_OPTIONS');
  const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', AWS_EC2_METADATA_DISABLED: 'true' };
  return spawn(process.execPath, [join(bundle, 'main.js'), ...argv], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...quiet, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What stands on stdout when the simulator has said all that it says. */
async function announcement(child: ChildProcess): Promise<string> {
  let text = '';
  aside = '';
  child.stdout!.on('data', (more: Buffer) => (text += more.toString()));
  child.stderr!.on('data', (more: Buffer) => (aside += more.toString()));
  const deadline = Date.now() + STARTS_WITHIN;
  while (!text.includes('AWS_SECRET_ACCESS_KEY=') || !aside.includes('write its id')) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`it does not start: ${text}${aside}`);
    await new Promise((again) => setTimeout(again, 20));
  }
  return text;
}

const exportsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]));

async function ended(child: ChildProcess): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const said = { stdout: '', stderr: '' };
  child.stdout!.on('data', (text: Buffer) => (said.stdout += text.toString()));
  child.stderr!.on('data', (text: Buffer) => (said.stderr += text.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...said, code })));
}

const at = (line: string, over: Readonly<Record<string, string>> = {}) =>
  ended(evenkeel(line.split(' '), { ...environment, ...over }));

it('the simulator hands out the credentials of the account that a controller runs in, and says how to be another', () => {
  expect(environment).toMatchObject({ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: '100000000004' });
  expect(environment['AWS_ENDPOINT_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(aside).toContain('account 100000000004 (security-tooling), a delegated administrator');
  expect(aside).toContain('the management account is 100000000001');
  expect(aside).toContain('To become another account, write its id as AWS_ACCESS_KEY_ID.');
});

it('a plan in another process finds the demo organization through AWS_ENDPOINT_URL', async () => {
  const planned = await at('plan --path desired-state --ledger ledger');
  expect(planned.stderr).toContain('Observing 1 of 1');
  expect(planned.stdout).toContain('+ create Stack/queue@100000000005/us-east-1 (network)');
  expect(planned.code).toBe(2);
});

it('credentials that the simulator does not know, and an endpoint where nobody listens, are told apart', async () => {
  const stranger = at('plan --path desired-state --ledger stranger', { AWS_ACCESS_KEY_ID: 'nobody' });
  const nowhere = at('plan --path desired-state --ledger nowhere', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  const [refused, unreachable] = await Promise.all([stranger, nowhere]);
  expect([refused.code, unreachable.code]).toEqual([9, 9]);
  expect(refused.stdout).toContain('InvalidClientTokenId');
  expect(refused.stdout).toContain('sign in');
  expect(unreachable.stdout).toContain('ECONNREFUSED');
  expect(unreachable.stdout).toContain('look at the network, and at AWS_ENDPOINT_URL');
});

it('the seed is told, with what to type to have the same again', () => {
  expect(aside).toContain('The seed is 1.');
  expect(aside).toContain('evenkeel simulator --organization demo --speed 600 --seed 1 --trouble none\n');
});

it('SIGINT ends the simulator in peace', async () => {
  const end = new Promise((resolve) => simulator.on('close', resolve));
  simulator.kill('SIGINT');
  expect(await end).toBe(0);
});

it('a plan survives trouble over HTTP, and the simulator tells each call and what struck it', async () => {
  const spec = 'errors=0.05,resets=0.1,latency=0.2';
  const line = ['simulator', '--port', '0', '--speed', '600', '--seed', '7', '--trouble', spec, '--verbose'];
  const troubled = evenkeel(line, {});
  try {
    environment = exportsOf(await announcement(troubled));
    expect(aside).toContain(`--seed 7 --trouble ${spec}\n`);
    const planned = await at('plan --path desired-state --ledger troubled-ledger');
    expect(planned.stdout).toContain('+ create Stack/queue@100000000005/us-east-1 (network)');
    expect(planned.code).toBe(2);
    const end = new Promise((resolve) => troubled.on('close', resolve));
    troubled.kill('SIGINT');
    expect(await end).toBe(0);
    expect(aside).toMatch(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d {2}100000000004 {2}us-east-1 +organizations:ListRoots +ok$/m);
    expect(aside).toMatch(/ (ECONNRESET|ServiceUnavailable|ServiceException|InternalFailure) \(\w+\)$/m);
    expect(aside).toMatch(/^[\d,]+ calls, struck by .*\d\.$/m);
  } finally {
    if (troubled.exitCode === null) troubled.kill('SIGKILL');
  }
}, 60_000);
