import { CloudFormationClient, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Address } from '../../../src/model/address.js';
import type { StackName } from '../../../src/model/identifiers.js';
import type { Known } from '../../../src/model/observed.js';
import type { Organization } from '../../../src/model/organization.js';
import type { MemberChange } from '../../../src/model/plan.js';
import { templateSha256 } from '../../../src/model/template.js';
import {
  artifactOf,
  createDrivenWorld,
  deploymentAt,
  desiredOf,
  drive,
  EAST,
  observeKnown,
  ONE,
  queueTemplate,
  recordOf,
} from './driven-world.js';
import type { DrivenWorld, Story } from './driven-world.js';

let world: DrivenWorld;
let organization: Organization;

const URL = (key: string) => `https://nested.s3.us-east-1.amazonaws.com/${key}`;
const INNER = queueTemplate({ seconds: 10 });
const nesting = (key: string, logicalId = 'Inner') =>
  JSON.stringify({
    Resources: { [logicalId]: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: URL(key) } } },
  });
const MIDDLE = nesting('inner.json');
const OUTER = nesting('middle.json', 'Middle');
const artifact = artifactOf(OUTER, { parameters: {} });

function shelve(key: string, text: string): void {
  world.simulator.world.objects.put('nested', key, Buffer.from(text), EAST);
}

const person = () =>
  new CloudFormationClient({
    region: EAST,
    requestHandler: world.simulator.requestHandler,
    credentials: world.simulator.credentials(ONE),
  });

/** Somebody updates a nested stack past the one that it belongs to. */
async function updateByHand(known: Known, path: string, TemplateBody: string): Promise<void> {
  const { stackName } = known.stacks.find(({ nested }) => nested === path)!;
  await person().send(new UpdateStackCommand({ StackName: stackName, TemplateBody }));
}

const settle = () => world.simulator.world.clock.advance(3_600);

beforeEach(async () => {
  world = createDrivenWorld();
  organization = await world.organization();
  shelve('inner.json', INNER);
  shelve('middle.json', MIDDLE);
});
afterEach(() => world.simulator.close());

describe('the stacks nested in a deployment', () => {
  const storyOf = (over: Partial<Story> = {}): Story => ({
    driver: world.stack,
    desired: desiredOf({ stackName: 'evenkeel-outer' as StackName, address: 'Stack/outer' }),
    artifact,
    deployments: [deploymentAt(organization, 'Stack/outer', ONE, EAST)],
    recorded: null,
    ...over,
  });

  async function created(): Promise<Story> {
    const story = storyOf();
    const { applied } = await drive(world, story, { action: 'create', token: 'ek-create' });
    expect(applied).toEqual({ type: 'done' });
    return { ...story, recorded: recordOf(story, await observeKnown(story)) };
  }

  test('are listed below it, and each template of one that was just made is read once', async () => {
    const story = storyOf();
    await drive(world, story, { action: 'create', token: 'ek-create' });
    const before = world.calls('cloudformation:GetTemplate');
    const known = await observeKnown({ ...story, driver: world.freshStackDriver() });
    expect(world.calls('cloudformation:GetTemplate')).toBe(before + 3);
    expect(known.stacks.map(({ nested }) => nested)).toEqual([null, 'Middle', 'Middle.Inner']);
    expect(known.stacks[0]).toMatchObject({
      stackId: known.identity,
      status: 'CREATE_COMPLETE',
      detected: { status: 'NOT_CHECKED', at: null },
    });
    expect(Object.keys(known.nested)).toEqual(['Middle', 'Middle.Inner']);
    expect(known.nested['Middle.Inner']).toMatchObject({
      stackId: known.stacks[2]!.stackId,
      template: templateSha256(INNER),
      parameters: { Delay: { type: 'plain', value: '0' } },
      roleArn: `arn:aws:iam::${ONE}:role/evenkeel-cloudformation`,
    });
    await observeKnown(story);
    await observeKnown(story);
    expect(world.calls('cloudformation:GetTemplate')).toBe(before + 3);
  });

  test('cost no call where nobody touched them, after a restart too', async () => {
    const story = await created();
    const before = world.calls('cloudformation:GetTemplate');
    const again = await observeKnown({ ...story, driver: world.freshStackDriver() });
    expect(again.nested).toEqual(story.recorded!.nested);
    expect(world.calls('cloudformation:GetTemplate')).toBe(before);
  });

  test('show it where one was updated past the deployment, at one call', async () => {
    const story = await created();
    await updateByHand(await observeKnown(story), 'Middle.Inner', queueTemplate({ seconds: 99 }));
    settle();
    const before = world.calls('cloudformation:GetTemplate');
    const known = await observeKnown({ ...story, driver: world.freshStackDriver() });
    expect(world.calls('cloudformation:GetTemplate')).toBe(before + 1);
    expect(known.sha256).toBe(story.recorded!.observedSha256);
    expect(known.nested['Middle']).toEqual(story.recorded!.nested!['Middle']);
    expect(known.nested['Middle.Inner']!.template).toBe(templateSha256(queueTemplate({ seconds: 99 })));
    expect(known.stacks[2]!.updatedAt).not.toBeNull();
  });

  test('are what they were recorded to be while one of them is moving', async () => {
    const story = await created();
    await updateByHand(await observeKnown(story), 'Middle.Inner', queueTemplate({ seconds: 99 }));
    const known = await observeKnown(story);
    expect(known.condition).toEqual({ type: 'settled' });
    expect(known.stacks[2]!.status).toBe('UPDATE_IN_PROGRESS');
    expect(known.nested).toEqual(story.recorded!.nested);
  });

  test('are not read where they belong to somebody else, or nothing is recorded of them', async () => {
    const { recorded, ...story } = await created();
    const older = { ...recorded! };
    delete (older as { nested?: unknown }).nested;
    const before = world.calls('cloudformation:GetTemplate');
    const unrecorded = await observeKnown({ ...story, recorded: older, driver: world.freshStackDriver() });
    expect(unrecorded.nested).toEqual({});
    expect(unrecorded.stacks).toHaveLength(3);
    expect(world.calls('cloudformation:GetTemplate')).toBe(before);
    const theirs = desiredOf({ stackName: 'evenkeel-outer' as StackName, address: 'Stack/other' });
    const other = {
      ...story,
      recorded: null,
      desired: theirs,
      deployments: [deploymentAt(organization, 'Stack/other', ONE, EAST)],
    };
    expect(await observeKnown({ ...other, driver: world.freshStackDriver() })).toMatchObject({
      ownership: 'theirs',
      nested: {},
    });
    expect(world.calls('cloudformation:GetTemplate')).toBe(before + 1);
  });

  test('leave it unknown where one of them cannot be read', async () => {
    const story = storyOf();
    await drive(world, story, { action: 'create', token: 'ek-create' });
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'GetTemplate',
      calls: [2],
      when: 'before',
      error: { code: 'AccessDenied', message: 'not authorized to perform cloudformation:GetTemplate', status: 403 },
    });
    await expect(observeKnown({ ...story, driver: world.freshStackDriver() })).rejects.toThrow('EK6011');
  });
});

test("the stacks nested in a stack set's instance are told and recorded with the instance", async () => {
  const story: Story = {
    driver: world.stackSet,
    desired: desiredOf({
      address: 'StackSet/outer',
      kind: 'StackSet',
      driver: 'stack-set',
      stackName: 'evenkeel-outer' as StackName,
      stackSet: {
        permissionModel: 'SELF_MANAGED',
        callAs: 'SELF',
        autoDeployment: null,
        administrationRoleArn: null,
        executionRoleName: null,
      },
    }),
    artifact,
    deployments: [deploymentAt(organization, 'StackSet/outer', ONE, EAST)],
    recorded: null,
  };
  const address: Address = `StackSet/outer@${ONE}/${EAST}`;
  const member: MemberChange = { address, action: 'create', reason: 'new', fields: [] };
  expect((await drive(world, story, { action: 'create', token: 'ek-set', members: [member] })).applied).toEqual({
    type: 'done',
  });
  const known = await observeKnown(story);
  expect(known.stacks).toEqual([]);
  const seen = known.members[`${ONE}/${EAST}`]!;
  expect(seen.stacks.map(({ nested }) => nested)).toEqual([null, 'Middle', expect.anything()]);
  expect(Object.values(seen.nested).map(({ template }) => template)).toEqual([
    templateSha256(MIDDLE),
    templateSha256(INNER),
  ]);
  const recorded = { ...story, recorded: recordOf(story, known), driver: world.freshStackSetDriver() };
  const before = world.calls('cloudformation:GetTemplate');
  expect((await observeKnown(recorded)).members[`${ONE}/${EAST}`]!.nested).toEqual(seen.nested);
  expect(world.calls('cloudformation:GetTemplate')).toBe(before);
  await updateByHand({ ...known, stacks: seen.stacks }, 'Middle', nesting('inner.json', 'Other'));
  settle();
  const changed = (await observeKnown(recorded)).members[`${ONE}/${EAST}`]!;
  expect(changed.strayed).toEqual([]);
  expect(changed.nested['Middle']!.template).toBe(templateSha256(nesting('inner.json', 'Other')));
});
