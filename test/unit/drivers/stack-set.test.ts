import {
  CloudFormationClient,
  CreateStackCommand,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackCommand,
  DescribeStackSetCommand,
  UpdateStackCommand,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/model/canonical.js';
import type { AccountId, Region, StackName } from '../../../src/model/identifiers.js';
import type { Organization } from '../../../src/model/organization.js';
import type { MemberChange } from '../../../src/model/plan.js';
import { diffSettings } from '../../../src/reconciler/diff.js';
import {
  artifactOf,
  createDrivenWorld,
  deploymentAt,
  desiredOf,
  drive,
  EAST,
  HUB,
  observe,
  observeKnown,
  ONE,
  organizationFile,
  queueTemplate,
  recordOf,
  SIGNAL,
  subjectOf,
  THREE,
  TWO,
  wantedOf,
  WEST,
} from './driven-world.js';
import type { DrivenWorld, Story } from './driven-world.js';

let world: DrivenWorld;
let organization: Organization;
const MANIFEST = 'StackSet/baseline';

type Cell = readonly [AccountId, Region, string?];
const GRID: readonly Cell[] = [
  [ONE, EAST],
  [ONE, WEST],
  [TWO, EAST],
  [TWO, WEST],
];

const desired = (over: Parameters<typeof desiredOf>[0] = {}) =>
  desiredOf({
    address: MANIFEST,
    kind: 'StackSet',
    name: 'baseline',
    driver: 'stack-set',
    stackName: 'evenkeel-baseline' as StackName,
    stackSet: {
      permissionModel: 'SELF_MANAGED',
      callAs: 'SELF',
      autoDeployment: null,
      administrationRoleArn: null,
      executionRoleName: null,
    },
    rollout: {
      maxConcurrent: '100%',
      failureTolerance: 0,
      concurrencyMode: 'soft',
      regionOrder: [],
      regionConcurrency: 'parallel',
      waves: [],
      stops: false,
    },
    ...over,
  });

const serviceManaged = {
  permissionModel: 'SERVICE_MANAGED',
  callAs: 'DELEGATED_ADMIN',
  autoDeployment: null,
  administrationRoleArn: null,
  executionRoleName: null,
} as const;

const deployments = (cells: readonly Cell[]) =>
  cells.map(([account, region, delay]) =>
    deploymentAt(organization, MANIFEST, account, region, {
      parameters: { Delay: delay ?? '0' },
      overridden: delay === undefined ? [] : ['Delay'],
    }),
  );

const storyOf = (over: Partial<Story> = {}): Story => ({
  driver: world.stackSet,
  desired: desired(),
  artifact: artifactOf(queueTemplate()),
  deployments: deployments(GRID),
  recorded: null,
  ...over,
});

const members = (cells: readonly Cell[], action: MemberChange['action'] = 'create'): MemberChange[] =>
  cells.map(([account, region]) => ({
    address: `${MANIFEST}@${account}/${region}`,
    action,
    reason: 'new',
    fields: [],
  }));

const as = (account: AccountId, region: Region = EAST) =>
  new CloudFormationClient({
    region,
    requestHandler: world.simulator.requestHandler,
    credentials: world.simulator.credentials(account),
  });
const settle = () => world.simulator.world.clock.advance(7200);

async function created(over: Partial<Story> = {}, cells: readonly Cell[] = GRID): Promise<Story> {
  const story = storyOf({ deployments: deployments(cells), ...over });
  const { applied } = await drive(world, story, { action: 'create', token: 'ek-create', members: members(cells) });
  expect(applied).toEqual({ type: 'done' });
  return { ...story, recorded: recordOf(story, await observeKnown(story)) };
}

/** Changes the first instance's stack behind its stack set's back. */
async function stray(story: Story) {
  const key = `${ONE}/${EAST}` as const;
  await as(ONE).send(
    new UpdateStackCommand({
      StackName: (await observeKnown(story)).members[key]!.identity!,
      TemplateBody: queueTemplate({ seconds: 11 }),
      Tags: Object.entries(wantedOf(story).settings.tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  settle();
  return key;
}

async function describeSet(name: string) {
  const { StackSet } = await as(HUB).send(new DescribeStackSetCommand({ StackSetName: name }));
  return StackSet!;
}

beforeEach(async () => {
  world = createDrivenWorld();
  organization = await world.organization();
});
afterEach(() => world.simulator.close());

describe('a stack set', () => {
  test('is created with its instances, and then looks like what was wanted', async () => {
    const story = await created();
    const observed = await observeKnown(story);
    expect(observed).toMatchObject({ ownership: 'ours', condition: { type: 'settled' } });
    expect(observed.settings).toEqual(wantedOf(story).settings);
    expect(Object.values(observed.members).map((member) => [member.condition, member.layer, member.strayed])).toEqual(
      GRID.map(() => ['settled', 'seen', []]),
    );
    expect(world.calls('cloudformation:CreateStackInstances')).toBe(1);
    expect(world.calls('cloudformation:DescribeStackInstance')).toBe(0);
    expect(world.calls('cloudformation:GetTemplate')).toBe(0);
  });

  test('that needs nothing costs its description, its instances and the shared walks', async () => {
    const story = await created();
    world.simulator.calls.reset();
    await observeKnown({ ...story, driver: world.freshStackSetDriver() }, 'reuse');
    expect(world.simulator.calls.byOperation()).toEqual({
      'cloudformation:DescribeStackSet': 1,
      'cloudformation:ListStackInstances': 1,
      'cloudformation:DescribeStacks': 4,
    });
  });

  test('holes in the grid are filled without a pair that nobody wants', async () => {
    const cells: readonly Cell[] = [
      [ONE, EAST],
      [TWO, EAST],
      [TWO, WEST],
    ];
    const story = await created({}, cells);
    expect(Object.keys((await observeKnown(story)).members).sort()).toEqual([
      `${ONE}/${EAST}`,
      `${TWO}/${EAST}`,
      `${TWO}/${WEST}`,
    ]);
    expect(world.calls('cloudformation:CreateStackInstances')).toBe(2);
  });

  test('instances with overrides are created apart, and their overrides are read', async () => {
    const story = await created({}, [
      [ONE, EAST, '5'],
      [TWO, EAST],
    ]);
    const observed = await observeKnown(story);
    expect(observed.members[`${ONE}/${EAST}`]!.settings).toEqual({
      parameters: { Delay: { type: 'plain', value: '5' } },
    });
    expect(observed.settings).toEqual(wantedOf(story).settings);
    expect(world.calls('cloudformation:DescribeStackInstance')).toBeGreaterThan(0);
    world.simulator.calls.reset();
    // Recorded, and touched by nobody since: not read again.
    await observeKnown({ ...story, driver: world.freshStackSetDriver() }, 'reuse');
    expect(world.calls('cloudformation:DescribeStackInstance')).toBe(0);
  });

  test('code goes to the bucket of a Region that is new, although the definition stays as it is', async () => {
    const before = await created({}, [[ONE, EAST]]);
    const published: Region[] = [];
    const story: Story = {
      ...before,
      driver: world.freshStackSetDriver({
        publish: (_, region) => {
          published.push(region);
          return Promise.resolve({ templateUrl: '' });
        },
      }),
      artifact: { ...before.artifact, objects: [{ sha256: digestOf('code'), bytes: new Uint8Array() }] },
      deployments: deployments([
        [ONE, EAST],
        [ONE, WEST],
      ]),
    };
    const { applied } = await drive(world, story, { token: 'ek-region', members: members([[ONE, WEST]]) });
    expect(applied).toEqual({ type: 'done' });
    expect(published).toEqual([WEST]);
    expect(world.calls('cloudformation:UpdateStackSet')).toBe(0);
  });

  test('capabilities that a template requires are told again with what stays as it is', async () => {
    const template = JSON.stringify({
      ...(JSON.parse(queueTemplate()) as { Resources: object }),
      Resources: {
        ...(JSON.parse(queueTemplate()) as { Resources: object }).Resources,
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
      },
    });
    const artifact = artifactOf(template, { requiredCapabilities: ['CAPABILITY_IAM'] });
    const story = await created({ artifact }, [[ONE, EAST]]);
    const strayed = await stray(story);
    const { applied } = await drive(world, story, { token: 'ek-iam', members: members([[ONE, EAST]], 'update') });
    expect(applied).toEqual({ type: 'done' });
    expect((await describeSet('evenkeel-baseline')).Capabilities).toEqual(['CAPABILITY_IAM']);
    expect((await observeKnown(story)).members[strayed]!.strayed).toEqual([]);
  });

  test('overrides that change are brought to their instances alone', async () => {
    const before = await created({}, [
      [ONE, EAST, '5'],
      [TWO, EAST],
    ]);
    const story = {
      ...before,
      deployments: deployments([
        [ONE, EAST],
        [TWO, EAST, '9'],
      ]),
    };
    const { applied } = await drive(world, story, {
      token: 'ek-override',
      members: members(
        [
          [ONE, EAST],
          [TWO, EAST],
        ],
        'update',
      ),
    });
    expect(applied).toEqual({ type: 'done' });
    expect((await observeKnown(story)).settings.members).toEqual(wantedOf(story).settings.members);
    expect(world.calls('cloudformation:UpdateStackSet')).toBe(0);
  });

  test('a changed template reaches every instance by one operation', async () => {
    const before = await created();
    const story = { ...before, artifact: artifactOf(queueTemplate({ seconds: 77 })) };
    const { applied, doings } = await drive(world, story, { token: 'ek-update', members: members(GRID, 'update') });
    expect(applied).toEqual({ type: 'done' });
    expect(doings).toEqual(['updating the stack set']);
    expect((await observeKnown(story)).settings).toEqual(wantedOf(story).settings);
  });

  test('managed execution that somebody turned off is no difference, and is turned on before the next operation', async () => {
    const before = await created();
    await as(HUB).send(
      new UpdateStackSetCommand({
        StackSetName: 'evenkeel-baseline',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Delay', UsePreviousValue: true }],
        Tags: Object.entries(before.recorded!.settings.tags).map(([Key, Value]) => ({ Key, Value })),
        ManagedExecution: { Active: false },
      }),
    );
    settle();
    const observed = await observeKnown(before);
    expect(observed.settings.options['managedExecution']).toBe(false);
    expect(diffSettings(wantedOf(before).settings, observed.settings, before.recorded!.settings)).toEqual([]);

    const story = { ...before, artifact: artifactOf(queueTemplate({ seconds: 77 })) };
    const { applied, doings } = await drive(world, story, { token: 'ek-managed', members: members(GRID, 'update') });
    expect(applied).toEqual({ type: 'done' });
    expect(doings).toEqual(['turning managed execution on', 'updating the stack set']);
    expect((await observeKnown(story)).settings).toEqual(wantedOf(story).settings);
  });

  test('what is no longer wanted is removed, and the whole set with its last instance', async () => {
    const before = await created();
    const shrunk = { ...before, deployments: deployments(GRID.slice(0, 2)) };
    expect(
      (await drive(world, shrunk, { token: 'ek-shrink', members: members(GRID.slice(2), 'delete') })).applied,
    ).toEqual({ type: 'done' });
    expect(Object.keys((await observeKnown(shrunk)).members)).toHaveLength(2);
    const { applied, doings } = await drive(world, shrunk, {
      action: 'delete',
      wanted: null,
      token: 'ek-delete',
      members: members(GRID.slice(0, 2), 'delete'),
    });
    expect(applied).toEqual({ type: 'done' });
    expect(doings).toEqual(['removing 2 stack instances', 'deleting the stack set']);
    expect(await observe(shrunk)).toEqual({ type: 'absent' });
  });

  test('a retained instance leaves its stack behind', async () => {
    const before = await created();
    const stackId = (await observeKnown(before)).members[`${TWO}/${WEST}`]!.identity!;
    const shrunk = { ...before, deployments: deployments(GRID.slice(0, 3)) };
    expect(
      (await drive(world, shrunk, { token: 'ek-forget', members: members(GRID.slice(3), 'forget') })).applied,
    ).toEqual({ type: 'done' });
    expect(world.simulator.world.stacks.find(TWO, WEST, stackId)?.status).toBe('CREATE_COMPLETE');
  });

  test('a stack changed behind its back is seen, and brought back', async () => {
    const story = await created();
    await stray(story);
    const strayed = await observeKnown(story);
    expect(strayed.members[`${ONE}/${EAST}`]).toMatchObject({ condition: 'settled', strayed: [{ path: 'template' }] });
    expect(strayed.members[`${ONE}/${WEST}`]!.strayed).toEqual([]);
    expect(
      (await drive(world, story, { token: 'ek-revert', members: members(GRID.slice(0, 1), 'update') })).applied,
    ).toEqual({ type: 'done' });
    expect((await observeKnown(story)).members[`${ONE}/${EAST}`]!.strayed).toEqual([]);
  });

  test('an instance whose stack is gone is unresolved', async () => {
    const story = await created();
    const instance = (await observeKnown(story)).members[`${ONE}/${EAST}`]!;
    await as(ONE).send(new DeleteStackCommand({ StackName: instance.identity! }));
    settle();
    expect((await observeKnown(story)).members[`${ONE}/${EAST}`]!.condition).toBe('unresolved');
  });

  test('an account whose plan role is missing keeps its instances, with the stack layer not checkable', async () => {
    await world.simulator.close();
    world = createDrivenWorld({ ...organizationFile, roles: ['AWSCloudFormationStackSetExecutionRole'] });
    organization = await world.organization();
    const story = storyOf();
    expect((await drive(world, story, { action: 'create', members: members(GRID) })).applied).toEqual({ type: 'done' });
    const { members: seen } = await observeKnown(story);
    expect(seen[`${ONE}/${EAST}`]).toMatchObject({
      condition: 'settled',
      strayed: [],
      layer: 'unknown',
      status: expect.stringContaining('stack layer not checkable') as string,
    });
  });

  test('an account without the execution role is named with the reason of AWS', async () => {
    await world.simulator.close();
    world = createDrivenWorld({
      ...organizationFile,
      roles: (organizationFile.roles ?? []).filter((role) => role !== 'AWSCloudFormationStackSetExecutionRole'),
      accounts: organizationFile.accounts.map((account) =>
        account.id === ONE ? { ...account, roles: ['AWSCloudFormationStackSetExecutionRole'] } : account,
      ),
    });
    organization = await world.organization();
    const story = storyOf({
      desired: desired({
        rollout: {
          maxConcurrent: '100%',
          failureTolerance: '50%',
          concurrencyMode: 'soft',
          regionOrder: [],
          regionConcurrency: 'parallel',
          waves: [],
          stops: false,
        },
      }),
    });
    const { applied } = await drive(world, story, { action: 'create', members: members(GRID) });
    expect(applied).toMatchObject({ type: 'refused', diagnostic: { code: 'EK6017' } });
    const { message } = (applied as { diagnostic: { message: string } }).diagnostic;
    expect(message).toContain(`${TWO}/${EAST}`);
    expect(message).toContain('AWSCloudFormationStackSetExecutionRole');
    expect(message).not.toContain(`${ONE}/${EAST}`);
  });

  test('narrowed to one account, the definition and the others are left alone', async () => {
    const before = await created();
    const story = {
      ...before,
      artifact: artifactOf(queueTemplate({ seconds: 55 })),
      deployments: deployments([...GRID, [THREE, EAST]]),
    };
    const { applied } = await drive(world, story, {
      token: 'ek-narrow',
      scope: { type: 'account', account: THREE },
      members: members(
        [
          [THREE, EAST],
          [ONE, EAST],
        ],
        'create',
      ),
    });
    expect(applied).toEqual({ type: 'done' });
    expect(world.calls('cloudformation:UpdateStackSet')).toBe(0);
    expect(Object.keys((await observeKnown(story)).members)).toHaveLength(5);
  });

  test('narrowed to one account, what strayed there is brought back to the definition as it stands', async () => {
    const before = await created();
    const strayed = await stray(before);
    const standing = await describeSet('evenkeel-baseline');
    const story = {
      ...before,
      artifact: artifactOf(queueTemplate({ seconds: 55 })),
      // Only the one account's: a value that is shared there is not the set's.
      deployments: deployments([[ONE, EAST]]).map((each) => ({ ...each, parameters: { Delay: '7' } })),
    };
    expect(
      (
        await drive(world, story, {
          token: 'ek-narrow',
          scope: { type: 'account', account: ONE },
          members: members(GRID.slice(0, 1), 'update'),
        })
      ).applied,
    ).toEqual({ type: 'done' });
    expect(await describeSet('evenkeel-baseline')).toEqual(standing);
    const after = await observeKnown(before);
    expect(after.members[strayed]!.strayed).toEqual([]);
    expect(Object.values(after.members).map(({ condition }) => condition)).toEqual(GRID.map(() => 'settled'));
  });

  test('what differs is left alone where the plan only reports it', async () => {
    const before = await created();
    const strayed = await stray(before);
    await as(HUB).send(
      new UpdateStackSetCommand({
        StackSetName: 'evenkeel-baseline',
        TemplateBody: queueTemplate({ seconds: 12 }),
        Tags: Object.entries(before.recorded!.settings.tags).map(([Key, Value]) => ({ Key, Value })),
        Accounts: [TWO],
        Regions: [EAST],
      }),
    );
    settle();
    const standing = await describeSet('evenkeel-baseline');
    const story = { ...before, deployments: deployments([...GRID, [THREE, EAST]]) };
    const { applied, doings } = await drive(world, story, {
      token: 'ek-report',
      reason: 'members',
      fields: [],
      members: [...members([[THREE, EAST]]), ...members(GRID.slice(0, 1), 'update')],
    });
    expect(applied).toEqual({ type: 'done' });
    expect(doings).toEqual(['creating 1 stack instance', 'updating 1 stack instance']);
    expect(await describeSet('evenkeel-baseline')).toMatchObject({
      TemplateBody: standing.TemplateBody!,
      Parameters: standing.Parameters!,
      Tags: standing.Tags!,
    });
    expect((await observeKnown(story)).members[strayed]).toMatchObject({ condition: 'settled', strayed: [] });
  });

  test('that an operator renames is neither made twice nor changed', async () => {
    const before = await created();
    const story = { ...before, desired: desired({ stackName: 'evenkeel-renamed' as StackName }) };
    expect((await observeKnown(story)).identity).toBe(before.recorded!.identity);
    const { applied } = await drive(world, story, { token: 'ek-rename', members: members(GRID, 'update') });
    expect(applied).toMatchObject({ type: 'refused', diagnostic: { code: 'EK5018' } });
    expect(world.calls('cloudformation:CreateStackSet')).toBe(1);
    expect(world.calls('cloudformation:UpdateStackSet')).toBe(0);
    // The way out: without its manifest it goes, although the refused step was to reach it under the other name.
    const gone = await drive(world, story, {
      action: 'delete',
      wanted: null,
      token: 'ek-renamed-gone',
      members: members(GRID, 'delete'),
    });
    expect(gone.applied).toEqual({ type: 'done' });
    expect(await observe(before)).toEqual({ type: 'absent' });
    const anew = { ...story, recorded: null };
    expect(
      (await drive(world, anew, { action: 'create', token: 'ek-renamed', members: members(GRID) })).applied,
    ).toEqual({ type: 'done' });
  });

  test('a repeated call after a lost answer finds its own operation', async () => {
    const story = storyOf();
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'CreateStackInstances',
      when: 'after',
      error: { code: 'ServiceUnavailable', message: 'gone', status: 503 },
    });
    const lost = await drive(world, story, { action: 'create', token: 'ek-lost', members: members(GRID) });
    // The SDK's own repetition already finds that the operation exists.
    expect(lost.applied.type === 'done' || lost.applied.type === 'in-doubt').toBe(true);
    world.simulator.clearFaults();
    const again = { ...story, driver: world.freshStackSetDriver() };
    expect((await drive(world, again, { action: 'create', token: 'ek-lost', members: members(GRID) })).applied).toEqual(
      { type: 'done' },
    );
    expect(Object.keys((await observeKnown(again)).members)).toHaveLength(4);
  });

  test("somebody else's operation is not disturbed", async () => {
    const before = await created();
    await as(HUB).send(
      new CreateStackInstancesCommand({
        StackSetName: 'evenkeel-baseline',
        Accounts: [THREE],
        Regions: [EAST],
        OperationId: 'by-hand',
      }),
    );
    const observed = await observe(before, 'poll', ['ek-mine' as never]);
    expect(observed).toMatchObject({ type: 'known', condition: { type: 'busy', operation: null } });
    const applied = await before.driver.apply(
      {
        subject: {
          address: MANIFEST,
          driver: 'stack-set',
          stackName: before.desired.stackName,
          options: wantedOf(before).settings.options,
          targets: [],
          recorded: before.recorded,
          tokens: [],
        },
        change: {
          address: MANIFEST,
          action: 'update',
          reason: 'manifest-changed',
          fields: [],
          members: [],
          replaces: [],
          removes: [],
          artifactSha256: null,
          observedSha256: null,
          dependsOn: [],
          wave: 0,
        },
        token: 'ek-mine' as never,
        wanted: wantedOf(before),
        observed: observed as never,
        scope: { type: 'all' },
      },
      new AbortController().signal,
    );
    expect(applied).toMatchObject({ type: 'refused', diagnostic: { code: 'EK6008' } });
  });

  test('one of that name without our tags is not touched', async () => {
    await as(HUB).send(new CreateStackSetCommand({ StackSetName: 'evenkeel-baseline', TemplateBody: queueTemplate() }));
    expect((await drive(world, storyOf(), { members: members(GRID) })).applied).toMatchObject({
      type: 'refused',
      diagnostic: { code: 'EK6006' },
    });
    expect(
      (await drive(world, storyOf(), { action: 'adopt', token: 'ek-adopt', members: members(GRID) })).applied,
    ).toEqual({ type: 'done' });
  });

  test('a second walk of a foreign stack does not make it ours', async () => {
    await as(ONE).send(new CreateStackCommand({ StackName: 'evenkeel-baseline', TemplateBody: queueTemplate() }));
    settle();
    expect(await observe(storyOf())).toEqual({ type: 'absent' });
  });
});

describe('a service-managed stack set', () => {
  const managed = () => ({ desired: desired({ stackSet: serviceManaged }) });

  test('reaches exactly the wanted accounts of a unit, as a delegated administrator', async () => {
    const story = await created(managed(), [[ONE, EAST]]);
    const observed = await observeKnown(story);
    expect(observed.settings).toEqual(wantedOf(story).settings);
    expect(Object.keys(observed.members)).toEqual([`${ONE}/${EAST}`]);
  });

  test('whose caller an operator changes is still found, and neither made twice nor changed', async () => {
    const before = await created(managed(), [[ONE, EAST]]);
    const story = { ...before, desired: desired({ stackSet: { ...serviceManaged, callAs: 'SELF' } }) };
    const observed = await observeKnown(story);
    expect(observed.identity).toBe(before.recorded!.identity);
    expect(observed.settings.options['callAs']).toBe('DELEGATED_ADMIN');
    expect(await story.driver.template(subjectOf(story), SIGNAL)).toBe(queueTemplate());
    const { applied } = await drive(world, story, { token: 'ek-caller', members: members([[ONE, EAST]], 'update') });
    expect(applied).toMatchObject({ type: 'refused', diagnostic: { code: 'EK5018' } });
    expect(world.calls('cloudformation:CreateStackSet')).toBe(1);
    expect(world.calls('cloudformation:UpdateStackSet')).toBe(0);
  });

  test("has no roles of ours to differ, whatever AWS's own are", async () => {
    const story = await created(managed(), [[ONE, EAST]]);
    const { StackSet: set } = await as(HUB).send(
      new DescribeStackSetCommand({ StackSetName: 'evenkeel-baseline', CallAs: 'DELEGATED_ADMIN' }),
    );
    expect(set!.AdministrationRoleARN).toMatch(/:role\/aws-service-role\//);
    expect(set!.ExecutionRoleName).toMatch(/^stacksets-exec-/);
    expect((await observeKnown(story)).settings.options).toMatchObject({
      administrationRoleArn: null,
      executionRoleName: null,
    });
  });

  test('lets go of an account that has moved out of every targeted unit', async () => {
    const before = await created(managed(), [
      [ONE, EAST],
      [TWO, EAST],
    ]);
    const shrunk = { ...before, deployments: deployments([[ONE, EAST]]) };
    expect(
      (await drive(world, shrunk, { token: 'ek-left', members: members([[TWO, EAST]], 'delete') })).applied,
    ).toEqual({ type: 'done' });
    expect(Object.keys((await observeKnown(shrunk)).members)).toEqual([`${ONE}/${EAST}`]);
  });

  test('is refused at plan time what StackSets would refuse', () => {
    const check = (over: Partial<Story>) => {
      const story = storyOf(over);
      return world.stackSet
        .check(story.desired, story.artifact, story.deployments)
        .map((diagnostic) => diagnostic.code);
    };
    expect(check(managed())).toEqual([]);
    expect(
      check({ ...managed(), artifact: artifactOf(queueTemplate(), { transforms: ['AWS::Serverless-2016-10-31'] }) }),
    ).toEqual(['EK5001']);
    expect(
      check({
        ...managed(),
        artifact: artifactOf(queueTemplate(), { resourceTypes: { Inner: 'AWS::CloudFormation::Stack' } }),
      }),
    ).toEqual(['EK5001']);
    expect(
      check({ ...managed(), deployments: [deploymentAt(organization, MANIFEST, '999999999999' as AccountId, EAST)] }),
    ).toEqual(['EK5002']);
    expect(check({ desired: desired({ stackSet: { ...serviceManaged, executionRoleName: 'x' } }) })).toEqual([
      'EK5003',
    ]);
    expect(
      check({
        desired: desired({
          stackSet: {
            ...serviceManaged,
            permissionModel: 'SELF_MANAGED',
            autoDeployment: { retainStacksOnAccountRemoval: true },
          },
        }),
      }),
    ).toEqual(['EK5003', 'EK5003']);
    expect(check({ desired: desired({ terminationProtection: true }) })).toEqual(['EK5004']);
    expect(
      check({ deployments: deployments(GRID).map((each) => ({ ...each, tags: { account: each.target.account } })) }),
    ).toEqual(['EK5005']);
  });
});
