import { CloudFormationClient, DescribeStackSetCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snapshotExitCode } from '../../../src/reconciler/describe-snapshot.js';
import type { SnapshotGap } from '../../../src/model/snapshot.js';
import { accountId, createWorld, HUB, queueTemplate, stackManifest } from '../../support/world.js';
import type { World } from '../../support/world.js';
import { AT_ONCE, CONTROLLER, troubledOrganization } from './story.js';
import { copyOf, onlooker, scratch, textOf, type Onlooker } from './worlds.js';

/** Milliseconds for a whole reconcile on a machine that has other things to do. */
const BEFOREHAND = 120_000;

let world: World;
let source: Onlooker;
let place: Awaited<ReturnType<typeof scratch>>;

const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
const denied = (operation: string, account: string): void =>
  world.simulator.inject({
    service: 'cloudformation',
    operation,
    account,
    when: 'before',
    error: { code: 'AccessDenied', message: `is not authorized to perform: cloudformation:${operation}`, status: 403 },
  });

beforeAll(async () => {
  world = await createWorld({
    organization: troubledOrganization(),
    files: {
      'controller.yaml': CONTROLLER,
      'templates/queue.yaml': queueTemplate(),
      'queue.yaml': stackManifest('queue', TARGETS),
      'own.yaml': stackManifest('own', `${TARGETS}\npermissionModel: self-managed\n${AT_ONCE}`).replace(
        'kind: Stack',
        'kind: StackSet',
      ),
    },
  });
  place = await scratch();
  source = onlooker(world.simulator, world.folder, place.folder('ledger'));
  await source.reconcile();
}, BEFOREHAND);
afterAll(async () => {
  await world.close();
  await place.remove();
});

const short = ({ target, cause, wanted, diagnostic }: SnapshotGap) => [
  target === null ? null : `${target.account}/${target.region}`,
  cause,
  wanted,
  diagnostic.severity,
];

describe('what a snapshot could not read', () => {
  it('counts where the desired state deploys, and is said where it does not', async () => {
    const outcome = await source.snapshot();
    expect(outcome.gaps.map(short)).toEqual([
      [`${accountId(6)}/us-east-1`, 'unreachable', true, 'error'],
      ['999999999999/us-east-1', 'unreachable', false, 'warning'],
    ]);
    expect(snapshotExitCode(outcome)).toBe(9);
  });

  it('may be templates alone: their stacks are there all the same', async () => {
    denied('GetTemplate', accountId(1));
    const outcome = await source.snapshot();
    world.simulator.clearFaults();
    const gap = outcome.gaps.find(({ target }) => target?.account === accountId(1))!;
    expect(short(gap)).toEqual([`${accountId(1)}/us-east-1`, 'listing-failed', true, 'error']);
    expect(gap.diagnostic.message).toMatch(/^the templates of 4 of the stacks in .*AccessDenied/);
    const { stacks } = outcome.snapshot!.places.find(({ account }) => account === accountId(1)) as unknown as {
      stacks: unknown[];
    };
    // The one whose template is known without asking is the stack set's instance.
    expect(stacks).toHaveLength(5);
  });

  it('may be the stack sets, of which the copy then says nothing either', async () => {
    denied('ListStackSets', HUB);
    const outcome = await source.snapshot();
    world.simulator.clearFaults();
    const gaps = outcome.gaps.filter(({ target }) => target === null);
    expect(gaps.map(short)).toEqual([
      [null, 'listing-failed', true, 'error'],
      [null, 'listing-failed', false, 'warning'],
    ]);
    expect(gaps[0]!.diagnostic.remedy).toMatch(/^allow the controller cloudformation:ListStackSets/);
    const copy = copyOf(textOf(outcome));
    const client = new CloudFormationClient({
      region: 'us-east-1',
      credentials: copy.credentials(HUB),
      requestHandler: copy.requestHandler,
    });
    await expect(client.send(new DescribeStackSetCommand({ StackSetName: 'evenkeel-own' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'is not authorized to perform: cloudformation:ListStackSets',
    });
  });

  it('may be one stack set among others', async () => {
    denied('ListStackInstances', HUB);
    const outcome = await source.snapshot();
    world.simulator.clearFaults();
    expect(outcome.gaps.filter(({ target }) => target === null).map(short)).toEqual([
      [null, 'listing-failed', true, 'error'],
    ]);
    const copy = onlooker(copyOf(textOf(outcome)), world.folder, place.folder('ledger-of-a-copy'));
    const { plan } = await copy.plan();
    expect(plan!.unknowns.map(({ address }) => address)).toContain('StackSet/own');
  });

  it('is nothing at all where it is interrupted: there is no half snapshot', async () => {
    const session = await source.session();
    const interruption = new AbortController();
    const watch = {
      signal: interruption.signal,
      progress: ({ type }: { readonly type: string }) => {
        if (type === 'observing') interruption.abort(new Error('interrupted'));
      },
    };
    await expect(session.snapshot([], watch)).rejects.toThrow();
    await session.close();
  });

  it('is the whole organization where its tree cannot be read', async () => {
    world.simulator.inject({
      service: 'organizations',
      operation: 'ListAccountsForParent',
      when: 'before',
      error: { code: 'AccessDeniedException', message: 'no', status: 400 },
    });
    const outcome = await source.snapshot();
    world.simulator.clearFaults();
    expect(outcome.snapshot).toBeNull();
    expect(snapshotExitCode(outcome)).toBe(9);
  });
});
