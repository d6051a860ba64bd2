import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackSetsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Planned } from '../../../src/reconciler/outcome.js';
import type { OrganizationFile } from '../../../src/simulator/kernel/contract.js';
import type { StorySimulator } from '../../../src/simulator/simulator.js';
import { accountId, HUB, queueTemplate } from '../../support/world.js';
import type { World } from '../../support/world.js';
import { troubledWorld } from './story.js';
import { copiedLedger, copyOf, onlooker, scratch, textOf, type Onlooker } from './worlds.js';

/** Milliseconds for a whole reconcile on a machine that has other things to do. */
const BEFOREHAND = 120_000;

let world: World;
let source: Onlooker;
let text: string;
let place: Awaited<ReturnType<typeof scratch>>;
let folders = 0;
const READS = /^(sts:AssumeRole|sts:GetCallerIdentity|\w+:(Describe|List|Get)\w+)$/;
let calls: Readonly<Record<string, number>>;

async function ledgerOf(kind: 'its own' | 'none'): Promise<string> {
  folders += 1;
  const folder = place.folder(`ledger-${folders}`);
  return kind === 'its own' ? copiedLedger(world.ledgerFolder, folder) : folder;
}

/** The same desired state, looked at on a copy. */
async function onACopy(ledger: 'its own' | 'none'): Promise<Onlooker> {
  return onlooker(copyOf(text), world.folder, await ledgerOf(ledger));
}

const reasons = ({ plan }: Planned) => [...new Set(plan!.changes.map(({ reason }) => reason))].sort();

function administrator(simulator: StorySimulator, account: string, region: string): CloudFormationClient {
  const { requestHandler } = simulator;
  return new CloudFormationClient({
    region,
    credentials: simulator.credentials(account),
    requestHandler,
    maxAttempts: 1,
  });
}

beforeAll(async () => {
  world = await troubledWorld();
  place = await scratch();
  source = onlooker(world.simulator, world.folder, world.ledgerFolder);
  world.simulator.calls.reset();
  text = textOf(await source.snapshot());
  calls = world.simulator.calls.byOperation();
}, BEFOREHAND);
afterAll(async () => {
  await world.close();
  await place.remove();
});

describe('a snapshot', () => {
  it('only reads', () => {
    expect(Object.keys(calls).filter((operation) => !READS.test(operation))).toEqual([]);
  });

  it('asks once for each place, stack and instance, and for nothing that it knows', () => {
    const { places, stackSets } = JSON.parse(text) as Required<OrganizationFile>;
    const stacks = places.flatMap((each) => ('stacks' in each ? each.stacks : []));
    // Instances whose stacks were never updated have the template of their stack set: all of two sets but one that was tampered with.
    const instances = stackSets
      .flatMap((each) => ('stackSets' in each ? each.stackSets : []))
      .flatMap((set) => ('instances' in set ? set.instances : []));
    const unread = instances.filter(({ account, region }) =>
      places.some((each) => each.account === account && each.region === region && 'unread' in each),
    );
    expect(instances).toHaveLength(8 + 10);
    expect(unread).toHaveLength(2 + 2);
    expect(calls).toEqual({
      'sts:GetCallerIdentity': 1,
      // Seven are ACTIVE: the hub, the management account and five others.
      'sts:AssumeRole': 7,
      'organizations:DescribeOrganization': 1,
      'organizations:ListRoots': 1,
      'organizations:ListOrganizationalUnitsForParent': 6,
      'organizations:ListAccountsForParent': 6,
      'organizations:ListTagsForResource': 7,
      'cloudformation:ListStackSets': 2,
      'cloudformation:DescribeStackSet': 2,
      'cloudformation:ListStackInstances': 2,
      'cloudformation:DescribeStackInstance': instances.length,
      // Two Regions of the hub and four accounts; the role is missing in the rest.
      'cloudformation:DescribeStacks': 10,
      'cloudformation:GetTemplate': stacks.length - (instances.length - unread.length) + 1,
    });
  });

  it('holds asterisks for what nobody can see', () => {
    expect(text).toContain('"parameters":{"Password":"****"}');
    expect(text).not.toContain('correct horse battery');
  });

  it('is the same again, and the same of a copy', async () => {
    expect(textOf(await source.snapshot())).toBe(text);
    expect(textOf(await (await onACopy('its own')).snapshot())).toBe(text);
  });

  it('says what was not read, and why', () => {
    const { places, stackSets } = JSON.parse(text) as Required<OrganizationFile>;
    const unread = places.flatMap((each) => ('unread' in each ? [[each.account, each.region, each.unread.code]] : []));
    expect(unread).toEqual([
      [accountId(4), 'us-west-2', 'AccessDenied'],
      [accountId(6), 'us-east-1', 'RoleNotAssumable'],
      [accountId(6), 'us-west-2', 'RoleNotAssumable'],
      ['999999999999', 'us-east-1', 'RoleNotAssumable'],
      ['999999999999', 'us-west-2', 'RoleNotAssumable'],
    ]);
    expect(places.some(({ account }) => account === accountId(5))).toBe(false);
    expect(stackSets.map(({ callAs }) => callAs)).toEqual(['SELF', 'DELEGATED_ADMIN']);
  });
});

describe('a plan made on a copy', () => {
  it('is the one that is made on the organization itself, given the same ledger', async () => {
    const there = await onlooker(source.simulator, world.folder, await ledgerOf('its own')).plan();
    const here = await (await onACopy('its own')).plan();
    expect(here.plan).toEqual(there.plan);
    expect(reasons(there)).toEqual(['failed-creation', 'manifest-changed', 'new', 'removed']);
    expect(there.plan!.drift.map(({ address }) => address)).toEqual([`StackSet/own@${accountId(3)}/us-east-1`]);
    expect([...new Set(there.plan!.unknowns.map(({ cause }) => cause))].sort()).toEqual([
      'not-ready',
      'region-disabled',
    ]);
    expect(there.plan!.excluded.map(({ id }) => id)).toEqual([accountId(5)]);
  });

  it('is the same without any ledger too', async () => {
    const there = await onlooker(source.simulator, world.folder, await ledgerOf('none')).plan();
    const here = await (await onACopy('none')).plan();
    expect(here.plan).toEqual(there.plan);
    expect(reasons(there)).toContain('unrecorded');
  });
});

describe('an apply on a copy', () => {
  it('ends as it ends on the organization itself, and leaves nothing to do', async () => {
    const copy = await onACopy('its own');
    const here = await copy.reconcile();
    const there = await source.reconcile();
    const ended = ({ run }: typeof here) =>
      run!.changes.map(({ address, action, result }) => ({ address, action, result }));
    expect(ended(here)).toEqual(ended(there));
    expect(new Set(ended(here).map(({ result }) => result))).toEqual(new Set(['done']));
    expect((await copy.plan()).plan!.changes).toEqual([]);
  });
});

describe('a copy', () => {
  it('refuses to say what is where nobody looked, whoever asks', async () => {
    const copy = copyOf(text);
    const ask = (account: string, region: string) =>
      administrator(copy, account, region).send(new DescribeStacksCommand({}));
    await expect(ask(accountId(1), 'eu-west-1')).rejects.toThrow(/Nobody looked .*--regions eu-west-1/);
    await expect(ask(accountId(4), 'us-west-2')).rejects.toThrow(/explicit deny in a service control policy/);
    await expect(ask(accountId(5), 'us-east-1')).rejects.toMatchObject({ name: 'AccessDenied' });
    expect((await ask(HUB, 'us-east-1')).Stacks).not.toEqual([]);
  });

  it('lists the stack sets to whoever saw them', async () => {
    const hub = administrator(copyOf(text), HUB, 'us-east-1');
    const names = async (CallAs: 'SELF' | 'DELEGATED_ADMIN') =>
      (await hub.send(new ListStackSetsCommand({ CallAs }))).Summaries!.map(({ StackSetName }) => StackSetName);
    expect([await names('SELF'), await names('DELEGATED_ADMIN')]).toEqual([['evenkeel-own'], ['evenkeel-managed']]);
  });

  it('has stacks that can be updated, their unseen values kept, and protected ones', async () => {
    const copy = copyOf(text);
    const client = administrator(copy, accountId(2), 'us-west-2');
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: 'secretive' }));
    await client.send(
      new UpdateStackCommand({
        StackName: 'secretive',
        TemplateBody: TemplateBody!.replace('Resources:', 'Resources:\n  Another: { Type: AWS::SQS::Queue }'),
        Parameters: [{ ParameterKey: 'Password', UsePreviousValue: true }],
      }),
    );
    while (copy.world.clock.advanceToNext());
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'secretive' }));
    expect(Stacks![0]).toMatchObject({
      StackStatus: 'UPDATE_COMPLETE',
      Parameters: [{ ParameterKey: 'Password', ParameterValue: '****' }],
    });
    await expect(client.send(new DeleteStackCommand({ StackName: 'secretive' }))).rejects.toThrow(
      /TerminationProtection/,
    );
  });

  it('knows a nested stack by its parent, and updates the one through the other', async () => {
    const copy = copyOf(text);
    const client = administrator(copy, accountId(1), 'us-east-1');
    const child = async () => {
      const { Stacks } = await client.send(new DescribeStacksCommand({}));
      return Stacks!.find(({ StackName }) => StackName!.startsWith('family-Child-'))!;
    };
    const parent = (await client.send(new DescribeStacksCommand({ StackName: 'family' }))).Stacks![0]!;
    const before = await child();
    expect(before).toMatchObject({ ParentId: parent.StackId, RootId: parent.StackId });
    expect(parent.Outputs).toEqual([{ OutputKey: 'Url', OutputValue: before.Outputs![0]!.OutputValue }]);
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: 'family' }));
    const bucket = `evenkeel-artifacts-${HUB}-us-east-1`;
    copy.world.objects.put(bucket, 'child.yaml', Buffer.from(queueTemplate()));
    await client.send(
      new UpdateStackCommand({ StackName: 'family', TemplateBody: TemplateBody!.replace('Delay: "7"', 'Delay: "8"') }),
    );
    while (copy.world.clock.advanceToNext());
    expect(await child()).toMatchObject({
      StackId: before.StackId,
      StackStatus: 'UPDATE_COMPLETE',
      Parameters: [{ ParameterKey: 'Delay', ParameterValue: '8' }],
    });
  });
});
