import {
  CloudFormationClient,
  DescribeStackSetCommand,
  DescribeStacksCommand,
  ListStackInstancesCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeOrganizationCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { HOME, HUB, INPUT, REGIONS, targetAccounts } from './input.js';

/** The fewest calls that show everything that a reconcile must see, by what they are for. */
export type Floor = {
  readonly total: number;
  /** Who the controller is, the tree, and who stands where. */
  readonly discovery: number;
  /** One role each. */
  readonly accounts: number;
  /** One listing for each account and Region. */
  readonly targets: number;
  /** Pages beyond the first of those. */
  readonly extraPages: number;
  /** A description and the pages of instances of each. */
  readonly stackSets: number;
  /** What has to be made: one call for each stack, and for each stack set its own and one operation. */
  readonly creations: number;
};

/** The floor of a reconcile that has everything still to make. */
export function withCreations(floor: Floor): Floor {
  const creations = INPUT.createdStacks + 2 * INPUT.stackSets;
  return { ...floor, total: floor.total + creations, creations };
}

/** Walks the same listings by itself and counts their pages. */
export async function measureFloor(endpoint: string): Promise<Floor> {
  const as = (accessKeyId: string, region: string) => ({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey: 'simulator' },
  });
  const discovery = 1 + (await discoveryPages(new OrganizationsClient(as(HUB, HOME))));
  let extraPages = 0;
  for (const account of targetAccounts) {
    for (const region of REGIONS) {
      const client = new CloudFormationClient(as(account, region));
      extraPages +=
        (await pagesOf(async (NextToken) => (await client.send(new DescribeStacksCommand({ NextToken }))).NextToken)) -
        1;
      client.destroy();
    }
  }
  const stackSets = await stackSetReads(new CloudFormationClient(as(HUB, HOME)));
  const parts = {
    discovery,
    accounts: INPUT.accounts,
    targets: INPUT.accounts * INPUT.regions,
    extraPages,
    stackSets,
    creations: 0,
  };
  return { total: Object.values(parts).reduce((sum, part) => sum + part, 0), ...parts };
}

async function discoveryPages(client: OrganizationsClient): Promise<number> {
  await client.send(new DescribeOrganizationCommand({}));
  const { Roots } = await client.send(new ListRootsCommand({}));
  let pages = 2;
  let level = Roots!.map((root) => root.Id!);
  while (level.length > 0) {
    const below: string[] = [];
    for (const ParentId of level) {
      pages += await pagesOf(async (NextToken) => {
        const page = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken }));
        below.push(...(page.OrganizationalUnits ?? []).map((unit) => unit.Id!));
        return page.NextToken;
      });
      pages += await pagesOf(
        async (NextToken) => (await client.send(new ListAccountsForParentCommand({ ParentId, NextToken }))).NextToken,
      );
    }
    level = below;
  }
  return pages;
}

const SETS = [
  { StackSetName: 'evenkeel-audit', CallAs: 'SELF' },
  { StackSetName: 'evenkeel-guard', CallAs: 'DELEGATED_ADMIN' },
] as const;

async function stackSetReads(client: CloudFormationClient): Promise<number> {
  let calls = 0;
  for (const set of SETS) {
    await client.send(new DescribeStackSetCommand(set));
    calls +=
      1 +
      (await pagesOf(
        async (NextToken) =>
          (await client.send(new ListStackInstancesCommand({ ...set, MaxResults: 100, NextToken }))).NextToken,
      ));
  }
  return calls;
}

async function pagesOf(next: (token: string | undefined) => Promise<string | undefined>): Promise<number> {
  let token: string | undefined;
  for (let pages = 1; ; pages += 1) {
    token = await next(token);
    if (token === undefined) return pages;
  }
}
