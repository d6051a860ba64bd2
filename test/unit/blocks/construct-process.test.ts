import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LockRefusal } from '../../../src/blocks/lock/lock-refusal.js';
import { ownInstallation } from '../../../src/blocks/construct/construct-package.js';
import { SYNTHESIS_LIMITS } from '../../../src/blocks/construct/construct-process.js';
import type { SynthesisLimits } from '../../../src/blocks/construct/construct-process.js';
import { serveConstructAt } from '../../../src/blocks/construct/served-construct.js';
import { block, construct, installationOf, serve } from './construct-material.js';
import { files } from './material.js';

const hasNamespaces = spawnSync('unshare', ['--user', '--map-root-user', '--net', 'true']).status === 0;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What comes of a construct whose constructor does this. */
async function outcome(body: string, limits: Partial<SynthesisLimits> = {}): Promise<string> {
  const { installation, close } = await installationOf(body);
  closing.push(close);
  const own = block({ name: 'x' }, 'aws-eventbridge-lambda', '9.9.9');
  return serve(own, undefined, { installation, limits: { ...SYNTHESIS_LIMITS, ...limits } }).then(
    ({ document }) => JSON.stringify(document),
    (error: unknown) => {
      if (!(error instanceof LockRefusal)) throw error;
      expect(error.message).not.toMatch(/\n|\bat .*:\d+:\d+/);
      return `${error.code} ${error.key}: ${error.message}`;
    },
  );
}

const TOPIC = expect.stringContaining('AWS::SNS::Topic');
const caught = (attempt: string): string =>
  `try { ${attempt}; } catch (error) { throw new Error('refused: ' + (error.code ?? error.message)); } throw new Error('it was let');`;

describe('a construct that', () => {
  it('does as it should gives a template', async () => expect(await outcome('')).toEqual(TOPIC));

  it('throws is refused in its own words, without where it threw', async () =>
    expect(await outcome(`throw new Error('Either lambdaFunctionProps\\nor existingLambdaObj')`)).toBe(
      'EK4070 props: @aws-solutions-constructs/aws-eventbridge-lambda says: Either lambdaFunctionProps or existingLambdaObj',
    ));

  it('throws something that moves a cursor is refused in plain text', async () =>
    expect(await outcome(`throw 'red \\u001b[2J \\u202e' + 'x'.repeat(9999)`)).toMatch(
      /^EK4070 props: .*says: red \[2J x{400,}$/,
    ));

  it('hangs is stopped', async () => {
    const started = Date.now();
    expect(await outcome('while (true);', { milliseconds: 1_500 })).toMatch(/^EK4072 construct: .*within 1.5 seconds/);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('leaves a timer behind does not hold anybody up', async () =>
    expect(await outcome('setInterval(() => {}, 1000)')).toEqual(TOPIC));

  it('prints, however much and whatever, changes nothing', async () =>
    expect(
      await outcome(
        `console.log('{"type":"threw"}'); process.stdout.write('x'.repeat(5e6)); console.error('Error: no')`,
      ),
    ).toEqual(TOPIC));

  it(
    'takes too much memory is stopped',
    async () =>
      expect(
        await outcome('const all = []; while (true) all.push(new Array(1e5).fill(Math.random()));', {
          heapMegabytes: 64,
        }),
      ).toMatch(/^EK4073 construct: .*more than 64 MB of memory/),
    20_000,
  );

  it('ends its process is refused', async () =>
    expect(await outcome('process.exit(0)')).toMatch(/^EK4073 construct: .*without an answer/));

  it('ends its process with an error is refused', async () =>
    expect(await outcome('process.exit(3)')).toMatch(/^EK4073 construct: .*ended with 3/));

  it('gives too much is refused', async () =>
    expect(
      await outcome(`new CfnResource(this, 'Big', { type: 'AWS::SNS::Topic', properties: { a: 'x'.repeat(20000) } })`, {
        answerBytes: 10_000,
      }),
    ).toMatch(/^EK4074 construct: .*template of \d+ bytes/));

  it('looks something up in an account is refused', async () =>
    expect(
      await outcome(
        `const { Stack, ContextProvider } = require('aws-cdk-lib');
         Stack.of(this).account; Stack.of(this).reportMissingContextKey({ key: 'k', provider: 'vpc-provider', props: { account: '1', region: 'r' } });`,
      ),
    ).toMatch(/^EK4076 props: .*looks up vpc-provider/));

  it('builds a container image is refused', async () =>
    expect(
      await outcome(
        `require('aws-cdk-lib').Stack.of(this).synthesizer.addDockerImageAsset({ sourceHash: 'a', executable: ['docker'] });`,
      ),
    ).toMatch(/^EK4076 props: .*container/));

  it('writes elsewhere is refused, and nothing is written', async () => {
    const file = join(tmpdir(), `evenkeel-escaped-${process.pid}`);
    expect(await outcome(caught(`require('fs').writeFileSync(${JSON.stringify(file)}, 'x')`))).toMatch(
      /ERR_ACCESS_DENIED/,
    );
    expect(existsSync(file)).toBe(false);
  });

  it.each([`require('child_process').execSync('true')`, `new (require('worker_threads').Worker)('1', { eval: true })`])(
    'does %s is refused',
    async (attempt) => expect(await outcome(caught(attempt))).toMatch(/ERR_ACCESS_DENIED/),
  );

  it('asks the network is refused, whichever door it takes, and nobody is asked', async () => {
    let asked = 0;
    const server = createServer((_, response) => void ((asked += 1), response.end())).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    for (const attempt of [
      `require('http').get('http://127.0.0.1:${port}')`,
      `require('https').request('https://127.0.0.1:${port}')`,
      `require('net').connect(${port}, '127.0.0.1')`,
      `new (require('net').Socket)().connect(${port}, '127.0.0.1')`,
      `require('tls').connect(${port}, '127.0.0.1')`,
      `require('dns').lookup('localhost', () => {})`,
      `require('dgram').createSocket('udp4')`,
      `fetch('http://127.0.0.1:${port}')`,
    ])
      expect(await outcome(caught(attempt)), attempt).toMatch(/refused: a construct is synthesised without a network/);
    expect(asked).toBe(0);
  }, 60_000);

  it.skipIf(!hasNamespaces)(
    `has no network card${hasNamespaces ? '' : ' (skipped: no network namespaces here)'}`,
    async () =>
      expect(await outcome('throw new Error(JSON.stringify(require("os").networkInterfaces()))')).toMatch(
        /says: \{\}$/,
      ),
  );

  it('looks at its environment finds nothing of ours', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'not for constructs';
    closing.push(() => Promise.resolve(void delete process.env['AWS_SECRET_ACCESS_KEY']));
    const said = await outcome('throw new Error(Object.keys(process.env).sort().join(" "))');
    expect(said).toMatch(/says: CDK_VALIDATION HOME JSII_DEPRECATED LC_ALL NO_COLOR PATH TMPDIR TZ$/);
  });
});

describe('the packages', () => {
  const props = { lambdaFunctionProps: {} };
  it('are asked for where none is installed', async () => {
    const nowhere = { modules: join(tmpdir(), 'evenkeel-no-such-folder'), program: ownInstallation().program };
    await expect(serve(block(props), undefined, { installation: nowhere })).rejects.toMatchObject({
      code: 'EK4068',
      key: 'construct',
      message: expect.stringMatching(/aws-cdk-lib, constructs, .*aws-eventbridge-lambda are not installed/),
      remedy: expect.stringContaining('npm ci --include=optional'),
    });
  });

  it('are asked for where one construct is not among them', () =>
    expect(serve(block({}, 'aws-kinesisfirehose-s3', '2.45.0'))).rejects.toMatchObject({
      code: 'EK4068',
      message: 'the package @aws-solutions-constructs/aws-kinesisfirehose-s3 is not installed with Evenkeel',
    }));

  it('are used in the version that the manifest names, or not at all', () =>
    expect(serve(block(props, 'aws-eventbridge-lambda', '2.40.0'))).rejects.toMatchObject({
      code: 'EK4069',
      key: 'version',
      message: 'the manifest asks for @aws-solutions-constructs/aws-eventbridge-lambda 2.40.0, and 2.41.0 is installed',
    }));
});

it('a wish to stop stops a synthesis', async () => {
  const { installation, close } = await installationOf('while (true);');
  closing.push(close);
  const own = block({}, 'aws-eventbridge-lambda', '9.9.9');
  const session = { files: files({}), signal: AbortSignal.timeout(500) };
  const place = { installation, limits: SYNTHESIS_LIMITS };
  await expect(serveConstructAt(construct(own), own, session, place)).rejects.toThrow(/abort/i);
});
