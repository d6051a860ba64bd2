import { GetApplicationCommand } from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { assumption, document, type Aws, type Sentence } from '../specification.js';
import { OUTSIDER, published, share } from './fixtures.js';

const REGIONS = document('Serverless Application Repository Developer Guide, Publishing Applications');

type Place = { readonly account?: string; readonly region?: string };

const get = (aws: Aws, ApplicationId: string, { account, region }: Place = {}) =>
  aws.serverlessRepository(account, region).send(new GetApplicationCommand({ ApplicationId }));

/** Who sees an application, and where. */
export const access: readonly Sentence[] = [
  {
    says: 'answers AccessDeniedException to another account where the application is private, and just the same where there is none',
    source: assumption('that is the code in public reports, although the service model has ForbiddenException'),
    test: async (aws) => {
      const ApplicationId = await published(aws);
      for (const id of [ApplicationId, `${ApplicationId}-2`])
        await expect(get(aws, id, { account: aws.members[1] })).rejects.toMatchObject({
          name: 'AccessDeniedException',
          message: `User: arn:aws:iam::${aws.members[1]}:root is not authorized to perform: serverlessrepo:GetApplication on resource: ${id}`,
          $metadata: { httpStatusCode: 403 },
        });
    },
  },
  {
    says: 'answers NotFoundException to the account itself for an application that it does not have in that Region',
    source: REGIONS,
    test: async (aws) => {
      const ApplicationId = await published(aws);
      await expect(get(aws, `${ApplicationId}-2`)).rejects.toMatchObject({ name: 'NotFoundException' });
      await expect(get(aws, ApplicationId, { region: 'eu-west-1' })).rejects.toMatchObject({
        name: 'NotFoundException',
        message: `Application with id ${ApplicationId} could not be found.`,
      });
    },
  },
  {
    says: 'shows an application that is shared with accounts in its own Region only',
    source: REGIONS,
    test: async (aws) => {
      const ApplicationId = await published(aws);
      const account = aws.members[1];
      await share(aws, ApplicationId, { Principals: [account] });
      expect((await get(aws, ApplicationId, { account })).ApplicationId).toBe(ApplicationId);
      await expect(get(aws, ApplicationId, { account, region: 'us-west-2' })).rejects.toMatchObject({
        name: 'AccessDeniedException',
      });
    },
  },
  {
    says: 'shows a public application to everybody in every Region, under the ARN of its own',
    source: REGIONS,
    test: async (aws) => {
      const ApplicationId = await published(aws, { region: 'eu-west-1', LicenseBody: 'You may.' });
      await share(aws, ApplicationId, {}, 'eu-west-1');
      for (const region of ['eu-west-1', 'us-east-1', 'ap-southeast-2'])
        for (const account of [aws.members[0], aws.members[1], OUTSIDER])
          expect((await get(aws, ApplicationId, { account, region })).ApplicationId).toBe(ApplicationId);
    },
  },
  {
    says: 'answers BadRequestException to what is not the ARN of an application',
    source: assumption('the service model asks for an ARN and lists no other error that fits'),
    test: async (aws) => {
      await expect(get(aws, 'lambda-janitor')).rejects.toMatchObject({ name: 'BadRequestException' });
    },
  },
];
