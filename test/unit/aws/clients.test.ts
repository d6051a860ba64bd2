import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAws } from '../../../src/aws/clients.js';
import { RoleNotAssumable } from '../../../src/aws/contract.js';
import { classify, isAmbiguous, isRegionRefusal, saysNoChanges } from '../../../src/aws/errors.js';
import { allPages, EndlessListing } from '../../../src/aws/paging.js';
import { createTokenBuckets } from '../../../src/aws/token-bucket.js';
import type { Revision, RunId } from '../../../src/model/identifiers.js';
import {
  controller,
  createDrivenWorld,
  EAST,
  HUB,
  ONE,
  organizationFile,
  SIGNAL,
  TWO,
  WEST,
} from '../drivers/driven-world.js';
import type { DrivenWorld } from '../drivers/driven-world.js';

const plan = (account = ONE) => ({ type: 'role', account, role: 'plan' }) as const;
const apply = (account = ONE) => ({ type: 'role', account, role: 'apply' }) as const;
const list = (world: DrivenWorld, identity: Parameters<DrivenWorld['aws']['cloudFormation']>[0], region = EAST) =>
  world.aws.cloudFormation(identity, region).send(new DescribeStacksCommand({}));

describe('role sessions', () => {
  let world: DrivenWorld;
  beforeEach(() => {
    world = createDrivenWorld();
  });
  afterEach(() => world.simulator.close());

  test('a role is assumed once for its account, whatever the Region and however many ask at once', async () => {
    await Promise.all([list(world, plan()), list(world, plan()), list(world, plan(), WEST)]);
    expect(world.calls('sts:AssumeRole')).toBe(1);
    await list(world, plan(TWO));
    expect(world.calls('sts:AssumeRole')).toBe(2);
  });

  test('the session is named by the run, and its calls are made as the account', async () => {
    await list(world, plan());
    const call = world.simulator.calls.entries().find((entry) => entry.operation === 'DescribeStacks')!;
    expect(call.principal).toMatchObject({
      accountId: ONE,
      arn: `arn:aws:sts::${ONE}:assumed-role/evenkeel-plan/run-1`,
    });
  });

  test('one that AWS calls expired before its time is renewed, and the call is made once more', async () => {
    const expired = {
      code: 'ExpiredToken',
      message: 'The security token included in the request is expired',
      status: 403,
    };
    const fault = { service: 'cloudformation', operation: 'DescribeStacks', when: 'before', error: expired } as const;
    world.simulator.inject({ ...fault, calls: [1] });
    await list(world, plan());
    expect([world.calls('cloudformation:DescribeStacks'), world.calls('sts:AssumeRole')]).toEqual([2, 2]);
    world.simulator.clearFaults();
    world.simulator.inject(fault);
    await expect(list(world, plan())).rejects.toMatchObject({ name: 'ExpiredToken' });
    expect([world.calls('cloudformation:DescribeStacks'), world.calls('sts:AssumeRole')]).toEqual([4, 3]);
  });

  test('it is renewed five minutes before it ends, by the clock that we are given', async () => {
    await list(world, plan());
    await world.clock.sleep(54 * 60_000, SIGNAL);
    await list(world, plan());
    expect(world.calls('sts:AssumeRole')).toBe(1);
    await world.clock.sleep(2 * 60_000, SIGNAL);
    await list(world, plan());
    expect(world.calls('sts:AssumeRole')).toBe(2);
  });

  test('a role that cannot be assumed is asked for once, and nobody else’s credentials are used instead', async () => {
    await world.simulator.close();
    world = createDrivenWorld({ ...organizationFile, roles: [{ name: 'evenkeel-plan', externalId: 'another' }] });
    for (let times = 0; times < 3; times += 1)
      await expect(list(world, plan())).rejects.toBeInstanceOf(RoleNotAssumable);
    expect(world.calls('sts:AssumeRole')).toBe(1);
    expect(world.calls('cloudformation:DescribeStacks')).toBe(0);
    world.aws.attribute({ run: 'run-2' as RunId, revision: 'b'.repeat(40) as Revision });
    await new Promise((resolve) => setImmediate(resolve));
    await expect(list(world, plan())).rejects.toBeInstanceOf(RoleNotAssumable);
    expect(world.calls('sts:AssumeRole')).toBe(2);
  });

  test('a session that has effects carries the run that causes them', async () => {
    await list(world, plan());
    await list(world, apply());
    world.aws.attribute({ run: 'run-2' as RunId, revision: 'b'.repeat(40) as Revision });
    await list(world, plan());
    await list(world, apply());
    expect(world.calls('sts:AssumeRole')).toBe(3);
    expect(world.simulator.calls.entries().at(-1)!.principal.arn).toContain('/run-2');
  });

  test('credentials that turn out to be another account’s are not used', async () => {
    const handler = world.simulator.requestHandler;
    const confused = {
      // AssumeRole answers with the right name, and the credentials behind it are the hub's.
      async handle(request: { body: unknown; hostname: string; headers: Record<string, string> }, options: unknown) {
        if (String(request.body).includes('Action=AssumeRole'))
          request.body = String(request.body).replaceAll(TWO, ONE);
        return handler.handle(request, options);
      },
    };
    const aws = createAws({
      partition: 'aws',
      homeRegion: EAST,
      roles: controller.roles,
      clock: world.clock,
      requestHandler: confused,
      credentials: world.simulator.credentials(HUB),
    });
    await expect(aws.cloudFormation(plan(TWO), EAST).send(new DescribeStacksCommand({}))).rejects.toThrow(
      /the session that came back is arn:aws:sts::300000000001/,
    );
  });

  test('every request that is sent is counted, repetitions too', async () => {
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'DescribeStacks',
      calls: [1, 2],
      when: 'before',
      error: { code: 'ServiceUnavailable', message: 'later', status: 503 },
    });
    await list(world, plan());
    expect(world.counted.filter((call) => call.operation === 'DescribeStacks')).toEqual(
      Array(3).fill({ service: 'cloudformation', operation: 'DescribeStacks', region: EAST, identity: `${ONE}/plan` }),
    );
    expect(world.counted.filter((call) => call.operation === 'AssumeRole')).toHaveLength(1);
  });

  test('Organizations is held back to its published rate', async () => {
    const began = world.clock.now().getTime();
    for (let times = 0; times < 4; times += 1)
      await world.aws.organizations().send(new DescribeOrganizationCommand({}));
    expect(world.clock.now().getTime() - began).toBe(2000);
  });

  test('the controller knows its own account by one call', async () => {
    expect(await world.aws.controllerAccount()).toBe(HUB);
    await world.aws.controllerAccount();
    expect(world.calls('sts:GetCallerIdentity')).toBe(1);
  });
});

describe('published rates', () => {
  test('a burst goes at once, the rest one after the other, and a pause fills the bucket again', async () => {
    let now = 0;
    const waits: number[] = [];
    const clock = { now: () => new Date(now), sleep: async (milliseconds: number) => void waits.push(milliseconds) };
    const buckets = createTokenBuckets({ List: { perSecond: 2, burst: 3 } }, clock);
    for (let times = 0; times < 5; times += 1) await buckets.take('List', SIGNAL);
    expect(waits).toEqual([500, 1000]);
    now = 60_000;
    for (let times = 0; times < 3; times += 1) await buckets.take('List', SIGNAL);
    expect(waits).toHaveLength(2);
    await buckets.take('Unlisted', SIGNAL);
    expect(waits).toHaveLength(2);
  });
});

describe('pages', () => {
  test('a page may be empty and not the last', async () => {
    const pages = [
      { items: [1], next: 'a' },
      { items: [], next: 'b' },
      { items: undefined, next: 'c' },
      { items: [2], next: undefined },
    ];
    expect(await allPages(async () => pages.shift()!)).toEqual([1, 2]);
  });

  test('a listing that does not end is an error, not a short listing', async () => {
    await expect(allPages(async () => ({ items: [1], next: 'same' }))).rejects.toBeInstanceOf(EndlessListing);
    let page = 0;
    await expect(allPages(async () => ({ items: [1], next: String((page += 1)) }), 5)).rejects.toBeInstanceOf(
      EndlessListing,
    );
  });
});

describe('what AWS’s errors mean', () => {
  const error = (name: string, message = '', status?: number) =>
    Object.assign(new Error(message), {
      name,
      ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
    });

  test.each([
    ['ValidationError', 'Stack with id x does not exist', 'not-found'],
    ['ValidationError', 'No updates are to be performed.', 'no-changes'],
    ['ValidationError', 'Stack:x is in UPDATE_IN_PROGRESS state and can not be updated.', 'busy'],
    ['ValidationError', 'Stack [x] cannot be deleted while in status UPDATE_ROLLBACK_IN_PROGRESS', 'busy'],
    ['ValidationError', 'Stack [x] cannot be deleted while in status DELETE_COMPLETE', 'validation'],
    ['ValidationError', 'Template error: unresolved', 'validation'],
    ['AccessDenied', 'User is not authorized with an explicit deny in a service control policy', 'region-disabled'],
    ['AccessDenied', 'User is not authorized', 'access-denied'],
    ['OptInRequired', '', 'region-disabled'],
    ['OperationInProgressException', '', 'busy'],
    ['OperationIdAlreadyExistsException', '', 'submitted'],
    ['StackSetNotFoundException', '', 'not-found'],
    ['Throttling', '', 'throttled'],
    ['ExpiredToken', '', 'expired'],
    ['SomethingNew', '', 'other'],
  ])('%s %s is %s', (name, message, kind) => {
    expect(classify(error(name, message, 400)).kind).toBe(kind);
  });

  test('an answer that was lost leaves the effect in doubt; a refusal does not', () => {
    expect(isAmbiguous(classify(error('Whatever', '', 503)))).toBe(true);
    expect(isAmbiguous(classify(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })))).toBe(true);
    expect(isAmbiguous(classify(error('AbortError')))).toBe(true);
    expect(isAmbiguous(classify(error('ValidationError', 'no', 400)))).toBe(false);
  });

  test('a token that one Region does not know speaks of the Region', () => {
    expect(isRegionRefusal(classify(error('InvalidClientTokenId', '', 403)))).toBe(true);
    expect(isRegionRefusal(classify(error('AccessDenied', '', 403)))).toBe(false);
  });

  test('a change set without changes says so in two ways', () => {
    expect(
      saysNoChanges(
        "The submitted information didn't contain changes. Submit different information to create a change set.",
      ),
    ).toBe(true);
    expect(saysNoChanges('No updates are to be performed.')).toBe(true);
    expect(saysNoChanges('Access denied')).toBe(false);
  });
});
