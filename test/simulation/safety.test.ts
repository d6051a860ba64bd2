import {
  CloudFormationClient,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/reconciler/outcome.js';
import { planExitCode } from '../../src/reconciler/exit-code.js';
import { ALL, accountId, createWorld, queueTemplate, smallOrganization, stackManifest } from '../support/world.js';
import type { World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const ONE = 'targets: [{ accounts: [a1], regions: [us-east-1] }]';
const OTHER = { 'other.yaml': stackManifest('other', 'targets: [{ accounts: [a2], regions: [us-east-1] }]') };
const client = () =>
  new CloudFormationClient({
    region: 'us-east-1',
    credentials: world.simulator.credentials(accountId(1)),
    requestHandler: world.simulator.requestHandler,
  });
const standing = async () =>
  (await client().send(new DescribeStacksCommand({}))).Stacks!.map(
    (stack) => `${stack.StackName!} ${stack.StackStatus!}`,
  );
const stackId = async () => (await client().send(new DescribeStacksCommand({}))).Stacks![0]!.StackId!;
const watch = { signal: new AbortController().signal, progress: () => undefined };

async function settled(manifests: Readonly<Record<string, string>>): Promise<void> {
  world = await createWorld({
    organization: smallOrganization(2),
    files: { 'templates/queue.yaml': queueTemplate(), ...manifests },
  });
  expect((await world.reconcile()).exitCode).toBe(EXIT.done);
}

describe('a manifest that is renamed', () => {
  it('keeps its stack where the new one adopts it', async () => {
    await settled({ 'one.yaml': stackManifest('one', `stackName: shared\n${ONE}`) });
    const before = await stackId();
    await world.write({ 'one.yaml': null, 'two.yaml': stackManifest('two', `stackName: shared\nadopt: true\n${ONE}`) });
    const report = await world.reconcile();
    expect(
      report.planned.plan?.changes.map(({ address, action }) => `${action} ${address.split('@')[0]!}`).sort(),
    ).toEqual(['adopt Stack/two', 'forget Stack/one']);
    expect(report.exitCode).toBe(EXIT.done);
    expect(await stackId()).toBe(before);
    expect((await world.plan()).plan).toMatchObject({ changes: [], refusals: [], unchanged: 1 });
  });

  it('is refused, and its stack kept, where the new one only has the same stackName', async () => {
    await settled({ 'one.yaml': stackManifest('one', `stackName: shared\n${ONE}`) });
    await world.write({ 'one.yaml': null, 'two.yaml': stackManifest('two', `stackName: shared\n${ONE}`) });
    const report = await world.reconcile();
    expect(report.planned.plan?.refusals.map((refusal) => refusal.code).sort()).toEqual(['EK6006', 'EK6027']);
    expect(await standing()).toEqual(['shared CREATE_COMPLETE']);
  });

  it('is refused where only its stackName changed: nothing is deployed twice', async () => {
    await settled({ 'one.yaml': stackManifest('one', `stackName: before\n${ONE}`) });
    await world.write({ 'one.yaml': stackManifest('one', `stackName: after\n${ONE}`) });
    expect((await world.reconcile()).planned.plan?.refusals).toMatchObject([{ code: 'EK6025' }]);
    expect((await world.reconcile()).planned.plan?.refusals).toMatchObject([{ code: 'EK6025' }]);
    expect(await standing()).toEqual(['before CREATE_COMPLETE']);
  });
});

it('a stack that somebody protected is not deleted with its manifest', async () => {
  await settled({ 'one.yaml': stackManifest('one', ONE), ...OTHER });
  await client().send(
    new UpdateTerminationProtectionCommand({ StackName: 'evenkeel-one', EnableTerminationProtection: true }),
  );
  await world.write({ 'one.yaml': null });
  expect(await world.reconcile()).toMatchObject({
    exitCode: EXIT.blocked,
    planned: { plan: { refusals: [{ code: 'EK6024' }] } },
  });
  expect(await standing()).toEqual(['evenkeel-one CREATE_COMPLETE']);
});

it('an emptied desired state deletes nothing', async () => {
  await settled({ 'one.yaml': stackManifest('one', ONE) });
  await world.write({ 'one.yaml': null });
  const planned = await world.plan();
  expect(planned).toMatchObject({ plan: null, diagnostics: [{ code: 'EK6026' }] });
  expect(planExitCode(planned)).not.toBe(EXIT.done);
  expect(await standing()).toEqual(['evenkeel-one CREATE_COMPLETE']);
});

it('resources that leave a template spend the budget for replacements, stack by stack', async () => {
  const two = `${queueTemplate().replace('Outputs:', '  Second: { Type: AWS::SQS::Queue }\nOutputs:')}`;
  await settled({
    'templates/two.yaml': two,
    'one.yaml': stackManifest(
      'one',
      'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1, us-west-2] }]',
    ).replace('queue.yaml', 'two.yaml'),
  });
  await world.write({ 'templates/two.yaml': queueTemplate() });
  const report = await world.reconcile();
  expect(report.planned.plan?.changes[0]?.removes).toEqual(['Second']);
  expect(report).toMatchObject({ exitCode: EXIT.blocked, run: null, refusals: [{ code: 'EK6002' }] });
});

it('a stored plan of another revision is stale, whatever its changes say', async () => {
  await settled({ ...OTHER });
  await world.write({ 'one.yaml': stackManifest('one', ONE) });
  const { plan } = await world.plan();
  await world.write({ 'one.yaml': stackManifest('one', `terminationProtection: true\n${ONE}`) });
  const session = await world.session();
  const report = await session.applyFile(plan!, watch);
  await session.close();
  expect(report).toMatchObject({ exitCode: EXIT.stale, run: null });
  expect(await standing()).toEqual([]);
});

describe('a NoEcho parameter', () => {
  const template = `Parameters:
  Secret: { Type: String, NoEcho: true }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Secret } }
`;
  const manifest = (version: number) =>
    stackManifest(
      'one',
      `parameters: { Secret: "{{resolve:secretsmanager:name:SecretString:value::${version}}}" }\n${ONE}`,
    );

  it('is updated when what it refers to changes, and recorded, and shown nowhere', async () => {
    await settled({ 'templates/queue.yaml': template, 'one.yaml': manifest(1) });
    await world.write({ 'one.yaml': manifest(2) });
    const report = await world.reconcile();
    expect(report.planned.plan?.changes[0]?.fields).toEqual([
      { path: 'parameters.Secret', before: '(NoEcho)', after: '(NoEcho)' },
    ]);
    expect(JSON.stringify(report)).not.toContain('secretsmanager');
    expect((await world.plan(ALL)).plan).toMatchObject({ changes: [], drift: [] });
  });
});

it('a parameter that nothing uses yet settles, although CloudFormation calls it no change', async () => {
  await settled({ 'one.yaml': stackManifest('one', ONE) });
  await world.write({
    'templates/queue.yaml': queueTemplate().replace(
      'Parameters:',
      'Parameters:\n  Later: { Type: String, Default: x }',
    ),
  });
  expect((await world.reconcile()).exitCode).toBe(EXIT.done);
  expect((await world.reconcile()).exitCode).toBe(EXIT.done);
  expect((await world.plan()).plan).toMatchObject({ changes: [], drift: [] });
});

it('a service role that CloudFormation keeps is said, once', async () => {
  await settled({ 'one.yaml': stackManifest('one', ONE) });
  world.simulator.world.organization.accounts.get(accountId(1))!.roles.set('another', null);
  const { readFile } = await import('node:fs/promises');
  await world.write({
    'controller.yaml': (await readFile(`${world.folder}/controller.yaml`, 'utf8')).replace(
      'cloudformation: evenkeel-cloudformation',
      'cloudformation: another',
    ),
  });
  world.simulator.calls.reset();
  const report = await world.reconcile();
  expect(report.run?.changes).toMatchObject([{ result: 'failed', detail: expect.stringContaining('options.roleArn') }]);
  expect(world.calls('cloudformation:CreateChangeSet')).toBe(1);
});
