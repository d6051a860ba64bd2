import {
  ActivateOrganizationsAccessCommand,
  DeactivateOrganizationsAccessCommand,
  DescribeOrganizationsAccessCommand,
} from '@aws-sdk/client-cloudformation';
import { ListAWSServiceAccessForOrganizationCommand } from '@aws-sdk/client-organizations';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal } from './desk.js';
import { delegate, MANAGED, unitWith } from './organization.js';
import { api, guide, NO_STACK_SETS } from './sources.js';

const NO_ACCESS = { ...NO_STACK_SETS, moto: 'answers HTTP 500: it has no such operation' };

const activate = (aws: Aws, account = aws.management) =>
  aws.cloudFormation(account).send(new ActivateOrganizationsAccessCommand({}));
const deactivate = (aws: Aws, account = aws.management) =>
  aws.cloudFormation(account).send(new DeactivateOrganizationsAccessCommand({}));
const status = async (aws: Aws, account = aws.management, CallAs?: 'DELEGATED_ADMIN') =>
  (await aws.cloudFormation(account).send(new DescribeOrganizationsAccessCommand({ CallAs }))).Status;

export const activateOrganizationsAccess: Chapter = {
  service: 'CloudFormation',
  operation: 'ActivateOrganizationsAccess',
  lacks: NO_ACCESS,
  sentences: [
    {
      says: 'gives stack sets trusted access, which Organizations then lists',
      source: api('ActivateOrganizationsAccess'),
      test: async (aws) => {
        await deactivate(aws);
        await activate(aws);
        expect(await status(aws)).toBe('ENABLED');
        const { EnabledServicePrincipals } = await aws
          .organizations()
          .send(new ListAWSServiceAccessForOrganizationCommand({}));
        expect(EnabledServicePrincipals!.map(({ ServicePrincipal }) => ServicePrincipal)).toContain(
          'member.org.stacksets.cloudformation.amazonaws.com',
        );
        await desk(aws).create(MANAGED);
      },
    },
    {
      says: 'answers InvalidOperationException to any other account than the management account',
      source: guide('Activate trusted access for StackSets with AWS Organizations'),
      test: async (aws) => {
        expect((await refusal(activate(aws, aws.members[0]))).name).toBe('InvalidOperationException');
      },
    },
  ],
};

export const describeOrganizationsAccess: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeOrganizationsAccess',
  lacks: NO_ACCESS,
  sentences: [
    {
      says: 'answers ENABLED or DISABLED to the management account',
      source: api('DescribeOrganizationsAccess'),
      test: async (aws) => {
        await activate(aws);
        expect(await status(aws)).toBe('ENABLED');
        await deactivate(aws);
        expect(await status(aws)).toBe('DISABLED');
      },
    },
    {
      says: 'answers a delegated administrator who says so in CallAs, and refuses one who does not',
      source: api('DescribeOrganizationsAccess'),
      test: async (aws) => {
        const [member] = aws.members;
        await delegate(aws, member);
        expect(await status(aws, member, 'DELEGATED_ADMIN')).toBe('ENABLED');
        expect((await refusal(status(aws, member))).name).toBe('InvalidOperationException');
      },
    },
  ],
};

export const deactivateOrganizationsAccess: Chapter = {
  service: 'CloudFormation',
  operation: 'DeactivateOrganizationsAccess',
  lacks: NO_ACCESS,
  sentences: [
    {
      says: 'keeps service-managed stack sets and their instances, and lets no operation on them begin',
      source: api('DeactivateOrganizationsAccess'),
      test: async (aws) => {
        const sets = desk(aws);
        const OrganizationalUnitIds = [await unitWith(aws, [aws.members[0]])];
        await activate(aws);
        await sets.create(MANAGED);
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds } });
        await deactivate(aws);
        expect((await sets.instance(aws.members[0])).Status).toBe('CURRENT');
        const call = sets.update({ UsePreviousTemplate: true });
        expect((await refusal(call)).message).toContain('You must enable organizations access');
      },
    },
    {
      says: 'answers InvalidOperationException to any other account than the management account',
      source: assumption('trusted access is the management account’s to take back, as it is to give'),
      test: async (aws) => {
        expect((await refusal(deactivate(aws, aws.members[0]))).name).toBe('InvalidOperationException');
      },
    },
  ],
};
