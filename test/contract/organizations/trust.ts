import {
  CloseAccountCommand,
  DeregisterDelegatedAdministratorCommand,
  DisableAWSServiceAccessCommand,
  EnableAWSServiceAccessCommand,
  ListAccountsCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListDelegatedAdministratorsCommand,
  ListDelegatedServicesForAccountCommand,
  ListTagsForResourceCommand,
  MoveAccountCommand,
  RegisterDelegatedAdministratorCommand,
  RemoveAccountFromOrganizationCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-organizations';
import { expect } from 'vitest';
import { assumption, document, model, type Aws, type Chapter } from '../specification.js';
import { newAccount, newUnit, refused, rootOf } from './fixtures.js';

const reference = (operation: string) => document(`Organizations API Reference, ${operation}`);
const SERVICE = 'guardduty.amazonaws.com';

async function delegated(aws: Aws): Promise<string> {
  const AccountId = await newAccount(aws);
  const client = aws.organizations();
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: SERVICE }));
  await client.send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE }));
  return AccountId;
}

const serviceAccess: Chapter = {
  service: 'Organizations',
  operation: 'EnableAWSServiceAccess',
  lacks: { ministack: 'answers that there is no such operation' },
  sentences: [
    {
      says: 'lists the service in ListAWSServiceAccessForOrganization until DisableAWSServiceAccess takes it out',
      source: reference('EnableAWSServiceAccess'),
      test: async (aws) => {
        const client = aws.organizations();
        const ServicePrincipal = 'config.amazonaws.com';
        const enabled = async () =>
          (await client.send(new ListAWSServiceAccessForOrganizationCommand({}))).EnabledServicePrincipals!.map(
            (each) => each.ServicePrincipal,
          );
        await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
        expect(await enabled()).toContain(ServicePrincipal);
        await client.send(new DisableAWSServiceAccessCommand({ ServicePrincipal }));
        expect(await enabled()).not.toContain(ServicePrincipal);
      },
    },
    {
      says: 'refuses what is no service',
      source: model('Organizations 2016-11-28, InvalidInputException'),
      test: async (aws) => {
        await expect(
          aws.organizations().send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'nobody' })),
        ).rejects.toEqual(refused('InvalidInputException'));
      },
    },
  ],
};

const registerDelegatedAdministrator: Chapter = {
  service: 'Organizations',
  operation: 'RegisterDelegatedAdministrator',
  lacks: { ministack: 'answers that there is no such operation' },
  sentences: [
    {
      says: 'lists the account among the delegated administrators of that service',
      source: reference('RegisterDelegatedAdministrator'),
      test: async (aws) => {
        const AccountId = await delegated(aws);
        const { DelegatedAdministrators } = await aws
          .organizations()
          .send(new ListDelegatedAdministratorsCommand({ ServicePrincipal: SERVICE }));
        expect(DelegatedAdministrators!.map((account) => account.Id)).toContain(AccountId);
      },
    },
    {
      says: 'lets the account read the organization, and change nothing',
      source: reference('RegisterDelegatedAdministrator'),
      differs: { moto: 'lists no accounts to it' },
      test: async (aws) => {
        const administrator = aws.organizations(await delegated(aws));
        expect((await administrator.send(new ListAccountsCommand({}))).Accounts).not.toEqual([]);
        const AccountId = await newAccount(aws);
        await expect(administrator.send(new CloseAccountCommand({ AccountId }))).rejects.toEqual(
          refused('AccessDeniedException'),
        );
      },
    },
    {
      says: 'answers SERVICE_ACCESS_NOT_ENABLED before the service has trusted access',
      source: model('Organizations 2016-11-28, ConstraintViolationException'),
      differs: { moto: 'registers it' },
      test: async (aws) => {
        const AccountId = await newAccount(aws);
        const ServicePrincipal = 'access-analyzer.amazonaws.com';
        await expect(
          aws.organizations().send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal })),
        ).rejects.toEqual(refused('ConstraintViolationException', 'SERVICE_ACCESS_NOT_ENABLED'));
      },
    },
    {
      says: 'answers AccountAlreadyRegisteredException the second time',
      source: reference('RegisterDelegatedAdministrator'),
      test: async (aws) => {
        const AccountId = await delegated(aws);
        await expect(
          aws.organizations().send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE })),
        ).rejects.toEqual(refused('AccountAlreadyRegisteredException'));
      },
    },
    {
      says: 'refuses the management account',
      source: model('Organizations 2016-11-28, ConstraintViolationException'),
      test: async (aws) => {
        const client = aws.organizations();
        await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: SERVICE }));
        await expect(
          client.send(
            new RegisterDelegatedAdministratorCommand({ AccountId: aws.management, ServicePrincipal: SERVICE }),
          ),
        ).rejects.toEqual(refused('ConstraintViolationException'));
      },
    },
    {
      says: 'keeps the account in the organization: it can be neither closed nor removed',
      source: model('Organizations 2016-11-28, ConstraintViolationException'),
      differs: { moto: 'closes and removes it' },
      test: async (aws) => {
        const AccountId = await delegated(aws);
        const reason = refused('ConstraintViolationException', 'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG');
        const client = aws.organizations();
        await expect(client.send(new CloseAccountCommand({ AccountId }))).rejects.toEqual(reason);
        await expect(client.send(new RemoveAccountFromOrganizationCommand({ AccountId }))).rejects.toEqual(reason);
      },
    },
  ],
};

const deregisterDelegatedAdministrator: Chapter = {
  service: 'Organizations',
  operation: 'DeregisterDelegatedAdministrator',
  lacks: { ministack: 'answers that there is no such operation' },
  sentences: [
    {
      says: 'takes the service from the account',
      source: reference('DeregisterDelegatedAdministrator'),
      test: async (aws) => {
        const AccountId = await delegated(aws);
        const client = aws.organizations();
        const { DelegatedServices } = await client.send(new ListDelegatedServicesForAccountCommand({ AccountId }));
        expect(DelegatedServices).toMatchObject([{ ServicePrincipal: SERVICE }]);
        await client.send(new DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE }));
        const { DelegatedAdministrators } = await client.send(new ListDelegatedAdministratorsCommand({}));
        expect(DelegatedAdministrators!.map((account) => account.Id)).not.toContain(AccountId);
      },
    },
    {
      says: 'answers AccountNotRegisteredException for an account that administers nothing',
      source: reference('DeregisterDelegatedAdministrator'),
      test: async (aws) => {
        const AccountId = await newAccount(aws);
        await expect(
          aws
            .organizations()
            .send(new DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE })),
        ).rejects.toEqual(refused('AccountNotRegisteredException'));
      },
    },
  ],
};

const listTagsForResource: Chapter = {
  service: 'Organizations',
  operation: 'ListTagsForResource',
  sentences: [
    {
      says: 'answers what TagResource set last, and nothing that UntagResource took away, on accounts, units and the root',
      source: reference('ListTagsForResource'),
      test: async (aws) => {
        const client = aws.organizations();
        for (const ResourceId of [await newAccount(aws), (await newUnit(aws)).Id, await rootOf(aws)]) {
          const tag = (Key: string, Value: string) =>
            client.send(new TagResourceCommand({ ResourceId, Tags: [{ Key, Value }] }));
          await tag('class', 'low');
          await tag('class', 'high');
          await tag('gone', 'soon');
          await client.send(new UntagResourceCommand({ ResourceId, TagKeys: ['gone'] }));
          const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceId }));
          expect(Tags).toEqual([{ Key: 'class', Value: 'high' }]);
        }
      },
    },
    {
      says: 'answers TargetNotFoundException for what is not in the organization',
      source: reference('ListTagsForResource'),
      test: async (aws) => {
        await expect(
          aws.organizations().send(new ListTagsForResourceCommand({ ResourceId: 'ou-none-00000000' })),
        ).rejects.toEqual(refused('TargetNotFoundException'));
      },
    },
  ],
};

const tagResource: Chapter = {
  service: 'Organizations',
  operation: 'TagResource',
  sentences: [
    {
      says: 'refuses keys that begin with aws:, in capitals or not',
      source: model('Organizations 2016-11-28, InvalidInputException'),
      differs: { moto: 'sets them', ministack: 'sets them' },
      test: async (aws) => {
        const ResourceId = (await newUnit(aws)).Id;
        for (const Key of ['aws:mine', 'AWS:mine', 'Aws:mine'])
          await expect(
            aws.organizations().send(new TagResourceCommand({ ResourceId, Tags: [{ Key, Value: 'x' }] })),
          ).rejects.toEqual(refused('InvalidInputException'));
      },
    },
    {
      says: 'refuses one key twice, and then sets none of the tags',
      source: model('Organizations 2016-11-28, InvalidInputException'),
      differs: { moto: 'sets the last', ministack: 'sets the last' },
      test: async (aws) => {
        const ResourceId = (await newUnit(aws)).Id;
        const Tags = [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ];
        const client = aws.organizations();
        await expect(client.send(new TagResourceCommand({ ResourceId, Tags }))).rejects.toEqual(
          refused('InvalidInputException'),
        );
        expect((await client.send(new ListTagsForResourceCommand({ ResourceId }))).Tags).toEqual([]);
      },
    },
    {
      says: 'answers MAX_TAG_LIMIT_EXCEEDED beyond fifty tags',
      source: document('Organizations User Guide, Tagging AWS Organizations resources'),
      differs: { moto: 'sets them all', ministack: 'sets them all' },
      test: async (aws) => {
        const ResourceId = (await newUnit(aws)).Id;
        const Tags = Array.from({ length: 50 }, (_, n) => ({ Key: `key-${n}`, Value: 'x' }));
        const client = aws.organizations();
        await client.send(new TagResourceCommand({ ResourceId, Tags }));
        await expect(
          client.send(new TagResourceCommand({ ResourceId, Tags: [{ Key: 'more', Value: 'x' }] })),
        ).rejects.toEqual(refused('ConstraintViolationException', 'MAX_TAG_LIMIT_EXCEEDED'));
      },
    },
    {
      says: 'is refused to members',
      source: assumption('a delegation policy may allow it on AWS, and none is simulated'),
      differs: { moto: 'says that there is no such target', ministack: 'lets a member set tags' },
      test: async (aws) => {
        const ResourceId = aws.members[0];
        await expect(
          aws
            .organizations(ResourceId)
            .send(new TagResourceCommand({ ResourceId, Tags: [{ Key: 'mine', Value: 'x' }] })),
        ).rejects.toEqual(refused('AccessDeniedException'));
      },
    },
  ],
};

const moves: Chapter = {
  service: 'Organizations',
  operation: 'Eventual effects',
  sentences: [
    {
      says: 'leaves what stands in an account alone when the account moves, is closed, or is removed',
      source: document('Organizations User Guide, Removing a member account from an organization'),
      alone: 'only the simulator says what stands in an account that nobody can sign in to',
      test: async (aws) => {
        const [member] = aws.members;
        aws.simulator.stacks.place({
          accountId: member,
          region: 'us-east-1',
          name: 'stays',
          template: '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}',
          parameters: {},
          tags: {},
          capabilities: [],
        });
        const stack = () => aws.simulator.world.stacks.find(member, 'us-east-1', 'stays')?.status;
        const client = aws.organizations();
        const { parentId } = aws.simulator.world.organization.accounts.get(member)!;
        await client.send(
          new MoveAccountCommand({
            AccountId: member,
            SourceParentId: parentId!,
            DestinationParentId: await rootOf(aws),
          }),
        );
        expect(stack()).toBe('CREATE_COMPLETE');
        await client.send(new RemoveAccountFromOrganizationCommand({ AccountId: member }));
        expect(stack()).toBe('CREATE_COMPLETE');
      },
    },
  ],
};

export const trustChapters: readonly Chapter[] = [
  serviceAccess,
  registerDelegatedAdministrator,
  deregisterDelegatedAdministrator,
  listTagsForResource,
  tagResource,
  moves,
];
