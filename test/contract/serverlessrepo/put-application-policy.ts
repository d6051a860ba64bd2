import {
  CreateCloudFormationTemplateCommand,
  GetApplicationCommand,
  ListApplicationDependenciesCommand,
  ListApplicationVersionsCommand,
  PutApplicationPolicyCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { document, model, type Chapter } from '../specification.js';
import { LACKS, organizationOf, OUTSIDER, published, share } from './fixtures.js';
import { mayRead, ORGANIZATION_ACTIONS, POLICIES, policyOf, refused } from './sharing-fixtures.js';

export const putApplicationPolicy: Chapter = {
  service: 'Serverless Application Repository',
  operation: 'PutApplicationPolicy',
  lacks: LACKS,
  sentences: [
    {
      says: 'shares with the accounts that it names and with nobody else',
      source: POLICIES,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        await share(aws, ApplicationId, { Principals: [aws.members[1]] });
        expect(await mayRead(aws, ApplicationId, aws.members[1])).toBe(true);
        expect(await mayRead(aws, ApplicationId, aws.management)).toBe(false);
      },
    },
    {
      says: 'grants with Deploy all that deploying takes',
      source: POLICIES,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        await share(aws, ApplicationId, { Principals: [aws.members[1]], Actions: ['Deploy'] });
        const client = aws.serverlessRepository(aws.members[1]);
        await client.send(new GetApplicationCommand({ ApplicationId }));
        await client.send(new ListApplicationVersionsCommand({ ApplicationId }));
        await client.send(new ListApplicationDependenciesCommand({ ApplicationId }));
        await client.send(new CreateCloudFormationTemplateCommand({ ApplicationId }));
      },
    },
    {
      says: 'grants with any other action that action alone',
      source: POLICIES,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        await share(aws, ApplicationId, { Principals: [aws.members[1]], Actions: ['CreateCloudFormationTemplate'] });
        const client = aws.serverlessRepository(aws.members[1]);
        await client.send(new CreateCloudFormationTemplateCommand({ ApplicationId }));
        expect(await mayRead(aws, ApplicationId, aws.members[1])).toBe(false);
        await expect(client.send(new ListApplicationDependenciesCommand({ ApplicationId }))).rejects.toMatchObject({
          name: 'AccessDeniedException',
        });
      },
    },
    {
      says: 'replaces the policy before it, and with no statements makes the application private again',
      source: POLICIES,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        await share(aws, ApplicationId, { Principals: [aws.members[1]] });
        await share(aws, ApplicationId, { Principals: [aws.management] });
        expect(await mayRead(aws, ApplicationId, aws.members[1])).toBe(false);
        expect(await mayRead(aws, ApplicationId, aws.management)).toBe(true);
        await aws.serverlessRepository().send(new PutApplicationPolicyCommand({ ApplicationId, Statements: [] }));
        expect(await mayRead(aws, ApplicationId, aws.management)).toBe(false);
        expect(await mayRead(aws, ApplicationId, aws.members[0])).toBe(true);
      },
    },
    {
      says: 'shares with everybody in an organization where Principals is * and PrincipalOrgIDs names it',
      source: POLICIES,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        await share(aws, ApplicationId, {
          Principals: ['*'],
          PrincipalOrgIDs: [await organizationOf(aws)],
          Actions: ORGANIZATION_ACTIONS,
        });
        expect(await mayRead(aws, ApplicationId, aws.members[1])).toBe(true);
        expect(await mayRead(aws, ApplicationId, aws.management)).toBe(true);
        expect(await mayRead(aws, ApplicationId, OUTSIDER)).toBe(false);
      },
    },
    {
      says: 'shares with the named accounts of an organization where both are given',
      source: POLICIES,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        await share(aws, ApplicationId, {
          Principals: [aws.members[1], OUTSIDER],
          PrincipalOrgIDs: [await organizationOf(aws)],
          Actions: ORGANIZATION_ACTIONS,
        });
        expect(await mayRead(aws, ApplicationId, aws.members[1])).toBe(true);
        expect(await mayRead(aws, ApplicationId, aws.management)).toBe(false);
        expect(await mayRead(aws, ApplicationId, OUTSIDER)).toBe(false);
      },
    },
    {
      says: 'answers BadRequestException to an organization that the publisher is not a member of',
      source: POLICIES,
      test: async (aws) =>
        refused(aws, await published(aws), { PrincipalOrgIDs: ['o-another123'], Actions: ORGANIZATION_ACTIONS }),
    },
    {
      says: 'answers BadRequestException to an organization without UnshareApplication among the actions',
      source: POLICIES,
      test: async (aws) =>
        refused(aws, await published(aws), { PrincipalOrgIDs: [await organizationOf(aws)], Actions: ['Deploy'] }),
    },
    {
      says: 'answers BadRequestException to making public what has no licence',
      source: POLICIES,
      test: async (aws) => {
        await refused(aws, await published(aws), {});
        const licensed = await published(aws, { LicenseBody: 'You may.' });
        await share(aws, licensed, {});
        expect(await mayRead(aws, licensed, OUTSIDER)).toBe(true);
      },
    },
    {
      says: 'answers BadRequestException to making public what has no version with the address of its source code',
      source: document('Serverless Application Repository Developer Guide, Troubleshooting'),
      test: async (aws) => {
        const LicenseBody = 'You may.';
        await refused(aws, await published(aws, { LicenseBody, SourceCodeUrl: undefined }), {});
        const bare = { LicenseBody, SemanticVersion: undefined, TemplateBody: undefined };
        await refused(aws, await published(aws, bare), {});
      },
    },
    {
      says: 'answers BadRequestException to actions that it does not know, and to principals that are neither account ids nor *',
      source: model('serverlessrepo 2017-09-08, ApplicationPolicyStatement'),
      test: async (aws) => {
        const ApplicationId = await published(aws);
        const Principals = [aws.members[1]];
        await refused(aws, ApplicationId, { Principals, Actions: ['DeleteApplication'] });
        await refused(aws, ApplicationId, { Principals, Actions: [] });
        await refused(aws, ApplicationId, { Principals: [`arn:aws:iam::${aws.members[1]}:root`] });
        await refused(aws, ApplicationId, { Principals: [] });
        expect(await policyOf(aws, ApplicationId)).toEqual([]);
      },
    },
    {
      says: 'answers BadRequestException to a policy of more than 6,144 characters',
      source: document('Serverless Application Repository Developer Guide, Quotas'),
      test: async (aws) => {
        const Principals = Array.from({ length: 600 }, (_, index) => String(100_000_000_000 + index));
        await refused(aws, await published(aws), { Principals });
      },
    },
  ],
};
