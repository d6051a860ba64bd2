import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { MANAGED, rootOf, trust, unitWith } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';

type Units = { readonly sets: Desk; readonly upper: string; readonly lower: string };

/** The first member in a unit, the second in a unit below it. */
async function nested(aws: Aws): Promise<Units> {
  const sets = desk(aws);
  const upper = await unitWith(aws, [aws.members[0]]);
  const lower = await unitWith(aws, [aws.members[1]], upper);
  await sets.create(MANAGED);
  return { sets, upper, lower };
}

export const deploymentTargets: Chapter = {
  service: 'CloudFormation',
  operation: 'Deployment targets',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'takes a unit for all accounts in it and in the units below',
      source: shape('DeploymentTargets'),
      test: async (aws) => {
        const { sets, upper } = await nested(aws);
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [upper] } });
        expect(await sets.accounts()).toEqual([...aws.members].sort());
        expect((await sets.instances()).map(({ Status }) => Status)).toEqual(['CURRENT', 'CURRENT']);
      },
    },
    {
      says: 'takes the root for the whole organization, and leaves out the management account',
      source: shape('DeploymentTargets'),
      differs: { moto: 'deploys to accounts at most one unit below the root, the management account included' },
      test: async (aws) => {
        const { sets } = await nested(aws);
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [await rootOf(aws)] } });
        expect(await sets.accounts()).toEqual([...aws.members].sort());
      },
    },
    {
      says: 'narrows units to the named accounts by INTERSECTION',
      source: shape('DeploymentTargets'),
      differs: { moto: 'ignores the accounts' },
      test: async (aws) => {
        const { sets, upper, lower } = await nested(aws);
        const target = (OrganizationalUnitIds: string[]) => ({
          DeploymentTargets: {
            OrganizationalUnitIds,
            Accounts: [aws.members[0]],
            AccountFilterType: 'INTERSECTION' as const,
          },
        });
        await sets.deploy(target([lower]));
        expect(await sets.accounts()).toEqual([]);
        await sets.deploy(target([upper]));
        expect(await sets.accounts()).toEqual([aws.members[0]]);
      },
    },
    {
      says: 'leaves the named accounts out by DIFFERENCE',
      source: shape('DeploymentTargets'),
      differs: { moto: 'ignores the accounts' },
      test: async (aws) => {
        const { sets, upper } = await nested(aws);
        await sets.deploy({
          DeploymentTargets: {
            OrganizationalUnitIds: [upper],
            Accounts: [aws.members[0]],
            AccountFilterType: 'DIFFERENCE',
          },
        });
        expect(await sets.accounts()).toEqual([aws.members[1]]);
      },
    },
    {
      says: 'refuses UNION where instances are created',
      source: shape('DeploymentTargets'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { sets, lower } = await nested(aws);
        const call = sets.begin({
          DeploymentTargets: {
            OrganizationalUnitIds: [lower],
            Accounts: [aws.members[0]],
            AccountFilterType: 'UNION',
          },
        });
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'demands an AccountFilterType where instances are created in units and accounts are named too',
      source: shape('DeploymentTargets'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { sets, upper } = await nested(aws);
        const DeploymentTargets = { OrganizationalUnitIds: [upper], Accounts: [aws.members[0]] };
        expect((await refusal(sets.begin({ DeploymentTargets }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'adds the named accounts to the units by UNION where instances are deleted, also where no type is given',
      source: shape('DeploymentTargets'),
      differs: { moto: 'deletes nothing where units are targeted' },
      test: async (aws) => {
        const { sets, upper, lower } = await nested(aws);
        const deploy = () => sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [upper] } });
        const both = { OrganizationalUnitIds: [lower], Accounts: [aws.members[0]] };
        await deploy();
        await sets.settled(await sets.remove({ DeploymentTargets: { ...both, AccountFilterType: 'UNION' } }));
        expect(await sets.accounts()).toEqual([]);
        await deploy();
        expect(await sets.accounts()).toHaveLength(2);
        await sets.settled(await sets.remove({ DeploymentTargets: both }));
        expect(await sets.accounts()).toEqual([]);
      },
    },
    {
      says: 'takes accounts alone where instances are deleted, and units are needed where they are created',
      source: assumption('UNION adds accounts to no units; CreateStackInstances knows no UNION'),
      differs: { moto: 'deletes nothing' },
      test: async (aws) => {
        const { sets, upper } = await nested(aws);
        const DeploymentTargets = { Accounts: [aws.members[0]] };
        expect((await refusal(sets.begin({ DeploymentTargets }))).name).toBe('ValidationError');
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [upper] } });
        await sets.settled(await sets.remove({ DeploymentTargets }));
        expect(await sets.accounts()).toEqual([aws.members[1]]);
      },
    },
    {
      says: 'refuses accounts with NONE, and INTERSECTION or DIFFERENCE without accounts',
      source: assumption('the filter says how units and accounts go together, and one of them is missing'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { sets, upper } = await nested(aws);
        const OrganizationalUnitIds = [upper];
        const none = { OrganizationalUnitIds, Accounts: [aws.members[0]], AccountFilterType: 'NONE' as const };
        expect((await refusal(sets.begin({ DeploymentTargets: none }))).name).toBe('ValidationError');
        for (const AccountFilterType of ['INTERSECTION', 'DIFFERENCE'] as const) {
          const call = sets.begin({ DeploymentTargets: { OrganizationalUnitIds, AccountFilterType } });
          expect((await refusal(call)).name).toBe('ValidationError');
        }
      },
    },
    {
      says: 'refuses more than 50 units',
      source: api('CreateStackInstances'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { sets } = await nested(aws);
        const OrganizationalUnitIds = Array.from({ length: 51 }, (_, index) => `ou-abcd-${10_000_000 + index}`);
        expect((await refusal(sets.begin({ DeploymentTargets: { OrganizationalUnitIds } }))).name).toBe(
          'ValidationError',
        );
      },
    },
    {
      says: 'refuses a unit that does not exist',
      source: assumption('there is nothing that the operation could mean'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { sets } = await nested(aws);
        const DeploymentTargets = { OrganizationalUnitIds: ['ou-abcd-12345678'] };
        expect((await refusal(sets.begin({ DeploymentTargets }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'reads account ids from a file in S3, one below the other or with commas between',
      source: shape('DeploymentTargets'),
      differs: { moto: 'makes no instance' },
      test: async (aws) => {
        const sets = desk(aws);
        await trust(aws, aws.members);
        await sets.create();
        const Bucket = aws.unique('accounts');
        const s3 = aws.s3(aws.management);
        await s3.send(new CreateBucketCommand({ Bucket }));
        await s3.send(new PutObjectCommand({ Bucket, Key: 'accounts.csv', Body: aws.members.join(',\n') }));
        await sets.deploy({ DeploymentTargets: { AccountsUrl: `s3://${Bucket}/accounts.csv` } });
        expect(await sets.accounts()).toEqual([...aws.members].sort());
      },
    },
    {
      says: 'makes one instance of an account that two of the units have below them',
      source: guide('StackSets concepts'),
      differs: { moto: 'shows no results where units are targeted' },
      test: async (aws) => {
        const { sets, upper, lower } = await nested(aws);
        const id = await sets.begin({ DeploymentTargets: { OrganizationalUnitIds: [upper, lower] } });
        await sets.settled(id);
        expect((await sets.results(id)).map(({ Account }) => Account).sort()).toEqual([...aws.members].sort());
      },
    },
  ],
};
