import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DeleteApplicationCommand,
  GetApplicationCommand,
  ListApplicationVersionsCommand,
  UpdateApplicationCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { assumption, document, model, type Chapter } from '../specification.js';
import { LACKS, NO_STRANGERS, published, read, served, share } from './fixtures.js';

const service = 'Serverless Application Repository';

const updateApplication: Chapter = {
  service,
  operation: 'UpdateApplication',
  lacks: LACKS,
  sentences: [
    {
      says: 'replaces author, description, home page, labels and readme, and keeps what it is not told',
      source: model('serverlessrepo 2017-09-08, UpdateApplicationInput'),
      test: async (aws) => {
        const ApplicationId = await published(aws, { Labels: ['old'], SpdxLicenseId: 'MIT', ReadmeBody: 'old' });
        const client = aws.serverlessRepository();
        const told = { Author: 'somebody-else', Labels: ['new', 'newer'], HomePageUrl: 'https://example.org' };
        const updated = await client.send(
          new UpdateApplicationCommand({ ApplicationId, ...told, ReadmeBody: '# New' }),
        );
        expect(updated).toMatchObject({ ...told, ApplicationId, Description: 'An application.', SpdxLicenseId: 'MIT' });
        expect(await read(aws, updated.ReadmeUrl!)).toBe('# New');
        const got = await client.send(new GetApplicationCommand({ ApplicationId }));
        expect(got).toMatchObject({ ...told, Version: { SemanticVersion: '1.0.0' } });
      },
    },
    {
      says: 'answers BadRequestException to what CreateApplication would not take',
      source: model('serverlessrepo 2017-09-08, UpdateApplicationInput'),
      test: async (aws) => {
        const ApplicationId = await published(aws);
        for (const wrong of [{ Author: 'a--b' }, { Description: 'd'.repeat(257) }, { Labels: ['a b'] }])
          await expect(
            aws.serverlessRepository().send(new UpdateApplicationCommand({ ApplicationId, ...wrong })),
          ).rejects.toMatchObject({ name: 'BadRequestException' });
      },
    },
    {
      says: 'answers NotFoundException for an application of its own that is not there',
      source: model('serverlessrepo 2017-09-08, UpdateApplication'),
      test: async (aws) => {
        const ApplicationId = `${await published(aws)}-2`;
        await expect(
          aws.serverlessRepository().send(new UpdateApplicationCommand({ ApplicationId, Author: 'somebody' })),
        ).rejects.toMatchObject({ name: 'NotFoundException', $metadata: { httpStatusCode: 404 } });
      },
    },
  ],
};

const deleteApplication: Chapter = {
  service,
  operation: 'DeleteApplication',
  lacks: LACKS,
  sentences: [
    {
      says: 'deletes the application with all its versions, after which it is not found',
      source: document('Serverless Application Repository Developer Guide, How to Publish Applications'),
      test: async (aws) => {
        const ApplicationId = await published(aws, { later: ['1.1.0'] });
        const client = aws.serverlessRepository();
        const deleted = await client.send(new DeleteApplicationCommand({ ApplicationId }));
        expect(deleted.$metadata.httpStatusCode).toBe(204);
        for (const command of [
          new GetApplicationCommand({ ApplicationId }),
          new ListApplicationVersionsCommand({ ApplicationId }),
          new DeleteApplicationCommand({ ApplicationId }),
        ])
          await expect(client.send(command)).rejects.toMatchObject({
            name: 'NotFoundException',
          });
      },
    },
    {
      says: 'frees the name for a new application, without the versions and the policy of the old one',
      source: document('Serverless Application Repository Developer Guide, Troubleshooting'),
      test: async (aws) => {
        const Name = aws.unique('application');
        const ApplicationId = await published(aws, { Name, SemanticVersion: '3.0.0' });
        await share(aws, ApplicationId, { Principals: [aws.members[1]] });
        await aws.serverlessRepository().send(new DeleteApplicationCommand({ ApplicationId }));
        expect(await published(aws, { Name })).toBe(ApplicationId);
        const { Version } = await aws.serverlessRepository().send(new GetApplicationCommand({ ApplicationId }));
        expect(Version!.SemanticVersion).toBe('1.0.0');
        await expect(
          aws.serverlessRepository(aws.members[1]).send(new GetApplicationCommand({ ApplicationId })),
        ).rejects.toMatchObject({ name: 'AccessDeniedException' });
      },
    },
    {
      says: 'leaves stacks that were made of it, and templates that were served, until these expire',
      source: assumption('stacks are CloudFormation’s, and a served template is a copy that was made before'),
      test: async (aws) => {
        const ApplicationId = await published(aws);
        const { TemplateUrl, text } = await served(aws, ApplicationId);
        const StackName = aws.unique('stack');
        await aws.cloudFormation().send(new CreateStackCommand({ StackName, TemplateURL: TemplateUrl }));
        await aws.serverlessRepository().send(new DeleteApplicationCommand({ ApplicationId }));
        expect(await read(aws, TemplateUrl)).toBe(text);
        await aws.until(
          () => aws.cloudFormation().send(new DescribeStacksCommand({ StackName })),
          ({ Stacks }) => Stacks![0]!.StackStatus === 'CREATE_COMPLETE',
        );
      },
    },
    {
      says: 'answers AccessDeniedException to every account but the publisher’s',
      source: NO_STRANGERS,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        await share(aws, ApplicationId, { Principals: [aws.members[1]] });
        await expect(
          aws.serverlessRepository(aws.members[1]).send(new DeleteApplicationCommand({ ApplicationId })),
        ).rejects.toMatchObject({ name: 'AccessDeniedException' });
      },
    },
  ],
};

export const changing: readonly Chapter[] = [updateApplication, deleteApplication];
