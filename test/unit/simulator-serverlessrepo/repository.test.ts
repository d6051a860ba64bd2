import {
  CreateApplicationCommand,
  CreateApplicationVersionCommand,
  CreateCloudFormationTemplateCommand,
  GetApplicationCommand,
  GetApplicationPolicyCommand,
  GetCloudFormationTemplateCommand,
  ListApplicationsCommand,
  ListApplicationVersionsCommand,
  PutApplicationPolicyCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { describe, expect, it } from 'vitest';
import { parseTemplateText } from '../../../src/simulator/templates/document.js';
import { ALPHA, BETA, OUTSIDE, refusal, simulatedAws, type SimulatedAws } from '../simulator-stack-sets/aws.js';

const JANITOR = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';
const ROTATION = 'arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSMySQLRotationSingleUser';

const OWN = { Author: 'us', Description: 'ours', Name: 'ours' };
const BODY = JSON.stringify({
  Transform: 'AWS::Serverless-2016-10-31',
  Resources: { Table: { Type: 'AWS::Serverless::SimpleTable' } },
});

/** The template that lies at a URL, and the bytes of all code that it names. */
function served(aws: SimulatedAws, url: string) {
  const text = Buffer.from(aws.world.objects.fetch(url)!).toString('utf8');
  const { Resources, ...rest } = parseTemplateText(text) as {
    Resources: Record<string, { Type: string; Properties?: { Code?: { S3Bucket?: string; S3Key?: string } } }>;
  };
  const code = Object.values(Resources).flatMap(({ Properties }) =>
    Properties?.Code?.S3Bucket === undefined ? [] : [Properties.Code],
  );
  return { rest, types: Object.values(Resources).map(({ Type }) => Type), code };
}

describe('the serverless application repository', () => {
  it('describes a version with its parameters and the capabilities of what it expands to', async () => {
    const { Version, Name, Author } = await simulatedAws()
      .serverlessRepository()
      .send(new GetApplicationCommand({ ApplicationId: JANITOR, SemanticVersion: '1.5.0' }));
    expect([Name, Author]).toEqual(['lambda-janitor', 'Lumigo']);
    expect(Version).toMatchObject({
      SemanticVersion: '1.5.0',
      ResourcesSupported: true,
      RequiredCapabilities: ['CAPABILITY_IAM', 'CAPABILITY_RESOURCE_POLICY'],
    });
    expect(Version!.ParameterDefinitions).toMatchObject([
      {
        Name: 'VersionsToKeep',
        Type: 'Number',
        DefaultValue: '3',
        MinValue: 0,
        ReferencedByResources: ['JanitorFunction'],
      },
    ]);
  });

  it('answers with the newest version in semantic order where none is named', async () => {
    const aws = simulatedAws();
    const publisher = aws.serverlessRepository(ALPHA);
    const { ApplicationId } = await publisher.send(
      new CreateApplicationCommand({ ...OWN, TemplateBody: BODY, SemanticVersion: '1.10.0' }),
    );
    for (const SemanticVersion of ['1.9.0', '1.2.0'])
      await publisher.send(new CreateApplicationVersionCommand({ ApplicationId, SemanticVersion, TemplateBody: BODY }));
    expect((await publisher.send(new GetApplicationCommand({ ApplicationId }))).Version!.SemanticVersion).toBe(
      '1.10.0',
    );
    const first = await publisher.send(new ListApplicationVersionsCommand({ ApplicationId, MaxItems: 2 }));
    const second = await publisher.send(
      new ListApplicationVersionsCommand({ ApplicationId, MaxItems: 2, NextToken: first.NextToken! }),
    );
    expect([...first.Versions!, ...second.Versions!].map(({ SemanticVersion }) => SemanticVersion)).toEqual([
      '1.2.0',
      '1.9.0',
      '1.10.0',
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  it('prepares a template that is there when it is ACTIVE, expanded, beside the code that it names, and EXPIRED after an hour', async () => {
    const aws = simulatedAws();
    const client = aws.serverlessRepository();
    const made = await client.send(
      new CreateCloudFormationTemplateCommand({ ApplicationId: JANITOR, SemanticVersion: '1.7.0' }),
    );
    expect(made.Status).toBe('PREPARING');
    expect(Date.parse(made.ExpirationTime!) - Date.parse(made.CreationTime!)).toBe(3_600_000);
    expect(aws.world.objects.fetch(made.TemplateUrl!)).toBeUndefined();
    const now = async () =>
      (await client.send(new GetCloudFormationTemplateCommand({ ApplicationId: JANITOR, TemplateId: made.TemplateId })))
        .Status;
    aws.clock.advance(20);
    expect(await now()).toBe('ACTIVE');
    const { rest, types, code } = served(aws, made.TemplateUrl!);
    expect(rest).not.toHaveProperty('Transform');
    expect(types).toEqual([
      'AWS::Lambda::Function',
      'AWS::IAM::Role',
      'AWS::Events::Rule',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
    ]);
    expect(code).toHaveLength(1);
    expect(aws.world.objects.get(code[0]!.S3Bucket!, code[0]!.S3Key!)!.byteLength).toBeGreaterThan(0);
    expect(made.TemplateUrl).toMatch(
      new RegExp(
        `^https://${code[0]!.S3Bucket}\\.s3\\.us-east-1\\.amazonaws\\.com/${ALPHA}/.+/transformed-template\\.yaml$`,
      ),
    );
    aws.clock.advance(3600);
    expect(await now()).toBe('EXPIRED');
  });

  it('serves from another bucket for each call, account and Region, and yet the same code', async () => {
    const aws = simulatedAws();
    const seen: { url: string; bytes: string }[] = [];
    for (const [account, region] of [
      [ALPHA, 'us-east-1'],
      [ALPHA, 'us-east-1'],
      [BETA, 'us-east-1'],
      [ALPHA, 'eu-west-1'],
    ] as const) {
      const { Version } = await aws
        .serverlessRepository(account, region)
        .send(new GetApplicationCommand({ ApplicationId: JANITOR }));
      const [code] = served(aws, Version!.TemplateUrl!).code;
      seen.push({
        url: Version!.TemplateUrl!,
        bytes: Buffer.from(aws.world.objects.get(code!.S3Bucket!, code!.S3Key!)!).toString('hex'),
      });
    }
    expect(new Set(seen.map(({ url }) => new URL(url).hostname)).size).toBe(4);
    expect(new Set(seen.map(({ bytes }) => bytes)).size).toBe(1);
  });

  it('shows a public application of us-east-1 in every Region, a private one to its publisher only, a shared one in its own Region', async () => {
    const aws = simulatedAws();
    const publisher = aws.serverlessRepository(ALPHA, 'eu-west-1');
    const { ApplicationId } = await publisher.send(
      new CreateApplicationCommand({ ...OWN, TemplateBody: BODY, SemanticVersion: '1.0.0' }),
    );
    expect(ApplicationId).toBe(`arn:aws:serverlessrepo:eu-west-1:${ALPHA}:applications/ours`);
    const read = (account: string, region: string, id = ApplicationId) =>
      aws.serverlessRepository(account, region).send(new GetApplicationCommand({ ApplicationId: id }));
    expect((await read(BETA, 'ap-southeast-2', JANITOR)).Name).toBe('lambda-janitor');
    expect((await refusal(read(BETA, 'eu-west-1'))).name).toBe('ForbiddenException');
    const share = (statement: object) =>
      publisher.send(
        new PutApplicationPolicyCommand({
          ApplicationId,
          Statements: [{ Actions: ['Deploy'], Principals: [], ...statement }],
        }),
      );
    await share({ Principals: [BETA] });
    expect((await read(BETA, 'eu-west-1')).Name).toBe('ours');
    expect((await refusal(read(OUTSIDE, 'eu-west-1'))).name).toBe('ForbiddenException');
    await share({ Principals: ['*'], PrincipalOrgIDs: [aws.organization.organizationId!] });
    expect((await read(OUTSIDE, 'eu-west-1')).Name).toBe('ours');
    expect((await refusal(read(OUTSIDE, 'us-east-1'))).name).toBe('NotFoundException');
    expect((await publisher.send(new GetApplicationPolicyCommand({ ApplicationId }))).Statements).toHaveLength(1);
    expect((await publisher.send(new ListApplicationsCommand({}))).Applications!.map(({ Name }) => Name)).toEqual([
      'ours',
    ]);
  });

  it('says what it does not have and does not take', async () => {
    const aws = simulatedAws();
    const client = aws.serverlessRepository();
    const get = (input: object) =>
      refusal(client.send(new GetApplicationCommand({ ApplicationId: JANITOR, ...input })));
    expect((await get({ ApplicationId: `${JANITOR}-2` })).name).toBe('NotFoundException');
    expect((await get({ SemanticVersion: '9.9.9' })).name).toBe('NotFoundException');
    const publish = (input: object) =>
      refusal(client.send(new CreateApplicationCommand({ ...OWN, TemplateBody: BODY, ...input })));
    expect((await publish({ SemanticVersion: 'one' })).name).toBe('BadRequestException');
    const api = JSON.stringify({ Resources: { Api: { Type: 'AWS::Serverless::Api' } } });
    expect((await publish({ SemanticVersion: '1.0.0', TemplateBody: api })).message).toContain(
      'The simulator does not expand AWS::Serverless::Api',
    );
    await client.send(new CreateApplicationCommand({ ...OWN, TemplateBody: BODY, SemanticVersion: '1.0.0' }));
    expect((await publish({ SemanticVersion: '1.0.1' })).name).toBe('ConflictException');
    const version = client.send(
      new CreateApplicationVersionCommand({ ApplicationId: JANITOR, SemanticVersion: '2.0.0', TemplateBody: BODY }),
    );
    expect((await refusal(version)).name).toBe('ForbiddenException');
  });

  it('has other accounts and versions in other partitions', async () => {
    const aws = simulatedAws({ partition: 'aws-us-gov' });
    const client = aws.serverlessRepository(ALPHA, 'us-gov-east-1');
    const ApplicationId = ROTATION.replace('aws:', 'aws-us-gov:').replace(
      'us-east-1:297356227824',
      'us-gov-west-1:023102451235',
    );
    expect((await client.send(new GetApplicationCommand({ ApplicationId }))).Version!.SemanticVersion).toBe('1.1.397');
    expect((await refusal(client.send(new GetApplicationCommand({ ApplicationId: ROTATION })))).name).toBe(
      'NotFoundException',
    );
  });
});
