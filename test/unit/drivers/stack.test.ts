import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogicalId, StackName } from '../../../src/model/identifiers.js';
import type { Organization } from '../../../src/model/organization.js';
import {
  artifactOf,
  createDrivenWorld,
  deploymentAt,
  desiredOf,
  drive,
  EAST,
  observe,
  observeKnown,
  ONE,
  organizationFile,
  queueTemplate,
  recordOf,
  subjectOf,
  TWO,
  wantedOf,
} from './driven-world.js';
import type { DrivenWorld, Story } from './driven-world.js';

let world: DrivenWorld;
let organization: Organization;
const MANIFEST = 'Stack/janitor';

const storyOf = (over: Partial<Story> = {}): Story => ({
  driver: world.stack,
  desired: desiredOf({ stackName: 'evenkeel-janitor' as StackName }),
  artifact: artifactOf(queueTemplate()),
  deployments: [deploymentAt(organization, MANIFEST, ONE, EAST)],
  recorded: null,
  ...over,
});

/** Somebody with administrator's rights in the account. */
const person = () =>
  new CloudFormationClient({
    region: EAST,
    requestHandler: world.simulator.requestHandler,
    credentials: world.simulator.credentials(ONE),
  });
const settle = () => world.simulator.world.clock.advance(3600);

async function created(over: Partial<Story> = {}): Promise<Story> {
  const story = storyOf(over);
  const { applied } = await drive(world, story, { action: 'create', token: 'ek-create' });
  expect(applied).toEqual({ type: 'done' });
  return { ...story, recorded: recordOf(story, await observeKnown(story)) };
}

beforeEach(async () => {
  world = createDrivenWorld();
  organization = await world.organization();
});
afterEach(() => world.simulator.close());

describe('observing', () => {
  test('what a complete walk does not show is absent', async () => {
    expect(await observe(storyOf(), 'reuse')).toEqual({ type: 'absent' });
    expect(world.calls('cloudformation:DescribeStacks')).toBe(1);
  });

  test('one walk and one assumption serve every unit of an account and Region', async () => {
    const stories = ['a', 'b', 'c'].map((name) =>
      storyOf({
        desired: desiredOf({ stackName: name as StackName, address: `Stack/${name}` }),
        deployments: [deploymentAt(organization, `Stack/${name}`, ONE, EAST)],
      }),
    );
    await world.stack.observe(
      stories.map((story) => subjectOf(story)),
      { signal: new AbortController().signal, freshness: 'reuse', progress: () => undefined },
    );
    expect(world.calls('cloudformation:DescribeStacks')).toBe(1);
    expect(world.calls('sts:AssumeRole')).toBe(1);
  });

  test('a stack that is as it was recorded costs no GetTemplate, and looks like what was wanted', async () => {
    const story = await created();
    world.walk.forget();
    const before = world.calls('cloudformation:GetTemplate');
    const { settings } = await observeKnown({ ...story, driver: world.freshStackDriver() }, 'reuse');
    expect(settings).toEqual(wantedOf(story).settings);
    expect(world.calls('cloudformation:GetTemplate')).toBe(before);
  });

  test('a stack updated by hand is seen: its template is read anew', async () => {
    const story = await created();
    await person().send(
      new UpdateStackCommand({
        StackName: 'evenkeel-janitor',
        TemplateBody: queueTemplate({ seconds: 99 }),
        RoleARN: `arn:aws:iam::${ONE}:role/evenkeel-cloudformation`,
        Tags: Object.entries(wantedOf(story).settings.tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    settle();
    const observed = await observeKnown(story);
    expect(observed.settings.template).toBe(artifactOf(queueTemplate({ seconds: 99 })).templateSha256);
    expect(observed.sha256).not.toBe(story.recorded!.observedSha256);
  });

  test('a stack of that name without our tags is theirs', async () => {
    await person().send(new CreateStackCommand({ StackName: 'evenkeel-janitor', TemplateBody: queueTemplate() }));
    settle();
    expect((await observeKnown(storyOf())).ownership).toBe('theirs');
  });

  test("somebody else's running operation is busy and not ours", async () => {
    await person().send(new CreateStackCommand({ StackName: 'evenkeel-janitor', TemplateBody: queueTemplate() }));
    const observed = await observe(storyOf(), 'poll', ['ek-mine' as never]);
    expect(observed).toMatchObject({ type: 'known', condition: { type: 'busy', operation: null } });
  });

  test('a recorded stack that the walk does not show is asked for by its id before it counts as absent', async () => {
    const story = await created();
    await person().send(new DeleteStackCommand({ StackName: story.recorded!.identity }));
    await person().send(new DeleteStackCommand({ StackName: story.recorded!.identity }));
    settle();
    // Termination protection is off, so it is gone.
    const before = world.calls('cloudformation:DescribeStacks');
    expect(await observe(story)).toEqual({ type: 'absent' });
    expect(world.calls('cloudformation:DescribeStacks')).toBe(before + 2);
  });

  test('a listing whose third page fails says nothing is gone', async () => {
    await world.simulator.close();
    world = createDrivenWorld({ ...organizationFile, foreignStacks: { regions: [EAST], count: 250 } });
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'DescribeStacks',
      calls: [3],
      when: 'before',
      error: { code: 'ValidationError', message: 'no', status: 400 },
    });
    expect(await observe(storyOf())).toMatchObject({ type: 'unknown', cause: 'listing-failed' });
  });

  test('a role that cannot be assumed is unknown, once for the account, and says what to do', async () => {
    await world.simulator.close();
    world = createDrivenWorld({ ...organizationFile, roles: ['AWSCloudFormationStackSetExecutionRole'] });
    const observed = await observe(storyOf(), 'reuse');
    expect(observed).toMatchObject({
      type: 'unknown',
      cause: 'unreachable',
      diagnostic: { code: 'EK6011', address: `${MANIFEST}@${ONE}/${EAST}` },
    });
    await observe(storyOf({ deployments: [deploymentAt(organization, MANIFEST, ONE, 'us-west-2' as never)] }), 'poll');
    expect(world.calls('sts:AssumeRole')).toBe(1);
  });

  test('a Region that an SCP denies is its own diagnosis', async () => {
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'DescribeStacks',
      when: 'before',
      error: {
        code: 'AccessDenied',
        message:
          'User: x is not authorized to perform: cloudformation:DescribeStacks with an explicit deny in a service control policy',
        status: 403,
      },
    });
    expect(await observe(storyOf())).toMatchObject({
      type: 'unknown',
      cause: 'region-disabled',
      diagnostic: { code: 'EK6018' },
    });
  });
});

describe('applying', () => {
  test('a missing stack is created by one call, and nothing is left to do', async () => {
    const story = storyOf({
      deployments: [deploymentAt(organization, MANIFEST, ONE, EAST, { parameters: { Delay: '7' } })],
      desired: desiredOf({ stackName: 'evenkeel-janitor' as StackName, terminationProtection: true }),
    });
    const { applied, doings } = await drive(world, story, { action: 'create' });
    expect(applied).toEqual({ type: 'done' });
    expect(doings).toEqual(['creating the stack']);
    const observed = await observeKnown(story);
    expect(observed).toMatchObject({ ownership: 'ours', condition: { type: 'settled' }, status: 'CREATE_COMPLETE' });
    expect(observed.settings).toEqual(wantedOf(story).settings);
    expect(world.calls('cloudformation:CreateStack')).toBe(1);
    expect(world.calls('cloudformation:DescribeStackEvents')).toBe(0);
  });

  test('a call whose answer was lost is in doubt, and the same call again finds its own stack', async () => {
    const story = storyOf();
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'CreateStack',
      when: 'after',
      error: { code: 'ServiceUnavailable', message: 'gone', status: 503 },
    });
    const { applied } = await drive(world, story, { action: 'create', token: 'ek-lost' });
    expect(applied).toMatchObject({ type: 'in-doubt' });
    world.simulator.clearFaults();
    // A controller that starts anew knows only the token.
    expect(await observe({ ...story, driver: world.freshStackDriver() }, 'poll', ['ek-lost' as never])).toMatchObject({
      type: 'known',
      condition: { type: 'busy', operation: 'ek-lost' },
    });
    expect((await drive(world, story, { action: 'create', token: 'ek-lost' })).applied).toEqual({ type: 'done' });
  });

  test('an update goes by a change set, and a second one has nothing to do', async () => {
    const before = await created();
    const story = { ...before, artifact: artifactOf(queueTemplate({ seconds: 60 })) };
    expect((await drive(world, story, { token: 'ek-update' })).applied).toEqual({ type: 'done' });
    expect(world.calls('cloudformation:ExecuteChangeSet')).toBe(1);
    expect(world.calls('cloudformation:UpdateStack')).toBe(0);
    expect((await observeKnown(story)).settings).toEqual(wantedOf(story).settings);
    expect((await drive(world, story, { token: 'ek-again' })).doings).toEqual([]);
  });

  test('a replacement that the plan did not say stops the change, and is said from then on', async () => {
    const before = await created();
    const story = { ...before, artifact: artifactOf(queueTemplate({ name: 'renamed' })) };
    const { applied } = await drive(world, story, { token: 'ek-replace' });
    expect(applied).toMatchObject({
      type: 'refused',
      diagnostic: { code: 'EK6010' },
      announced: { replaces: ['Queue'], removes: [] },
    });
    expect(world.calls('cloudformation:ExecuteChangeSet')).toBe(0);
    expect(world.calls('cloudformation:DeleteChangeSet')).toBe(1);
    expect((await drive(world, story, { token: 'ek-replace-2', replaces: ['Queue' as LogicalId] })).applied).toEqual({
      type: 'done',
    });
  });

  test('a removal that the plan did not say stops the change', async () => {
    const before = await created({ artifact: artifactOf(queueTemplate({ topic: true })) });
    const story = { ...before, artifact: artifactOf(queueTemplate()) };
    expect((await drive(world, story, { token: 'ek-remove' })).applied).toMatchObject({
      type: 'refused',
      diagnostic: { code: 'EK6010' },
      announced: { replaces: [], removes: ['Topic'] },
    });
    expect((await drive(world, story, { token: 'ek-remove-2', removes: ['Topic' as LogicalId] })).applied).toEqual({
      type: 'done',
    });
  });

  test('an update that was rolled back is refused with the reason of the resource that failed', async () => {
    await person().send(
      new CreateStackCommand({ StackName: 'holder', TemplateBody: queueTemplate({ name: 'taken' }) }),
    );
    settle();
    const before = await created();
    const story = { ...before, artifact: artifactOf(queueTemplate({ name: 'taken' })) };
    const { applied } = await drive(world, story, { token: 'ek-clash', replaces: ['Queue' as LogicalId] });
    expect(applied).toMatchObject({ type: 'refused', diagnostic: { code: 'EK6017' } });
    expect(JSON.stringify(applied)).toMatch(/Queue \(AWS::SQS::Queue\): .*already exists/);
  });

  test('a creation that failed is told with its reason, and cleared away before it is tried anew', async () => {
    await person().send(
      new CreateStackCommand({ StackName: 'holder', TemplateBody: queueTemplate({ name: 'taken' }) }),
    );
    settle();
    const story = storyOf({ artifact: artifactOf(queueTemplate({ name: 'taken' })) });
    expect((await drive(world, story, { action: 'create', token: 'ek-first' })).applied).toMatchObject({
      type: 'refused',
      diagnostic: { code: 'EK6017' },
    });
    const failed = await observe(story, 'poll', ['ek-first' as never]);
    expect(failed).toMatchObject({ type: 'known', condition: { type: 'failed-creation' } });
    expect(failed.type === 'known' && failed.status).toMatch(/already exists/);
    await person().send(new DeleteStackCommand({ StackName: 'holder' }));
    settle();
    const { applied, doings } = await drive(world, story, { action: 'replace', token: 'ek-second' });
    expect(applied).toEqual({ type: 'done' });
    expect(doings).toEqual(['deleting the stack', 'creating the stack']);
  });

  test('protection alone is changed without a change set', async () => {
    const before = await created();
    const story = { ...before, desired: { ...before.desired, terminationProtection: true } };
    const { applied, doings } = await drive(world, story, { token: 'ek-protect' });
    expect(applied).toEqual({ type: 'done' });
    expect(doings).toEqual(['setting termination protection']);
    expect(world.calls('cloudformation:CreateChangeSet')).toBe(0);
  });

  test('a stack that is not ours is not touched, unless the plan adopts it', async () => {
    await person().send(new CreateStackCommand({ StackName: 'evenkeel-janitor', TemplateBody: queueTemplate() }));
    settle();
    const story = storyOf();
    expect((await drive(world, story)).applied).toMatchObject({ type: 'refused', diagnostic: { code: 'EK6006' } });
    expect((await drive(world, story, { action: 'adopt', token: 'ek-adopt' })).applied).toEqual({ type: 'done' });
    expect(await observeKnown(story)).toMatchObject({ ownership: 'ours', settings: wantedOf(story).settings });
  });

  test('a protected stack is not deleted, whatever was planned', async () => {
    const story = await created({
      desired: desiredOf({ stackName: 'evenkeel-janitor' as StackName, terminationProtection: true }),
    });
    expect((await drive(world, story, { action: 'delete', wanted: null, token: 'ek-delete' })).applied).toMatchObject({
      type: 'refused',
      diagnostic: { code: 'EK6024' },
    });
    expect(world.calls('cloudformation:DeleteStack')).toBe(0);
  });

  test('a deletion touches no other stack than the recorded one', async () => {
    const story = await created();
    const other = { ...story, recorded: { ...story.recorded!, identity: story.recorded!.identity.replace(/.$/, 'x') } };
    expect((await drive(world, other, { action: 'delete', wanted: null, token: 'ek-delete' })).applied).toMatchObject({
      type: 'refused',
      diagnostic: { code: 'EK6015' },
    });
    expect(world.calls('cloudformation:DeleteStack')).toBe(0);
  });

  test('forgetting makes no call', async () => {
    const story = await created();
    world.simulator.calls.reset();
    await story.driver.apply(
      {
        subject: subjectOf(story),
        change: {
          address: subjectOf(story).address,
          action: 'forget',
          reason: 'removed',
          fields: [],
          members: [],
          replaces: [],
          removes: [],
          artifactSha256: null,
          observedSha256: null,
          dependsOn: [],
          wave: 0,
        },
        token: 'ek-forget' as never,
        wanted: null,
        observed: { type: 'absent' },
        scope: { type: 'all' },
      },
      new AbortController().signal,
    );
    expect(world.simulator.calls.total).toBe(0);
  });

  test('an effect is refused where the role for it cannot be assumed', async () => {
    await world.simulator.close();
    world = createDrivenWorld({
      ...organizationFile,
      roles: [{ name: 'evenkeel-plan', externalId: 'secret-handshake' }],
    });
    organization = await world.organization();
    expect((await drive(world, storyOf(), { action: 'create' })).applied).toMatchObject({
      type: 'refused',
      diagnostic: { code: 'EK6011' },
    });
  });

  test('before the first effect AWS is asked whose credentials they are', async () => {
    await created();
    expect(world.calls('sts:GetCallerIdentity')).toBe(1);
  });

  test('a second account is another identity', async () => {
    await created();
    await created({ deployments: [deploymentAt(organization, MANIFEST, TWO, EAST)] });
    expect(world.calls('sts:AssumeRole')).toBe(4);
  });
});
