import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  OrganizationsClient,
  paginateListAccounts,
} from '@aws-sdk/client-organizations';
import { expect } from 'vitest';
import { ORGANIZATIONS_LIMITS } from '../../../src/simulator/kernel/rate-limits.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { document, model, type Aws, type Chapter } from '../specification.js';
import { newAccount, refused, rootOf } from './fixtures.js';

async function twentyFive(aws: Aws): Promise<void> {
  const { Accounts } = await aws.organizations().send(new ListAccountsCommand({}));
  for (let n = Accounts!.length; n < 25; n += 1) await newAccount(aws);
}

const paging: Chapter = {
  service: 'Organizations',
  operation: 'Paging',
  sentences: [
    {
      says: 'gives at most twenty of a listing at once, and a NextToken while there are more',
      source: model('Organizations 2016-11-28, MaxResults'),
      differs: { moto: 'gives everything at once', ministack: 'gives everything at once' },
      test: async (aws) => {
        await twentyFive(aws);
        const sizes: number[] = [];
        for await (const page of paginateListAccounts({ client: aws.organizations() }, {}))
          sizes.push(page.Accounts!.length);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(25);
      },
    },
    {
      says: 'may give an empty page with a NextToken although more follows',
      source: document('Organizations API Reference, ListAccounts'),
      differs: { moto: 'never does', ministack: 'never does' },
      test: async (aws) => {
        await twentyFive(aws);
        const sizes: number[] = [];
        for await (const page of paginateListAccounts({ client: aws.organizations() }, {}))
          sizes.push(page.Accounts!.length);
        expect(sizes.slice(0, -1)).toContain(0);
      },
    },
    {
      says: 'refuses a MaxResults of more than twenty',
      source: model('Organizations 2016-11-28, MaxResults'),
      differs: { moto: 'takes it', ministack: 'ignores it' },
      test: async (aws) => {
        await expect(aws.organizations().send(new ListAccountsCommand({ MaxResults: 21 }))).rejects.toEqual(
          refused('InvalidInputException'),
        );
      },
    },
    {
      says: 'refuses a NextToken that another listing gave',
      source: model('Organizations 2016-11-28, InvalidInputException'),
      differs: { moto: 'calls it InvalidToken', ministack: 'ignores it' },
      test: async (aws) => {
        await twentyFive(aws);
        const client = aws.organizations();
        const { NextToken } = await client.send(new ListAccountsCommand({ MaxResults: 5 }));
        const ParentId = await rootOf(aws);
        await expect(
          client.send(new ListAccountsForParentCommand({ ParentId, NextToken: NextToken! })),
        ).rejects.toEqual(refused('InvalidInputException', 'INVALID_NEXT_TOKEN'));
      },
    },
  ],
};

const PUBLISHED = document('Organizations User Guide, Quotas for AWS Organizations, throttling limits');

/** A simulator that holds callers to the published rates: an organization with a delegated administrator. */
async function throttled<Result>(
  story: (caller: (account: string) => OrganizationsClient, pass: (seconds: number) => void) => Promise<Result>,
): Promise<Result> {
  const simulator = createSimulator({ organization: 'demo', throttling: true });
  const clients: OrganizationsClient[] = [];
  try {
    return await story(
      (account) => {
        const client = new OrganizationsClient({
          region: 'us-east-1',
          credentials: simulator.credentials(account),
          requestHandler: simulator.requestHandler as never,
          maxAttempts: 1,
        });
        clients.push(client);
        return client;
      },
      (seconds) => simulator.world.clock.advance(seconds),
    );
  } finally {
    for (const client of clients) client.destroy();
    await simulator.close();
  }
}

/** How many of so many calls at once are answered. */
async function answered(client: OrganizationsClient, calls: number): Promise<number> {
  const answers = Array.from({ length: calls }, () =>
    client.send(new ListAccountsCommand({})).then(
      () => true,
      (error: Error) => {
        expect(error.name).toBe('TooManyRequestsException');
        return false;
      },
    ),
  );
  return (await Promise.all(answers)).filter(Boolean).length;
}

const MANAGEMENT_AND_DELEGATED = (() => {
  const simulator = createSimulator({ organization: 'demo' });
  const { managementAccountId, delegatedAdministrators } = simulator.world.organization;
  return [managementAccountId!, [...delegatedAdministrators.keys()][0]!] as const;
})();

const requestRates: Chapter = {
  service: 'Organizations',
  operation: 'Request rates',
  sentences: [
    {
      says: 'lets an account’s burst through and answers TooManyRequestsException to the rest: twelve of ListAccounts',
      source: PUBLISHED,
      alone: 'no emulator throttles',
      test: async () => {
        const [management] = MANAGEMENT_AND_DELEGATED;
        expect(await throttled((caller) => answered(caller(management), 30))).toBe(12);
      },
    },
    {
      says: 'refills an account’s bucket at the published rate: eight of ListAccounts a second',
      source: PUBLISHED,
      alone: 'no emulator throttles',
      test: async () => {
        const [management] = MANAGEMENT_AND_DELEGATED;
        const later = await throttled(async (caller, pass) => {
          await answered(caller(management), 30);
          pass(1);
          return await answered(caller(management), 30);
        });
        expect(later).toBe(8);
      },
    },
    {
      says: 'holds all accounts of an organization together to its own bucket: fifteen of ListAccounts',
      source: PUBLISHED,
      alone: 'no emulator throttles',
      test: async () => {
        const [management, delegated] = MANAGEMENT_AND_DELEGATED;
        const both = await throttled(
          async (caller) => (await answered(caller(management), 30)) + (await answered(caller(delegated), 30)),
        );
        expect(both).toBe(15);
      },
    },
    {
      says: 'holds each operation to a bucket of its own, by the published table',
      source: PUBLISHED,
      alone: 'no emulator throttles',
      test: async () => {
        expect(ORGANIZATIONS_LIMITS).toMatchObject({
          ListParents: { account: [5, 8], organization: [6, 10] },
          ListAccountsForParent: { account: [5, 8], organization: [6, 10] },
          ListOrganizationalUnitsForParent: { account: [5, 8], organization: [6, 10] },
          ListChildren: { account: [6, 10], organization: [7, 12] },
          DescribeAccount: { account: [20, 30], organization: [24, 36] },
          DescribeOrganizationalUnit: { account: [2, 2], organization: [2, 3] },
          DescribeOrganization: { account: [1, 2] },
          ListRoots: { account: [1, 2], organization: [1, 3] },
          ListTagsForResource: { account: [10, 15], organization: [12, 18] },
        });
      },
    },
  ],
};

export const limitChapters: readonly Chapter[] = [paging, requestRates];
