import {
  CreateStackCommand,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import type { Deed, Trouble } from '../../../src/simulator/kernel/trouble.js';
import { clientsOf, MEMBER, OTHER, TEMPLATE, troubled } from './world.js';

const HOUR = 3600;

async function world(people: Trouble['people'], seed = 4711) {
  const deeds: Deed[] = [];
  const simulator = troubled({
    seed,
    trouble: { ...(people === undefined ? {} : { people }) },
    onDeed: (deed) => deeds.push(deed),
  });
  const clock = simulator.world.clock;
  for (const account of [MEMBER, OTHER]) {
    const { cloudFormation } = clientsOf(simulator, { account });
    for (const name of ['alpha', 'beta', 'gamma'])
      await cloudFormation.send(new CreateStackCommand({ StackName: name, TemplateBody: TEMPLATE }));
  }
  while (clock.advanceToNext());
  return { simulator, clock, deeds };
}

describe('people', () => {
  it('do the same things at the same times with the same seed', async () => {
    const told = async (seed: number) => {
      const { clock, deeds } = await world(6, seed);
      clock.advance(4 * HOUR);
      return deeds;
    };
    const [first, again, other] = [await told(1), await told(1), await told(2)];
    expect(first.length).toBeGreaterThanOrEqual(22);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('do each of the things that they are said to do', async () => {
    const { simulator, clock, deeds } = await world(20);
    const { cloudFormation } = clientsOf(simulator);
    await cloudFormation.send(new CreateStackSetCommand({ StackSetName: 'set', TemplateBody: TEMPLATE }));
    await cloudFormation.send(
      new CreateStackInstancesCommand({ StackSetName: 'set', Accounts: [OTHER], Regions: ['us-west-2'] }),
    );
    clock.advance(3 * HOUR);
    // A stack set's update is heard a turn later.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(deeds.map(({ outcome }) => outcome)).not.toContain('InternalFailure');
    expect([...new Set(deeds.map(({ operation }) => operation))].toSorted()).toEqual([
      'cloudformation:DeleteStack',
      'cloudformation:UpdateStack',
      'cloudformation:UpdateStackSet',
      'cloudformation:UpdateTerminationProtection',
      'hand:ChangeResource',
      'hand:DeleteResource',
    ]);
    const byPeople = simulator.calls
      .entries()
      .filter(({ principal }) => principal.arn.includes(':assumed-role/Person/'));
    expect(byPeople.length).toBe(deeds.filter(({ operation }) => !operation.startsWith('hand:')).length);
  });

  it('change resources behind the back of CloudFormation, which drift detection finds', async () => {
    const { simulator, clock, deeds } = await world({ rate: 1, most: 1, operations: ['hand:ChangeResource'] });
    clock.advance(HOUR);
    expect(deeds).toHaveLength(1);
    const [{ account, subject }] = deeds as [Deed];
    const [StackName = '', LogicalResourceId = ''] = subject.split('/');
    const { cloudFormation } = clientsOf(simulator, { account });
    await cloudFormation.send(new DetectStackDriftCommand({ StackName }));
    while (clock.advanceToNext());
    const { StackResourceDrifts } = await cloudFormation.send(new DescribeStackResourceDriftsCommand({ StackName }));
    expect(StackResourceDrifts).toMatchObject([{ LogicalResourceId, StackResourceDriftStatus: 'MODIFIED' }]);
  });

  it('stay where they are allowed to be', async () => {
    const { clock, deeds } = await world({ rate: 10, accounts: [OTHER], operations: ['cloudformation:Update*'] });
    clock.advance(3 * HOUR);
    expect(deeds.length).toBeGreaterThan(20);
    expect(new Set(deeds.map(({ account }) => account))).toEqual(new Set([OTHER]));
    expect(deeds.every(({ operation }) => operation.startsWith('cloudformation:Update'))).toBe(true);
  });

  it('come no more often in all than was asked for, and no more once it is calm', async () => {
    const { clock, deeds } = await world({ rate: 10, most: 3 });
    clock.advance(10 * HOUR);
    expect(deeds).toHaveLength(3);
    const { simulator, clock: later, deeds: none } = await world(10);
    simulator.calm();
    later.advance(10 * HOUR);
    expect(none).toEqual([]);
  });

  it('do nothing while time jumps to what is due, so that jumping ends', async () => {
    const { clock, deeds } = await world({ rate: 3600, operations: ['cloudformation:UpdateStack'] });
    clock.advance(60);
    const done = deeds.length;
    expect(done).toBeGreaterThan(0);
    while (clock.advanceToNext());
    expect(deeds).toHaveLength(done);
  });

  it('find nothing to do in an empty world', () => {
    const deeds: Deed[] = [];
    troubled({
      organization: 'empty',
      trouble: { people: 60 },
      onDeed: (deed) => deeds.push(deed),
    }).world.clock.advance(HOUR);
    expect(deeds).toEqual([]);
  });
});
