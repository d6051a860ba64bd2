import type { ResourceChange } from '@aws-sdk/client-cloudformation';
import { CloudFormationClient, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unplannedWrites } from '../../../src/drivers/drift-aware.js';
import type { LogicalId, StackName } from '../../../src/model/identifiers.js';
import type { Organization } from '../../../src/model/organization.js';
import type { Change } from '../../../src/model/plan.js';
import { loadRevertability } from '../../../src/reconciler/drift/revertable.js';
import type { ToRevert } from '../../../src/reconciler/drift/revertable.js';
import {
  artifactOf,
  createDrivenWorld,
  deploymentAt,
  desiredOf,
  drive,
  EAST,
  observeKnown,
  ONE,
  recordOf,
  wantedOf,
} from './driven-world.js';
import type { DrivenWorld, Intent, Story } from './driven-world.js';

let world: DrivenWorld;
let organization: Organization;

const template = (seconds = 30, more: object = {}) =>
  JSON.stringify({
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs', VisibilityTimeout: seconds } },
      Other: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 5 } },
      // Is listed whenever Queue is written, because it reads it.
      Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::GetAtt': ['Queue', 'QueueName'] } } },
      ...more,
    },
  });

const storyOf = (body = template(), over: Partial<Story> = {}): Story => ({
  driver: world.stack,
  desired: desiredOf({ stackName: 'evenkeel-jobs' as StackName, address: 'Stack/jobs' }),
  artifact: artifactOf(body, { parameters: {} }),
  deployments: [deploymentAt(organization, 'Stack/jobs', ONE, EAST)],
  recorded: null,
  ...over,
});

async function created(body = template()): Promise<Story> {
  const story = storyOf(body);
  expect((await drive(world, story, { action: 'create', token: 'ek-create' })).applied).toEqual({ type: 'done' });
  return { ...story, recorded: recordOf(story, await observeKnown(story)) };
}

const stackId = (story: Story) => story.recorded!.identity;
const change = (story: Story, logicalId: string, properties: { readonly [name: string]: any } | null) =>
  world.simulator.stacks.changeResource(ONE, EAST, stackId(story), logicalId, properties);
const standing = (story: Story) => world.simulator.stacks.resources(ONE, EAST, stackId(story));
const reverting = (ids: readonly string[], over: Intent = {}): Intent => ({
  token: 'ek-revert',
  reason: 'drifted',
  reverts: ids as LogicalId[],
  fields: ids.map((id) => ({ path: `resources.${id}/X`, before: 'b', after: 'a' })),
  ...over,
});

beforeEach(async () => {
  world = createDrivenWorld();
  organization = await world.organization();
});
afterEach(() => world.simulator.close());

describe('putting drift right', () => {
  test('writes what the template says, by one drift-aware change set, and says nothing differs before nor after', async () => {
    const story = await created();
    change(story, 'Queue', { VisibilityTimeout: 99 });
    const { applied, doings } = await drive(world, story, reverting(['Queue']));
    expect(applied).toEqual({ type: 'done' });
    expect(doings).toContain('updating the stack');
    expect(standing(story).get('Queue')).toMatchObject({ VisibilityTimeout: 30 });
    expect(world.calls('cloudformation:CreateChangeSet')).toBe(1);
    expect(world.calls('cloudformation:ExecuteChangeSet')).toBe(1);
    expect((await observeKnown(story)).settings).toEqual(wantedOf(story).settings);
  });

  test('has nothing to do where it has been put right meanwhile, and says so', async () => {
    const story = await created();
    const { applied } = await drive(world, story, reverting(['Queue']));
    expect(applied).toEqual({ type: 'done', nothingReverted: true });
    expect(world.calls('cloudformation:ExecuteChangeSet')).toBe(0);
    expect(world.calls('cloudformation:DeleteChangeSet')).toBe(1);
  });

  test('has nothing to do about what drift-aware change sets leave alone', async () => {
    const story = await created();
    change(story, 'Queue', { QueueName: 'renamed' });
    change(story, 'Other', null);
    const { applied } = await drive(world, story, reverting(['Queue', 'Other']));
    expect(applied).toEqual({ type: 'done', nothingReverted: true });
  });

  test('goes together with a change of the template', async () => {
    const before = await created();
    change(before, 'Other', { DelaySeconds: 7 });
    const story = { ...before, artifact: artifactOf(template(45), { parameters: {} }) };
    const fields = [{ path: 'template', before: 'a', after: 'b' }];
    expect((await drive(world, story, reverting(['Other'], { fields }))).applied).toEqual({ type: 'done' });
    expect(standing(story).get('Queue')).toMatchObject({ VisibilityTimeout: 45 });
    expect(standing(story).get('Other')).toMatchObject({ DelaySeconds: 5 });
    expect(world.calls('cloudformation:ExecuteChangeSet')).toBe(1);
  });

  test('sets termination protection too, by a call of its own', async () => {
    const before = await created();
    change(before, 'Queue', { VisibilityTimeout: 99 });
    const story = {
      ...before,
      desired: desiredOf({
        stackName: 'evenkeel-jobs' as StackName,
        address: 'Stack/jobs',
        terminationProtection: true,
      }),
    };
    expect((await drive(world, story, reverting(['Queue']))).applied).toEqual({ type: 'done' });
    expect(standing(story).get('Queue')).toMatchObject({ VisibilityTimeout: 30 });
    expect((await observeKnown(story)).settings.options['terminationProtection']).toBe(true);
    expect(world.calls('cloudformation:ExecuteChangeSet')).toBe(1);
  });

  test('stops before it writes over drift that the plan does not name', async () => {
    const story = await created();
    change(story, 'Queue', { VisibilityTimeout: 99 });
    change(story, 'Other', { DelaySeconds: 7 });
    const { applied } = await drive(world, story, reverting(['Queue']));
    expect(applied).toMatchObject({
      type: 'refused',
      diagnostic: {
        code: 'EK6010',
        message: 'CloudFormation would write over Other, which the plan did not say',
        remedy: expect.stringContaining('respond: report'),
      },
    });
    expect(applied).not.toHaveProperty('announced');
    expect(standing(story).get('Queue')).toMatchObject({ VisibilityTimeout: 99 });
    expect(world.calls('cloudformation:ExecuteChangeSet')).toBe(0);
    expect(world.calls('cloudformation:DeleteChangeSet')).toBe(1);
  });

  test('that failed is refused with its cause, and what stood comes back', async () => {
    const fragile = (Metadata: object) => ({
      Fragile: { Type: 'AWS::SQS::Queue', Metadata, Properties: { DelaySeconds: 1 } },
    });
    const before = await created(template(30, fragile({})));
    change(before, 'Fragile', { DelaySeconds: 9 });
    const failing = template(30, fragile({ Simulator: { Fail: 'update' } }));
    const story = { ...before, artifact: artifactOf(failing, { parameters: {} }) };
    const fields = [{ path: 'template', before: 'a', after: 'b' }];
    expect((await drive(world, story, reverting(['Fragile'], { fields }))).applied).toMatchObject({
      type: 'refused',
      diagnostic: { code: 'EK6017', message: expect.stringContaining('rolled back: Fragile') },
    });
    expect(standing(story).get('Fragile')).toMatchObject({ DelaySeconds: 9 });
    expect(world.calls('cloudformation:ExecuteChangeSet')).toBe(1);
  });
});

describe('a controller that dies', () => {
  test('after it asked for the change set is followed by one that finds it', async () => {
    const story = await created();
    change(story, 'Queue', { VisibilityTimeout: 99 });
    await expect(drive(world, story, reverting(['Queue']), 1)).rejects.toThrow('still running');
    expect((await drive(world, { ...story, driver: world.freshStackDriver() }, reverting(['Queue']))).applied).toEqual({
      type: 'done',
    });
    expect(standing(story).get('Queue')).toMatchObject({ VisibilityTimeout: 30 });
    expect(world.calls('cloudformation:ExecuteChangeSet')).toBe(1);
  });

  test('after it was put right is followed by one that does not do it again', async () => {
    const story = await created();
    change(story, 'Queue', { VisibilityTimeout: 99 });
    await drive(world, story, reverting(['Queue']));
    // Somebody changes it once more: that is another finding, and another step.
    change(story, 'Queue', { VisibilityTimeout: 98 });
    const again = { ...story, driver: world.freshStackDriver() };
    expect((await drive(world, again, reverting(['Queue']))).applied).toEqual({ type: 'done' });
    expect(world.calls('cloudformation:CreateChangeSet')).toBe(1);
    expect((await drive(world, again, reverting(['Queue'], { token: 'ek-revert-2' }))).applied).toEqual({
      type: 'done',
    });
    expect(standing(story).get('Queue')).toMatchObject({ VisibilityTimeout: 30 });
  });

  test('whose update ran before does not take that for having put drift right', async () => {
    const before = await created();
    const story = { ...before, artifact: artifactOf(template(45), { parameters: {} }) };
    expect((await drive(world, story, { token: 'ek-revert' })).applied).toEqual({ type: 'done' });
    change(story, 'Other', { DelaySeconds: 7 });
    expect((await drive(world, { ...story, driver: world.freshStackDriver() }, reverting(['Other']))).applied).toEqual({
      type: 'done',
    });
    expect(standing(story).get('Other')).toMatchObject({ DelaySeconds: 5 });
  });
});

test('somebody who updates the stack afterwards is no reason to put it right twice in one step', async () => {
  const story = await created();
  change(story, 'Queue', { VisibilityTimeout: 99 });
  await drive(world, story, reverting(['Queue']));
  const client = new CloudFormationClient({
    region: EAST,
    requestHandler: world.simulator.requestHandler,
    credentials: world.simulator.credentials(ONE),
  });
  const tags = Object.entries(wantedOf(story).settings.tags).map(([Key, Value]) => ({ Key, Value }));
  for (const TemplateBody of [template(31), template()]) {
    await client.send(new UpdateStackCommand({ StackName: 'evenkeel-jobs', TemplateBody, Tags: tags }));
    world.simulator.world.clock.advance(3_600);
  }
  expect((await drive(world, story, reverting(['Queue']))).applied).toEqual({ type: 'done' });
  expect(world.calls('cloudformation:CreateChangeSet')).toBe(1);
});

test.each(['CreateChangeSet', 'DescribeChangeSet', 'ExecuteChangeSet', 'DescribeStackEvents'])(
  'a lost answer of %s does not put drift right twice',
  async (operation) => {
    const story = await created();
    change(story, 'Queue', { VisibilityTimeout: 99 });
    world.simulator.inject({
      service: 'cloudformation',
      operation,
      calls: [1],
      when: 'after',
      error: 'reset',
    });
    const tried = await drive(world, story, reverting(['Queue']));
    const again = { ...story, driver: world.freshStackDriver() };
    const { applied } = tried.applied.type === 'in-doubt' ? await drive(world, again, reverting(['Queue'])) : tried;
    expect(applied).toEqual({ type: 'done' });
    expect(standing(story).get('Queue')).toMatchObject({ VisibilityTimeout: 30 });
    const begun = world.simulator.calls
      .entries()
      .filter((call) => call.operation === 'ExecuteChangeSet' && call.outcome === 'ok');
    expect(begun.length).toBeLessThanOrEqual(1);
  },
);

describe('what a drift-aware change set may write', () => {
  const plan = (over: Partial<Change> = {}) =>
    ({ reverts: ['Named' as LogicalId], replaces: [], fields: [], ...over }) satisfies Partial<Change>;
  const resource = (id: string, over: ResourceChange = {}): ResourceChange => ({
    Action: 'Modify',
    LogicalResourceId: id,
    ResourceType: 'AWS::SQS::Queue',
    Details: [{ Evaluation: 'Static', ChangeSource: 'DirectModification' }],
    ...over,
  });
  const drift = { Drift: { ActualValue: 'x' } };
  const CHANGING = [{ path: 'template', before: null, after: null }];

  test.each<[string, ResourceChange, Change['fields'], boolean]>([
    ['a resource that is named', resource('Named'), [], false],
    ['one that is not', resource('X'), [], true],
    ['one that is not, while the template changes', resource('X'), CHANGING, false],
    ['one that is not, while a tag changes', resource('X'), [{ path: 'tags.a', before: null, after: 'b' }], false],
    [
      'drift that is not named, while the template changes',
      resource('X', { Details: [{ Target: drift }] }),
      CHANGING,
      true,
    ],
    ['what CloudFormation only remembers anew', resource('X', { Action: 'SyncWithActual' }), [], false],
    [
      'a nested stack that is only looked into',
      resource('X', { ResourceType: 'AWS::CloudFormation::Stack' }),
      [],
      false,
    ],
    ['one that reads what is written', resource('X', { Details: [{ Evaluation: 'Dynamic' }] }), [], false],
    ['one of which nothing is told', resource('X', { Details: [] }), [], true],
    ['one that is made anew', resource('X', { Action: 'Add' }), [], true],
    [
      'one that was deleted, while the template changes',
      resource('X', { ResourceDriftStatus: 'DELETED' }),
      CHANGING,
      true,
    ],
  ])('%s', (_, change, fields, isBeyond) => {
    expect(unplannedWrites([change], plan({ fields }))).toEqual(isBeyond ? ['X'] : []);
  });

  test('is not asked of a change set that is not drift-aware', () => {
    expect(unplannedWrites([resource('X')], { replaces: [], fields: [] })).toEqual([]);
  });
});

describe('what CloudFormation cannot put right', () => {
  const drift = (over: Partial<ToRevert> = {}): ToRevert => ({
    layer: 'resource',
    subject: 'Queue',
    resourceType: 'AWS::SQS::Queue',
    kind: 'changed',
    differences: [{ path: '/VisibilityTimeout', expected: '30', actual: '99' }],
    within: 'stack',
    ...over,
  });
  const at = (path: string) => ({ path, expected: 'a', actual: 'b' });

  test.each<[string, Partial<ToRevert>, RegExp | null]>([
    ['a property', {}, null],
    [
      'a part of a property',
      { resourceType: 'AWS::Lambda::Function', differences: [at('/Environment/Variables/STAGE')] },
      null,
    ],
    ['a deleted resource', { kind: 'deleted', differences: [] }, /^it was deleted/],
    ['an immutable property', { differences: [at('/QueueName')] }, /^QueueName is fixed/],
    ['immutable properties', { differences: [at('/QueueName'), at('/FifoQueue')] }, /^QueueName, FifoQueue are fixed/],
    ['an immutable property beside another', { differences: [at('/QueueName'), at('/DelaySeconds')] }, null],
    ['a type that is not taken', { resourceType: 'AWS::RDS::DBProxy' }, /do not take AWS::RDS::DBProxy/],
    ['a type that nobody knows', { resourceType: 'Private::Thing::Here' }, null],
    ['a resource of a nested stack', { subject: 'Child.Queue' }, /nested stack/],
    ["a resource inside a stack set's instance", { within: 'instance' }, /instance of a stack set/],
    ['the whole of a resource', { differences: [at('')] }, null],
    ['the stack itself', { layer: 'stack', subject: 'AWS::CloudFormation::Stack' }, null],
  ])('%s', async (_, over, reason) => {
    const told = (await loadRevertability())(drift(over));
    if (reason === null) expect(told).toBeNull();
    else expect(told).toMatch(reason);
  });

  test('is learned from schemas that are loaded once', () => {
    expect(loadRevertability()).toBe(loadRevertability());
  });
});
