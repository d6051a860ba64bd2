import {
  CreateStackCommand,
  CreateStackSetCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStackSetsCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  DescribeAccountCommand,
  DescribeCreateAccountStatusCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  MoveAccountCommand,
} from '@aws-sdk/client-organizations';
import {
  CreateApplicationCommand,
  CreateApplicationVersionCommand,
  ListApplicationVersionsCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { clientsOf, MEMBER, outcomeOf, TEMPLATE, troubled } from './world.js';

const LATE = 20_000;

function world(lateListings: number | { readonly seconds: number; readonly operations: readonly string[] } = LATE) {
  const simulator = troubled({ trouble: { lateListings } });
  const clients = clientsOf(simulator);
  const { cloudFormation, organizations } = clients;
  const { clock, organization } = simulator.world;
  const statuses = async () => {
    const { StackSummaries } = await cloudFormation.send(new ListStacksCommand({}));
    return StackSummaries!.map(({ StackName, StackStatus }) => `${StackName} ${StackStatus}`);
  };
  const described = async () =>
    (await cloudFormation.send(new DescribeStacksCommand({}))).Stacks!.map((stack) => stack.StackName);
  const accounts = async (ParentId: string) => {
    const { Accounts } = await organizations.send(new ListAccountsForParentCommand({ ParentId }));
    return Accounts!.map(({ Id }) => Id);
  };
  const unit = (name: string) => [...organization.units.values()].find((each) => each.name === name)!.id;
  return { simulator, ...clients, clock, organization, statuses, described, accounts, unit };
}

describe('a late listing', () => {
  it('does not show a new stack, which is found by its name, and shows it in the end', async () => {
    const { cloudFormation, clock, statuses, described } = world();
    await cloudFormation.send(new CreateStackCommand({ StackName: 'queue', TemplateBody: TEMPLATE }));
    expect([await statuses(), await described()]).toEqual([[], []]);
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'queue' }));
    expect(Stacks).toHaveLength(1);
    clock.advance(LATE);
    expect(await described()).toEqual(['queue']);
    clock.advance(LATE);
    expect(await statuses()).toEqual(['queue CREATE_COMPLETE']);
  });

  it('shows what it saw last, and what is gone', async () => {
    const { cloudFormation, clock, statuses, described } = world();
    await cloudFormation.send(new CreateStackCommand({ StackName: 'queue', TemplateBody: TEMPLATE }));
    clock.advance(2 * LATE);
    expect([await statuses(), await described()]).toEqual([['queue CREATE_COMPLETE'], ['queue']]);
    await cloudFormation.send(new DeleteStackCommand({ StackName: 'queue' }));
    while (clock.advanceToNext());
    expect(await outcomeOf(cloudFormation.send(new DescribeStacksCommand({ StackName: 'queue' })))).toBe(
      'ValidationError 400',
    );
    expect([await statuses(), await described()]).toEqual([['queue CREATE_COMPLETE'], ['queue']]);
    clock.advance(LATE);
    expect([await statuses(), await described()]).toEqual([['queue DELETE_COMPLETE'], []]);
  });

  it('is late by itself: an account that moves may be seen in neither place, or in both', async () => {
    const { organizations, accounts, unit, clock } = world();
    const [from, to] = [unit('Workloads'), unit('Elsewhere')];
    await Promise.all([accounts(from), accounts(to)]);
    await organizations.send(
      new MoveAccountCommand({ AccountId: MEMBER, SourceParentId: from, DestinationParentId: to }),
    );
    const seen = new Set<string>();
    for (let waited = 0; waited <= LATE; waited += 100) {
      const [before, after] = [await accounts(from), await accounts(to)];
      seen.add(`${before.includes(MEMBER)} ${after.includes(MEMBER)}`);
      clock.advance(100);
    }
    expect([...seen].at(0)).toBe('true false');
    expect([...seen].at(-1)).toBe('false true');
    expect(seen.size).toBe(3);
  });

  it('of ListAccounts does not show a new account, which can be described, and whose roles cannot be assumed', async () => {
    const { organizations, sts, clock } = world();
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: 'new', Email: 'new@example.com' }),
    );
    while (clock.advanceToNext());
    const made = await organizations.send(
      new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: CreateAccountStatus!.Id }),
    );
    const AccountId = made.CreateAccountStatus!.AccountId!;
    const listed = async () => (await organizations.send(new ListAccountsCommand({}))).Accounts!.map(({ Id }) => Id);
    const assumed = () =>
      outcomeOf(
        sts.send(
          new AssumeRoleCommand({
            RoleArn: `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`,
            RoleSessionName: 'session',
          }),
        ),
      );
    expect(await listed()).not.toContain(AccountId);
    expect((await organizations.send(new DescribeAccountCommand({ AccountId }))).Account!.State).toBe('ACTIVE');
    expect(await assumed()).toBe('AccessDenied 403');
    clock.advance(LATE);
    expect(await listed()).toContain(AccountId);
    expect(await assumed()).toBe('ok');
  });

  it('does not show new units, nor new versions of an application', async () => {
    const { organizations, serverlessRepository, organization, clock } = world();
    const ParentId = organization.rootId!;
    const units = async () =>
      (await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId }))).OrganizationalUnits!.map(
        ({ Name }) => Name,
      );
    await organizations.send(new CreateOrganizationalUnitCommand({ ParentId, Name: 'New' }));
    const { ApplicationId } = await serverlessRepository.send(
      new CreateApplicationCommand({ Name: 'app', Author: 'me', Description: 'mine', SpdxLicenseId: 'MIT' }),
    );
    const SemanticVersion = '1.0.0';
    await serverlessRepository.send(
      new CreateApplicationVersionCommand({
        ApplicationId,
        SemanticVersion,
        TemplateBody: TEMPLATE,
        SourceCodeUrl: 'https://example.com',
      }),
    );
    const versions = async () =>
      (await serverlessRepository.send(new ListApplicationVersionsCommand({ ApplicationId }))).Versions!.length;
    expect([await units(), await versions()]).toEqual([['Workloads', 'Elsewhere'], 0]);
    clock.advance(LATE);
    expect([await units(), await versions()]).toEqual([['Workloads', 'Elsewhere', 'New'], 1]);
  });

  it('is never ListStackSets, which is strongly consistent', async () => {
    const { cloudFormation } = world();
    await cloudFormation.send(new CreateStackSetCommand({ StackSetName: 'set', TemplateBody: TEMPLATE }));
    expect((await cloudFormation.send(new ListStackSetsCommand({}))).Summaries).toHaveLength(1);
  });

  it('is only the one that was asked for', async () => {
    const { cloudFormation, statuses, described } = world({ seconds: LATE, operations: ['cloudformation:ListStacks'] });
    await cloudFormation.send(new CreateStackCommand({ StackName: 'queue', TemplateBody: TEMPLATE }));
    expect([await statuses(), await described()]).toEqual([[], ['queue']]);
  });
});
