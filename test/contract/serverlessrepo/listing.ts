import {
  ListApplicationDependenciesCommand,
  ListApplicationsCommand,
  ListApplicationVersionsCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { assumption, model, type Chapter } from '../specification.js';
import { LACKS, nesting, published, share, templateOf } from './fixtures.js';

const service = 'Serverless Application Repository';

const listApplications: Chapter = {
  service,
  operation: 'ListApplications',
  lacks: LACKS,
  sentences: [
    {
      says: 'lists the applications that the caller’s account has published in the Region, and none that others share with it',
      source: model('serverlessrepo 2017-09-08, ListApplications'),
      test: async (aws) => {
        const own = await published(aws);
        await published(aws, { region: 'eu-west-1' });
        const listed = async (account: string) =>
          (await aws.serverlessRepository(account).send(new ListApplicationsCommand({}))).Applications!;
        await share(aws, own, { Principals: [aws.members[1]] });
        expect(await listed(aws.members[0])).toMatchObject([
          { ApplicationId: own, Author: 'somebody', Description: 'An application.' },
        ]);
        expect(await listed(aws.members[1])).toEqual([]);
      },
    },
    {
      says: 'gives MaxItems at a time, with a NextToken until there are no more',
      source: model('serverlessrepo 2017-09-08, ListApplicationsRequest'),
      test: async (aws) => {
        for (let index = 0; index < 3; index += 1) await published(aws);
        const client = aws.serverlessRepository();
        const first = await client.send(new ListApplicationsCommand({ MaxItems: 2 }));
        expect(first.Applications).toHaveLength(2);
        const second = await client.send(new ListApplicationsCommand({ MaxItems: 2, NextToken: first.NextToken! }));
        expect(second.Applications).toHaveLength(1);
        expect(second.NextToken).toBeUndefined();
        const ids = [...first.Applications!, ...second.Applications!].map(({ ApplicationId }) => ApplicationId);
        expect(new Set(ids).size).toBe(3);
      },
    },
    {
      says: 'answers BadRequestException to MaxItems below 1 or above 100, and to a NextToken that it never gave',
      source: model('serverlessrepo 2017-09-08, MaxItems'),
      test: async (aws) => {
        await published(aws);
        for (const wrong of [{ MaxItems: 0 }, { MaxItems: 101 }, { NextToken: 'another' }])
          await expect(aws.serverlessRepository().send(new ListApplicationsCommand(wrong))).rejects.toMatchObject({
            name: 'BadRequestException',
          });
      },
    },
  ],
};

const listApplicationVersions: Chapter = {
  service,
  operation: 'ListApplicationVersions',
  lacks: LACKS,
  sentences: [
    {
      says: 'lists versions in semantic order, oldest first, page by page, whatever the order in which they were published',
      source: assumption('the service model says nothing of an order'),
      test: async (aws) => {
        const ApplicationId = await published(aws, {
          SemanticVersion: '1.10.0',
          later: ['1.9.0', '2.0.0', '2.0.0-rc.1'],
        });
        const client = aws.serverlessRepository();
        const first = await client.send(new ListApplicationVersionsCommand({ ApplicationId, MaxItems: 3 }));
        const second = await client.send(
          new ListApplicationVersionsCommand({ ApplicationId, MaxItems: 3, NextToken: first.NextToken! }),
        );
        expect([...first.Versions!, ...second.Versions!].map(({ SemanticVersion }) => SemanticVersion)).toEqual([
          '1.9.0',
          '1.10.0',
          '2.0.0-rc.1',
          '2.0.0',
        ]);
      },
    },
    {
      says: 'is granted by a policy apart from GetApplication',
      source: model('serverlessrepo 2017-09-08, PutApplicationPolicy'),
      test: async (aws) => {
        const ApplicationId = await published(aws);
        const client = aws.serverlessRepository(aws.members[1]);
        const list = () => client.send(new ListApplicationVersionsCommand({ ApplicationId }));
        await share(aws, ApplicationId, { Principals: [aws.members[1]], Actions: ['GetApplication'] });
        await expect(list()).rejects.toMatchObject({ name: 'AccessDeniedException' });
        await share(aws, ApplicationId, { Principals: [aws.members[1]], Actions: ['ListApplicationVersions'] });
        expect((await list()).Versions).toHaveLength(1);
      },
    },
  ],
};

const listApplicationDependencies: Chapter = {
  service,
  operation: 'ListApplicationDependencies',
  lacks: LACKS,
  sentences: [
    {
      says: 'lists the applications that the version nests, each once, with the versions that it names',
      source: model('serverlessrepo 2017-09-08, ListApplicationDependencies'),
      test: async (aws) => {
        const [one, two] = [await published(aws), await published(aws, { later: ['1.1.0'] })];
        const nested = (ApplicationId: string, SemanticVersion: string) => ({
          Type: 'AWS::Serverless::Application',
          Properties: { Location: { ApplicationId, SemanticVersion } },
        });
        const TemplateBody = templateOf({
          A: nested(one, '1.0.0'),
          B: nested(two, '1.1.0'),
          C: nested(one, '1.0.0'),
          Topic: { Type: 'AWS::SNS::Topic' },
        });
        const ApplicationId = await published(aws, { TemplateBody });
        const client = aws.serverlessRepository();
        expect((await client.send(new ListApplicationDependenciesCommand({ ApplicationId }))).Dependencies).toEqual([
          { ApplicationId: one, SemanticVersion: '1.0.0' },
          { ApplicationId: two, SemanticVersion: '1.1.0' },
        ]);
        const page = await client.send(new ListApplicationDependenciesCommand({ ApplicationId, MaxItems: 1 }));
        expect(page.NextToken).toBeDefined();
        expect(
          (await client.send(new ListApplicationDependenciesCommand({ ApplicationId: one }))).Dependencies,
        ).toEqual([]);
      },
    },
    {
      says: 'does not list what these nest in their turn',
      source: assumption('the service model speaks of the applications nested in the containing application'),
      test: async (aws) => {
        const innermost = await published(aws);
        const inner = await published(aws, { TemplateBody: nesting(innermost, '1.0.0') });
        const ApplicationId = await published(aws, { TemplateBody: nesting(inner, '1.0.0') });
        const { Dependencies } = await aws
          .serverlessRepository()
          .send(new ListApplicationDependenciesCommand({ ApplicationId, SemanticVersion: '1.0.0' }));
        expect(Dependencies).toEqual([{ ApplicationId: inner, SemanticVersion: '1.0.0' }]);
      },
    },
  ],
};

export const listing: readonly Chapter[] = [listApplications, listApplicationVersions, listApplicationDependencies];
