import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  DescribeAccountCommand,
  DescribeCreateAccountStatusCommand,
  DescribeOrganizationCommand,
  EnableAWSServiceAccessCommand,
  ListAccountsCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  MoveAccountCommand,
  RegisterDelegatedAdministratorCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { CONTROLLER, MANAGEMENT, MEMBER, organizationWorld } from './organization.js';

describe('an empty world', () => {
  it('belongs to whoever founds the organization first', async () => {
    const { as } = organizationWorld({ organization: 'empty' });
    const founder = '111122223333';
    await expect(as(founder).send(new ListAccountsCommand({}))).rejects.toMatchObject({
      name: 'AWSOrganizationsNotInUseException',
    });
    const { Organization } = await as(founder).send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    expect(Organization).toMatchObject({ MasterAccountId: founder, Id: expect.stringMatching(/^o-[a-z0-9]{10}$/) });
    const { Accounts } = await as(founder).send(new ListAccountsCommand({}));
    expect(Accounts).toMatchObject([{ Id: founder, State: 'ACTIVE', JoinedMethod: 'INVITED' }]);
    const { Roots } = await as(founder).send(new ListRootsCommand({}));
    expect(Roots).toMatchObject([{ Id: expect.stringMatching(/^r-[a-z0-9]{4}$/), Name: 'Root' }]);
    await expect(as(founder).send(new CreateOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AlreadyInOrganizationException',
    });
    await expect(as('444455556666').send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AWSOrganizationsNotInUseException',
    });
  });
});

describe('a new account', () => {
  it('takes a while, and cannot be worked in until the landing zone has been there', async () => {
    const { as, clock, organization } = organizationWorld();
    const client = as(MANAGEMENT);
    const { CreateAccountStatus: begun } = await client.send(
      new CreateAccountCommand({
        AccountName: 'new',
        Email: 'new@example.com',
        Tags: [{ Key: 'owner', Value: 'new' }],
      }),
    );
    expect(begun).toMatchObject({ State: 'IN_PROGRESS', AccountName: 'new' });
    const status = async () =>
      (await client.send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: begun!.Id })))
        .CreateAccountStatus!;
    expect(await status()).toMatchObject({ State: 'IN_PROGRESS' });
    const joined: string[] = [];
    organization.onChange((id) => joined.push(id));
    clock.advance(90);
    const done = await status();
    expect(done).toMatchObject({
      State: 'SUCCEEDED',
      AccountId: expect.stringMatching(/^\d{12}$/),
      CompletedTimestamp: expect.any(Date),
    });
    expect(joined).toEqual([done.AccountId]);
    const account = organization.accounts.get(done.AccountId!)!;
    expect(account).toMatchObject({ name: 'new', state: 'ACTIVE', parentId: organization.rootId });
    expect([...account.roles.keys()]).toEqual(['OrganizationAccountAccessRole']);
    clock.advance(180);
    expect(account.roles.get('evenkeel-plan')).toBe('evenkeel-demo');
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceId: account.id }));
    expect(Tags).toEqual([{ Key: 'owner', Value: 'new' }]);
  });

  it('fails where the address is taken', async () => {
    const { as, clock } = organizationWorld();
    const { CreateAccountStatus } = await as(MANAGEMENT).send(
      new CreateAccountCommand({ AccountName: 'twin', Email: 'audit@example.com' }),
    );
    clock.advance(90);
    await expect(
      as(MANAGEMENT).send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: CreateAccountStatus!.Id })),
    ).resolves.toMatchObject({
      CreateAccountStatus: { State: 'FAILED', FailureReason: 'EMAIL_ALREADY_EXISTS' },
    });
  });

  it('is asked for by a known request only', async () => {
    const { as } = organizationWorld();
    await expect(
      as(MANAGEMENT).send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: 'car-00000000' })),
    ).rejects.toMatchObject({
      name: 'CreateAccountStatusNotFoundException',
    });
  });
});

describe('moving an account', () => {
  it('goes from where it is to where it shall be, and whoever listens hears of it', async () => {
    const { as, organization } = organizationWorld();
    const unit = (name: string) => [...organization.units.values()].find((found) => found.name === name)!.id;
    const moved: string[] = [];
    organization.onChange((id) => moved.push(id));
    const move = (SourceParentId: string, DestinationParentId: string, AccountId = MEMBER) =>
      as(MANAGEMENT).send(new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }));
    await move(unit('Prod'), unit('Sandbox'));
    expect(organization.accounts.get(MEMBER)!.parentId).toBe(unit('Sandbox'));
    expect(moved).toEqual([MEMBER]);
    await expect(move(unit('Prod'), unit('Sandbox'))).rejects.toMatchObject({ name: 'SourceParentNotFoundException' });
    await expect(move(unit('Sandbox'), 'ou-none-00000000')).rejects.toMatchObject({
      name: 'DestinationParentNotFoundException',
    });
    await expect(move(unit('Sandbox'), unit('Sandbox'))).rejects.toMatchObject({ name: 'DuplicateAccountException' });
    await expect(move(unit('Sandbox'), unit('Prod'), '999999999999')).rejects.toMatchObject({
      name: 'AccountNotFoundException',
    });
    expect(moved).toEqual([MEMBER]);
  });
});

describe('closing an account', () => {
  it('leaves it pending for a while, then suspended', async () => {
    const { as, clock } = organizationWorld();
    const state = async () =>
      (await as(MANAGEMENT).send(new DescribeAccountCommand({ AccountId: MEMBER }))).Account!.State;
    await as(MANAGEMENT).send(new CloseAccountCommand({ AccountId: MEMBER }));
    expect(await state()).toBe('PENDING_CLOSURE');
    clock.advance(60);
    expect(await state()).toBe('SUSPENDED');
    await expect(as(MANAGEMENT).send(new CloseAccountCommand({ AccountId: MEMBER }))).rejects.toMatchObject({
      name: 'AccountAlreadyClosedException',
    });
  });

  it.each([
    [MANAGEMENT, 'CANNOT_CLOSE_MANAGEMENT_ACCOUNT'],
    [CONTROLLER, 'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG'],
  ])('is refused for %s: %s', async (AccountId, Reason) => {
    const { as } = organizationWorld();
    await expect(as(MANAGEMENT).send(new CloseAccountCommand({ AccountId }))).rejects.toMatchObject({
      name: 'ConstraintViolationException',
      Reason,
    });
  });
});

describe('units', () => {
  it('have a name of their own among their siblings, and five levels', async () => {
    const { as, organization } = organizationWorld();
    const create = async (ParentId: string, Name: string) =>
      (await as(MANAGEMENT).send(new CreateOrganizationalUnitCommand({ ParentId, Name }))).OrganizationalUnit!;
    await expect(create(organization.rootId!, 'Sandbox')).rejects.toMatchObject({
      name: 'DuplicateOrganizationalUnitException',
    });
    await expect(create('ou-none-00000000', 'Lost')).rejects.toMatchObject({ name: 'ParentNotFoundException' });
    let parent = organization.rootId!;
    for (let level = 1; level <= 5; level += 1) parent = (await create(parent, `Level ${level}`)).Id!;
    await expect(create(parent, 'Level 6')).rejects.toMatchObject({
      name: 'ConstraintViolationException',
      Reason: 'OU_DEPTH_LIMIT_EXCEEDED',
    });
  });
});

describe('tags', () => {
  it('are set, replaced and taken away, on accounts, units and the root', async () => {
    const { as, organization } = organizationWorld();
    const client = as(MANAGEMENT);
    for (const ResourceId of [MEMBER, [...organization.units.keys()][0]!, organization.rootId!]) {
      await client.send(
        new TagResourceCommand({
          ResourceId,
          Tags: [
            { Key: 'a', Value: '1' },
            { Key: 'b', Value: '1' },
          ],
        }),
      );
      await client.send(new TagResourceCommand({ ResourceId, Tags: [{ Key: 'a', Value: '2' }] }));
      await client.send(new UntagResourceCommand({ ResourceId, TagKeys: ['b', 'owner', 'data-class'] }));
      await expect(client.send(new ListTagsForResourceCommand({ ResourceId }))).resolves.toMatchObject({
        Tags: [{ Key: 'a', Value: '2' }],
      });
    }
  });

  it('that AWS reserves or that come twice are refused, and none is set', async () => {
    const { as, organization } = organizationWorld();
    const tag = (...Tags: { Key: string; Value: string }[]) =>
      as(MANAGEMENT).send(new TagResourceCommand({ ResourceId: MEMBER, Tags }));
    await expect(tag({ Key: 'ok', Value: '' }, { Key: 'aws:x', Value: '' })).rejects.toMatchObject({
      Reason: 'INVALID_SYSTEM_TAGS_PARAMETER',
    });
    await expect(tag({ Key: 'ok', Value: '' }, { Key: 'ok', Value: '' })).rejects.toMatchObject({
      Reason: 'DUPLICATE_TAG_KEY',
    });
    expect(organization.accounts.get(MEMBER)!.tags.has('ok')).toBe(false);
  });
});

describe('trust', () => {
  it('is given to services and delegated to accounts', async () => {
    const { as, organization } = organizationWorld();
    const client = as(MANAGEMENT);
    await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'config.amazonaws.com' }));
    const { EnabledServicePrincipals } = await client.send(new ListAWSServiceAccessForOrganizationCommand({}));
    expect(EnabledServicePrincipals!.map(({ ServicePrincipal }) => ServicePrincipal)).toContain('config.amazonaws.com');
    const register = (AccountId: string) =>
      client.send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: 'config.amazonaws.com' }));
    await register(MEMBER);
    expect([...organization.delegatedAdministrators.get(MEMBER)!]).toEqual(['config.amazonaws.com']);
    await expect(as(MEMBER).send(new ListAccountsCommand({}))).resolves.toBeDefined();
    await expect(register(MEMBER)).rejects.toMatchObject({ name: 'AccountAlreadyRegisteredException' });
    await expect(register(MANAGEMENT)).rejects.toMatchObject({ name: 'ConstraintViolationException' });
    await expect(register('999999999999')).rejects.toMatchObject({ name: 'AccountNotFoundException' });
    await expect(
      client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'nonsense' })),
    ).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it('lets a delegated administrator read, and change nothing', async () => {
    const { as } = organizationWorld();
    await expect(as(CONTROLLER).send(new CloseAccountCommand({ AccountId: MEMBER }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(as(CONTROLLER).send(new TagResourceCommand({ ResourceId: MEMBER, Tags: [] }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
