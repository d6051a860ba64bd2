import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateApplicationCommand,
  GetApplicationCommand,
  type CreateApplicationCommandInput,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { assumption, document, model, type Aws, type Chapter } from '../specification.js';
import { LACKS, PLAIN, published, read, templateOf } from './fixtures.js';

const INPUT = model('serverlessrepo 2017-09-08, CreateApplicationInput');
const OVER_5_MB = 'a'.repeat(5 * 1024 * 1024 + 1);

const refused = (aws: Aws, input: Partial<CreateApplicationCommandInput>, name = 'BadRequestException') =>
  expect(published(aws, input)).rejects.toMatchObject({ name });

export const createApplication: Chapter = {
  service: 'Serverless Application Repository',
  operation: 'CreateApplication',
  lacks: LACKS,
  sentences: [
    {
      says: 'answers an ARN of the Region, the account and the name, with what it was told and an author who is not verified',
      source: model('serverlessrepo 2017-09-08, CreateApplicationResponse'),
      test: async (aws) => {
        const told = { Name: 'My-Janitor', Author: 'somebody', Description: 'Cleans.', Labels: ['a', 'b:c/d@e'] };
        const HomePageUrl = 'https://example.com';
        const made = await aws
          .serverlessRepository()
          .send(new CreateApplicationCommand({ ...told, HomePageUrl, SpdxLicenseId: 'MIT' }));
        expect(made).toMatchObject({
          ...told,
          HomePageUrl,
          SpdxLicenseId: 'MIT',
          ApplicationId: `arn:aws:serverlessrepo:us-east-1:${aws.members[0]}:applications/My-Janitor`,
          IsVerifiedAuthor: false,
          $metadata: { httpStatusCode: 201 },
        });
        expect(Number.isNaN(Date.parse(made.CreationTime!))).toBe(false);
      },
    },
    {
      says: 'makes the first version in the same call where a SemanticVersion and a template are given, and none where they are not',
      source: model('serverlessrepo 2017-09-08, CreateApplication'),
      test: async (aws) => {
        const client = aws.serverlessRepository();
        const told = { Author: 'somebody', Description: 'Cleans.' };
        const bare = await client.send(new CreateApplicationCommand({ ...told, Name: aws.unique('bare') }));
        expect(bare.Version).toBeUndefined();
        const full = await client.send(
          new CreateApplicationCommand({
            ...told,
            Name: aws.unique('full'),
            SemanticVersion: '0.1.0',
            TemplateBody: PLAIN,
          }),
        );
        expect(full.Version).toMatchObject({ ApplicationId: full.ApplicationId, SemanticVersion: '0.1.0' });
      },
    },
    {
      says: 'answers BadRequestException to a SemanticVersion without a template, and makes nothing',
      source: assumption('a version is its template, and the service model marks neither as required'),
      test: async (aws) => {
        const Name = aws.unique('application');
        const told = { Name, Author: 'somebody', Description: 'Cleans.' };
        const client = aws.serverlessRepository();
        await expect(
          client.send(new CreateApplicationCommand({ ...told, SemanticVersion: '1.0.0' })),
        ).rejects.toMatchObject({ name: 'BadRequestException' });
        await published(aws, { Name });
      },
    },
    {
      says: 'answers ConflictException where the account has an application of that name in that Region, and takes the name in another Region',
      source: model('serverlessrepo 2017-09-08, ConflictException'),
      test: async (aws) => {
        const Name = aws.unique('application');
        await published(aws, { Name });
        await refused(aws, { Name }, 'ConflictException');
        await published(aws, { Name, region: 'eu-west-1' });
      },
    },
    {
      says: 'takes names of 1 to 140 letters, digits and hyphens, and answers BadRequestException to others',
      source: INPUT,
      test: async (aws) => {
        await published(aws, { Name: 'n'.repeat(140) });
        for (const Name of ['', 'n'.repeat(141), 'under_score', 'a space']) await refused(aws, { Name });
      },
    },
    {
      says: 'answers BadRequestException to an author of more than 127 characters, with two hyphens in a row, or with one at an end',
      source: INPUT,
      test: async (aws) => {
        await published(aws, { Author: 'a'.repeat(127) });
        for (const Author of ['', 'a'.repeat(128), 'some--body', '-somebody', 'some body'])
          await refused(aws, { Author });
      },
    },
    {
      says: 'takes an author with capital letters',
      source: assumption(
        'published applications have such authors, although the pattern of the service model has small letters only',
      ),
      test: async (aws) => void (await published(aws, { Author: 'SomeBody' })),
    },
    {
      says: 'answers BadRequestException to a description of more than 256 characters',
      source: INPUT,
      test: async (aws) => {
        await published(aws, { Description: 'd'.repeat(256) });
        for (const Description of ['', 'd'.repeat(257)]) await refused(aws, { Description });
      },
    },
    {
      says: 'answers BadRequestException to more than ten labels, and to one of more than 127 characters or of others than letters, digits and +-_:/@',
      source: INPUT,
      test: async (aws) => {
        await published(aws, { Labels: Array.from({ length: 10 }, (_, index) => `label-${index}`) });
        const eleven = Array.from({ length: 11 }, (_, index) => `label-${index}`);
        for (const Labels of [eleven, ['l'.repeat(128)], ['two words'], ['']]) await refused(aws, { Labels });
      },
    },
    {
      says: 'answers BadRequestException where template, licence or readme is given both as a body and as a link',
      source: INPUT,
      test: async (aws) => {
        const link = 's3://bucket/key';
        await refused(aws, { TemplateUrl: link });
        await refused(aws, { LicenseBody: 'MIT', LicenseUrl: link });
        await refused(aws, { ReadmeBody: '# Read me', ReadmeUrl: link });
      },
    },
    {
      says: 'keeps copies of licence and readme, and answers links to them',
      source: model('serverlessrepo 2017-09-08, Application'),
      test: async (aws) => {
        const ApplicationId = await published(aws, { LicenseBody: 'You may.', ReadmeBody: '# Read me' });
        const { LicenseUrl, ReadmeUrl } = await aws
          .serverlessRepository()
          .send(new GetApplicationCommand({ ApplicationId }));
        expect(await read(aws, LicenseUrl!)).toBe('You may.');
        expect(await read(aws, ReadmeUrl!)).toBe('# Read me');
      },
    },
    {
      says: 'answers BadRequestException to a licence or a readme of more than 5 MB',
      source: INPUT,
      test: async (aws) => {
        await refused(aws, { LicenseBody: OVER_5_MB });
        await refused(aws, { ReadmeBody: OVER_5_MB });
      },
    },
    {
      says: 'reads a template, and the code that it names, from S3, and answers BadRequestException with bucket and key where it cannot',
      source: document('Serverless Application Repository Developer Guide, How to Publish Applications'),
      test: async (aws) => {
        const Bucket = aws.unique('packaged');
        await aws.s3().send(new CreateBucketCommand({ Bucket }));
        await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'template.json', Body: PLAIN }));
        const Name = aws.unique('application');
        const told = { Name, Author: 'somebody', Description: 'Cleans.', SemanticVersion: '1.0.0' };
        const client = aws.serverlessRepository();
        await client.send(new CreateApplicationCommand({ ...told, TemplateUrl: `s3://${Bucket}/template.json` }));
        const layer = templateOf({
          Layer: { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: `s3://${Bucket}/layer.zip` } },
        });
        await expect(published(aws, { TemplateBody: layer })).rejects.toMatchObject({
          name: 'BadRequestException',
          message: `Failed to copy S3 object. Access denied: bucket=${Bucket}, key=layer.zip`,
        });
      },
    },
    {
      says: 'answers BadRequestException to a SemanticVersion that is none by semver.org',
      source: INPUT,
      test: async (aws) => {
        for (const SemanticVersion of ['1.0', 'v1.0.0', '01.0.0', '1.0.0-', 'latest'])
          await refused(aws, { SemanticVersion });
        await published(aws, { SemanticVersion: '1.0.0-rc.1+build.5' });
      },
    },
    {
      says: 'answers BadRequestException to a template that the transform refuses, and makes nothing',
      source: assumption(
        'a version’s parameters and capabilities come from the transformed template, so it must have been transformed',
      ),
      test: async (aws) => {
        const Name = aws.unique('application');
        await refused(aws, {
          Name,
          TemplateBody: templateOf({ Fn: { Type: 'AWS::Serverless::Function', Properties: { CodeUri: '.' } } }),
        });
        await refused(aws, { Name, TemplateBody: '{"Resources":{}}' });
        await published(aws, { Name });
      },
    },
  ],
};
