import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateApplicationVersionCommand,
  GetApplicationCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { assumption, model, type Chapter } from '../specification.js';
import { FUNCTION, LACKS, nesting, NO_STRANGERS, PLAIN, published, read, share, templateOf } from './fixtures.js';

export const createApplicationVersion: Chapter = {
  service: 'Serverless Application Repository',
  operation: 'CreateApplicationVersion',
  lacks: LACKS,
  sentences: [
    {
      says: 'answers the parameters and the required capabilities of the version, and a link to its template',
      source: model('serverlessrepo 2017-09-08, CreateApplicationVersionResponse'),
      test: async (aws) => {
        const ApplicationId = await published(aws);
        const version = await aws
          .serverlessRepository()
          .send(
            new CreateApplicationVersionCommand({ ApplicationId, SemanticVersion: '1.1.0', TemplateBody: FUNCTION }),
          );
        expect(version).toMatchObject({
          ApplicationId,
          SemanticVersion: '1.1.0',
          ParameterDefinitions: [],
          RequiredCapabilities: ['CAPABILITY_IAM', 'CAPABILITY_RESOURCE_POLICY'],
          ResourcesSupported: true,
          $metadata: { httpStatusCode: 201 },
        });
        expect(await read(aws, version.TemplateUrl!)).toBe(FUNCTION);
      },
    },
    {
      says: 'answers ConflictException where the application has that version, which stays as it was',
      source: model('serverlessrepo 2017-09-08, ConflictException'),
      test: async (aws) => {
        const ApplicationId = await published(aws);
        const client = aws.serverlessRepository();
        const again = { ApplicationId, SemanticVersion: '1.0.0', TemplateBody: FUNCTION };
        await expect(client.send(new CreateApplicationVersionCommand(again))).rejects.toMatchObject({
          name: 'ConflictException',
        });
        const { Version } = await client.send(new GetApplicationCommand({ ApplicationId }));
        expect(Version!.RequiredCapabilities).toEqual([]);
      },
    },
    {
      says: 'keeps a copy of the source code archive, and the address of the source code as it is',
      source: model('serverlessrepo 2017-09-08, CreateApplicationVersionInput'),
      test: async (aws) => {
        const Bucket = aws.unique('sources');
        await aws.s3().send(new CreateBucketCommand({ Bucket }));
        await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'source.zip', Body: 'PK' }));
        const ApplicationId = await published(aws);
        const version = await aws.serverlessRepository().send(
          new CreateApplicationVersionCommand({
            ApplicationId,
            SemanticVersion: '1.1.0',
            TemplateBody: PLAIN,
            SourceCodeUrl: 'https://github.com/example/application/tree/1.1.0',
            SourceCodeArchiveUrl: `s3://${Bucket}/source.zip`,
          }),
        );
        expect(version.SourceCodeUrl).toBe('https://github.com/example/application/tree/1.1.0');
        expect(await read(aws, version.SourceCodeArchiveUrl!)).toBe('PK');
      },
    },
    {
      says: 'answers AccessDeniedException to every account but the publisher’s, whatever the policy grants',
      source: NO_STRANGERS,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        await share(aws, ApplicationId, { Principals: [aws.members[1]] });
        const version = { ApplicationId, SemanticVersion: '1.1.0', TemplateBody: PLAIN };
        await expect(
          aws.serverlessRepository(aws.members[1]).send(new CreateApplicationVersionCommand(version)),
        ).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
      },
    },
    {
      says: 'answers AccessDeniedException for GetApplication where the template nests an application that the publisher may not use',
      source: assumption('publishers report it'),
      test: async (aws) => {
        const inner = await published(aws);
        const ApplicationId = await published(aws, { account: aws.members[1] });
        const TemplateBody = nesting(inner, '1.0.0');
        await expect(
          aws
            .serverlessRepository(aws.members[1])
            .send(new CreateApplicationVersionCommand({ ApplicationId, SemanticVersion: '2.0.0', TemplateBody })),
        ).rejects.toMatchObject({
          name: 'AccessDeniedException',
          message: `User: arn:aws:iam::${aws.members[1]}:root is not authorized to perform: serverlessrepo:GetApplication on resource: ${inner}`,
        });
      },
    },
    {
      says: 'answers BadRequestException to a nested application whose Location is a template’s address',
      source: assumption('publishers report it: a nested application must itself be one of the repository’s'),
      test: async (aws) => {
        const ApplicationId = await published(aws);
        const Location = 'https://bucket.s3.us-east-1.amazonaws.com/template.json';
        const TemplateBody = templateOf({ Inner: { Type: 'AWS::Serverless::Application', Properties: { Location } } });
        await expect(
          aws
            .serverlessRepository()
            .send(new CreateApplicationVersionCommand({ ApplicationId, SemanticVersion: '2.0.0', TemplateBody })),
        ).rejects.toMatchObject({
          name: 'BadRequestException',
          message: expect.stringContaining('Resource with id [Inner] is invalid. Location property must be'),
        });
      },
    },
  ],
};
