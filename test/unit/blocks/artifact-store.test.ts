import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { createArtifactStore } from '../../../src/blocks/artifact-store.js';
import { sha256 } from '../../../src/model/canonical.js';
import type { Region } from '../../../src/model/identifiers.js';
import { artifact } from '../../support/builders.js';
import { createRepository, HOME } from './repository.js';
import type { Repository } from './repository.js';

const WEST = 'us-west-2' as Region;
const PATTERN = 'artifacts-${account.id}-${region}';
const OURS = 'artifacts-111122223333-us-east-1';
const CODE = { sha256: sha256('code'), bytes: Buffer.from('code') };
const ARTIFACT = artifact({ template: '{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}', objects: [CODE] });
const { signal } = new AbortController();

let repository: Repository;
beforeEach(async () => {
  repository = createRepository('none');
  await repository.aws.s3(HOME).send(new CreateBucketCommand({ Bucket: OURS }));
  repository.simulator.calls.reset();
});
const calls = (operation: string) => repository.simulator.calls.byOperation()[`s3:${operation}`] ?? 0;
const storeOf = (aws = repository.aws) => createArtifactStore({ aws, bucketPattern: PATTERN });

describe('publishing an artifact', () => {
  it('puts the template and its objects under names that say what they are', async () => {
    const { templateUrl } = await storeOf().publish(ARTIFACT, HOME, signal);
    const key = `templates/${sha256(ARTIFACT.template)}.template`;
    expect(templateUrl).toBe(`https://${OURS}.s3.us-east-1.amazonaws.com/${key}`);
    expect(Buffer.from(repository.simulator.world.objects.fetch(templateUrl)!).toString()).toBe(ARTIFACT.template);
    expect(Buffer.from(repository.simulator.world.objects.get(OURS, `objects/${CODE.sha256}`)!).toString()).toBe(
      'code',
    );
  });
  it('uses a bucket in each Region', async () => {
    await repository.aws.s3(WEST).send(
      new CreateBucketCommand({
        Bucket: 'artifacts-111122223333-us-west-2',
        CreateBucketConfiguration: { LocationConstraint: 'us-west-2' },
      }),
    );
    const { templateUrl } = await storeOf().publish(ARTIFACT, WEST, signal);
    expect(templateUrl).toContain('https://artifacts-111122223333-us-west-2.s3.us-west-2.amazonaws.com/templates/');
  });
  it('knows the suffix of other partitions', async () => {
    const { templateUrl } = await storeOf({ ...repository.aws, partition: 'aws-cn' }).publish(ARTIFACT, HOME, signal);
    expect(new URL(templateUrl).hostname).toBe(`${OURS}.s3.us-east-1.amazonaws.com.cn`);
  });
  it('asks once for each key, however many deployments need it at once or later', async () => {
    const store = storeOf();
    await Promise.all(Array.from({ length: 20 }, () => store.publish(ARTIFACT, HOME, signal)));
    await store.publish(ARTIFACT, HOME, signal);
    expect([calls('HeadObject'), calls('PutObject')]).toEqual([2, 2]);
  });
  it('uploads nothing that is there from an earlier run', async () => {
    await storeOf().publish(ARTIFACT, HOME, signal);
    repository.simulator.calls.reset();
    await storeOf().publish(ARTIFACT, HOME, signal);
    expect([calls('HeadObject'), calls('PutObject')]).toEqual([2, 0]);
  });
  it('of the objects alone leaves the template where it is', async () => {
    await storeOf().publishObjects(ARTIFACT, HOME, signal);
    expect(calls('PutObject')).toBe(1);
  });
});

describe('a bucket that cannot be used', () => {
  it('is named with its Region where it does not exist, and is asked for again later', async () => {
    const store = storeOf();
    await expect(store.publish(ARTIFACT, WEST, signal)).rejects.toMatchObject({
      name: 'ArtifactsNotPublished',
      diagnostic: { code: 'EK4031' },
      message: expect.stringMatching(/artifacts-111122223333-us-west-2 does not exist in us-west-2: create the bucket/),
    });
    await repository.aws.s3(WEST).send(
      new CreateBucketCommand({
        Bucket: 'artifacts-111122223333-us-west-2',
        CreateBucketConfiguration: { LocationConstraint: 'us-west-2' },
      }),
    );
    await expect(store.publish(ARTIFACT, WEST, signal)).resolves.toBeDefined();
  });
  it('may be denied', async () => {
    repository.simulator.inject({
      service: 's3',
      operation: 'PutObject',
      when: 'before',
      error: { code: 'AccessDenied', message: 'Access Denied', status: 403 },
    });
    await expect(storeOf().publish(ARTIFACT, HOME, signal)).rejects.toMatchObject({
      diagnostic: { code: 'EK4032' },
      message: expect.stringMatching(new RegExp(`${OURS} in us-east-1 may not be written.*s3:PutObject`)),
    });
  });
  it('may be in another Region', async () => {
    await expect(
      createArtifactStore({ aws: repository.aws, bucketPattern: OURS }).publish(ARTIFACT, WEST, signal),
    ).rejects.toMatchObject({ diagnostic: { code: 'EK4031' }, message: expect.stringContaining('${region}') });
  });
  it('may hold something else under the name, which is not deployed', async () => {
    repository.simulator.world.objects.put(OURS, `objects/${CODE.sha256}`, Buffer.from('other code'));
    await expect(storeOf().publish(ARTIFACT, HOME, signal)).rejects.toMatchObject({ diagnostic: { code: 'EK4033' } });
  });
  it('that merely fails is not judged here', async () => {
    repository.simulator.inject({
      service: 's3',
      operation: 'HeadObject',
      when: 'before',
      error: { code: 'InvalidRequest', message: 'no', status: 400 },
    });
    await expect(storeOf().publish(ARTIFACT, HOME, signal)).rejects.not.toMatchObject({
      name: 'ArtifactsNotPublished',
    });
  });
});

describe('an object that is there already', () => {
  const KEY = `objects/${CODE.sha256}`;
  const put = (text: string) => repository.simulator.world.objects.put(OURS, KEY, Buffer.from(text));
  const hidden = () =>
    repository.simulator.inject({
      service: 's3',
      operation: 'HeadObject',
      when: 'before',
      calls: [1],
      error: { code: 'NotFound', message: 'Not Found', status: 404 },
    });
  const publish = () => storeOf().publishObjects(ARTIFACT, HOME, signal);

  it('is trusted by the checksum that S3 reports, without being read', async () => {
    await publish();
    await publish();
    expect([calls('HeadObject'), calls('PutObject'), calls('GetObject')]).toEqual([2, 1, 0]);
  });
  it('is read where S3 reports no checksum, and taken where it holds the same bytes', async () => {
    put('code');
    await publish();
    expect([calls('PutObject'), calls('GetObject')]).toEqual([0, 1]);
  });
  it('is not trusted for its length', async () => {
    put('evil');
    await expect(publish()).rejects.toMatchObject({ diagnostic: { code: 'EK4033' } });
  });
  it('is taken where somebody else put the same bytes there in the meantime', async () => {
    put('code');
    hidden();
    await publish();
    expect([calls('HeadObject'), calls('PutObject')]).toEqual([2, 1]);
  });
  it('is refused where somebody else put other bytes there in the meantime', async () => {
    put('evil');
    hidden();
    await expect(publish()).rejects.toMatchObject({ diagnostic: { code: 'EK4033' } });
  });
});
