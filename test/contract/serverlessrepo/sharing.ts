import {
  GetApplicationPolicyCommand,
  PutApplicationPolicyCommand,
  UnshareApplicationCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { assumption, model, type Aws, type Chapter } from '../specification.js';
import { LACKS, organizationOf, published, share } from './fixtures.js';
import { putApplicationPolicy } from './put-application-policy.js';
import { mayRead, ORGANIZATION_ACTIONS, POLICIES, policyOf, PUBLISHING, refused } from './sharing-fixtures.js';

const service = 'Serverless Application Repository';

const getApplicationPolicy: Chapter = {
  service,
  operation: 'GetApplicationPolicy',
  lacks: LACKS,
  sentences: [
    {
      says: 'answers no statements for an application that was never shared',
      source: PUBLISHING,
      test: async (aws) => expect(await policyOf(aws, await published(aws))).toEqual([]),
    },
    {
      says: 'answers the statements as they were put, each with an id',
      source: model('serverlessrepo 2017-09-08, ApplicationPolicyStatement'),
      test: async (aws) => {
        const ApplicationId = await published(aws);
        const statement = { Principals: [aws.members[1]], Actions: ['GetApplication'] };
        const Statements = [{ ...statement, StatementId: 'mine' }, statement];
        await aws.serverlessRepository().send(new PutApplicationPolicyCommand({ ApplicationId, Statements }));
        const [first, second] = await policyOf(aws, ApplicationId);
        expect(first).toMatchObject({ ...statement, StatementId: 'mine' });
        expect(second).toMatchObject({ ...statement, StatementId: expect.stringMatching(/.+/) });
      },
    },
    {
      says: 'answers AccessDeniedException to every account but the publisher’s',
      source: POLICIES,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        await share(aws, ApplicationId, { Principals: [aws.members[1]] });
        await expect(
          aws.serverlessRepository(aws.members[1]).send(new GetApplicationPolicyCommand({ ApplicationId })),
        ).rejects.toMatchObject({ name: 'AccessDeniedException' });
      },
    },
  ],
};

async function sharedWithOrganization(aws: Aws) {
  const [ApplicationId, OrganizationId] = [await published(aws), await organizationOf(aws)];
  const statement = { PrincipalOrgIDs: [OrganizationId], Actions: ORGANIZATION_ACTIONS };
  await share(aws, ApplicationId, statement);
  return { ApplicationId, OrganizationId, statement };
}

const unshareApplication: Chapter = {
  service,
  operation: 'UnshareApplication',
  lacks: LACKS,
  sentences: [
    {
      says: 'takes an application away from an organization, although another account published it',
      source: PUBLISHING,
      test: async (aws) => {
        const { ApplicationId, OrganizationId } = await sharedWithOrganization(aws);
        const answer = await aws
          .serverlessRepository(aws.management)
          .send(new UnshareApplicationCommand({ ApplicationId, OrganizationId }));
        expect(answer.$metadata.httpStatusCode).toBe(204);
        expect(await mayRead(aws, ApplicationId, aws.members[1])).toBe(false);
        expect(await mayRead(aws, ApplicationId, aws.members[0])).toBe(true);
      },
    },
    {
      says: 'makes PutApplicationPolicy answer BadRequestException to sharing it with that organization again',
      source: PUBLISHING,
      test: async (aws) => {
        const { ApplicationId, OrganizationId, statement } = await sharedWithOrganization(aws);
        await aws
          .serverlessRepository(aws.management)
          .send(new UnshareApplicationCommand({ ApplicationId, OrganizationId }));
        await refused(aws, ApplicationId, statement);
      },
    },
    {
      says: 'answers AccessDeniedException to every account but the organization’s management account, the publisher included',
      source: model('serverlessrepo 2017-09-08, UnshareApplication'),
      test: async (aws) => {
        const { ApplicationId, OrganizationId } = await sharedWithOrganization(aws);
        for (const member of aws.members)
          await expect(
            aws.serverlessRepository(member).send(new UnshareApplicationCommand({ ApplicationId, OrganizationId })),
          ).rejects.toMatchObject({ name: 'AccessDeniedException' });
      },
    },
    {
      says: 'answers NotFoundException for an application that is not shared with the organization',
      source: assumption('the service model lists it, and a private application must not be told from none'),
      test: async (aws) => {
        const [ApplicationId, OrganizationId] = [await published(aws), await organizationOf(aws)];
        await expect(
          aws
            .serverlessRepository(aws.management)
            .send(new UnshareApplicationCommand({ ApplicationId, OrganizationId })),
        ).rejects.toMatchObject({ name: 'NotFoundException' });
      },
    },
  ],
};

export const sharing: readonly Chapter[] = [getApplicationPolicy, putApplicationPolicy, unshareApplication];
