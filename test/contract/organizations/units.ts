import {
  CreateOrganizationalUnitCommand,
  DeleteOrganizationalUnitCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListChildrenCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  MoveAccountCommand,
  UpdateOrganizationalUnitCommand,
} from '@aws-sdk/client-organizations';
import { expect } from 'vitest';
import type { SimulatedUnit } from '../../../src/simulator/kernel/contract.js';
import { document, model, type Chapter } from '../specification.js';
import { newAccount, newUnit, refused, rootOf } from './fixtures.js';

const reference = (operation: string) => document(`Organizations API Reference, ${operation}`);

const describeOrganization: Chapter = {
  service: 'Organizations',
  operation: 'DescribeOrganization',
  sentences: [
    {
      says: 'names the organization and its management account',
      source: reference('DescribeOrganization'),
      test: async (aws) => {
        const { Organization } = await aws.organizations().send(new DescribeOrganizationCommand({}));
        expect(Organization).toMatchObject({
          Id: expect.stringMatching(/^o-[a-z0-9]{10,32}$/) as string,
          MasterAccountId: aws.management,
          FeatureSet: 'ALL',
        });
      },
    },
    {
      says: 'may be called from any account of the organization',
      source: reference('DescribeOrganization'),
      differs: { ministack: 'gives each account an organization of its own' },
      test: async (aws) => {
        const { Organization } = await aws.organizations(aws.members[0]).send(new DescribeOrganizationCommand({}));
        expect(Organization).toMatchObject({ MasterAccountId: aws.management });
      },
    },
    {
      says: 'answers AWSOrganizationsNotInUseException to an account that is in no organization',
      source: model('Organizations 2016-11-28, AWSOrganizationsNotInUseException'),
      differs: { ministack: 'gives each account an organization of its own' },
      test: async (aws) => {
        await expect(aws.organizations('999999999999').send(new DescribeOrganizationCommand({}))).rejects.toEqual(
          refused('AWSOrganizationsNotInUseException'),
        );
      },
    },
  ],
};

const listRoots: Chapter = {
  service: 'Organizations',
  operation: 'ListRoots',
  sentences: [
    {
      says: 'answers the one root',
      source: reference('ListRoots'),
      test: async (aws) => {
        const { Roots } = await aws.organizations().send(new ListRootsCommand({}));
        expect(Roots).toMatchObject([{ Id: expect.stringMatching(/^r-[0-9a-z]{4,32}$/) as string, Name: 'Root' }]);
      },
    },
  ],
};

const createOrganizationalUnit: Chapter = {
  service: 'Organizations',
  operation: 'CreateOrganizationalUnit',
  sentences: [
    {
      says: 'answers the unit, with an id that carries the root’s',
      source: model('Organizations 2016-11-28, OrganizationalUnitId'),
      differs: { ministack: 'carries four characters of it only' },
      test: async (aws) => {
        const root = await rootOf(aws);
        expect((await newUnit(aws, root)).Id).toMatch(new RegExp(`^ou-${root.slice(2)}-[0-9a-z]{8,32}$`));
      },
    },
    {
      says: 'answers DuplicateOrganizationalUnitException where a sibling has the name',
      source: reference('CreateOrganizationalUnit'),
      differs: { moto: 'makes a second unit', ministack: 'makes a second unit' },
      test: async (aws) => {
        const root = await rootOf(aws);
        const { Name } = await newUnit(aws, root);
        await expect(
          aws.organizations().send(new CreateOrganizationalUnitCommand({ ParentId: root, Name })),
        ).rejects.toEqual(refused('DuplicateOrganizationalUnitException'));
      },
    },
    {
      says: 'allows the same name below another parent',
      source: reference('CreateOrganizationalUnit'),
      test: async (aws) => {
        const { Id, Name } = await newUnit(aws);
        const { OrganizationalUnit } = await aws
          .organizations()
          .send(new CreateOrganizationalUnitCommand({ ParentId: Id, Name }));
        expect(OrganizationalUnit).toMatchObject({ Name });
      },
    },
    {
      says: 'allows five levels below the root, and answers OU_DEPTH_LIMIT_EXCEEDED for a sixth',
      source: document('Organizations User Guide, Quotas for AWS Organizations'),
      differs: { moto: 'nests on', ministack: 'nests on' },
      test: async (aws) => {
        let parent = await rootOf(aws);
        for (let level = 1; level <= 5; level += 1) parent = (await newUnit(aws, parent)).Id;
        await expect(newUnit(aws, parent)).rejects.toEqual(
          refused('ConstraintViolationException', 'OU_DEPTH_LIMIT_EXCEEDED'),
        );
      },
    },
    {
      says: 'answers OU_NUMBER_LIMIT_EXCEEDED beyond two thousand units',
      source: document('Organizations User Guide, Quotas for AWS Organizations'),
      alone: 'two thousand units would stay in an emulator that is shared',
      test: async (aws) => {
        const root = await rootOf(aws);
        const { units } = aws.simulator.world.organization as unknown as { units: Map<string, SimulatedUnit> };
        for (let n = units.size; n < 1_999; n += 1)
          units.set(`ou-full-${n}`, { id: `ou-full-${n}`, name: `full ${n}`, parentId: root, tags: new Map() });
        await newUnit(aws, root);
        await expect(newUnit(aws, root)).rejects.toEqual(
          refused('ConstraintViolationException', 'OU_NUMBER_LIMIT_EXCEEDED'),
        );
      },
    },
    {
      says: 'answers ParentNotFoundException where there is no such parent',
      source: reference('CreateOrganizationalUnit'),
      differs: { moto: 'makes the unit', ministack: 'makes the unit' },
      test: async (aws) => {
        await expect(newUnit(aws, 'ou-none-00000000')).rejects.toEqual(refused('ParentNotFoundException'));
      },
    },
  ],
};

const describeOrganizationalUnit: Chapter = {
  service: 'Organizations',
  operation: 'DescribeOrganizationalUnit',
  sentences: [
    {
      says: 'answers the unit’s name',
      source: reference('DescribeOrganizationalUnit'),
      test: async (aws) => {
        const { Id, Name } = await newUnit(aws);
        const { OrganizationalUnit } = await aws
          .organizations()
          .send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: Id }));
        expect(OrganizationalUnit).toMatchObject({ Id, Name });
      },
    },
    {
      says: 'answers OrganizationalUnitNotFoundException where there is no such unit',
      source: reference('DescribeOrganizationalUnit'),
      test: async (aws) => {
        await expect(
          aws.organizations().send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: 'ou-none-00000000' })),
        ).rejects.toEqual(refused('OrganizationalUnitNotFoundException'));
      },
    },
  ],
};

const updateOrganizationalUnit: Chapter = {
  service: 'Organizations',
  operation: 'UpdateOrganizationalUnit',
  lacks: { ministack: 'answers that there is no such operation' },
  sentences: [
    {
      says: 'renames the unit, whose id and accounts stay',
      source: reference('UpdateOrganizationalUnit'),
      test: async (aws) => {
        const { Id } = await newUnit(aws);
        const Name = aws.unique('renamed');
        const client = aws.organizations();
        await client.send(new UpdateOrganizationalUnitCommand({ OrganizationalUnitId: Id, Name }));
        const { OrganizationalUnit } = await client.send(
          new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: Id }),
        );
        expect(OrganizationalUnit).toMatchObject({ Id, Name });
      },
    },
    {
      says: 'refuses a name that a sibling has',
      source: reference('UpdateOrganizationalUnit'),
      test: async (aws) => {
        const root = await rootOf(aws);
        const [one, other] = [await newUnit(aws, root), await newUnit(aws, root)];
        await expect(
          aws
            .organizations()
            .send(new UpdateOrganizationalUnitCommand({ OrganizationalUnitId: one.Id, Name: other.Name })),
        ).rejects.toEqual(refused('DuplicateOrganizationalUnitException'));
      },
    },
  ],
};

const deleteOrganizationalUnit: Chapter = {
  service: 'Organizations',
  operation: 'DeleteOrganizationalUnit',
  sentences: [
    {
      says: 'removes an empty unit',
      source: reference('DeleteOrganizationalUnit'),
      test: async (aws) => {
        const { Id } = await newUnit(aws);
        const client = aws.organizations();
        await client.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId: Id }));
        await expect(client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: Id }))).rejects.toEqual(
          refused('OrganizationalUnitNotFoundException'),
        );
      },
    },
    {
      says: 'answers OrganizationalUnitNotEmptyException for a unit that holds units or accounts',
      source: reference('DeleteOrganizationalUnit'),
      differs: { moto: 'removes it', ministack: 'removes it' },
      test: async (aws) => {
        const root = await rootOf(aws);
        const [holdsUnit, holdsAccount] = [await newUnit(aws, root), await newUnit(aws, root)];
        await newUnit(aws, holdsUnit.Id);
        const AccountId = await newAccount(aws);
        const client = aws.organizations();
        await client.send(
          new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: holdsAccount.Id }),
        );
        for (const { Id } of [holdsUnit, holdsAccount])
          await expect(client.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId: Id }))).rejects.toEqual(
            refused('OrganizationalUnitNotEmptyException'),
          );
      },
    },
  ],
};

const listOrganizationalUnitsForParent: Chapter = {
  service: 'Organizations',
  operation: 'ListOrganizationalUnitsForParent',
  sentences: [
    {
      says: 'lists the units directly below the parent',
      source: reference('ListOrganizationalUnitsForParent'),
      test: async (aws) => {
        const above = await newUnit(aws);
        const inside = await newUnit(aws, above.Id);
        await newUnit(aws, inside.Id);
        const { OrganizationalUnits } = await aws
          .organizations()
          .send(new ListOrganizationalUnitsForParentCommand({ ParentId: above.Id }));
        expect(OrganizationalUnits).toMatchObject([{ Id: inside.Id, Name: inside.Name }]);
      },
    },
    {
      says: 'answers ParentNotFoundException where there is no such parent',
      source: reference('ListOrganizationalUnitsForParent'),
      differs: { ministack: 'lists nothing' },
      test: async (aws) => {
        await expect(
          aws.organizations().send(new ListOrganizationalUnitsForParentCommand({ ParentId: 'ou-none-00000000' })),
        ).rejects.toEqual(refused('ParentNotFoundException'));
      },
    },
  ],
};

const listChildren: Chapter = {
  service: 'Organizations',
  operation: 'ListChildren',
  lacks: { ministack: 'answers that there is no such operation' },
  sentences: [
    {
      says: 'lists ids of accounts or of units, whichever is asked for',
      source: reference('ListChildren'),
      test: async (aws) => {
        const root = await rootOf(aws);
        const above = await newUnit(aws, root);
        const inside = await newUnit(aws, above.Id);
        const AccountId = await newAccount(aws);
        const client = aws.organizations();
        await client.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: above.Id }));
        const children = async (ChildType: 'ACCOUNT' | 'ORGANIZATIONAL_UNIT') =>
          (await client.send(new ListChildrenCommand({ ParentId: above.Id, ChildType }))).Children;
        expect(await children('ACCOUNT')).toEqual([{ Id: AccountId, Type: 'ACCOUNT' }]);
        expect(await children('ORGANIZATIONAL_UNIT')).toEqual([{ Id: inside.Id, Type: 'ORGANIZATIONAL_UNIT' }]);
      },
    },
  ],
};

const listParents: Chapter = {
  service: 'Organizations',
  operation: 'ListParents',
  sentences: [
    {
      says: 'answers the one parent of an account or of a unit',
      source: reference('ListParents'),
      test: async (aws) => {
        const root = await rootOf(aws);
        const unit = await newUnit(aws, root);
        const inside = await newUnit(aws, unit.Id);
        const parents = async (ChildId: string) =>
          (await aws.organizations().send(new ListParentsCommand({ ChildId }))).Parents;
        expect(await parents(unit.Id)).toEqual([{ Id: root, Type: 'ROOT' }]);
        expect(await parents(inside.Id)).toEqual([{ Id: unit.Id, Type: 'ORGANIZATIONAL_UNIT' }]);
      },
    },
    {
      says: 'answers ChildNotFoundException for what is not in the organization',
      source: reference('ListParents'),
      differs: { moto: 'answers OrganizationalUnitNotFoundException' },
      test: async (aws) => {
        await expect(aws.organizations().send(new ListParentsCommand({ ChildId: 'ou-none-00000000' }))).rejects.toEqual(
          refused('ChildNotFoundException'),
        );
      },
    },
  ],
};

export const unitChapters: readonly Chapter[] = [
  describeOrganization,
  listRoots,
  createOrganizationalUnit,
  describeOrganizationalUnit,
  updateOrganizationalUnit,
  deleteOrganizationalUnit,
  listOrganizationalUnitsForParent,
  listChildren,
  listParents,
];
