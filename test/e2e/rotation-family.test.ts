import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { open } from '../../src/installation/installation.js';
import type { LockOutcome } from '../../src/reconciler/describe-lock.js';
import type { Planned, Report } from '../../src/reconciler/outcome.js';
import { ROTATION_FAMILY } from '../../src/simulator/catalog/rotation.js';
import { createSimulator, type StorySimulator } from '../../src/simulator/simulator.js';
import { ALL, CONTROLLER, HUB, accountId, createWorld, smallOrganization } from '../support/world.js';
import type { World } from '../support/world.js';
import { APPLY, effects, typed } from '../support/command-line.js';

/** The functions that rotate a database's secrets: fourteen applications by one pattern, in three partitions. */
const ACKNOWLEDGE = 'acknowledge: [CAPABILITY_IAM, CAPABILITY_RESOURCE_POLICY]';
const MASTER = 'arn:${partition}:secretsmanager:${region}:${account.id}:secret:root-AbCdEf';

const nameOf = (application: string): string =>
  application.replace(/[A-Z]+(?![a-z])|[A-Z]/g, (word) => `-${word.toLowerCase()}`).slice(1);

function rotation(application: string): string {
  const name = nameOf(application);
  const master = application.endsWith('MultiUser') ? `    masterSecretArn: ${MASTER}\n` : '';
  return `apiVersion: evenkeel/v1
kind: ServerlessApplication
metadata: { name: ${name} }
spec:
  application: arn:aws:serverlessrepo:us-east-1:297356227824:applications/${application}
  version: 1.1.671
  parameters:
    endpoint: https://secretsmanager.\${region}.\${dnsSuffix}
    functionName: ${name}
${master}  ${ACKNOWLEDGE}
  targets: [{ accounts: [a1], regions: [us-west-2] }]
`;
}

describe('the rotation family', () => {
  const applications = ROTATION_FAMILY.map(({ name }) => name);
  let world: World;
  beforeAll(async () => {
    world = await createWorld({
      organization: smallOrganization(2),
      files: Object.fromEntries(applications.map((name) => [`${nameOf(name)}.yaml`, rotation(name)])),
    });
  });
  afterAll(() => world.close());

  it('has single and multi user for each engine', () => {
    expect([...applications].sort()).toEqual(
      ['MongoDB', 'RDSMariaDB', 'RDSMySQL', 'RDSOracle', 'RDSPostgreSQL', 'RDSSQLServer', 'Redshift']
        .flatMap((engine) => [`SecretsManager${engine}RotationMultiUser`, `SecretsManager${engine}RotationSingleUser`])
        .sort(),
    );
  });

  it('a multi-user function asks for the secret of the superuser before anything is deployed', async () => {
    const file = `${nameOf('SecretsManagerMongoDBRotationMultiUser')}.yaml`;
    const text = rotation('SecretsManagerMongoDBRotationMultiUser');
    expect((await typed(world, 'lock')).code).toBe(0);
    await world.write({ [file]: text.replace(/ {4}masterSecretArn: .*\n/, '') });
    const { stdout, code } = await typed(world, 'validate');
    expect(code).toBe(3);
    expect(stdout).toContain(
      "error[EK5011]: the template's parameter masterSecretArn has no default, and nothing sets it",
    );
    await world.write({ [file]: text.replace('masterSecretArn', 'masterSecretARN') });
    expect((await typed(world, 'validate')).stdout).toContain('did you mean masterSecretArn?');
    await world.write({ [file]: text });
  });

  it('is deployed whole, each function with the endpoint of its Region, and a second reconcile does nothing', async () => {
    const { stdout, code } = await typed(world, APPLY);
    expect([code, code === 0 ? '' : stdout]).toEqual([0, '']);
    for (const application of applications) {
      const name = nameOf(application);
      const stack = world.simulator.world.stacks.find(accountId(1), 'us-west-2', `evenkeel-${name}`);
      expect(stack).toMatchObject({
        status: 'CREATE_COMPLETE',
        parameters: {
          endpoint: 'https://secretsmanager.us-west-2.amazonaws.com',
          functionName: name,
          ...(application.endsWith('MultiUser')
            ? { masterSecretArn: `arn:aws:secretsmanager:us-west-2:${accountId(1)}:secret:root-AbCdEf` }
            : {}),
        },
        outputs: { RotationLambdaARN: expect.stringContaining(`:us-west-2:${accountId(1)}:function:`) },
        tags: { 'serverlessrepo:semanticVersion': '1.1.671' },
      });
    }
    world.simulator.calls.reset();
    expect((await typed(world, APPLY)).code).toBe(0);
    expect(effects(world)).toEqual([]);
  });
});

type Place = { readonly partition: string; readonly home: string; readonly version: string; readonly endpoint: string };

const PLACES: readonly Place[] = [
  {
    partition: 'aws',
    home: 'us-east-1',
    version: '1.1.671',
    endpoint: 'https://secretsmanager.us-east-1.amazonaws.com',
  },
  {
    partition: 'aws-us-gov',
    home: 'us-gov-west-1',
    version: '1.1.397',
    endpoint: 'https://secretsmanager.us-gov-west-1.amazonaws.com',
  },
  {
    partition: 'aws-cn',
    home: 'cn-north-1',
    version: '1.1.440',
    endpoint: 'https://secretsmanager.cn-north-1.amazonaws.com.cn',
  },
];

/** One manifest for every partition that has the application. */
const EVERYWHERE = `apiVersion: evenkeel/v1
kind: ServerlessApplication
metadata: { name: mysql-rotation }
spec:
  application:
    aws: arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSMySQLRotationSingleUser
    aws-us-gov: arn:aws-us-gov:serverlessrepo:us-gov-west-1:023102451235:applications/SecretsManagerRDSMySQLRotationSingleUser
    aws-cn: arn:aws-cn:serverlessrepo:cn-north-1:193023089310:applications/SecretsManagerRDSMySQLRotationSingleUser
  version: { aws: 1.1.671, aws-us-gov: 1.1.397, aws-cn: 1.1.440 }
  parameters:
    endpoint: https://secretsmanager.\${region}.\${dnsSuffix}
    functionName: mysql-rotation
  ${ACKNOWLEDGE}
  targets:
${PLACES.map(({ partition, home }) => `    - { accounts: [a1], partitions: [${partition}], regions: [${home}] }\n`).join('')}`;

const installationIn = (partition: string): string => `evenkeel-${partition}`;

describe('one manifest in three partitions', () => {
  let world: World;
  const simulators = new Map<string, StorySimulator>();
  const ledgers: string[] = [];

  beforeAll(async () => {
    const controllers = PLACES.map(({ partition, home }) => [
      `${partition}.yaml`,
      CONTROLLER.replace('name: evenkeel }', `name: ${installationIn(partition)} }`)
        .replace('partition: aws', `partition: ${partition}`)
        .replace('homeRegion: us-east-1', `homeRegion: ${home}`),
    ]);
    world = await createWorld({ files: { ...Object.fromEntries(controllers), 'rotation.yaml': EVERYWHERE } });
    await world.write({ 'controller.yaml': null });
  });
  afterAll(async () => {
    await world.close();
    for (const simulator of simulators.values()) await simulator.close();
    for (const ledger of ledgers) await rm(ledger, { recursive: true, force: true });
  });
  afterEach(() => simulators.forEach((simulator) => simulator.calls.reset()));

  async function installed({ partition, home }: Place) {
    const known = simulators.get(partition);
    const simulator = known ?? createSimulator({ organization: smallOrganization(2), seed: 1, partition });
    if (known === undefined) {
      simulators.set(partition, simulator);
      await new S3Client({
        region: home,
        credentials: simulator.credentials(HUB),
        requestHandler: simulator.requestHandler,
      }).send(new CreateBucketCommand({ Bucket: `evenkeel-artifacts-${HUB}-${home}` }));
    }
    const ledger = await mkdtemp(join(tmpdir(), 'evenkeel-ledger-'));
    ledgers.push(ledger);
    return { simulator, ledger };
  }

  async function session(place: Place, ledger: string, simulator: StorySimulator) {
    const { session, diagnostics } = await open({
      source: { type: 'folder', path: world.folder },
      installation: installationIn(place.partition),
      ledger: { type: 'folder', path: ledger },
      env: {},
      clock: simulatedClock(simulator),
      aws: simulatedAws(simulator, HUB),
    });
    if (session === null) throw new Error(JSON.stringify(diagnostics));
    return session;
  }

  const watch = { signal: new AbortController().signal, progress: () => undefined };
  async function locked(place: Place, all = false): Promise<LockOutcome> {
    const { simulator, ledger } = await installed(place);
    const opened = await session(place, ledger, simulator);
    try {
      return await opened.lock({ check: false, all }, watch);
    } finally {
      await opened.close();
    }
  }
  const lockText = (): Promise<string> => readFile(join(world.folder, 'evenkeel.lock.yaml'), 'utf8');
  const template = (partition: string): Promise<string> =>
    readFile(join(world.folder, `.locked/ServerlessApplication/mysql-rotation/${partition}/template.json`), 'utf8');
  /** The lines of one partition's section. */
  const sectionOf = (text: string, partition: string): string =>
    new RegExp(`^ {2}${partition}:\\n(?: {3,}.*\\n)*`, 'm').exec(text)?.[0] ?? '';

  it('is locked in each by its own installation, and locking in one leaves the others alone', async () => {
    for (const place of PLACES) {
      const before = await lockText().catch(() => '');
      const { lines, diagnostics } = await locked(place);
      expect([lines.map(({ result }) => result), diagnostics]).toEqual([['locked'], []]);
      for (const { partition } of PLACES)
        if (partition !== place.partition)
          expect(sectionOf(await lockText(), partition)).toBe(sectionOf(before, partition));
    }
    const text = await lockText();
    expect(text.match(/^ {2}\S+:$/gm)).toEqual(['  aws:', '  aws-cn:', '  aws-us-gov:']);
    for (const { partition, version } of PLACES) {
      expect(sectionOf(text, partition)).toContain(`version: ${version}\n`);
      expect(await template(partition)).toContain(`RotationSingleUser ${version};`);
    }
    await locked(PLACES[1]!, true);
    expect(await lockText()).toBe(text);
  });

  it.each(PLACES)('is deployed in $partition with version $version and its endpoint, and settles', async (place) => {
    const { simulator, ledger } = await installed(place);
    const reconcile = async (): Promise<Report> => {
      const opened = await session(place, ledger, simulator);
      try {
        const planned: Planned = await opened.plan(ALL, watch);
        expect(planned.diagnostics).toEqual([]);
        return await opened.apply(planned, 'reconcile', watch);
      } finally {
        await opened.close();
      }
    };
    expect((await reconcile()).exitCode).toBe(0);
    const { Stacks } = await new CloudFormationClient({
      region: place.home,
      credentials: simulator.credentials(accountId(1)),
      requestHandler: simulator.requestHandler,
    }).send(new DescribeStacksCommand({}));
    expect(Stacks?.map(({ StackStatus, StackId }) => [StackStatus, StackId?.split(':')[1]])).toEqual([
      ['CREATE_COMPLETE', place.partition],
    ]);
    expect(Stacks?.[0]?.Parameters).toContainEqual({ ParameterKey: 'endpoint', ParameterValue: place.endpoint });
    expect(Stacks?.[0]?.Tags).toContainEqual({ Key: 'serverlessrepo:semanticVersion', Value: place.version });
    expect((await reconcile()).planned.plan).toMatchObject({ changes: [], drift: [], refusals: [], unchanged: 1 });
  });

  it('is upgraded in one partition while the others stay where they are', async () => {
    const text = await lockText();
    await world.write({ 'rotation.yaml': EVERYWHERE.replace('aws: 1.1.671', 'aws: 1.1.632') });
    const { lines } = await locked(PLACES[0]!);
    expect(lines).toMatchObject([{ result: 'locked', detail: expect.stringContaining('1.1.632') }]);
    const after = await lockText();
    expect(sectionOf(after, 'aws')).toContain('version: 1.1.632');
    for (const partition of ['aws-us-gov', 'aws-cn']) {
      expect(sectionOf(after, partition)).toBe(sectionOf(text, partition));
      expect((await template(partition)).length).toBeGreaterThan(0);
    }
  });
});
