import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackSetCommand,
  DescribeStackInstanceCommand,
  DescribeStackResourcesCommand,
  DescribeStackSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ImportStacksToStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import type { Stack } from '@aws-sdk/client-cloudformation';
import {
  CreateCloudFormationChangeSetCommand,
  ServerlessApplicationRepositoryClient,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { afterEach, describe, expect, it } from 'vitest';
import { APPLY, effects, PLAN, typed } from '../support/command-line.js';
import { publisherIn } from '../support/publisher.js';
import { accountId, createWorld, HUB, smallOrganization } from '../support/world.js';
import type { World } from '../support/world.js';

/** What the Serverless Application Repository offers, deployed in every way that the format has. */
const JANITOR = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';
const PUBLISHER = accountId(4);
const TARGETS = 'targets: [{ accounts: [a1, a2], regions: [us-east-1, us-west-2] }]';
const ONE_TARGET = 'targets: [{ accounts: [a1], regions: [us-east-1] }]';
const ACKNOWLEDGE = 'acknowledge: [CAPABILITY_IAM, CAPABILITY_RESOURCE_POLICY]';
const BY_STACK_SET = 'via: stack-set';

const manifestOf = (application: string, version: string, ...lines: readonly string[]): string =>
  `apiVersion: evenkeel/v1
kind: ServerlessApplication
metadata: { name: janitor }
spec:
  application: ${application}
  version: ${version}
${lines.map((line) => `  ${line}\n`).join('')}`;

const janitor = (...lines: readonly string[]): string => manifestOf(JANITOR, '1.7.0', ACKNOWLEDGE, ...lines);

let world: World;
afterEach(() => world.close());

async function begun(files: Readonly<Record<string, string>>): Promise<void> {
  world = await createWorld({ organization: smallOrganization(4), files });
}

async function isDone(line: string): Promise<string> {
  const { stdout, stderr, code } = await typed(world, line);
  expect([line, code, code === 0 ? '' : stdout + stderr]).toEqual([line, 0, '']);
  return stdout;
}

async function isRefused(line: string, code: number, ...words: readonly string[]): Promise<void> {
  const { stdout, code: exit } = await typed(world, line);
  for (const each of words) expect(stdout).toContain(each);
  expect([line, exit]).toEqual([line, code]);
}

/** A second look that finds nothing to do, and does nothing. */
async function isQuiet(): Promise<void> {
  world.simulator.calls.reset();
  await isDone(PLAN);
  await isDone(APPLY);
  expect(effects(world)).toEqual([]);
}

const clientIn = (account: string, region = 'us-east-1'): CloudFormationClient =>
  new CloudFormationClient({
    region,
    credentials: world.simulator.credentials(account),
    requestHandler: world.simulator.requestHandler,
  });

async function stacksIn(account: string, region = 'us-east-1'): Promise<readonly Stack[]> {
  return (await clientIn(account, region).send(new DescribeStacksCommand({}))).Stacks ?? [];
}

const pairs = (stack: Stack | undefined): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries([
    ...(stack?.Tags ?? []).map(({ Key, Value }) => [Key!, Value]),
    ...(stack?.Parameters ?? []).map(({ ParameterKey, ParameterValue }) => [ParameterKey!, ParameterValue]),
  ]) as Record<string, string | undefined>;

const lockText = (): Promise<string> => readFile(join(world.folder, 'evenkeel.lock.yaml'), 'utf8');

describe('by stack set', () => {
  const perAccount = [
    'overrides: [{ where: { accounts: [a2] }, parameters: { VersionsToKeep: "9" } }]',
    'parameters: { VersionsToKeep: "5" }',
  ];

  it('an application reaches every target from lock to a second reconcile that does nothing', async () => {
    await begun({
      'janitor.yaml': janitor(
        BY_STACK_SET,
        TARGETS,
        ...perAccount,
        `administrationRoleArn: arn:aws:iam::${HUB}:role/AWSCloudFormationStackSetAdministrationRole`,
        'executionRoleName: AWSCloudFormationStackSetExecutionRole',
      ),
    });
    await isDone('lock');
    await isDone(APPLY);
    for (const account of [1, 2].map(accountId))
      for (const region of ['us-east-1', 'us-west-2']) {
        const stacks = await stacksIn(account, region);
        expect(stacks.map(({ StackStatus }) => StackStatus)).toEqual(['CREATE_COMPLETE']);
        expect(pairs(stacks[0])).toMatchObject({
          'serverlessrepo:applicationId': JANITOR,
          'serverlessrepo:semanticVersion': '1.7.0',
          'evenkeel:address': 'ServerlessApplication/janitor',
          VersionsToKeep: account === accountId(2) ? '9' : '5',
        });
      }
    const { StackSet } = await clientIn(HUB).send(new DescribeStackSetCommand({ StackSetName: 'evenkeel-janitor' }));
    expect(StackSet).toMatchObject({
      PermissionModel: 'SELF_MANAGED',
      Capabilities: ['CAPABILITY_IAM'],
      AdministrationRoleARN: `arn:aws:iam::${HUB}:role/AWSCloudFormationStackSetAdministrationRole`,
      ExecutionRoleName: 'AWSCloudFormationStackSetExecutionRole',
    });
    const { StackInstance } = await clientIn(HUB).send(
      new DescribeStackInstanceCommand({
        StackSetName: 'evenkeel-janitor',
        StackInstanceAccount: accountId(2),
        StackInstanceRegion: 'us-west-2',
      }),
    );
    expect(StackInstance?.ParameterOverrides).toMatchObject([{ ParameterKey: 'VersionsToKeep', ParameterValue: '9' }]);
    await isQuiet();
  });

  it('an application that AWS has expanded to a plain template may be service-managed', async () => {
    await begun({
      'janitor.yaml': janitor(
        BY_STACK_SET,
        'permissionModel: service-managed',
        'callAs: delegated-admin',
        'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]',
      ),
    });
    await isDone('lock');
    await isDone(APPLY);
    expect((await stacksIn(accountId(3))).map(({ StackStatus }) => StackStatus)).toEqual(['CREATE_COMPLETE']);
    await isQuiet();
  });

  it('a manifest that was deployed stack by stack is not deleted and created anew without a word', async () => {
    await begun({ 'janitor.yaml': janitor(ONE_TARGET) });
    await isDone('lock');
    await isDone(APPLY);
    const [before] = await stacksIn(accountId(1));

    await world.write({ 'janitor.yaml': janitor(BY_STACK_SET, ONE_TARGET) });
    world.simulator.calls.reset();
    for (const line of [PLAN, APPLY])
      await isRefused(
        line,
        3,
        `error[EK4080]: ServerlessApplication/janitor@${accountId(1)}/us-east-1 is deployed stack by stack, and the manifest asks for it by a stack set`,
        'desired-state/janitor.yaml:8:8',
        'write via: stack again.',
      );
    expect(effects(world)).toEqual([]);

    await world.write({ 'janitor.yaml': janitor(ONE_TARGET) });
    await isQuiet();
    expect((await stacksIn(accountId(1)))[0]?.StackId).toBe(before?.StackId);
  });

  it('a stack set is not deleted for stacks either, and goes where the manifest goes first', async () => {
    const other = {
      'other.yaml': janitor('targets: [{ accounts: [a3], regions: [us-east-1] }]').replace(
        'name: janitor',
        'name: other',
      ),
    };
    await begun({ 'janitor.yaml': janitor(BY_STACK_SET, ONE_TARGET), ...other });
    await isDone('lock');
    await isDone(APPLY);
    await world.write({ 'janitor.yaml': janitor(ONE_TARGET) });
    await isRefused(
      APPLY,
      3,
      'error[EK4080]: ServerlessApplication/janitor is deployed by a stack set',
      'via: stack-set again',
    );

    await world.write({ 'janitor.yaml': null });
    await isDone(APPLY);
    expect(await stacksIn(accountId(1))).toEqual([]);
    await world.write({ 'janitor.yaml': janitor(ONE_TARGET) });
    await isDone('lock');
    await isDone(APPLY);
    expect((await stacksIn(accountId(1))).map(({ StackName }) => StackName)).toEqual(['evenkeel-janitor']);
    await isQuiet();
  });
});

describe('without losing what stands', () => {
  const retained = (...lines: readonly string[]): string => janitor(ONE_TARGET, 'deletion: retain', ...lines);
  const another = {
    'other.yaml': janitor('targets: [{ accounts: [a3], regions: [us-east-1] }]').replace('janitor }', 'other }'),
  };

  async function isLetGoOf(): Promise<Stack> {
    await isDone('lock');
    await isDone(APPLY);
    const [standing] = await stacksIn(accountId(1));
    await world.write({ 'janitor.yaml': null });
    await isDone(APPLY);
    expect((await stacksIn(accountId(1))).map(({ StackId }) => StackId)).toEqual([standing?.StackId]);
    return standing!;
  }

  async function isKept(standing: Stack): Promise<void> {
    await isDone('lock');
    await isDone(APPLY);
    const now = await stacksIn(accountId(1));
    expect(now.map(({ StackId }) => StackId)).toEqual([standing.StackId]);
    expect(pairs(now[0])).toMatchObject({ 'evenkeel:address': 'ServerlessApplication/janitor', VersionsToKeep: '7' });
    await isQuiet();
  }

  it('stacks come under a stack set by import and adoption', async () => {
    await begun({ 'janitor.yaml': retained('parameters: { VersionsToKeep: "7" }'), ...another });
    const standing = await isLetGoOf();
    const hub = clientIn(HUB);
    const { TemplateBody } = await clientIn(accountId(1)).send(new GetTemplateCommand({ StackName: standing.StackId }));
    await hub.send(
      new CreateStackSetCommand({
        StackSetName: 'taken-in',
        TemplateBody,
        Capabilities: ['CAPABILITY_IAM'],
        Parameters: [{ ParameterKey: 'VersionsToKeep', ParameterValue: '7' }],
      }),
    );
    await hub.send(new ImportStacksToStackSetCommand({ StackSetName: 'taken-in', StackIds: [standing.StackId!] }));
    while (world.simulator.world.clock.advanceToNext());

    await world.write({
      'janitor.yaml': retained(
        BY_STACK_SET,
        'stackName: taken-in',
        'adopt: true',
        'parameters: { VersionsToKeep: "7" }',
      ),
    });
    await isKept(standing);
  });

  it('a stack of a stack set comes to stand alone by adoption', async () => {
    const parameters = 'parameters: { VersionsToKeep: "7" }';
    await begun({ 'janitor.yaml': retained(BY_STACK_SET, parameters), ...another });
    const standing = await isLetGoOf();
    await world.write({
      'janitor.yaml': retained(`stackName: ${standing.StackName}`, 'adopt: true', 'tags: { kept: alone }', parameters),
    });
    await isKept(standing);
  });

  it('a stack that the console of the repository made is adopted under its own name and tags', async () => {
    await begun({});
    const account = accountId(1);
    const repository = new ServerlessApplicationRepositoryClient({
      region: 'us-east-1',
      credentials: world.simulator.credentials(account),
      requestHandler: world.simulator.requestHandler,
    });
    const { ChangeSetId } = await repository.send(
      new CreateCloudFormationChangeSetCommand({
        ApplicationId: JANITOR,
        SemanticVersion: '1.5.0',
        StackName: 'lambda-janitor',
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_RESOURCE_POLICY'],
        ParameterOverrides: [{ Name: 'VersionsToKeep', Value: '4' }],
      }),
    );
    while (world.simulator.world.clock.advanceToNext());
    await clientIn(account).send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
    while (world.simulator.world.clock.advanceToNext());
    const [standing] = await stacksIn(account);
    expect(standing).toMatchObject({ StackName: 'serverlessrepo-lambda-janitor', StackStatus: 'CREATE_COMPLETE' });

    const lines = ['stackName: serverlessrepo-lambda-janitor', 'parameters: { VersionsToKeep: "7" }'];
    await world.write({ 'janitor.yaml': janitor(ONE_TARGET, ...lines) });
    await isDone('lock');
    await isRefused(PLAN, 4, 'serverlessrepo-lambda-janitor', 'write "adopt: true" beside stackName');
    await world.write({ 'janitor.yaml': janitor(ONE_TARGET, ...lines, 'adopt: true') });
    expect((await typed(world, PLAN)).stdout).toContain('adopt ServerlessApplication/janitor');
    await isKept(standing!);
    expect(pairs((await stacksIn(account))[0])).toMatchObject({
      'serverlessrepo:applicationId': JANITOR,
      'serverlessrepo:semanticVersion': '1.7.0',
    });
  });
});

describe('an application that nests another', () => {
  const child = `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters: { Keep: { Type: Number, Default: 3 } }
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: src/, Handler: index.handler, Runtime: nodejs22.x, Environment: { Variables: { KEEP: !Ref Keep } } }
`;
  const parent = (application: string): string => `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Inner:
    Type: AWS::Serverless::Application
    Properties:
      Location: { ApplicationId: '${application}', SemanticVersion: 1.0.0 }
      Parameters: { Keep: '4' }
  Topic: { Type: AWS::SNS::Topic }
`;
  const capabilities = 'acknowledge: [CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND]';

  async function published(): Promise<{ readonly inner: string; readonly outer: string }> {
    const publisher = publisherIn(world, PUBLISHER);
    const inner = await publisher.publish('inner', '1.0.0', child);
    const outer = await publisher.publish('outer', '1.0.0', parent(inner));
    await publisher.share(outer, [HUB]);
    return { inner, outer };
  }

  it('is mirrored with the template and the code that it nests, keeps their tags, and settles', async () => {
    await begun({});
    const { inner, outer } = await published();
    await publisherIn(world, PUBLISHER).share(inner, [HUB]);
    await world.write({ 'janitor.yaml': manifestOf(outer, '1.0.0', capabilities, TARGETS) });
    await isDone('lock');
    expect((await lockText()).match(/^ {8}- [0-9a-f]{64}$/gm)).toHaveLength(2);
    expect(
      await readFile(join(world.folder, '.locked/ServerlessApplication/janitor/aws/template.json'), 'utf8'),
    ).not.toContain('awsserverlessrepo');

    await publisherIn(world, PUBLISHER).withdraw(inner);
    await isDone(APPLY);
    for (const region of ['us-east-1', 'us-west-2']) {
      const stacks = await stacksIn(accountId(1), region);
      const nested = stacks.find(({ ParentId }) => ParentId !== undefined);
      expect(pairs(nested)).toMatchObject({
        'serverlessrepo:applicationId': inner,
        'serverlessrepo:semanticVersion': '1.0.0',
        Keep: '4',
      });
      const { StackResources } = await clientIn(accountId(1), region).send(
        new DescribeStackResourcesCommand({ StackName: nested!.StackId }),
      );
      expect(StackResources?.map(({ ResourceType }) => ResourceType).sort()).toEqual([
        'AWS::IAM::Role',
        'AWS::Lambda::Function',
      ]);
    }
    await isQuiet();
  });

  it('goes by a self-managed stack set, and a service-managed one is refused before anything is deployed', async () => {
    await begun({});
    const { inner, outer } = await published();
    await publisherIn(world, PUBLISHER).share(inner, [HUB]);
    const lines = [capabilities, BY_STACK_SET, TARGETS];
    await world.write({ 'janitor.yaml': manifestOf(outer, '1.0.0', ...lines, 'permissionModel: service-managed') });
    await isDone('lock');
    world.simulator.calls.reset();
    await isRefused(
      APPLY,
      3,
      'error[EK5001]: the template nests stacks (Inner), which a service-managed stack set does not take',
      'write permissionModel: self-managed, or write via: stack',
    );
    expect(effects(world)).toEqual([]);

    await world.write({ 'janitor.yaml': manifestOf(outer, '1.0.0', ...lines) });
    await isDone(APPLY);
    expect(await stacksIn(accountId(2), 'us-west-2')).toHaveLength(2);
    await isQuiet();
  });

  it('whose inner one is private to its publisher is refused with the name of the inner one', async () => {
    await begun({});
    const { inner, outer } = await published();
    await world.write({ 'janitor.yaml': manifestOf(outer, '1.0.0', capabilities, TARGETS) });
    await isRefused('lock', 3, 'error[EK4022]', inner);
  });
});

describe('an application that its publisher keeps to itself', () => {
  const template = `Resources: { Topic: { Type: AWS::SNS::Topic } }\n`;

  it.each([
    ['the account', (application: string) => publisherIn(world, PUBLISHER).share(application, [HUB])],
    [
      'the organization',
      (application: string) =>
        publisherIn(world, PUBLISHER).share(application, [], world.simulator.world.organization.organizationId!),
    ],
  ])('is refused with what to ask for, until it is shared with %s', async (_, share) => {
    await begun({});
    const application = await publisherIn(world, PUBLISHER).publish('internal', '1.0.0', template);
    await world.write({ 'janitor.yaml': manifestOf(application, '1.0.0', ONE_TARGET) });
    await isRefused(
      'lock',
      3,
      'error[EK4022]',
      'desired-state/janitor.yaml:5:16',
      `ask its publisher, account ${PUBLISHER}, for a policy that grants Deploy on it to account ${HUB} or to the organization`,
    );
    await share(application);
    await isDone('lock');
    await isDone(APPLY);
    await isQuiet();
  });

  it('and publishes elsewhere is asked for in its own Region, and deployed in any', async () => {
    await begun({});
    const publisher = publisherIn(world, PUBLISHER, 'us-west-2');
    const application = await publisher.publish('internal', '1.0.0', template);
    await publisher.share(application, [HUB]);
    await world.write({ 'janitor.yaml': manifestOf(application, '1.0.0', ONE_TARGET) });
    await isDone('lock');
    await isDone(APPLY);
    expect(await stacksIn(accountId(1))).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }]);
    await isQuiet();
  });

  it('and withdraws goes on from the pinned copy, into new accounts too, and that is said until it is served again', async () => {
    await begun({});
    const publisher = publisherIn(world, PUBLISHER);
    const application = await publisher.publish('internal', '1.0.0', template);
    await publisher.share(application, [HUB]);
    await world.write({ 'janitor.yaml': manifestOf(application, '1.0.0', ONE_TARGET) });
    await isDone('lock');
    await isDone(APPLY);

    await publisher.withdraw(application);
    expect(await isDone('lock --check')).toContain(`warning[EK4028]: AWS no longer serves ${application} 1.0.0`);
    expect(await isDone('lock --all')).toContain('warning[EK4028]');
    expect(await lockText()).toContain('withdrawn: true');
    const said = `warning[EK4028]: AWS no longer served ${application} 1.0.0 when it was last asked, so the pinned copy is used`;
    for (const line of ['validate', 'lock', PLAN]) expect(await isDone(line)).toContain(said);
    await isQuiet();

    await world.write({ 'janitor.yaml': manifestOf(application, '1.0.0', TARGETS) });
    await isDone(APPLY);
    expect(await stacksIn(accountId(2), 'us-west-2')).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }]);

    await publisher.publish('internal', '1.0.0', template);
    await publisher.share(application, [HUB]);
    await isDone('lock --check');
    expect(await isDone('lock --all')).not.toContain('EK4028');
    expect(await lockText()).not.toContain('withdrawn');
    await isQuiet();
  });
});
