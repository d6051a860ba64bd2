import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDriftProbe } from '../../../src/drivers/drift-probe.js';
import { resourceDrifts, sightingsOf } from '../../../src/drivers/resource-sightings.js';
import type { DriftProbe, StackPlace } from '../../../src/reconciler/ports.js';
import type { Fault } from '../../../src/simulator/kernel/contract.js';
import { createDrivenWorld, EAST, ONE, SIGNAL, TWO } from './driven-world.js';
import type { DrivenWorld } from './driven-world.js';

let world: DrivenWorld;
let probe: DriftProbe;

const person = () =>
  new CloudFormationClient({
    region: EAST,
    requestHandler: world.simulator.requestHandler,
    credentials: world.simulator.credentials(ONE),
  });
const settle = () => world.simulator.world.clock.advance(3_600);

const TEMPLATE = JSON.stringify({
  Parameters: { Key: { Type: 'String', NoEcho: true } },
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': 'to ${Key}' } } },
    Secretive: { Type: 'AWS::SQS::Queue', Metadata: { Simulator: { Fail: 'read' } } },
    Waiting: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
  },
});

async function standing(body: string = TEMPLATE): Promise<StackPlace> {
  const declared = (JSON.parse(body) as { readonly Parameters?: object }).Parameters;
  const { StackId } = await person().send(
    new CreateStackCommand({
      StackName: 'things',
      TemplateBody: body,
      Parameters: declared === undefined ? [] : [{ ParameterKey: 'Key', ParameterValue: 'hunter2' }],
    }),
  );
  settle();
  return { target: { account: ONE, region: EAST }, stackId: StackId! };
}

const change = (
  stack: StackPlace,
  logicalId: string,
  properties: Parameters<typeof world.simulator.stacks.changeResource>[4],
) => world.simulator.stacks.changeResource(ONE, EAST, stack.stackId, logicalId, properties);

const refuse = (operation: string, code: string, message: string, status = 403): void => {
  const fault: Fault = { service: 'cloudformation', operation, when: 'before', error: { code, message, status } };
  world.simulator.inject(fault);
};

async function detected(stack: StackPlace): Promise<string> {
  const begun = await probe.detect(stack, SIGNAL);
  if (begun.type !== 'begun') throw new Error(JSON.stringify(begun));
  settle();
  return begun.id;
}

beforeEach(() => {
  world = createDrivenWorld();
  probe = createDriftProbe(world.aws);
});
afterEach(() => world.simulator.close());

describe('a detection', () => {
  test('is begun and not waited for; a second one finds it running', async () => {
    const stack = await standing();
    const begun = await probe.detect(stack, SIGNAL);
    expect(begun).toEqual({ type: 'begun', id: expect.any(String) });
    expect(await probe.detect(stack, SIGNAL)).toEqual({ type: 'running' });
    expect(await probe.status(stack, (begun as { id: string }).id, SIGNAL)).toEqual({ type: 'running' });
    expect(world.calls('cloudformation:DetectStackDrift')).toBe(2);
  });

  test('ends complete, or failed in part where a resource could not be read', async () => {
    const queue = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
    const whole = await standing(queue);
    expect(await probe.status(whole, await detected(whole), SIGNAL)).toEqual({ type: 'complete' });
    await person().send(
      new UpdateStackCommand({
        StackName: 'things',
        TemplateBody: TEMPLATE,
        Parameters: [{ ParameterKey: 'Key', ParameterValue: 'x' }],
      }),
    );
    settle();
    expect(await probe.status(whole, await detected(whole), SIGNAL)).toEqual({
      type: 'failed-in-part',
      reason: expect.stringContaining('Secretive'),
    });
  });

  test('waits where the status of the stack does not allow it, in whatever words', async () => {
    const stack = await standing();
    await person().send(
      new UpdateStackCommand({
        StackName: 'things',
        TemplateBody: TEMPLATE.replace('30', '31'),
        Parameters: [{ ParameterKey: 'Key', UsePreviousValue: true }],
      }),
    );
    expect(await probe.detect(stack, SIGNAL)).toEqual({
      type: 'not-now',
      reason: expect.stringContaining('UPDATE_IN_PROGRESS'),
    });
    settle();
    refuse('DetectStackDrift', 'ValidationError', 'Drift detection is not possible in ROLLBACK_COMPLETE', 400);
    expect(await probe.detect(stack, SIGNAL)).toMatchObject({ type: 'not-now' });
  });

  test('of a stack that has gone finds it gone, at every question', async () => {
    const stack = await standing();
    await person().send(new DeleteStackCommand({ StackName: 'things' }));
    settle();
    expect(await probe.detect(stack, SIGNAL)).toEqual({ type: 'gone' });
    expect(await probe.status(stack, 'never', SIGNAL)).toEqual({ type: 'gone' });
    expect(await probe.resources(stack, null, SIGNAL)).toEqual({ type: 'gone' });
    const unknown = { ...stack, stackId: stack.stackId.replace('things', 'nothing') };
    expect(await probe.types(unknown, SIGNAL)).toEqual({ type: 'gone' });
    expect(await probe.template(unknown, SIGNAL)).toEqual({ type: 'gone' });
  });
});

describe('what cannot be asked is told, not thrown', () => {
  test('an action that the role may not call is named, with the role and the account', async () => {
    const stack = await standing();
    refuse('DetectStackDrift', 'AccessDenied', 'User is not authorized to perform: cloudformation:DetectStackDrift');
    expect(await probe.detect(stack, SIGNAL)).toEqual({
      type: 'failed',
      isThrottled: false,
      diagnostic: {
        code: 'EK6011',
        severity: 'error',
        message: `the plan role in account ${ONE} is not allowed cloudformation:DetectStackDrift in ${EAST}`,
        remedy: `allow the plan role in account ${ONE} cloudformation:DetectStackDrift`,
      },
    });
  });

  test.each([
    ['a Region that is off', 'OptInRequired', 'The subscription is needed', 'EK6018', false],
    ['a policy that denies it', 'AccessDenied', 'with an explicit deny in a service control policy', 'EK6018', false],
    ['throttling', 'Throttling', 'Rate exceeded', 'EK6011', true],
    ['a failure of the service', 'InternalFailure', 'oh no', 'EK6011', false],
  ] as const)('%s', async (_, code, message, diagnostic, isThrottled) => {
    const stack = await standing();
    refuse('DescribeStackResourceDrifts', code, message, code === 'InternalFailure' ? 500 : 400);
    const resources = await probe.resources(stack, null, SIGNAL);
    expect(resources).toMatchObject({ type: 'failed', diagnostic: { code: diagnostic }, isThrottled });
  });

  test('a role that cannot be assumed', async () => {
    const stack = await standing();
    world.simulator.world.organization.accounts.get(ONE)!.roles.delete('evenkeel-plan');
    expect(await createDriftProbe(world.aws).types(stack, SIGNAL)).toMatchObject({
      type: 'failed',
      diagnostic: { code: 'EK6011', message: expect.stringContaining('evenkeel-plan') },
    });
  });

  test('and one who no longer waits is let go', async () => {
    const stack = await standing();
    await expect(probe.types(stack, AbortSignal.abort())).rejects.toThrow();
  });
});

describe('the resources', () => {
  test('show what differs and what is gone, without the secrets that the template gives', async () => {
    const stack = await standing();
    change(stack, 'Queue', { VisibilityTimeout: 60 });
    change(stack, 'Topic', { DisplayName: 'to nobody' });
    await detected(stack);
    const drifts = await probe.resources(stack, 'Child', SIGNAL);
    expect(drifts).toEqual({
      type: 'drifts',
      sightings: [
        {
          layer: 'resource',
          subject: 'Child.Queue',
          resourceType: 'AWS::SQS::Queue',
          physicalId: expect.stringContaining('Queue'),
          kind: 'changed',
          differences: [{ path: '/VisibilityTimeout', expected: '30', actual: '60' }],
        },
        expect.objectContaining({
          subject: 'Child.Topic',
          differences: [{ path: '/DisplayName', expected: '(hidden)', actual: '(hidden)' }],
        }),
      ],
      checked: ['AWS::SNS::Topic', 'AWS::SQS::Queue'],
      unread: [{ subject: 'Child.Secretive', reason: expect.stringContaining('Access Denied') }],
    });
    expect(JSON.stringify(drifts)).not.toContain('hunter2');
  });

  test('that were deleted need no template to be read', async () => {
    const stack = await standing();
    change(stack, 'Queue', null);
    await detected(stack);
    expect(await probe.resources(stack, null, SIGNAL)).toMatchObject({
      sightings: [{ subject: 'Queue', kind: 'deleted', differences: [] }],
    });
    expect(world.calls('cloudformation:GetTemplate')).toBe(0);
  });

  test('are not told where the template that would tell the secrets cannot be read', async () => {
    const stack = await standing();
    change(stack, 'Queue', { VisibilityTimeout: 60 });
    await detected(stack);
    refuse('GetTemplate', 'AccessDenied', 'no');
    expect(await probe.resources(stack, null, SIGNAL)).toMatchObject({
      type: 'failed',
      diagnostic: { remedy: `allow the plan role in account ${ONE} cloudformation:GetTemplate` },
    });
  });

  test('are read page by page, and a page that fails is no end', async () => {
    const queues = Object.fromEntries(
      Array.from({ length: 130 }, (_, n) => [
        `Queue${n}`,
        { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 1 } },
      ]),
    );
    const stack = await standing(JSON.stringify({ Resources: queues }));
    change(stack, 'Queue129', { DelaySeconds: 2 });
    await detected(stack);
    expect(await probe.resources(stack, null, SIGNAL)).toMatchObject({ sightings: [{ subject: 'Queue129' }] });
    expect(world.calls('cloudformation:DescribeStackResourceDrifts')).toBe(2);
    expect(await probe.types(stack, SIGNAL)).toEqual({ type: 'types', types: ['AWS::SQS::Queue'], notChecked: [] });
    expect(world.calls('cloudformation:ListStackResources')).toBe(2);
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'DescribeStackResourceDrifts',
      calls: [2],
      when: 'before',
      error: { code: 'AccessDenied', message: 'no', status: 403 },
    });
    expect(await probe.resources(stack, null, SIGNAL)).toMatchObject({ type: 'failed' });
  });

  test('tell which types CloudFormation has not compared', async () => {
    const stack = await standing();
    await detected(stack);
    expect(await probe.types(stack, SIGNAL)).toEqual({
      type: 'types',
      types: ['AWS::CloudFormation::WaitConditionHandle', 'AWS::SNS::Topic', 'AWS::SQS::Queue'],
      notChecked: ['AWS::CloudFormation::WaitConditionHandle'],
    });
  });
});

test('the template is the one that was given', async () => {
  const stack = await standing();
  expect(await probe.template(stack, SIGNAL)).toEqual({ type: 'template', text: TEMPLATE });
});

test('an account answers for itself alone', async () => {
  const stack = await standing();
  const elsewhere = { ...stack, target: { account: TWO, region: EAST } };
  expect(await probe.template(elsewhere, SIGNAL)).not.toMatchObject({ type: 'template' });
});

describe('what CloudFormation says of a resource', () => {
  const drift = (over: object) => ({
    StackId: 'arn',
    LogicalResourceId: 'Thing',
    ResourceType: 'AWS::X::Y',
    StackResourceDriftStatus: 'MODIFIED' as const,
    Timestamp: new Date(0),
    ...over,
  });
  const seen = (...drifts: readonly object[]) => sightingsOf(resourceDrifts(drifts.map(drift)), null, new Map());

  test('what was added was not expected, and what was removed is not there', () => {
    const differences = [
      { PropertyPath: '/B/0', ExpectedValue: 'null', ActualValue: '"x"', DifferenceType: 'ADD' },
      { PropertyPath: '/A', ExpectedValue: 'x', ActualValue: 'null', DifferenceType: 'REMOVE' },
    ];
    expect(seen({ PropertyDifferences: differences }).sightings[0]!.differences).toEqual([
      { path: '/A', expected: 'x', actual: null },
      { path: '/B/0', expected: null, actual: '"x"' },
    ]);
  });

  test('the value of a variable is hidden by the name that stands beside it', () => {
    const environment = (value: string) => JSON.stringify({ Environment: [{ Name: 'API_KEY', Value: value }] });
    const { sightings } = seen({
      ExpectedProperties: environment('hunter1'),
      ActualProperties: environment('hunter2'),
      PropertyDifferences: [
        {
          PropertyPath: '/Environment/0/Value',
          ExpectedValue: 'hunter1',
          ActualValue: 'hunter2',
          DifferenceType: 'NOT_EQUAL',
        },
      ],
    });
    expect(sightings[0]!.differences).toEqual([
      { path: '/Environment/0/Value', expected: '(hidden)', actual: '(hidden)' },
    ]);
  });

  test('so many differences that nobody reads them are told as one, and another one among them is another', () => {
    const many = (last: string) =>
      Array.from({ length: 60 }, (_, n) => ({
        PropertyPath: `/P${n}`,
        ExpectedValue: 'a',
        ActualValue: n === 59 ? last : 'b',
        DifferenceType: 'NOT_EQUAL',
      }));
    const [one] = seen({ PropertyDifferences: many('b') }).sightings[0]!.differences;
    expect(one).toEqual({ path: '', expected: expect.stringMatching(/^60 properties/), actual: expect.any(String) });
    const [other] = seen({ PropertyDifferences: many('c') }).sightings[0]!.differences;
    expect(other!.actual).not.toBe(one!.actual);
  });

  test('nonsense is neither shown nor fatal', () => {
    expect(seen({ ExpectedProperties: '{', PropertyDifferences: [{}] }).sightings[0]!.differences).toEqual([
      { path: '', expected: null, actual: null },
    ]);
    expect(seen({ StackResourceDriftStatus: 'UNSUPPORTED', DriftStatusReason: 'no handler' })).toMatchObject({
      sightings: [],
      checked: [],
      unread: [{ subject: 'Thing', reason: 'no handler' }],
    });
  });
});
