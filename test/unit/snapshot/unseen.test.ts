import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { UpdateStackCommandInput } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrganizationFile } from '../../../src/simulator/kernel/contract.js';
import type { StorySimulator } from '../../../src/simulator/simulator.js';
import { describeSnapshot, snapshotExitCode } from '../../../src/reconciler/describe-snapshot.js';
import type { SnapshotOutcome } from '../../../src/reconciler/describe-snapshot.js';
import { renderMarkdown } from '../../../src/cli/render/markdown.js';
import { accountId, createWorld, queueTemplate, stackManifest } from '../../support/world.js';
import type { World } from '../../support/world.js';
import { CONTROLLER, troubledOrganization } from './story.js';
import { copyOf, onlooker, scratch, textOf } from './worlds.js';

const MEMBER = accountId(1);
const TOPIC = 'Resources:\n  Topic: { Type: AWS::SNS::Topic }\n';
const MANGLED = `Description: ü\n${TOPIC}`;
const DESCRIBED = `Description: Somebody else’s stack.\n${TOPIC}`;
const NOT_ASCII = `${TOPIC}Outputs:\n  Topic: { Value: !Ref Topic, Description: "für alle" }\n`;
const MACRO = `Transform: Somebodys\n${TOPIC}`;
const SECRETIVE = `Parameters:
  Password: { Type: String, NoEcho: true }
${TOPIC}Outputs:
  Password: { Value: !Sub "is \${Password}" }
  Other: { Value: !Ref Topic }
`;

let world: World;
let place: Awaited<ReturnType<typeof scratch>>;
let outcome: SnapshotOutcome;
let text: string;

const client = (simulator: StorySimulator) =>
  new CloudFormationClient({
    region: 'us-east-1',
    credentials: simulator.credentials(MEMBER),
    requestHandler: simulator.requestHandler,
    maxAttempts: 1,
  });
const settle = ({ world: { clock } }: StorySimulator): void => {
  while (clock.advanceToNext());
};
const update = (simulator: StorySimulator, StackName: string, input: Omit<UpdateStackCommandInput, 'StackName'>) =>
  client(simulator).send(new UpdateStackCommand({ StackName, ...input }));
const shown = async (simulator: StorySimulator, StackName: string) =>
  (await client(simulator).send(new DescribeStacksCommand({ StackName }))).Stacks![0]!;

beforeAll(async () => {
  world = await createWorld({
    organization: troubledOrganization(),
    files: {
      'controller.yaml': CONTROLLER,
      'templates/queue.yaml': queueTemplate(),
      'queue.yaml': stackManifest('queue', 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]'),
    },
  });
  world.simulator.world.clock.advance(86_400);
  for (const [StackName, TemplateBody] of Object.entries({
    mangled: MANGLED,
    described: DESCRIBED,
    umlaut: NOT_ASCII,
    secretive: SECRETIVE,
  }))
    await client(world.simulator).send(
      new CreateStackCommand({
        StackName,
        TemplateBody,
        ...(TemplateBody === SECRETIVE
          ? { Parameters: [{ ParameterKey: 'Password', ParameterValue: 's3cr3t-value' }] }
          : {}),
      }),
    );
  settle(world.simulator);
  place = await scratch();
  outcome = await onlooker(world.simulator, world.folder, place.folder('ledger')).snapshot();
  text = textOf(outcome);
});
afterAll(async () => {
  await world.close();
  await place.remove();
});

const REFUSED = /GetTemplate answers \? for every character that is not ASCII/;

describe('a template that GetTemplate makes unreadable', () => {
  it('is written down as not read, stack by stack, and makes no poor snapshot where it is somebody else’s', () => {
    const gaps = outcome.gaps.filter(({ diagnostic }) => REFUSED.test(diagnostic.message));
    expect(gaps).toMatchObject([
      {
        target: { account: MEMBER, region: 'us-east-1' },
        wanted: false,
        diagnostic: { severity: 'warning', message: expect.stringContaining(':stack/mangled/') as string },
      },
    ]);
    expect(renderMarkdown(describeSnapshot(outcome))).toMatch(/:stack\/mangled\//);
    expect(snapshotExitCode({ ...outcome, gaps })).toBe(0);
  });

  it('is not known in the copy, which says nothing of what is in the stack', async () => {
    const copy = copyOf(text);
    const asked = client(copy);
    expect(await shown(copy, 'mangled')).toMatchObject({ Description: 'ü', StackStatus: 'CREATE_COMPLETE' });
    await expect(asked.send(new GetTemplateCommand({ StackName: 'mangled' }))).rejects.toThrow(REFUSED);
    await expect(asked.send(new DescribeStackResourcesCommand({ StackName: 'mangled' }))).rejects.toThrow(REFUSED);
    await expect(asked.send(new GetTemplateSummaryCommand({ StackName: 'mangled' }))).rejects.toThrow(REFUSED);
    await expect(asked.send(new DetectStackDriftCommand({ StackName: 'mangled' }))).rejects.toThrow(REFUSED);
    await expect(update(copy, 'mangled', { TemplateBody: MANGLED })).rejects.toThrow(REFUSED);
    const named = { StackName: 'mangled', ChangeSetName: 'changes' };
    await asked.send(new CreateChangeSetCommand({ ...named, TemplateBody: MANGLED }));
    settle(copy);
    const changeSet = await asked.send(new DescribeChangeSetCommand(named));
    expect(changeSet).toMatchObject({ Status: 'FAILED', Changes: [] });
    expect(changeSet.StatusReason).toMatch(REFUSED);
  });

  it('stands in a stack that can still be deleted', async () => {
    const copy = copyOf(text);
    const { StackId } = await shown(copy, 'mangled');
    await client(copy).send(new DeleteStackCommand({ StackName: 'mangled' }));
    settle(copy);
    expect((await shown(copy, StackId!)).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('is the same in a snapshot of the copy', async () => {
    const again = await onlooker(copyOf(text), world.folder, place.folder('ledger-of-a-copy')).snapshot();
    expect(textOf(again)).toBe(text);
    expect(again.gaps).toEqual(outcome.gaps);
  });
});

describe('a template that the simulator does not understand', () => {
  it('is not taken for one without resources', async () => {
    const file = JSON.parse(text) as OrganizationFile;
    const [digest] = Object.entries(file.templates!).find(([, body]) => body === SECRETIVE)!;
    const copy = copyOf(JSON.stringify({ ...file, templates: { ...file.templates, [digest]: MACRO } }));
    const resources = client(copy).send(new DescribeStackResourcesCommand({ StackName: 'secretive' }));
    await expect(resources).rejects.toMatchObject({ name: 'NotImplemented' });
    expect((await shown(copy, 'secretive')).Outputs).toHaveLength(2);
  });
});

describe('what a template alone does not tell', () => {
  it('is the description as DescribeStacks showed it', async () => {
    expect((await shown(copyOf(text), 'described')).Description).toBe('Somebody else’s stack.');
  });

  it('is the value that nobody can see: the same again changes no output', async () => {
    const same = {
      UsePreviousTemplate: true,
      Parameters: [{ ParameterKey: 'Password', UsePreviousValue: true }],
    };
    for (const simulator of [world.simulator, copyOf(text)])
      await expect(update(simulator, 'secretive', same)).rejects.toThrow('No updates are to be performed.');
    for (const simulator of [world.simulator, copyOf(text)])
      await expect(update(simulator, 'umlaut', { TemplateBody: NOT_ASCII })).rejects.toThrow(
        'No updates are to be performed.',
      );
  });

  it('stays as it was seen through an update of something else, and changes with a new value', async () => {
    const copy = copyOf(text);
    const TemplateBody = SECRETIVE.replace('Resources:', 'Resources:\n  Another: { Type: AWS::SQS::Queue }');
    const outputs = async () =>
      Object.fromEntries(
        (await shown(copy, 'secretive')).Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
      );
    const before = await outputs();
    expect(before).toMatchObject({ Password: 'is s3cr3t-value' });
    await update(copy, 'secretive', {
      TemplateBody,
      Parameters: [{ ParameterKey: 'Password', UsePreviousValue: true }],
    });
    settle(copy);
    expect((await shown(copy, 'secretive')).StackStatus).toBe('UPDATE_COMPLETE');
    expect(await outputs()).toEqual(before);
    await update(copy, 'secretive', {
      UsePreviousTemplate: true,
      Parameters: [{ ParameterKey: 'Password', ParameterValue: 'another' }],
    });
    settle(copy);
    expect(await outputs()).toEqual({ ...before, Password: 'is another' });
  });
});

describe('the clock of a copy', () => {
  it('begins no earlier than the newest time in the file', () => {
    const { places } = JSON.parse(text) as Required<OrganizationFile>;
    const times = places.flatMap((each) => ('stacks' in each ? each.stacks.map(({ createdAt }) => createdAt) : []));
    const newest = times.sort().at(-1)!;
    expect(newest > '2030-01-01T00:00:00.000Z').toBe(true);
    const started = (over: Partial<OrganizationFile>) =>
      copyOf(JSON.stringify({ ...(JSON.parse(text) as OrganizationFile), ...over })).world.clock.now();
    expect(started({ takenAt: '2026-11-22T16:00:00.000Z' }).toISOString() >= newest).toBe(true);
  });
});
