import {
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListExportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, create, elsewhere, invalid, output, queue, settle } from './fixtures.js';
import { api } from './sources.js';

type Page = { readonly ids: readonly (string | undefined)[]; readonly next: string | undefined };
type Turn = (token: string | undefined) => Promise<Page>;

export const paging: Chapter = {
  service: 'CloudFormation',
  operation: 'Paging',
  sentences: [
    {
      says: 'cuts ListStackResources into pages, and tells each resource once',
      source: api('ListStackResources'),
      differs: { moto: 'answers one page' },
      test: async (aws) => {
        const { name } = await build(aws, queues(aws.unique('queue'), 130));
        const turn: Turn = async (NextToken) => {
          const page = await aws.cloudFormation().send(new ListStackResourcesCommand({ StackName: name, NextToken }));
          return {
            ids: page.StackResourceSummaries!.map(({ LogicalResourceId }) => LogicalResourceId),
            next: page.NextToken,
          };
        };
        await complete(turn, 130);
      },
    },
    {
      says: 'cuts DescribeStackEvents into pages, newest first throughout',
      source: api('DescribeStackEvents'),
      differs: { moto: 'has two events of the stack and none of resources' },
      test: async (aws) => {
        const { id } = await build(aws, queues(aws.unique('queue'), 130));
        const times: number[] = [];
        const turn: Turn = async (NextToken) => {
          const page = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName: id, NextToken }));
          times.push(...page.StackEvents!.map(({ Timestamp }) => Timestamp!.getTime()));
          return { ids: page.StackEvents!.map(({ EventId }) => EventId), next: page.NextToken };
        };
        await complete(turn, 262);
        expect(times).toEqual([...times].sort((left, right) => right - left));
      },
    },
    {
      says: 'cuts DescribeStacks into pages of at most 1 MB',
      source: api('DescribeStacks'),
      differs: { moto: 'counts stacks, whatever their size', ministack: 'counts stacks, whatever their size' },
      test: async (aws) => {
        const there = elsewhere(aws, 'ap-south-1');
        const stacks = [];
        for (let at = 0; at < 4; at += 1) stacks.push(await build(there, wide(aws.unique('queue'), 100)));
        const first = await there.cloudFormation().send(new DescribeStacksCommand({}));
        expect(first.NextToken).toBeDefined();
        expect(JSON.stringify(first.Stacks).length).toBeLessThan(1_048_576);
        const turn = describeTurn(there);
        const ids = (await walk(turn)).flatMap((page) => page.ids);
        expect(ids).toEqual(expect.arrayContaining(stacks.map(({ id }) => id)));
      },
    },
    {
      says: 'cuts DescribeStacks and ListStacks after 100 stacks, and tells each once',
      source: assumption('AWS says that a page has at most 1 MB; how many fit is not said'),
      alone: 'a hundred stacks have to be there, placed as if they always had been',
      test: async (aws) => {
        for (let at = 0; at < 230; at += 1)
          aws.simulator.stacks.place({
            accountId: aws.members[0],
            region: 'us-east-1',
            name: `placed-${at}`,
            template: JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }),
            parameters: {},
            tags: {},
            capabilities: [],
          });
        for (const turn of [describeTurn(aws), listTurn(aws)]) {
          const pages = await walk(turn);
          expect(pages.map(({ ids }) => ids.length)).toEqual([100, 100, 30]);
          expect(new Set(pages.flatMap(({ ids }) => ids)).size).toBe(230);
        }
      },
    },
    {
      says: 'tells no stack twice and misses none that stood all the while, whatever comes and goes between two pages',
      source: assumption('the controller must not depend on less, and AWS does not say more'),
      alone: 'a hundred stacks have to be there, placed as if they always had been',
      test: async (aws) => {
        const place = (name: string): string =>
          aws.simulator.stacks.place({
            accountId: aws.members[0],
            region: 'us-east-1',
            name,
            template: JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }),
            parameters: {},
            tags: {},
            capabilities: [],
          });
        const standing = Array.from({ length: 150 }, (_, at) => place(`placed-${at}`));
        const turn = listTurn(aws);
        const first = await turn(undefined);
        place('late');
        const second = await turn(first.next);
        const told = [...first.ids, ...second.ids];
        expect(new Set(told).size).toBe(told.length);
        expect(told).toEqual(expect.arrayContaining(standing));
      },
    },
    {
      says: 'cuts ListExports into pages, and tells each export once',
      source: api('ListExports'),
      test: async (aws) => {
        const there = elsewhere(aws, 'ap-south-1');
        const prefix = aws.unique('export');
        const Outputs = Object.fromEntries(
          Array.from({ length: 130 }, (_, at) => [`Out${at}`, { Value: 'any', Export: { Name: `${prefix}-${at}` } }]),
        );
        await build(there, { ...queue(aws.unique('queue')), Outputs });
        const pages = await walk(async (NextToken) => {
          const page = await there.cloudFormation().send(new ListExportsCommand({ NextToken }));
          return { ids: page.Exports!.map(({ Name }) => Name), next: page.NextToken };
        });
        const own = pages.flatMap(({ ids }) => ids).filter((name) => name?.startsWith(`${prefix}-`));
        expect(own).toHaveLength(130);
        expect(new Set(own).size).toBe(130);
        expect(pages.length).toBeGreaterThan(1);
      },
    },
    {
      says: 'refuses a token that it has not given out',
      source: assumption('a token is opaque and names a page; anything else is a mistake of the caller'),
      differs: { moto: 'answers HTTP 500' },
      test: async (aws) => {
        const { name } = await create(aws, queue(aws.unique('queue')));
        await settle(aws, name);
        for (const call of [
          () => aws.cloudFormation().send(new DescribeStacksCommand({ NextToken: 'made-up' })),
          () => aws.cloudFormation().send(new ListStacksCommand({ NextToken: 'made-up' })),
          () => aws.cloudFormation().send(new ListExportsCommand({ NextToken: 'made-up' })),
          () => aws.cloudFormation().send(new ListStackResourcesCommand({ StackName: name, NextToken: 'made-up' })),
          () => aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName: name, NextToken: 'made-up' })),
        ])
          await invalid(call(), /token/i);
      },
    },
  ],
};

function queues(prefix: string, count: number): object {
  const one = (at: number) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName: `${prefix}-${at}` } });
  return { Resources: Object.fromEntries(Array.from({ length: count }, (_, at) => [`Queue${at}`, one(at)])) };
}

/** A stack whose outputs take about 4,096 bytes each. */
function wide(name: string, outputs: number): object {
  const Parameters = { Wide: { Type: 'String', Default: 'x'.repeat(4_000) } };
  const each = (at: number) => [`Out${at}`, { Value: { Ref: 'Wide' } }] as const;
  return {
    ...output(name, 'any', { Parameters }),
    Outputs: Object.fromEntries(Array.from({ length: outputs }, (_, at) => each(at))),
  };
}

function describeTurn(aws: Aws): Turn {
  return async (NextToken) => {
    const page = await aws.cloudFormation().send(new DescribeStacksCommand({ NextToken }));
    return { ids: page.Stacks!.map(({ StackId }) => StackId), next: page.NextToken };
  };
}

function listTurn(aws: Aws): Turn {
  return async (NextToken) => {
    const page = await aws.cloudFormation().send(new ListStacksCommand({ NextToken }));
    return { ids: page.StackSummaries!.map(({ StackId }) => StackId), next: page.NextToken };
  };
}

async function walk(turn: Turn): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let next: string | undefined;
  do {
    const page = await turn(next);
    pages.push(page);
    next = page.next;
  } while (next !== undefined && pages.length < 50);
  return pages;
}

async function complete(turn: Turn, count: number): Promise<void> {
  const pages = await walk(turn);
  const ids = pages.flatMap((page) => page.ids);
  expect(ids).toHaveLength(count);
  expect(new Set(ids).size).toBe(count);
  expect(pages.length).toBeGreaterThan(1);
}
