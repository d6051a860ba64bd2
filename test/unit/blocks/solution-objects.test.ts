import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET_PLACEHOLDER } from '../../../src/blocks/artifact-bucket.js';
import { createArtifactSource } from '../../../src/blocks/artifact-source.js';
import { bucketAndKey, isInPartition, publicAddress, regionInName } from '../../../src/blocks/fetch/s3-address.js';
import { sha256 } from '../../../src/model/canonical.js';
import type { Desired } from '../../../src/model/desired.js';
import type { Region } from '../../../src/model/identifiers.js';
import { codes, files } from './material.js';
import { CONTROLLER, HOME } from './repository.js';
import { after, createPublisher, solution } from './solution-material.js';
import type { Answer, Publisher } from './solution-material.js';

const MAIN = solution({
  template: 'https://solutions-reference.s3.amazonaws.com/x/v1.0.0/x.template',
  version: 'v1.0.0',
});
const MAPPINGS = { SourceCode: { General: { S3Bucket: 'solutions', KeyPrefix: 'x/v1.0.0' } } };
const inMap = (key: string) => ({ 'Fn::FindInMap': ['SourceCode', 'General', key] });
const CODE = {
  S3Bucket: { 'Fn::Join': ['-', [inMap('S3Bucket'), { Ref: 'AWS::Region' }]] },
  S3Key: { 'Fn::Join': ['/', [inMap('KeyPrefix'), 'code.zip']] },
};
const NESTED_URL = {
  'Fn::Sub': [
    'https://${Bucket}-reference.s3.amazonaws.com/${Prefix}/nested.template',
    { Bucket: inMap('S3Bucket'), Prefix: inMap('KeyPrefix') },
  ],
};
const lambda = (code: unknown) => ({ Type: 'AWS::Lambda::Function', Properties: { Code: code, Role: 'arn' } });
const stack = (url: unknown, parameters = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: url, Parameters: parameters },
});

let publisher: Publisher;
beforeEach(async () => {
  publisher = await createPublisher();
});
afterEach(() => publisher.close());

function serve(resources: object, others: object = {}, answers: Readonly<Record<string, Answer>> = {}): void {
  const template = JSON.stringify({ Mappings: MAPPINGS, ...others, Resources: resources });
  for (const [path, answer] of Object.entries({ '/solutions-reference/x/v1.0.0/x.template': template, ...answers }))
    publisher.answers.set(path, answer);
}

/** What is locked for the manifest, and what came to light. */
async function locked(desired: Desired = MAIN, aws = publisher.aws) {
  const result = await publisher.lock([desired], files({}), { aws });
  const text = (path: string): string =>
    Buffer.from(result.write.get(`.locked/Solution/response/aws/${path}`) ?? []).toString();
  const template = text('template.json');
  return {
    result,
    text,
    template: template === '' ? null : (JSON.parse(template) as { Resources: Record<string, { Properties: object }> }),
  };
}

const source = createArtifactSource({
  partition: 'aws',
  artifactBucket: 'artifacts-${account.id}-${region}',
  controllerAccount: CONTROLLER,
});

describe('what a solution reads from its publisher', () => {
  it('is copied from the bucket of the home Region, and named by its digest, wherever an expression names it', async () => {
    serve({ A: lambda(CODE), B: lambda(CODE) }, {}, { '/solutions-us-east-1/x/v1.0.0/code.zip': 'the code' });
    const { result, text, template } = await locked();
    expect(result.diagnostics).toEqual([]);
    const pinned = { Code: { S3Bucket: BUCKET_PLACEHOLDER, S3Key: `objects/${sha256('the code')}` } };
    expect(template?.Resources).toMatchObject({ A: { Properties: pinned }, B: { Properties: pinned } });
    expect(text(`objects/${sha256('the code')}`)).toBe('the code');
    expect(publisher.asked.filter((path) => path.endsWith('code.zip'))).toHaveLength(1);

    const { value } = source.resolve(MAIN, after(result));
    expect(JSON.parse(value!.template)).toMatchObject({
      Resources: { A: { Properties: { Code: { S3Bucket: { 'Fn::Sub': 'artifacts-111122223333-${AWS::Region}' } } } } },
    });
  });

  it('is copied of nested templates too, which know what they are given, and their capabilities are asked for', async () => {
    const nested = {
      Parameters: { Bucket: { Type: 'String' }, Prefix: { Type: 'String', Default: 'x/v1.0.0' } },
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'named' } },
        Inner: lambda({
          S3Bucket: { 'Fn::Sub': '${Bucket}-${AWS::Region}' },
          S3Key: { 'Fn::Sub': '${Prefix}/inner.zip' },
        }),
      },
    };
    serve(
      { Nested: stack(NESTED_URL, { Bucket: inMap('S3Bucket') }) },
      {},
      {
        '/solutions-reference/x/v1.0.0/nested.template': JSON.stringify(nested),
        '/solutions-us-east-1/x/v1.0.0/inner.zip': 'inner code',
      },
    );
    const { result } = await locked();
    expect(result.diagnostics).toEqual([]);
    expect(result.changes[0]?.after?.requiredCapabilities).toEqual(['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_NAMED_IAM']);
    const { value } = source.resolve(MAIN, after(result));
    const placed = value!.objects.map(({ bytes }) => Buffer.from(bytes).toString());
    expect(placed).toContain('inner code');
    expect(placed.find((text) => text.includes('AWS::IAM::Role'))).toContain(sha256('inner code'));
    expect(value!.template).toContain(
      'https://artifacts-111122223333-${AWS::Region}.s3.${AWS::Region}.${AWS::URLSuffix}',
    );
    expect(value!.template).not.toContain('solutions-reference');
  });

  it('is read with the controller’s own credentials where it is not open to everybody', async () => {
    serve({ A: lambda(CODE) });
    publisher.simulator.world.objects.put('solutions-us-east-1', 'x/v1.0.0/code.zip', Buffer.from('shared code'));
    const { result } = await locked();
    expect([result.diagnostics, result.changes[0]?.after?.objects]).toEqual([[], [sha256('shared code')]]);
  });

  it('is asked for in the Region that the name of its bucket ends with', async () => {
    serve({ A: lambda({ S3Bucket: 'solutions-eu-west-1', S3Key: 'code.zip' }) });
    publisher.simulator.world.objects.put('solutions-eu-west-1', 'code.zip', Buffer.from('irish'), 'eu-west-1');
    const { result } = await locked();
    expect([result.diagnostics, result.changes[0]?.after?.objects]).toEqual([[], [sha256('irish')]]);
  });

  it('is asked for in the Region that S3 names where nothing else does', async () => {
    serve({ A: lambda({ S3Bucket: 'publisher', S3Key: 'code.zip' }) });
    publisher.simulator.world.objects.put('publisher', 'code.zip', Buffer.from('irish'), 'eu-west-1');
    const redirect = { statusCode: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } };
    const credentials = publisher.simulator.credentials(CONTROLLER);
    const home = new S3Client({
      region: HOME,
      credentials,
      requestHandler: { handle: () => Promise.resolve({ response: redirect }) } as never,
    });
    const { result } = await locked(MAIN, {
      ...publisher.aws,
      s3: (region) => (region === HOME ? home : publisher.aws.s3(region)),
    });
    expect([result.diagnostics, result.changes[0]?.after?.objects]).toEqual([[], [sha256('irish')]]);
    expect(publisher.asked).toContain('/publisher/code.zip');
  });

  it('is never read from a bucket of the controller’s own account', async () => {
    const client = publisher.aws.s3(HOME);
    await client.send(new CreateBucketCommand({ Bucket: 'own-us-east-1' }));
    await client.send(new PutObjectCommand({ Bucket: 'own-us-east-1', Key: 'x/v1.0.0/code.zip', Body: 'ours' }));
    const Mappings = { SourceCode: { General: { S3Bucket: 'own', KeyPrefix: 'x/v1.0.0' } } };
    serve({ A: lambda(CODE) }, { Mappings }, { '/own-us-east-1/x/v1.0.0/code.zip': 'ours' });
    const { result } = await locked();
    expect(result.diagnostics).toMatchObject([
      { code: 'EK4035', message: expect.stringContaining('Code of resource A'), place: { source: 'spec.template' } },
    ]);
    expect(publisher.asked.some((path) => path.endsWith('code.zip'))).toBe(false);
  });
});

describe('what cannot be had or known', () => {
  const missing = 'https://solutions-reference.s3.amazonaws.com/x/v1.0.0/nested.template';
  it.each([
    ['is missing', undefined, 'EK4050', 'the answer is 404'],
    ['may not be read', (response) => response.writeHead(403).end(), 'EK4050', 'the answer is 403'],
    ['is a page', '<html></html>', 'EK4026', 'does not refer to a template'],
  ] as readonly (readonly [string, Answer | undefined, string, string])[])(
    'a nested template that %s refuses the solution, and is named with its address',
    async (_, answer, code, why) => {
      serve(
        { A: lambda(CODE), Nested: stack(NESTED_URL) },
        {},
        {
          '/solutions-us-east-1/x/v1.0.0/code.zip': 'the code',
          ...(answer === undefined ? {} : { '/solutions-reference/x/v1.0.0/nested.template': answer }),
        },
      );
      const { result } = await locked();
      expect(result.diagnostics).toMatchObject([{ code, severity: 'error', place: { source: 'spec.template' } }]);
      const { message = '' } = result.diagnostics[0]!;
      for (const words of ['TemplateURL of resource Nested', missing, why]) expect(message).toContain(words);
      expect(result.write.size).toBe(0);
    },
  );

  it('code that is missing refuses the solution as well', async () => {
    serve({ A: lambda(CODE) });
    const { result } = await locked();
    expect(result.diagnostics).toMatchObject([
      {
        code: 'EK4026',
        message: expect.stringMatching(
          /Code of resource A .*https:\/\/solutions-us-east-1\.s3\.us-east-1\.amazonaws\.com/,
        ),
      },
    ]);
  });

  it('what a publisher’s build should have filled in is no bucket', async () => {
    serve({ A: lambda(CODE) }, { Mappings: { SourceCode: { General: { S3Bucket: '%%BUCKET%%', KeyPrefix: 'x' } } } });
    const { result } = await locked();
    expect(result.diagnostics).toMatchObject([
      { code: 'EK4026', message: expect.stringContaining('%%BUCKET%%-us-east-1 is not the name of a bucket') },
    ]);
  });

  it('a name that depends on a deployment is left as it is, and said with the reason', async () => {
    serve(
      {
        A: lambda({ S3Bucket: { Ref: 'Assets' }, S3Key: 'k' }),
        B: lambda({ S3Bucket: { 'Fn::Sub': 'c-${AWS::AccountId}' }, S3Key: 'k' }),
      },
      {
        Parameters: { Assets: { Type: 'String' } },
      },
    );
    const { result, template } = await locked();
    expect(result.diagnostics.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ['EK4027', 'warning', 'Code of resource A names its object by an expression: parameter Assets has no default'],
      [
        'EK4027',
        'warning',
        'Code of resource B names its object by an expression: AWS::AccountId is known only when it is deployed',
      ],
    ]);
    expect(template?.Resources['A']?.Properties).toMatchObject({ Code: { S3Bucket: { Ref: 'Assets' } } });
  });

  describe('a name that a parameter gives', () => {
    const code = { S3Bucket: { Ref: 'Assets' }, S3Key: 'code.zip' };
    beforeEach(() =>
      serve(
        { A: lambda(code) },
        { Parameters: { Assets: { Type: 'String', Default: 'assets' } } },
        { '/assets/code.zip': 'code' },
      ),
    );
    it('is pinned by its default, which is said', async () => {
      const { result } = await locked();
      expect(result.diagnostics).toMatchObject([
        { code: 'EK4051', severity: 'warning', message: expect.stringContaining('the default of Assets') },
      ]);
      expect(result.changes[0]?.after?.objects).toEqual([sha256('code')]);
    });
    it.each([
      { parameters: { Assets: 'mine' } },
      { overrides: [{ where: { all: true }, parameters: { Assets: 'mine' } }] },
    ] as const)('is left to the manifest that sets it: %j', async (over) => {
      const { result } = await locked({ ...MAIN, ...over });
      expect(result.diagnostics).toMatchObject([
        { code: 'EK4027', message: expect.stringContaining('the manifest sets parameter Assets') },
      ]);
      expect(result.changes[0]?.after?.objects).toEqual([]);
    });
  });

  it('a publisher’s bucket that is named for anything but code and templates is pointed out', async () => {
    serve(
      {
        A: lambda(CODE),
        Copies: { Type: 'Custom::Copy', Properties: { ServiceToken: 'arn', Source: { Bucket: inMap('S3Bucket') } } },
        Literal: { Type: 'Custom::Copy', Properties: { ServiceToken: 'arn', From: 'solutions-us-east-1/web' } },
        Other: {
          Type: 'Custom::Copy',
          Properties: { ServiceToken: 'arn', From: 'solutions', Key: inMap('KeyPrefix') },
        },
      },
      {},
      { '/solutions-us-east-1/x/v1.0.0/code.zip': 'code' },
    );
    const { result } = await locked();
    expect(codes(result.diagnostics)).toEqual(['EK4052', 'EK4052']);
    expect(result.diagnostics.map(({ message }) => message.split(' names')[0])).toEqual([
      'resource Copies',
      'resource Literal',
    ]);
  });

  it('a text that CloudFormation includes from S3 is said not to be pinned', async () => {
    const include = { Name: 'AWS::Include', Parameters: { Location: 's3://somewhere/text' } };
    serve({ A: { Type: 'AWS::SNS::Topic', Properties: { 'Fn::Transform': include } } });
    expect(codes((await locked()).result.diagnostics)).toEqual(['EK4027']);
  });

  it('a template that nests itself comes to an end', async () => {
    const own = 'https://solutions-reference.s3.amazonaws.com/x/v1.0.0/x.template';
    serve({ A: stack(own), B: stack(own) });
    expect((await locked()).result.diagnostics).toMatchObject([{ code: 'EK4026' }]);
  });
});

describe('an address in S3', () => {
  it.each([
    ['https://b.s3.amazonaws.com/k/l', { bucket: 'b', key: 'k/l', region: null }],
    ['https://s3.amazonaws.com/b/k%20l', { bucket: 'b', key: 'k l', region: null }],
    ['https://a.b.s3.eu-west-1.amazonaws.com/k', { bucket: 'a.b', key: 'k', region: 'eu-west-1' }],
    ['https://s3-us-west-2.amazonaws.com/b/k', { bucket: 'b', key: 'k', region: 'us-west-2' }],
    ['https://b.s3.dualstack.us-gov-west-1.amazonaws.com/k', { bucket: 'b', key: 'k', region: 'us-gov-west-1' }],
    ['https://s3.cn-north-1.amazonaws.com.cn/b/k', { bucket: 'b', key: 'k', region: 'cn-north-1' }],
    ['https://b.s3.eusc-de-east-1.amazonaws.eu/k', { bucket: 'b', key: 'k', region: 'eusc-de-east-1' }],
  ])('%s is read', (url, expected) => expect(bucketAndKey({ type: 'url', url })).toMatchObject(expected));
  it.each([
    'https://b.s3.amazonaws.com/k?X-Amz-Signature=1',
    'https://b.s3.amazonaws.com/',
    'https://x.example/b/k',
    '%',
  ])('%s is not', (url) => expect(bucketAndKey({ type: 'url', url })).toBeNull());
  it('is one of a partition', () => {
    const judged = (url: string) =>
      (['aws', 'aws-us-gov', 'aws-cn', 'aws-eusc'] as const).filter((each) => isInPartition(url, each));
    expect(judged('https://b.s3.amazonaws.com/k')).toEqual(['aws']);
    expect(judged('https://s3.us-gov-west-1.amazonaws.com/b/k')).toEqual(['aws-us-gov']);
    expect(judged('https://b.s3.cn-north-1.amazonaws.com.cn/k')).toEqual(['aws-cn']);
    expect(judged('https://b.s3.eusc-de-east-1.amazonaws.eu/k')).toEqual(['aws-eusc']);
    expect(judged('https://elsewhere.example/b/k')).toEqual([]);
  });
  it('is written so that anybody may ask for it', () => {
    const place = { bucket: 'b', key: 'a b/c+d', version: null, region: null };
    expect(publicAddress(place, HOME, 'aws')).toBe('https://b.s3.us-east-1.amazonaws.com/a%20b/c%2Bd');
    expect(publicAddress({ ...place, bucket: 'a.b', key: 'k', version: 'v=1' }, 'cn-north-1' as Region, 'aws-cn')).toBe(
      'https://s3.cn-north-1.amazonaws.com.cn/a.b/k?versionId=v%3D1',
    );
  });
  it('may have the Region in the name of the bucket', () => {
    expect(['a-eu-west-1', 'a-us-gov-west-1', 'a', 'a-west-1'].map((name) => regionInName(name, 'aws'))).toEqual([
      'eu-west-1',
      null,
      null,
      null,
    ]);
    expect(regionInName('a-us-gov-west-1', 'aws-us-gov')).toBe('us-gov-west-1');
  });
});
