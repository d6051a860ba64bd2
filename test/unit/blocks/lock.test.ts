import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { createArtifactSource } from '../../../src/blocks/artifact-source.js';
import { BUCKET_PLACEHOLDER } from '../../../src/blocks/artifact-bucket.js';
import { lockBlocks } from '../../../src/blocks/lock/lock.js';
import type { LockOptions, LockResult } from '../../../src/blocks/lock/lock.js';
import { sha256 } from '../../../src/model/canonical.js';
import type { Desired } from '../../../src/model/desired.js';
import type { DesiredFiles } from '../../../src/model/files.js';
import { application, codes, files } from './material.js';
import { CONTROLLER, createRepository, HOME } from './repository.js';
import type { Repository, Version } from './repository.js';

const ARN = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';
const JANITOR = application('lambda-janitor', '1.7.0', ARN);
const TEMPLATE = '.locked/ServerlessApplication/lambda-janitor/aws/template.json';
const OBJECT = `.locked/ServerlessApplication/lambda-janitor/aws/objects/${sha256('zip 1.7.0')}`;

function version(number: string, over: Partial<Version> = {}): Version {
  return {
    code: `zip ${number}`,
    capabilities: ['CAPABILITY_IAM', 'CAPABILITY_RESOURCE_POLICY'],
    template: (code) => ({
      AWSTemplateFormatVersion: '2010-09-09',
      Parameters: { VersionsToKeep: { Type: 'Number', Default: 3 } },
      Resources: {
        CleanRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
        Clean: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Code: code,
            Runtime: 'nodejs22.x',
            Role: { 'Fn::GetAtt': ['CleanRole', 'Arn'] },
            Description: number,
          },
        },
      },
    }),
    ...over,
  };
}

let repository: Repository;
beforeEach(() => {
  repository = createRepository(ARN);
  repository.versions.set('1.5.0', version('1.5.0')).set('1.7.0', version('1.7.0'));
});

function lock(
  desired: readonly Desired[],
  present: DesiredFiles = files({}),
  over: Partial<LockOptions> = {},
): Promise<LockResult> {
  return lockBlocks({
    ...repository,
    desired,
    files: present,
    hosts: 's3',
    mode: 'changed',
    signal: new AbortController().signal,
    progress: () => {},
    ...over,
  });
}

/** The folder after the lock was written to it. */
function after(result: LockResult, present: DesiredFiles = files({})): DesiredFiles {
  const contents = Object.fromEntries([...present.files, ...result.write]);
  for (const path of result.remove) delete contents[path];
  return files(contents);
}

const source = createArtifactSource({
  partition: 'aws',
  artifactBucket: 'artifacts-${account.id}-${region}',
  controllerAccount: CONTROLLER,
});

describe('locking an application', () => {
  it('writes the lock file, the template and every object that the template refers to', async () => {
    const result = await lock([JANITOR]);
    expect(result.diagnostics).toEqual([]);
    expect([...result.write.keys()].sort()).toEqual([OBJECT, TEMPLATE, 'evenkeel.lock.yaml']);
    expect(Buffer.from(result.write.get(OBJECT)!).toString()).toBe('zip 1.7.0');
    expect(result.lockText)
      .toBe(`# Written by \`evenkeel lock\`: what each building block resolved to when it was locked. Review it as you would review code.
# The templates and the objects that they refer to stand under .locked/; plan and apply read them and ask nobody.
lockVersion: 1
partitions:
  aws:
    ServerlessApplication/lambda-janitor:
      source:
        application: ${ARN}
        version: 1.7.0
      templateSha256: ${sha256(result.write.get(TEMPLATE)!)}
      objects:
        - ${sha256('zip 1.7.0')}
      requiredCapabilities:
        - CAPABILITY_IAM
        - CAPABILITY_RESOURCE_POLICY
      parameters:
        VersionsToKeep:
          type: Number
          default: "3"
          noEcho: false
      licence: MIT
      publisher:
        author: Lumigo
        verified: true
      sourceCodeUrl: https://example.com/code
`);
  });
  it('names no bucket of AWS', async () => {
    const template = Buffer.from((await lock([JANITOR])).write.get(TEMPLATE)!).toString();
    expect(template).not.toContain('awsserverlessrepo');
    expect(JSON.parse(template)).toMatchObject({
      Resources: {
        Clean: { Properties: { Code: { S3Bucket: BUCKET_PLACEHOLDER, S3Key: `objects/${sha256('zip 1.7.0')}` } } },
      },
    });
  });
  it('gives the same bytes again although AWS serves another bucket at every call', async () => {
    const first = await lock([JANITOR]);
    const again = await lock([JANITOR], after(first), { mode: 'all' });
    expect(repository.asked.filter((operation) => operation === 'CreateCloudFormationTemplate')).toHaveLength(2);
    expect([again.lockText, [...again.write], again.remove, again.changes[0]?.change]).toEqual([
      first.lockText,
      [],
      [],
      'unchanged',
    ]);
  });
  it('asks nobody for what is locked already', async () => {
    const present = after(await lock([JANITOR]));
    repository.asked.length = 0;
    const again = await lock([JANITOR], present);
    expect([repository.asked, [...again.write], again.remove, again.changes.map(({ change }) => change)]).toEqual([
      [],
      [],
      [],
      ['unchanged'],
    ]);
  });
  it('waits for the template, and asks once more for one that expired', async () => {
    repository.statuses.push('PREPARING', 'PREPARING', 'EXPIRED', 'PREPARING', 'ACTIVE');
    expect((await lock([JANITOR])).diagnostics).toEqual([]);
    expect(repository.asked.filter((operation) => operation === 'CreateCloudFormationTemplate')).toHaveLength(2);
    expect(repository.slept()).toBe(6_000);
  });
  it('does not wait for ever', async () => {
    repository.statuses.push(...Array.from({ length: 1_000 }, () => 'PREPARING'));
    expect((await lock([JANITOR])).diagnostics).toMatchObject([
      { code: 'EK4024', message: expect.stringContaining('after 300 seconds') },
    ]);
    expect(repository.slept()).toBe(300_000);
  });
});

describe('an application that names another', () => {
  const nesting = (location: object) => () => ({
    Resources: {
      Inner: {
        Type: 'AWS::Serverless::Application',
        DependsOn: 'Topic',
        Properties: { Location: location, Parameters: { VersionsToKeep: 4 }, Tags: { team: 'red' } },
      },
      Topic: { Type: 'AWS::SNS::Topic' },
    },
  });
  const outer = application('outer', '2.0.0', ARN);

  it('nests its template, pinned with its code, and keeps the tags of the repository', async () => {
    const location = { ApplicationId: ARN, SemanticVersion: '1.5.0' };
    repository.versions.set('2.0.0', version('2.0.0', { template: nesting(location) }));
    const result = await lock([outer]);
    expect(result.diagnostics).toEqual([]);
    expect(result.changes[0]?.after?.objects).toContain(sha256('zip 1.5.0'));
    expect(result.changes[0]?.after?.objects).toHaveLength(2);
    const { value } = source.resolve(outer, after(result));
    const { Resources } = JSON.parse(value!.template) as { Resources: Record<string, unknown> };
    expect(Resources['Inner']).toEqual({
      Type: 'AWS::CloudFormation::Stack',
      DependsOn: 'Topic',
      Properties: {
        Parameters: { VersionsToKeep: 4 },
        TemplateURL: { 'Fn::Sub': expect.stringContaining('https://artifacts-111122223333-${AWS::Region}.s3.') },
        Tags: [
          { Key: 'lambda:createdBy', Value: 'SAM' },
          { Key: 'serverlessrepo:applicationId', Value: ARN },
          { Key: 'serverlessrepo:semanticVersion', Value: '1.5.0' },
          { Key: 'team', Value: 'red' },
        ],
      },
    });
    expect((await lock([outer], after(result), { mode: 'check' })).diagnostics).toEqual([]);
  });
  it('or a thousand others does not have the repository asked for all of them', async () => {
    const inner = nesting({ ApplicationId: ARN, SemanticVersion: '1.5.0' })().Resources.Inner;
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`Inner${index}`, inner]));
    repository.versions.set('2.0.0', version('2.0.0', { template: () => ({ Resources: many }) }));
    const { diagnostics } = await lock([outer]);
    expect(diagnostics).toMatchObject([{ code: 'EK4026', message: expect.stringContaining('nested') }]);
    expect(repository.asked.filter((name) => name === 'CreateCloudFormationTemplate')).toHaveLength(1);
  });
  it('that is not there is refused with its name', async () => {
    const location = { ApplicationId: `${ARN}-of-nobody`, SemanticVersion: '1.0.0' };
    repository.versions.set('2.0.0', version('2.0.0', { template: nesting(location) }));
    expect((await lock([outer])).diagnostics).toMatchObject([
      { code: 'EK4020', message: expect.stringContaining(`${ARN}-of-nobody`) },
    ]);
  });
});

describe('a locked application', () => {
  it('resolves without asking anybody, in the bucket of whatever Region it is deployed to', async () => {
    const { value, diagnostics } = source.resolve(JANITOR, after(await lock([JANITOR])));
    expect(diagnostics).toEqual([]);
    expect(JSON.parse(value!.template)).toMatchObject({
      Resources: {
        Clean: {
          Properties: {
            Code: {
              S3Bucket: { 'Fn::Sub': 'artifacts-111122223333-${AWS::Region}' },
              S3Key: `objects/${sha256('zip 1.7.0')}`,
            },
          },
        },
      },
    });
    expect(value!.objects.map((object) => object.sha256)).toEqual([sha256('zip 1.7.0')]);
    expect(value!.requiredCapabilities).toEqual(['CAPABILITY_IAM', 'CAPABILITY_RESOURCE_POLICY']);
    expect(value!.tags).toEqual({ 'serverlessrepo:applicationId': ARN, 'serverlessrepo:semanticVersion': '1.7.0' });
    expect(value!.parameters['VersionsToKeep']).toMatchObject({ type: 'Number', default: '3' });
  });
  it('resolves offline too, before anybody knows the account', async () => {
    const offline = createArtifactSource({
      partition: 'aws',
      artifactBucket: 'artifacts-${account.id}-${region}',
      controllerAccount: null,
    });
    expect(offline.resolve(JANITOR, after(await lock([JANITOR]))).value?.template).toContain(
      'artifacts-000000000000-${AWS::Region}',
    );
  });
  it('that is not locked says so', () =>
    expect(codes(source.resolve(JANITOR, files({})).diagnostics)).toEqual(['EK4011']));
  it('of another version or application than the manifest asks for says so where the manifest does', async () => {
    const present = after(await lock([JANITOR]));
    expect(source.resolve(application('lambda-janitor', '1.5.0', ARN), present).diagnostics).toMatchObject([
      { code: 'EK4013', place: { source: 'spec.version' } },
    ]);
    expect(source.resolve(application('lambda-janitor', '1.7.0', `${ARN}-2`), present).diagnostics).toMatchObject([
      { code: 'EK4012', place: { source: 'spec.application' } },
    ]);
  });
  it.each([
    ['a template that was edited', 'EK4015', { [TEMPLATE]: '{"Resources":{"X":{"Type":"AWS::S3::Bucket"}}}' }, []],
    ['code that was exchanged', 'EK4017', { [OBJECT]: 'other code' }, []],
    ['a template that is missing', 'EK4014', {}, [TEMPLATE]],
    ['code that is missing', 'EK4016', {}, [OBJECT]],
  ])('refuses %s, and the lock mends it', async (_, code, changed, gone) => {
    const good = after(await lock([JANITOR]));
    const contents: Record<string, string | Uint8Array> = { ...Object.fromEntries(good.files), ...changed };
    for (const path of gone) delete contents[path];
    const { value, diagnostics } = source.resolve(JANITOR, files(contents));
    expect([value, diagnostics.map((each) => [each.code, each.place?.file])]).toEqual([
      null,
      [[code, 'evenkeel.lock.yaml']],
    ]);
    expect(diagnostics[0]?.remedy).toContain('evenkeel lock');
    const mended = after(await lock([JANITOR], files(contents)), files(contents));
    expect(source.resolve(JANITOR, mended).value?.sha256).toBe(source.resolve(JANITOR, good).value?.sha256);
  });
  it('refuses a lock that hides an object or a parameter', async () => {
    const good = after(await lock([JANITOR]));
    const text = Buffer.from(good.files.get('evenkeel.lock.yaml')!).toString();
    const tampered = (from: string | RegExp, to: string) =>
      files({ ...Object.fromEntries(good.files), 'evenkeel.lock.yaml': text.replace(from, to) });
    expect(codes(source.resolve(JANITOR, tampered(/objects:\n.*\n/, 'objects: []\n')).diagnostics)).toEqual(['EK4018']);
    expect(codes(source.resolve(JANITOR, tampered('default: "3"', 'default: "4"')).diagnostics)).toEqual(['EK4018']);
  });
});

describe('upgrading and removing', () => {
  it('rewrites only what changed, and removes the old code', async () => {
    const old = after(await lock([application('lambda-janitor', '1.5.0', ARN)]));
    const result = await lock([JANITOR], old);
    expect(result.remove).toEqual([`.locked/ServerlessApplication/lambda-janitor/aws/objects/${sha256('zip 1.5.0')}`]);
    expect(result.changes).toMatchObject([
      { change: 'changed', before: { source: { version: '1.5.0' } }, after: { source: { version: '1.7.0' } } },
    ]);
    expect(source.resolve(JANITOR, after(result, old)).value).not.toBeNull();
  });
  it('removes what no manifest names any more, the lock file too where nothing is left', async () => {
    const present = after(await lock([JANITOR]));
    const result = await lock([], present);
    expect([result.lockText, [...result.write], result.remove]).toEqual([
      '',
      [],
      [OBJECT, TEMPLATE, 'evenkeel.lock.yaml'].sort(),
    ]);
    expect(result.changes).toMatchObject([{ address: 'ServerlessApplication/lambda-janitor', change: 'removed' }]);
  });
  it('leaves what an installation in another partition has locked', async () => {
    const janitor = after(await lock([JANITOR]));
    const text = Buffer.from(janitor.files.get('evenkeel.lock.yaml')!).toString();
    const theirs = text.slice(text.indexOf('  aws:')).replace('aws:', 'aws-us-gov:');
    const present = files({
      ...Object.fromEntries(janitor.files),
      'evenkeel.lock.yaml': `${text}${theirs}`,
      '.locked/ServerlessApplication/lambda-janitor/aws-us-gov/template.json': '{}',
    });
    const result = await lock([JANITOR], present);
    expect([[...result.write], result.remove]).toEqual([[], []]);
  });
  it('does not write a lock file anew that cannot be read, where another partition has something in it', async () => {
    const locked = after(await lock([JANITOR]));
    const conflict = `<<<<<<< ours\n${Buffer.from(locked.files.get('evenkeel.lock.yaml')!).toString()}`;
    const theirs = '.locked/ServerlessApplication/lambda-janitor/aws-us-gov/template.json';
    const both = files({ ...Object.fromEntries(locked.files), 'evenkeel.lock.yaml': conflict, [theirs]: '{}' });
    const refused = await lock([JANITOR], both);
    expect([refused.write.size, refused.remove, refused.lockText]).toEqual([0, [], conflict]);
    expect(refused.diagnostics).toMatchObject([
      { code: 'EK4010', severity: 'error', remedy: expect.stringContaining('aws-us-gov') },
    ]);
    const alone = files({ ...Object.fromEntries(locked.files), 'evenkeel.lock.yaml': conflict });
    expect((await lock([JANITOR], alone)).lockText).toContain('lambda-janitor');
  });
  it('one application that cannot be locked keeps what it had, and the others go on', async () => {
    const old = after(await lock([application('lambda-janitor', '1.5.0', ARN)]));
    const result = await lock([application('lambda-janitor', '9.9.9', ARN), application('second', '1.7.0', ARN)], old);
    expect(codes(result.diagnostics)).toEqual(['EK4021']);
    expect(result.remove).toEqual([]);
    expect(result.changes.map(({ change }) => change)).toEqual(['failed', 'added']);
    expect(source.resolve(application('lambda-janitor', '1.5.0', ARN), after(result, old)).value).not.toBeNull();
  });
});

describe('what AWS refuses', () => {
  it('a version that does not exist is answered with the newest ones', async () => {
    repository.versions.set('1.10.0', version('1.10.0'));
    expect((await lock([application('lambda-janitor', '1.8.0', ARN)])).diagnostics).toMatchObject([
      { code: 'EK4021', place: { source: 'spec.version' }, message: expect.stringContaining('1.10.0, 1.7.0, 1.5.0') },
    ]);
  });
  it('an application that does not exist', async () => {
    expect((await lock([application('lambda-janitor', '1.7.0', `${ARN}-2`)])).diagnostics).toMatchObject([
      {
        code: 'EK4020',
        place: { source: 'spec.application' },
        remedy: expect.stringContaining(
          `account 374852340823, for a policy that grants Deploy on it to account ${CONTROLLER}`,
        ),
      },
    ]);
  });
  it.each([
    [403, 'ForbiddenException', 'EK4022'],
    [429, 'TooManyRequestsException', 'EK4023'],
    [400, 'BadRequestException', 'EK4030'],
  ])('%i %s is a finding of its own', async (status, code, expected) => {
    repository.refusal = { status, code };
    const result = await lock([JANITOR], files({}), { aws: repository.hasty });
    expect(result.diagnostics).toMatchObject([
      { code: expected, address: 'ServerlessApplication/lambda-janitor', severity: 'error' },
    ]);
    expect([...result.write]).toEqual([]);
  });
  it('an address that is not of S3 is not fetched', async () => {
    const result = await lock([JANITOR], files({}), { aws: { ...repository.aws, partition: 'aws-cn' } });
    expect(result.diagnostics).toMatchObject([
      { code: 'EK4025', message: expect.not.stringContaining('X-Amz-Signature') },
    ]);
  });
  it('a template over 1,000,000 bytes, or that is none, is not locked', async () => {
    repository.versions.set(
      '2.0.0',
      version('2.0.0', { template: () => ({ Description: 'x'.repeat(1_000_000), Resources: {} }) }),
    );
    repository.versions.set('3.0.0', version('3.0.0', { template: () => ['nothing'] }));
    expect(codes((await lock([application('a', '2.0.0', ARN), application('b', '3.0.0', ARN)])).diagnostics)).toEqual([
      'EK4025',
      'EK4025',
    ]);
  });
  it('an object that cannot be read is named', async () => {
    repository.versions.set(
      '2.0.0',
      version('2.0.0', {
        template: () => ({
          Resources: {
            F: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Bucket: 'nowhere', S3Key: 'x.zip' } } },
          },
        }),
      }),
    );
    expect((await lock([application('a', '2.0.0', ARN)])).diagnostics).toMatchObject([
      { code: 'EK4026', message: expect.stringContaining('s3://nowhere/x.zip') },
    ]);
  });
  it("an object in a bucket of the controller's own account is not read for a publisher", async () => {
    await repository.aws.s3(HOME).send(new CreateBucketCommand({ Bucket: 'our-secrets' }));
    repository.simulator.world.objects.put('our-secrets', 'key.pem', Buffer.from('secret'));
    repository.versions.set(
      '2.0.0',
      version('2.0.0', {
        template: () => ({
          Resources: {
            F: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Bucket: 'our-secrets', S3Key: 'key.pem' } } },
          },
        }),
      }),
    );
    repository.simulator.calls.reset();
    const result = await lock([application('a', '2.0.0', ARN)]);
    expect(result.diagnostics).toMatchObject([
      { code: 'EK4035', message: expect.stringContaining('s3://our-secrets/key.pem') },
    ]);
    expect([...result.write]).toEqual([]);
    expect(repository.simulator.calls.byOperation()['s3:GetObject']).toBeUndefined();
  });
  it('an object that the template computes cannot be pinned, which is said', async () => {
    const template = () => ({
      Resources: {
        F: {
          Type: 'AWS::Lambda::Function',
          Properties: { Code: { S3Bucket: { 'Fn::Sub': 'code-${AWS::Region}' }, S3Key: 'x.zip' } },
        },
      },
    });
    repository.versions.set('2.0.0', version('2.0.0', { template }));
    const result = await lock([application('a', '2.0.0', ARN)]);
    expect([result.diagnostics.map(({ code, severity }) => [code, severity]), result.changes[0]?.change]).toEqual([
      [['EK4027', 'warning']],
      'added',
    ]);
  });
});

describe('check', () => {
  it('is content where AWS serves what is locked, and writes nothing', async () => {
    const present = after(await lock([JANITOR]));
    const result = await lock([JANITOR], present, { mode: 'check' });
    expect([result.diagnostics, [...result.write], result.remove]).toEqual([[], [], []]);
  });
  it('says what changed where one version is served differently', async () => {
    const present = after(await lock([JANITOR]));
    repository.versions.set('1.7.0', version('1.7.0', { code: 'something else', author: 'Mallory' }));
    const result = await lock([JANITOR], present, { mode: 'check' });
    expect(result.diagnostics).toMatchObject([
      { code: 'EK4029', severity: 'error', message: expect.stringContaining('template, code, publisher') },
    ]);
    expect([result.changes.map(({ change }) => change), [...result.write]]).toEqual([['changed'], []]);
  });
  it('says that the pinned copy is used where the version was withdrawn, and the lock remembers it', async () => {
    const present = after(await lock([JANITOR]));
    const served = repository.versions.get('1.7.0')!;
    repository.versions.delete('1.7.0');
    const gone = { code: 'EK4028', severity: 'warning', message: expect.stringContaining('the pinned copy is used') };
    const checked = await lock([JANITOR], present, { mode: 'check' });
    expect([checked.diagnostics, [...checked.write], checked.remove]).toEqual([
      [expect.objectContaining(gone)],
      [],
      [],
    ]);

    const noted = await lock([JANITOR], present, { mode: 'all' });
    expect(noted.diagnostics).toMatchObject([gone]);
    expect([[...noted.write.keys()], noted.remove]).toEqual([['evenkeel.lock.yaml'], []]);
    expect(noted.lockText).toContain('withdrawn: true');
    const remembered = after(noted, present);
    expect((await lock([JANITOR], remembered)).diagnostics).toMatchObject([gone]);
    expect((await lock([JANITOR], remembered, { mode: 'all' })).write.size).toBe(0);
    const { value, diagnostics } = source.resolve(JANITOR, remembered);
    expect([value?.sha256, diagnostics]).toEqual([
      source.resolve(JANITOR, present).value?.sha256,
      [expect.objectContaining({ ...gone, place: expect.objectContaining({ source: 'spec.version' }) })],
    ]);

    repository.versions.set('1.7.0', served);
    const again = await lock([JANITOR], remembered, { mode: 'all' });
    expect([again.diagnostics, again.lockText]).toEqual([
      [],
      Buffer.from(present.files.get('evenkeel.lock.yaml')!).toString(),
    ]);
  });
  it('reports what is not locked, without asking AWS', async () => {
    expect(codes((await lock([JANITOR], files({}), { mode: 'check' })).diagnostics)).toEqual(['EK4011']);
    expect(repository.asked).toEqual([]);
  });
});
