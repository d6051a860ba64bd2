import {
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListChildrenCommand,
  ListDelegatedAdministratorsCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  type ListAccountsCommandOutput,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import type { OrganizationFile } from '../../../src/simulator/kernel/contract.js';
import { CONTROLLER, MANAGEMENT, MEMBER, organizationWorld } from './organization.js';

const STACK_SETS = 'member.org.stacksets.cloudformation.amazonaws.com';

/** Walks down from the root, as discovery does: path → names of the accounts there. */
async function tree(client: OrganizationsClient): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const walk = async (ParentId: string, path: string): Promise<void> => {
    const { Accounts = [] } = await client.send(new ListAccountsForParentCommand({ ParentId }));
    found[path === '' ? '/' : path] = Accounts.map(({ Name }) => Name!);
    const { OrganizationalUnits = [] } = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId }));
    for (const unit of OrganizationalUnits) await walk(unit.Id!, `${path}/${unit.Name}`);
  };
  const { Roots } = await client.send(new ListRootsCommand({}));
  await walk(Roots![0]!.Id!, '');
  return found;
}

const crowd = (count: number): OrganizationFile => ({
  managementAccount: { id: MANAGEMENT, name: 'management' },
  units: [{ path: '/All' }],
  accounts: Array.from({ length: count }, (_, index) => ({
    id: String(200_000_000_000 + index),
    name: `account-${index}`,
    unit: '/All',
  })),
});

describe('the demo organization', () => {
  it('is a small company’s landing zone', async () => {
    const { as } = organizationWorld();
    expect(await tree(as(MANAGEMENT))).toEqual({
      '/': ['management'],
      '/Security': ['audit', 'log-archive', 'security-tooling'],
      '/Infrastructure': ['network', 'shared-services'],
      '/Workloads': [],
      '/Workloads/Prod': ['payments-prod', 'orders-prod', 'website-prod'],
      '/Workloads/NonProd': ['payments-dev', 'orders-dev'],
      '/Sandbox': ['sandbox-alice', 'sandbox-bob'],
      '/Suspended': ['retired-shop'],
    });
  });

  it('says of an account what AWS says, the retired Status not among it', async () => {
    const { as, organization } = organizationWorld();
    const { Account } = await as(MANAGEMENT).send(new DescribeAccountCommand({ AccountId: '100000000091' }));
    expect(Account).toMatchObject({
      Id: '100000000091',
      Name: 'retired-shop',
      State: 'SUSPENDED',
      JoinedMethod: 'CREATED',
      JoinedTimestamp: expect.any(Date),
    });
    expect(Account).not.toHaveProperty('Status');
    expect(Account!.Arn).toBe(
      `arn:aws:organizations::${MANAGEMENT}:account/${organization.organizationId}/100000000091`,
    );
    const unit = organization.accounts.get('100000000091')!.parentId;
    expect(Account!.Paths).toEqual([`${organization.organizationId}/${organization.rootId}/${unit}/100000000091/`]);
  });

  it('has tags, trusted access and a delegated administrator', async () => {
    const { as } = organizationWorld();
    const { Tags } = await as(CONTROLLER).send(new ListTagsForResourceCommand({ ResourceId: MEMBER }));
    expect(Tags).toEqual(
      expect.arrayContaining([
        { Key: 'data-class', Value: 'restricted' },
        { Key: 'owner', Value: 'payments' },
      ]),
    );
    const { EnabledServicePrincipals } = await as(CONTROLLER).send(new ListAWSServiceAccessForOrganizationCommand({}));
    expect(EnabledServicePrincipals).toMatchObject([{ ServicePrincipal: STACK_SETS }]);
    const { DelegatedAdministrators } = await as(CONTROLLER).send(
      new ListDelegatedAdministratorsCommand({ ServicePrincipal: STACK_SETS }),
    );
    expect(DelegatedAdministrators).toMatchObject([{ Id: CONTROLLER, Name: 'security-tooling', State: 'ACTIVE' }]);
    await expect(
      as(CONTROLLER).send(new ListDelegatedAdministratorsCommand({ ServicePrincipal: 'other.amazonaws.com' })),
    ).resolves.toMatchObject({ DelegatedAdministrators: [] });
  });

  it('has the roles of the controller in every account', () => {
    const { organization } = organizationWorld();
    for (const account of organization.accounts.values()) {
      expect(account.roles.get('evenkeel-plan'), account.name).toBe('evenkeel-demo');
      expect(account.roles.get('evenkeel-apply'), account.name).toBe('evenkeel-demo');
      expect(account.roles.get('evenkeel-cloudformation'), account.name).toBeNull();
      expect(account.roles.get('AWSCloudFormationStackSetExecutionRole'), account.name).toBeNull();
    }
    const administrators = [...organization.accounts.values()].filter(({ roles }) =>
      roles.has('AWSCloudFormationStackSetAdministrationRole'),
    );
    expect(administrators.map(({ name }) => name)).toEqual(['management', 'security-tooling']);
  });

  it('is the same thing seen from above and from below', async () => {
    const { as, organization } = organizationWorld();
    const client = as(CONTROLLER);
    const { Organization } = await client.send(new DescribeOrganizationCommand({}));
    expect(Organization).toMatchObject({
      Id: organization.organizationId,
      MasterAccountId: MANAGEMENT,
      FeatureSet: 'ALL',
    });
    for (const account of organization.accounts.values()) {
      const { Parents } = await client.send(new ListParentsCommand({ ChildId: account.id }));
      expect(Parents).toEqual([
        { Id: account.parentId, Type: account.parentId === organization.rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' },
      ]);
    }
    const workloads = [...organization.units.values()].find(({ name }) => name === 'Workloads')!;
    const { Children } = await client.send(
      new ListChildrenCommand({ ParentId: workloads.id, ChildType: 'ORGANIZATIONAL_UNIT' }),
    );
    const names = Children!.map(({ Id }) => organization.units.get(Id!)!.name);
    expect(names).toEqual(['Prod', 'NonProd']);
    expect(organization.accountsBelow(workloads.id)).toHaveLength(5);
    const { OrganizationalUnit } = await client.send(
      new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: workloads.id }),
    );
    expect(OrganizationalUnit).toMatchObject({ Id: workloads.id, Name: 'Workloads' });
  });
});

describe('pages', () => {
  async function pages(client: OrganizationsClient, MaxResults?: number) {
    const sizes: number[] = [];
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page: ListAccountsCommandOutput = await client.send(
        new ListAccountsCommand({
          ...(NextToken === undefined ? {} : { NextToken }),
          ...(MaxResults === undefined ? {} : { MaxResults }),
        }),
      );
      sizes.push(page.Accounts!.length);
      names.push(...page.Accounts!.map(({ Name }) => Name!));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return { sizes, names };
  }

  it('hold twenty at most, and one in the middle holds none', async () => {
    const { as } = organizationWorld({ organization: crowd(64) });
    const { sizes, names } = await pages(as(MANAGEMENT));
    expect(sizes).toEqual([20, 20, 0, 20, 5]);
    expect(new Set(names).size).toBe(65);
  });

  it.each([
    [20, 20, [20]],
    [21, 20, [20, 0, 1]],
    [40, 20, [20, 0, 20]],
    [5, 2, [2, 0, 2, 1]],
    [3, 1, [1, 0, 1, 1]],
  ])('of %i accounts by %i have %j', async (accounts, size, expected) => {
    const { as } = organizationWorld({ organization: crowd(accounts - 1) });
    const { sizes, names } = await pages(as(MANAGEMENT), size);
    expect(sizes).toEqual(expected);
    expect(names).toHaveLength(accounts);
  });

  it.each([
    ['a token that nobody gave', { NextToken: 'next' }, 'INVALID_NEXT_TOKEN'],
    ['too many results', { MaxResults: 21 }, 'MAX_VALUE_EXCEEDED'],
    ['no results', { MaxResults: 0 }, 'MIN_VALUE_EXCEEDED'],
  ])('refuse %s', async (_what, input, Reason) => {
    const { as } = organizationWorld();
    await expect(as(MANAGEMENT).send(new ListAccountsCommand(input))).rejects.toMatchObject({
      name: 'InvalidInputException',
      Reason,
    });
  });

  it('refuse a token of another listing', async () => {
    const { as, organization } = organizationWorld({ organization: crowd(64) });
    const { NextToken } = await as(MANAGEMENT).send(new ListAccountsCommand({}));
    const ParentId = [...organization.units.keys()][0]!;
    await expect(as(MANAGEMENT).send(new ListAccountsForParentCommand({ ParentId, NextToken }))).rejects.toMatchObject({
      Reason: 'INVALID_NEXT_TOKEN',
    });
  });
});

describe('who may read', () => {
  it('the management account and a delegated administrator, and no other member', async () => {
    const { as } = organizationWorld();
    await expect(as(CONTROLLER).send(new ListAccountsCommand({}))).resolves.toBeDefined();
    await expect(as(MEMBER).send(new ListAccountsCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(as(MEMBER).send(new DescribeOrganizationCommand({}))).resolves.toBeDefined();
  });

  it('nobody from outside', async () => {
    const { as } = organizationWorld();
    await expect(as('999999999999').send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AWSOrganizationsNotInUseException',
    });
  });
});

describe('what is not there', () => {
  it('has an error of its own kind', async () => {
    const { as } = organizationWorld();
    const client = as(MANAGEMENT);
    await expect(client.send(new DescribeAccountCommand({ AccountId: '999999999999' }))).rejects.toMatchObject({
      name: 'AccountNotFoundException',
    });
    await expect(client.send(new ListAccountsForParentCommand({ ParentId: 'ou-none-00000000' }))).rejects.toMatchObject(
      { name: 'ParentNotFoundException' },
    );
    await expect(
      client.send(new ListChildrenCommand({ ParentId: 'r-none', ChildType: 'ACCOUNT' })),
    ).rejects.toMatchObject({ name: 'ParentNotFoundException' });
    await expect(client.send(new ListParentsCommand({ ChildId: '999999999999' }))).rejects.toMatchObject({
      name: 'ChildNotFoundException',
    });
    await expect(client.send(new ListTagsForResourceCommand({ ResourceId: '999999999999' }))).rejects.toMatchObject({
      name: 'TargetNotFoundException',
    });
    await expect(
      client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: 'ou-none-00000000' })),
    ).rejects.toMatchObject({ name: 'OrganizationalUnitNotFoundException' });
  });
});

describe('throttling', () => {
  it('is off unless it is asked for', async () => {
    const { as } = organizationWorld();
    for (let call = 0; call < 10; call += 1) await as(MANAGEMENT).send(new ListRootsCommand({}));
  });

  it('lets the published burst through, and refills by the simulated clock, for each account alone', async () => {
    const { as, clock } = organizationWorld({ throttling: true });
    const ask = (account: string) => as(account).send(new ListRootsCommand({}));
    await ask(MANAGEMENT);
    await ask(MANAGEMENT);
    await expect(ask(MANAGEMENT)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await expect(ask(CONTROLLER)).resolves.toBeDefined();
    clock.advance(0.9);
    await expect(ask(MANAGEMENT)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    clock.advance(0.1);
    await expect(ask(MANAGEMENT)).resolves.toBeDefined();
    await expect(ask(MANAGEMENT)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });
});
