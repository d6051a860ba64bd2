import { describe, expect, it } from 'vitest';
import { lockTemplate, placeInBucket } from '../../../src/blocks/lock/locked-template.js';
import { isS3Address } from '../../../src/blocks/fetch/served-objects.js';
import { sha256 } from '../../../src/model/canonical.js';
import type { Location } from '../../../src/blocks/lock/object-references.js';

const BUCKET = 'artifacts-111122223333-${AWS::Region}';
const key = (content: string) => `objects/${sha256(content)}`;
const nameOf = (location: Location) => (location.type === 'url' ? location.url : `${location.bucket}/${location.key}`);
const template = (type: string, properties: object) => ({ Resources: { A: { Type: type, Properties: properties } } });
/** Every object's content is its own name. */
const byName = (location: Location) => Promise.resolve<Uint8Array>(Buffer.from(nameOf(location)));

async function throughTheLock(type: string, properties: object): Promise<unknown> {
  const locked = await lockTemplate(template(type, properties), byName);
  const placed = placeInBucket(locked.document, locked.objects, BUCKET);
  expect(placed.problems).toEqual([]);
  return (placed.document['Resources'] as { A: { Properties: unknown } }).A.Properties;
}

describe('an object is found wherever a template names one', () => {
  const sub = { 'Fn::Sub': BUCKET };
  it.each([
    [
      'AWS::Lambda::Function',
      { Code: { S3Bucket: 'b', S3Key: 'k', S3ObjectVersion: '1' } },
      { Code: { S3Bucket: sub, S3Key: key('b/k') } },
    ],
    [
      'AWS::Lambda::LayerVersion',
      { Content: { S3Bucket: 'b', S3Key: 'k' } },
      { Content: { S3Bucket: sub, S3Key: key('b/k') } },
    ],
    ['AWS::Serverless::Function', { CodeUri: 's3://b/folder/k' }, { CodeUri: { Bucket: sub, Key: key('b/folder/k') } }],
    [
      'AWS::Serverless::LayerVersion',
      { ContentUri: { Bucket: 'b', Key: 'k', Version: '3' } },
      { ContentUri: { Bucket: sub, Key: key('b/k') } },
    ],
    ['AWS::Serverless::Api', { DefinitionUri: 's3://b/k' }, { DefinitionUri: { Bucket: sub, Key: key('b/k') } }],
    [
      'AWS::StepFunctions::StateMachine',
      { DefinitionS3Location: { Bucket: 'b', Key: 'k' } },
      { DefinitionS3Location: { Bucket: sub, Key: key('b/k') } },
    ],
    [
      'AWS::ApiGateway::RestApi',
      { BodyS3Location: { Bucket: 'b', Key: 'k', ETag: 'x' } },
      { BodyS3Location: { Bucket: sub, Key: key('b/k') } },
    ],
    [
      'AWS::AppSync::GraphQLSchema',
      { DefinitionS3Location: 's3://b/k' },
      { DefinitionS3Location: { 'Fn::Sub': `s3://${BUCKET}/${key('b/k')}` } },
    ],
    [
      'AWS::AppSync::Resolver',
      { CodeS3Location: 's3://b/k' },
      { CodeS3Location: { 'Fn::Sub': `s3://${BUCKET}/${key('b/k')}` } },
    ],
    [
      'AWS::Lambda::Function',
      { Code: { 'Fn::If': ['C', { S3Bucket: 'b', S3Key: '1' }, { S3Bucket: 'b', S3Key: '2' }] } },
      { Code: { 'Fn::If': ['C', { S3Bucket: sub, S3Key: key('b/1') }, { S3Bucket: sub, S3Key: key('b/2') }] } },
    ],
  ])('%s %j', async (type, properties, expected) => expect(await throughTheLock(type, properties)).toEqual(expected));

  it.each([
    ['AWS::Lambda::Function', { Code: { ZipFile: 'exports.handler = 1' } }],
    ['AWS::Lambda::Function', { Code: { ImageUri: 'repository/image' } }],
    ['AWS::Serverless::Application', { Location: { ApplicationId: 'arn', SemanticVersion: '1.0.0' } }],
    ['AWS::S3::Bucket', { Code: { S3Bucket: 'b', S3Key: 'k' } }],
    ['constructor', { Code: { S3Bucket: 'b', S3Key: 'k' } }],
  ])('and nowhere else: %s %j', async (type, properties) =>
    expect(await throughTheLock(type, properties)).toEqual(properties),
  );

  it.each([
    ['AWS::Lambda::Function', { Code: { S3Bucket: { Ref: 'Bucket' }, S3Key: 'k' } }],
    ['AWS::CloudFormation::Stack', { TemplateURL: { 'Fn::Sub': 'https://x' } }],
  ])('an expression is left as it is, and said: %s %j', async (type, properties) => {
    const locked = await lockTemplate(template(type, properties), byName);
    expect([locked.problems.map((problem) => problem.type), locked.document]).toEqual([
      ['computed'],
      template(type, properties),
    ]);
  });
});

describe('nested templates', () => {
  const inner = template('AWS::Lambda::Function', { Code: { S3Bucket: 'b', S3Key: 'inner' } });
  const outer = template('AWS::CloudFormation::Stack', { TemplateURL: 'https://b.s3.amazonaws.com/inner.json' });
  const served = (location: Location) =>
    location.type === 'url' ? Promise.resolve<Uint8Array>(Buffer.from(JSON.stringify(inner))) : byName(location);

  it('are locked with what they refer to, and placed in the bucket of their Region', async () => {
    const locked = await lockTemplate(outer, served);
    expect([...locked.objects.values()].some((bytes) => Buffer.from(bytes).toString() === 'b/inner')).toBe(true);
    const placed = placeInBucket(locked.document, locked.objects, BUCKET);
    const { TemplateURL } = (
      placed.document['Resources'] as { A: { Properties: { TemplateURL: { 'Fn::Sub': string } } } }
    ).A.Properties;
    const [, digest] =
      /^https:\/\/artifacts-111122223333-\$\{AWS::Region\}\.s3\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}\/objects\/([0-9a-f]{64})$/.exec(
        TemplateURL['Fn::Sub'],
      )!;
    const nested = [...placed.objects].find(([each]) => each === digest)![1];
    expect(sha256(nested)).toBe(digest);
    expect(JSON.parse(Buffer.from(nested).toString())).toEqual(
      template('AWS::Lambda::Function', { Code: { S3Bucket: { 'Fn::Sub': BUCKET }, S3Key: key('b/inner') } }),
    );
    expect(placed.objects.size).toBe(2);
  });
  it('that nest themselves come to an end', async () => {
    const locked = await lockTemplate(outer, () => Promise.resolve<Uint8Array>(Buffer.from(JSON.stringify(outer))));
    expect(locked.problems).toMatchObject([{ type: 'unusable', message: expect.stringContaining('more than 5 deep') }]);
  });
});

it('a template that is given is never changed', async () => {
  const original = template('AWS::Lambda::Function', { Code: { S3Bucket: 'b', S3Key: 'k' } });
  const copy = structuredClone(original);
  const locked = await lockTemplate(original, byName);
  placeInBucket(locked.document, locked.objects, BUCKET);
  expect(original).toEqual(copy);
});

describe('an address of S3', () => {
  it.each([
    'https://bucket.s3.amazonaws.com/key?X-Amz-Signature=1',
    'https://s3.amazonaws.com/bucket/key',
    'https://bucket.with.dots.s3.us-east-1.amazonaws.com/key',
    'https://s3-us-west-2.amazonaws.com/bucket/key',
    'https://bucket.s3.dualstack.eu-west-1.amazonaws.com/key',
  ])('is %s', (url) => expect(isS3Address(url, 'aws')).toBe(true));
  it.each([
    'http://bucket.s3.amazonaws.com/key',
    'https://bucket.s3.amazonaws.com.evil.example/key',
    'https://evil.example/s3.amazonaws.com',
    'https://s3.amazonaws.com@evil.example/key',
    'https://user@bucket.s3.amazonaws.com/key',
    'https://bucket.s3.amazonaws.com:8443/key',
    'https://ec2.us-east-1.amazonaws.com/',
    'https://notreallys3.amazonaws.com/',
    'https://169.254.169.254/latest/meta-data',
    'https://bucket.s3.cn-north-1.amazonaws.com.cn/key',
    'file:///etc/passwd',
    'nonsense',
  ])('is not %s', (url) => expect(isS3Address(url, 'aws')).toBe(false));
  it('is judged by its partition', () =>
    expect([
      isS3Address('https://bucket.s3.cn-north-1.amazonaws.com.cn/key', 'aws-cn'),
      isS3Address('https://bucket.s3.eusc-de-east-1.amazonaws.eu/key', 'aws-eusc'),
    ]).toEqual([true, true]));
});
