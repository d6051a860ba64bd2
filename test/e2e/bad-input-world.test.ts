import { afterEach, describe, expect, it } from 'vitest';
import { CloudFormationClient, CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import type { OrganizationFile } from '../../src/simulator/kernel/contract.js';
import { simulatedAws } from '../../src/cli/demo/simulated-aws.js';
import type { AwsElsewhere } from '../../src/installation/session.js';
import { openEmbeddedLedger } from '../../src/ledger/embedded.js';
import { APPLY, effects, HERE, lasting, PLAN, recordedIn, typed } from '../support/command-line.js';
import {
  accountId,
  CONTROLLER,
  createWorld,
  HUB,
  queueTemplate,
  smallOrganization,
  stackManifest,
} from '../support/world.js';
import type { World } from '../support/world.js';

/** What goes wrong in AWS, in the network or on this machine, as the command line tells it. */
const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
const DAY = 24 * 3600;
let world: World;
afterEach(() => world.close());

async function created(over: Partial<OrganizationFile> = {}): Promise<void> {
  const files = { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', TARGETS) };
  world = await createWorld({ organization: smallOrganization(2, over), files });
}

async function settled(over: Partial<OrganizationFile> = {}): Promise<void> {
  await created(over);
  expect((await typed(world, APPLY)).code).toBe(0);
  world.simulator.calls.reset();
}

const account = (n: number) => world.simulator.world.organization.accounts.get(accountId(n))!;
const stacksOf = (n: number) =>
  new CloudFormationClient({
    region: 'us-east-1',
    credentials: world.simulator.credentials(accountId(n)),
    requestHandler: world.simulator.requestHandler,
  });
const byHand = (n: number) =>
  stacksOf(n).send(
    new UpdateStackCommand({
      StackName: 'evenkeel-queue',
      UsePreviousTemplate: true,
      Parameters: [{ ParameterKey: 'Delay', ParameterValue: '9' }],
    }),
  );
const stackIn = (n: number) => world.simulator.world.stacks.find(accountId(n), 'us-east-1', 'evenkeel-queue');
const golden = (name: string) => `golden/${name}.txt`;

describe('a role that cannot be assumed', () => {
  it('leaves its account alone and says so, while the others go on', async () => {
    await settled();
    account(1).roles.delete('evenkeel-plan');
    world.simulator.world.clock.advance(3 * DAY);
    await world.write({ 'templates/queue.yaml': queueTemplate(60) });

    expect((await typed(world, PLAN)).code).toBe(9);
    const applied = await typed(world, APPLY);
    expect(applied.code).toBe(7);
    await expect(lasting(applied.stdout)).toMatchFileSnapshot(golden('a-role-that-cannot-be-assumed'));
    expect(applied.stdout).toContain('the role evenkeel-plan in account 300000000001 (a1) could not be assumed');
    expect(stackIn(1)?.template).toBe(queueTemplate(30));
    expect(stackIn(2)?.template).toBe(queueTemplate(60));
    expect((await typed(world, 'status --ledger ledger')).stdout).toContain(
      'Stack/queue@300000000001/us-east-1 UNKNOWN',
    );
  });

  it('thinks nothing there absent when the manifest goes too', async () => {
    await settled();
    account(1).roles.delete('evenkeel-plan');
    world.simulator.world.clock.advance(3 * DAY);
    const elsewhere = TARGETS.replace('/Workloads/**', '/Workloads/Dev');
    await world.write({ 'queue.yaml': null, 'other.yaml': stackManifest('other', elsewhere) });
    expect((await typed(world, APPLY)).code).toBe(7);
    expect(stackIn(1)?.status).toBe('CREATE_COMPLETE');
    expect(stackIn(2)).toBeUndefined();
    const { stdout } = await typed(world, 'history Stack/queue --ledger ledger');
    expect(stdout).toContain('Stack/queue@300000000001/us-east-1');
  });

  it('is no failure while the account is new, and is told until when', async () => {
    await created();
    account(1).roles.delete('evenkeel-plan');
    account(1).joinedAt = world.simulator.world.clock.now();
    const applied = await typed(world, APPLY);
    expect(applied.code).toBe(0);
    await expect(lasting(applied.stdout)).toMatchFileSnapshot(golden('an-account-that-is-not-ready'));
    world.simulator.world.clock.advance(DAY);
    expect((await typed(world, PLAN)).code).toBe(9);
  });
});

describe('a listing that fails', () => {
  const bad = { code: 'InternalFailure', message: 'we are having a bad day', status: 500 };

  it('on its third page deletes nothing, though the manifest is gone', async () => {
    await settled({ foreignStacks: { regions: ['us-east-1'], count: 250 } });
    const calls = Array.from({ length: 30 }, (_, n) => n + 3);
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'DescribeStacks',
      account: accountId(1),
      calls,
      when: 'before',
      error: bad,
    });
    await world.write({ 'queue.yaml': null, 'other.yaml': stackManifest('other', TARGETS) });
    expect((await typed(world, PLAN)).code).toBe(1);
    const applied = await typed(world, APPLY);
    expect(applied.code).toBe(7);
    expect(applied.stdout).toContain('the stacks of 300000000001/us-east-1 (a1) could not be listed');
    expect(applied.stdout).toContain('nothing is assumed about stacks that were not read');
    expect(stackIn(1)?.status).toBe('CREATE_COMPLETE');
    expect(stackIn(2)).toBeUndefined();
  });

  it('of the organization stops everything, through every command with the same exit code', async () => {
    await settled();
    const before = await recordedIn(world);
    const calls = Array.from({ length: 99 }, (_, n) => n + 2);
    world.simulator.inject({
      service: 'organizations',
      operation: 'ListAccountsForParent',
      calls,
      when: 'before',
      error: bad,
    });
    await world.write({ 'queue.yaml': null, 'other.yaml': stackManifest('other', TARGETS) });
    for (const line of [PLAN, APPLY, `targets ${HERE}`]) {
      const { code, stdout } = await typed(world, line);
      expect(code).toBe(1);
      expect(stdout).toContain('error[EK6013]: the organization could not be read whole');
      expect(stdout).not.toContain('0 deployments');
    }
    expect(effects(world)).toEqual([]);
    expect(await recordedIn(world)).toEqual(before);
  });
});

describe("somebody else's stack", () => {
  it('that is being changed is left alone, and the others go on', async () => {
    await settled();
    await byHand(1);
    await world.write({ 'templates/queue.yaml': queueTemplate(60) });
    expect((await typed(world, PLAN)).code).toBe(4);
    const applied = await typed(world, APPLY);
    expect(applied.code).toBe(4);
    await expect(lasting(applied.stdout)).toMatchFileSnapshot(golden('a-stack-already-in-progress'));
    expect(stackIn(1)?.parameters).toEqual({ Delay: '9' });
    expect(stackIn(2)?.template).toBe(queueTemplate(60));
  });

  it('of the same name is never taken over', async () => {
    await created();
    await stacksOf(1).send(new CreateStackCommand({ StackName: 'evenkeel-queue', TemplateBody: queueTemplate(45) }));
    world.simulator.world.clock.advance(900);
    const applied = await typed(world, APPLY);
    expect(applied.code).toBe(4);
    expect(applied.stdout).toContain('error[EK6006]: evenkeel-queue in 300000000001/us-east-1 (a1) exists');
    expect(applied.stdout).toContain('write "adopt: true"');
    expect(stackIn(1)).toMatchObject({ template: queueTemplate(45), tags: {} });
  });
});

describe('what AWS refuses', () => {
  it('is told with its reason, and stays in the status until it is mended', async () => {
    await created();
    await world.write({ 'templates/queue.yaml': queueTemplate().replace('AWS::SQS::Queue', 'AWS::SQS::Queu') });
    const applied = await typed(world, APPLY);
    expect(applied.code).toBe(1);
    expect(applied.stdout).toContain('Unrecognized resource types: [AWS::SQS::Queu]');
    const { stdout } = await typed(world, 'status --ledger ledger', { columns: 80 });
    await expect(lasting(stdout)).toMatchFileSnapshot(golden('status-after-a-failure'));
  });

  it('an artifact bucket that does not exist is named with what to create, once', async () => {
    await created();
    const large = `${queueTemplate()}Metadata: { Notes: "${'x'.repeat(60_000)}" }\n`;
    await world.write({
      'templates/queue.yaml': large,
      'controller.yaml': CONTROLLER.replace('evenkeel-artifacts', 'absent'),
    });
    const applied = await typed(world, APPLY);
    expect(applied.code).toBe(1);
    expect(applied.stdout.replace(/\s+/g, ' ')).toContain(
      `artifact bucket absent-${HUB}-us-east-1 does not exist in us-east-1 [EK4031]; create the bucket absent-${HUB}-us-east-1`,
    );
    expect(applied.stdout).not.toMatch(/ArtifactsNotPublished|correct what AWS names/);
  });
});

describe('credentials', () => {
  /** A chain of providers that finds nothing, which is a function where the type expects what a chain finds. */
  const missing: unknown = () =>
    Promise.reject(
      Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' }),
    );

  it('that are missing end every command with 9 and a way out, and lose nothing', async () => {
    await settled();
    const before = await recordedIn(world);
    const aws = {
      ...simulatedAws(world.simulator, HUB),
      credentials: missing as NonNullable<AwsElsewhere['credentials']>,
    };
    const lines = [PLAN, APPLY, `targets ${HERE}`, 'status --path desired-state', 'ledger create --path desired-state'];
    for (const line of lines) {
      const { code, stdout, stderr } = await typed(world, line, { aws });
      expect([line, code]).toEqual([line, 9]);
      expect(stdout + stderr).toContain('Could not load credentials from any providers');
      expect(stdout + stderr).toContain('sign in');
      expect(stdout + stderr).not.toContain('mistake of ours');
    }
    expect(effects(world)).toEqual([]);
    expect(await recordedIn(world)).toEqual(before);
  });

  it('that have expired, or are nobody’s, are told as that', async () => {
    await created();
    for (const code of ['ExpiredToken', 'InvalidClientTokenId']) {
      const error = { code, message: 'The security token included in the request is not good', status: 403 };
      world.simulator.inject({ service: 'sts', operation: 'GetCallerIdentity', calls: [1], when: 'before', error });
      const planned = await typed(world, PLAN);
      expect(planned.code).toBe(9);
      expect(planned.stdout).toContain('error[EK6023]: AWS could not be asked who this is');
    }
  });

  it('that may not read the organization end with 9, and the permissions that it takes', async () => {
    await created();
    const error = {
      code: 'AccessDeniedException',
      message: 'not authorized to perform: organizations:ListRoots',
      status: 400,
    };
    world.simulator.inject({ service: 'organizations', operation: 'ListRoots', when: 'before', error });
    for (const line of [PLAN, `targets ${HERE}`]) {
      const { code, stdout } = await typed(world, line);
      expect(code).toBe(9);
      expect(stdout).toContain('the controller may not read the organization');
      expect(stdout).toContain('ListAccountsForParent');
    }
  });
});

it('a ledger folder that another process has open is waited for by a person, not by us', async () => {
  await settled();
  const other = await openEmbeddedLedger({ folder: world.ledgerFolder, table: 'evenkeel', installation: 'evenkeel' });
  try {
    for (const line of [PLAN, APPLY, 'status --ledger ledger']) {
      const { code, stderr } = await typed(world, line);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: another process has the ledger in .*ledger.* open: wait for it or end it/);
    }
    expect(effects(world)).toEqual([]);
  } finally {
    await other.close();
  }
  expect((await typed(world, PLAN)).code).toBe(0);
});
