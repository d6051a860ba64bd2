import {
  CreateCloudFormationTemplateCommand,
  GetCloudFormationTemplateCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { assumption, document, model, type Aws, type Chapter } from '../specification.js';
import { FUNCTION, LACKS, nesting, published, read, served, share } from './fixtures.js';

const service = 'Serverless Application Repository';
const DETAILS = model('serverlessrepo 2017-09-08, TemplateDetails');

const create = (aws: Aws, ApplicationId: string, account?: string) =>
  aws.serverlessRepository(account).send(new CreateCloudFormationTemplateCommand({ ApplicationId }));

type Served = {
  readonly Transform?: unknown;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>;
};

/** Served templates are YAML, as CloudFormation reads it. */
async function parsed(text: string): Promise<Served> {
  const { parse } = await import('yaml');
  return parse(text) as Served;
}

const createCloudFormationTemplate: Chapter = {
  service,
  operation: 'CreateCloudFormationTemplate',
  lacks: LACKS,
  sentences: [
    {
      says: 'answers a template that is PREPARING and expires an hour after its creation',
      source: DETAILS,
      test: async (aws) => {
        const ApplicationId = await published(aws, { later: ['1.1.0'] });
        const made = await create(aws, ApplicationId);
        expect(made).toMatchObject({
          ApplicationId,
          SemanticVersion: '1.1.0',
          Status: 'PREPARING',
          TemplateId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
          $metadata: { httpStatusCode: 201 },
        });
        expect(Date.parse(made.ExpirationTime!) - Date.parse(made.CreationTime!)).toBe(3_600_000);
      },
    },
    {
      says: 'puts nothing at the TemplateUrl before the template is ACTIVE',
      source: assumption('the service model gives the address at once and calls the template PREPARING'),
      test: async (aws) => {
        const { TemplateUrl } = await create(aws, await published(aws));
        await expect(read(aws, TemplateUrl!)).rejects.toThrow();
      },
    },
    {
      says: 'serves the template transformed, with code where this Region’s Lambda can read it',
      source: document('Serverless Application Repository Developer Guide, Publishing Applications'),
      test: async (aws) => {
        const ApplicationId = await published(aws, { TemplateBody: FUNCTION, LicenseBody: 'You may.' });
        await share(aws, ApplicationId, {});
        const place = { account: aws.members[1], region: 'eu-west-1' };
        const { text } = await served(aws, ApplicationId, place);
        const { Transform, Resources } = await parsed(text);
        expect(Transform).toBeUndefined();
        expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(
          expect.arrayContaining(['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Lambda::Permission']),
        );
        const { S3Bucket, S3Key } = Resources['Fn']!.Properties['Code'] as { S3Bucket: string; S3Key: string };
        const url = `https://${S3Bucket}.s3.eu-west-1.amazonaws.com/${S3Key}`;
        expect(await read(aws, url, place)).not.toBe('');
      },
    },
    {
      says: 'gives each call another address, and the same template at each but for where the code lies',
      source: assumption('publicly quoted addresses name the account that asked and a bucket and a key of their own'),
      test: async (aws) => {
        const ApplicationId = await published(aws, { TemplateBody: FUNCTION });
        const [first, second] = [await served(aws, ApplicationId), await served(aws, ApplicationId)];
        expect(first.TemplateUrl).not.toBe(second.TemplateUrl);
        expect(first.TemplateUrl).toContain(`/${aws.members[0]}/`);
        const bucket = ({ TemplateUrl }: { readonly TemplateUrl: string }) =>
          new URL(TemplateUrl).hostname.split('.')[0]!;
        expect(first.text.replaceAll(bucket(first), 'B')).toBe(second.text.replaceAll(bucket(second), 'B'));
      },
    },
    {
      says: 'answers NotFoundException for a version that is not there, and BadRequestException for an application that has none',
      source: model('serverlessrepo 2017-09-08, CreateCloudFormationTemplate'),
      test: async (aws) => {
        const client = aws.serverlessRepository();
        const ApplicationId = await published(aws);
        await expect(
          client.send(new CreateCloudFormationTemplateCommand({ ApplicationId, SemanticVersion: '2.0.0' })),
        ).rejects.toMatchObject({ name: 'NotFoundException' });
        const bare = await published(aws, { SemanticVersion: undefined, TemplateBody: undefined });
        await expect(create(aws, bare)).rejects.toMatchObject({ name: 'BadRequestException' });
      },
    },
    {
      says: 'turns a nested application into an AWS::CloudFormation::Stack of a template that is served with it, tagged with application and version',
      source: document('AWS SAM Developer Guide, AWS::Serverless::Application'),
      test: async (aws) => {
        const inner = await published(aws);
        const { text } = await served(aws, await published(aws, { TemplateBody: nesting(inner, '1.0.0') }));
        const { Type, Properties } = (await parsed(text)).Resources['Inner']!;
        expect(Type).toBe('AWS::CloudFormation::Stack');
        expect(Properties['Tags']).toEqual([
          { Key: 'lambda:createdBy', Value: 'SAM' },
          { Key: 'serverlessrepo:applicationId', Value: inner },
          { Key: 'serverlessrepo:semanticVersion', Value: '1.0.0' },
        ]);
        const { Resources } = await parsed(await read(aws, Properties['TemplateURL'] as string));
        expect(Resources).toMatchObject({ Topic: { Type: 'AWS::SNS::Topic' } });
      },
    },
    {
      says: 'answers AccessDeniedException to whoever may not use an application that is nested, although it may use the one around it',
      source: document('Serverless Application Repository Developer Guide, Application Deployment Permissions'),
      test: async (aws) => {
        const inner = await published(aws);
        const outer = await published(aws, { TemplateBody: nesting(inner, '1.0.0') });
        await share(aws, outer, { Principals: [aws.members[1]] });
        await expect(create(aws, outer, aws.members[1])).rejects.toMatchObject({
          name: 'AccessDeniedException',
          message: expect.stringContaining(inner),
        });
        await share(aws, inner, { Principals: [aws.members[1]], Actions: ['CreateCloudFormationTemplate'] });
        await create(aws, outer, aws.members[1]);
      },
    },
  ],
};

const getCloudFormationTemplate: Chapter = {
  service,
  operation: 'GetCloudFormationTemplate',
  lacks: LACKS,
  sentences: [
    {
      says: 'answers ACTIVE a few seconds later, and EXPIRED after an hour, when nothing lies at the address any more',
      source: DETAILS,
      test: async (aws) => {
        const ApplicationId = await published(aws);
        const { TemplateId, TemplateUrl, text } = await served(aws, ApplicationId);
        expect(text).toContain('AWS::SNS::Topic');
        await aws.until(
          () => aws.serverlessRepository().send(new GetCloudFormationTemplateCommand({ ApplicationId, TemplateId })),
          ({ Status }) => Status === 'EXPIRED',
        );
        await expect(read(aws, TemplateUrl)).rejects.toThrow();
      },
    },
    {
      says: 'has a TemplateUrl that whoever knows it can read without credentials',
      source: assumption('the transform of AWS SAM calls it a presigned address and gives it to CloudFormation'),
      alone: 'clients of an emulator cannot be asked without credentials',
      test: async (aws) => {
        const { TemplateUrl, text } = await served(aws, await published(aws));
        const { hostname, pathname: path } = new URL(TemplateUrl);
        const request = { method: 'GET', hostname, path, headers: {} };
        const { response } = await aws.simulator.requestHandler.handle(request);
        const { statusCode, body } = response as { statusCode: number; body: AsyncIterable<Uint8Array> };
        const chunks: Uint8Array[] = [];
        for await (const chunk of body) chunks.push(chunk);
        expect([statusCode, Buffer.concat(chunks).toString()]).toEqual([200, text]);
      },
    },
    {
      says: 'answers NotFoundException for a template of another account, of another application, and for none',
      source: model('serverlessrepo 2017-09-08, GetCloudFormationTemplate'),
      test: async (aws) => {
        const [ApplicationId, another] = [await published(aws), await published(aws)];
        await share(aws, ApplicationId, { Principals: [aws.members[1]] });
        const { TemplateId } = await create(aws, ApplicationId);
        const unknown = '00000000-0000-4000-8000-000000000000';
        for (const [account, input] of [
          [aws.members[1], { ApplicationId, TemplateId }],
          [aws.members[0], { ApplicationId: another, TemplateId }],
          [aws.members[0], { ApplicationId, TemplateId: unknown }],
        ] as const)
          await expect(
            aws.serverlessRepository(account).send(new GetCloudFormationTemplateCommand(input)),
          ).rejects.toMatchObject({ name: 'NotFoundException' });
      },
    },
  ],
};

export const templates: readonly Chapter[] = [createCloudFormationTemplate, getCloudFormationTemplate];
