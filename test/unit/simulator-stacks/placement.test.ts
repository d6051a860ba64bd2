import { DescribeStacksCommand, ListStacksCommand, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { createCloudFormation } from '../../../src/simulator/services/cloudformation/service.js';
import { SeededIdentifiers } from '../../../src/simulator/kernel/seeded-identifiers.js';
import { bench, MEMBER, REGION, topic } from './world.js';

const foreign = {
  accountId: MEMBER,
  region: REGION,
  template: JSON.stringify(topic()),
  parameters: {},
  tags: { team: 'other' },
  capabilities: [],
};

describe('stacks that were always there', () => {
  it('are complete at once, and come in pages without one missing although others come and go meanwhile', async () => {
    const { engine, client, create } = bench();
    for (let at = 0; at < 230; at += 1) engine.place({ ...foreign, name: `foreign-${at}` });
    const first = await client.send(new DescribeStacksCommand({}));
    expect(first.Stacks).toHaveLength(100);
    expect(first.Stacks![0]).toMatchObject({
      StackName: 'foreign-229',
      StackStatus: 'CREATE_COMPLETE',
      Tags: [{ Key: 'team', Value: 'other' }],
    });
    await create('newcomer', topic());
    const names: (string | undefined)[] = [];
    for (let token = first.NextToken; token !== undefined;) {
      const page = await client.send(new DescribeStacksCommand({ NextToken: token }));
      names.push(...page.Stacks!.map(({ StackName }) => StackName));
      token = page.NextToken;
    }
    expect(names).toHaveLength(130);
    expect(new Set(names).size).toBe(130);
    expect(names.at(-1)).toBe('foreign-0');
  });

  it('are read by the tens of thousands', () => {
    const { engine, organization, clock, objects } = bench();
    expect(engine.find(MEMBER, REGION, 'none')).toBeUndefined();
    const base = { partition: 'aws', clock, organization, objects, identifiers: new SeededIdentifiers(2, 'x') };
    const own = createCloudFormation(base);
    const placed = process.hrtime.bigint();
    for (let at = 0; at < 12_000; at += 1)
      own.engine.place({ ...foreign, name: `f-${at % 60}`, accountId: `${100000000000 + Math.floor(at / 60)}` });
    const call = { service: 'cloudformation', operation: 'DescribeStacks', region: REGION, requestId: 'r' } as const;
    const walked = process.hrtime.bigint();
    for (let at = 0; at < 200; at += 1) {
      const accountId = `${100000000000 + at}`;
      const page = own.operations['DescribeStacks']!(
        {},
        { ...call, principal: { accountId, arn: '', userId: '' } },
      ) as { Stacks: unknown[] };
      expect(page.Stacks).toHaveLength(60);
    }
    const ended = process.hrtime.bigint();
    // Generous: a placed stack costs some microseconds and a walk some tenths of a millisecond.
    expect(Number(walked - placed) / 1e6).toBeLessThan(2_000);
    expect(Number(ended - walked) / 1e6).toBeLessThan(2_000);
  });

  it('never list a page over 1 MB', async () => {
    const { engine, client } = bench();
    const wide = { Parameters: {} as Record<string, object>, ...topic() };
    for (let at = 0; at < 60; at += 1) wide.Parameters[`P${at}`] = { Type: 'String', Default: 'x'.repeat(1_000) };
    for (let at = 0; at < 30; at += 1) engine.place({ ...foreign, name: `wide-${at}`, template: JSON.stringify(wide) });
    const sizes: number[] = [];
    for await (const page of paginateDescribeStacks({ client }, {})) sizes.push(page.Stacks!.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(30);
  });

  it('are told apart in ListStacks by status', async () => {
    const { engine, client, create } = bench();
    engine.place({ ...foreign, name: 'done' });
    await create('under-way', topic());
    const { StackSummaries } = await client.send(new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }));
    expect(StackSummaries!.map(({ StackName }) => StackName)).toEqual(['done']);
  });
});

describe('the engine', () => {
  it('creates, updates and deletes as the operations do, and calls back when it is settled', () => {
    const { engine, settle } = bench();
    const stackId = engine.create({ ...foreign, name: 'mine' });
    const seen: string[] = [];
    const wait = (): void => engine.whenSettled(MEMBER, REGION, stackId, ({ status }) => seen.push(status));
    wait();
    expect(seen).toEqual([]);
    settle();
    wait();
    expect(engine.update({ ...foreign, name: 'mine', stackId })).toBe('no-updates');
    expect(engine.update({ ...foreign, name: 'mine', stackId, tags: { a: 'b' } })).toBe('begun');
    wait();
    settle();
    engine.delete(MEMBER, REGION, stackId);
    wait();
    settle();
    expect(seen).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE']);
  });
});
