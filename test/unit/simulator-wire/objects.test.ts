import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetBucketAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/kernel/contract.js';
import { createSimulator } from '../../../src/simulator/simulator.js';

const OWNER = '100000000004';
const NEIGHBOUR = '100000000011';
const KEY = 'folder/a key+with & <odd> "characters" é.json';

const open: Simulator[] = [];
afterEach(async () => {
  for (const simulator of open.splice(0)) await simulator.close();
});

async function world(way: string) {
  const simulator = createSimulator({ organization: 'demo' });
  open.push(simulator);
  const { url } = await simulator.listen(0);
  const transport =
    way === 'in process'
      ? { requestHandler: simulator.requestHandler }
      : { endpoint: way === 'by host name' ? url.replace('127.0.0.1', 'localhost') : url };
  const client = (account: string, region = 'us-east-1') =>
    new S3Client({
      region,
      credentials: simulator.credentials(account),
      maxAttempts: 1,
      forcePathStyle: way === 'by path',
      ...transport,
    });
  return { simulator, url, client };
}

describe.each(['in process', 'by path'])('objects, %s', (way) => {
  it('are stored, read, described, copied and listed', async () => {
    const { client } = await world(way);
    const s3 = client(OWNER);
    await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
    await s3.send(
      new PutObjectCommand({
        Bucket: 'templates',
        Key: KEY,
        Body: '{"Resources":{}}',
        ContentType: 'application/json',
        Metadata: { origin: 'test' },
      }),
    );
    const read = await s3.send(new GetObjectCommand({ Bucket: 'templates', Key: KEY }));
    expect(await read.Body!.transformToString()).toBe('{"Resources":{}}');
    expect(read).toMatchObject({ ContentType: 'application/json', ContentLength: 16, Metadata: { origin: 'test' } });
    expect(await s3.send(new HeadObjectCommand({ Bucket: 'templates', Key: KEY }))).toMatchObject({
      ETag: read.ETag,
      ContentLength: 16,
    });
    await s3.send(
      new CopyObjectCommand({ Bucket: 'templates', Key: 'copy', CopySource: `templates/${encodeURIComponent(KEY)}` }),
    );
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'templates' }));
    expect(listed.Contents!.map(({ Key, ETag }) => [Key, ETag])).toEqual([
      ['copy', read.ETag],
      [KEY, read.ETag],
    ]);
  });

  it('arrive whole when the client streams them', async () => {
    const { client } = await world(way);
    const s3 = client(OWNER);
    const bytes = Buffer.alloc(200_000, 'abc\r\n');
    await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
    await s3.send(
      new PutObjectCommand({
        Bucket: 'code',
        Key: 'zip',
        Body: Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]),
        ContentLength: bytes.length,
      }),
    );
    const read = await s3.send(new GetObjectCommand({ Bucket: 'code', Key: 'zip' }));
    expect(Buffer.from(await read.Body!.transformToByteArray()).equals(bytes)).toBe(true);
  });

  it('are listed page by page, folded at the delimiter', async () => {
    const { simulator, client } = await world(way);
    for (const key of ['a/1', 'a/2', 'b', 'c/1', 'd']) simulator.world.objects.put('many', key, Buffer.from(key));
    const names: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(ContinuationToken);
      expect(page.KeyCount).toBeLessThanOrEqual(2);
      names.push(
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        ...(page.Contents ?? []).map(({ Key }) => Key),
      );
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(names.sort()).toEqual(['a/', 'b', 'c/', 'd']);
    function list(token: string | undefined) {
      return client(OWNER).send(
        new ListObjectsV2Command({
          Bucket: 'many',
          Delimiter: '/',
          MaxKeys: 2,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
    }
  });
});

describe('buckets', () => {
  it('may be read by the whole organization and written by their owner only', async () => {
    const { client } = await world('in process');
    await client(OWNER).send(new CreateBucketCommand({ Bucket: 'templates' }));
    await client(OWNER).send(new PutObjectCommand({ Bucket: 'templates', Key: 'k', Body: 'x' }));
    await expect(
      client(NEIGHBOUR).send(new GetObjectCommand({ Bucket: 'templates', Key: 'k' })),
    ).resolves.toBeDefined();
    await expect(
      client(NEIGHBOUR).send(new PutObjectCommand({ Bucket: 'templates', Key: 'k', Body: 'y' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(
      client('999999999999').send(new GetObjectCommand({ Bucket: 'templates', Key: 'k' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('have one owner in the whole world, and one Region', async () => {
    const { client } = await world('in process');
    const west = new CreateBucketCommand({
      Bucket: 'western',
      CreateBucketConfiguration: { LocationConstraint: 'us-west-2' },
    });
    await client(OWNER, 'us-west-2').send(west);
    await expect(client(OWNER, 'us-west-2').send(west)).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await expect(client(NEIGHBOUR, 'us-west-2').send(west)).rejects.toMatchObject({ name: 'BucketAlreadyExists' });
    await expect(
      client(OWNER, 'us-east-1').send(new ListObjectsV2Command({ Bucket: 'western' })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 301 } });
    await expect(
      client(OWNER, 'us-east-1').send(
        new CreateBucketCommand({
          Bucket: 'elsewhere',
          CreateBucketConfiguration: { LocationConstraint: 'us-west-2' },
        }),
      ),
    ).rejects.toMatchObject({
      name: 'IllegalLocationConstraintException',
    });
  });

  it('and keys that are not there are told apart, by HEAD only as 404', async () => {
    const { simulator, client } = await world('in process');
    simulator.world.objects.put('there', 'k', Buffer.from('x'));
    await expect(client(OWNER).send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'k' }))).rejects.toBeInstanceOf(
      NoSuchBucket,
    );
    await expect(client(OWNER).send(new HeadBucketCommand({ Bucket: 'nowhere' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(client(OWNER).send(new HeadObjectCommand({ Bucket: 'there', Key: 'no' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(client(OWNER).send(new HeadBucketCommand({ Bucket: 'there' }))).resolves.toBeDefined();
  });

  it('answer an operation that is not simulated with NotImplemented', async () => {
    const { simulator, client } = await world('in process');
    simulator.world.objects.put('there', 'k', Buffer.from('x'));
    await expect(client(OWNER).send(new GetBucketAclCommand({ Bucket: 'there' }))).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });
});

describe('whoever has no credentials', () => {
  it('reads an object by its URL, in process and over HTTP', async () => {
    const { simulator, url } = await world('by path');
    simulator.world.objects.put('awsserverlessrepo', 'a b/template.yaml', Buffer.from('Resources: {}'));
    const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString());
    const { objects } = simulator.world;
    expect(
      text(objects.fetch('https://awsserverlessrepo.s3.us-east-1.amazonaws.com/a%20b/template.yaml?X-Amz-Expires=60')),
    ).toBe('Resources: {}');
    expect(text(objects.fetch('https://s3.amazonaws.com/awsserverlessrepo/a%20b/template.yaml'))).toBe('Resources: {}');
    expect(objects.fetch('https://s3.amazonaws.com/awsserverlessrepo/%zz')).toBeUndefined();
    expect(objects.fetch('not a url')).toBeUndefined();
    expect(await (await fetch(`${url}/awsserverlessrepo/a%20b/template.yaml`)).text()).toBe('Resources: {}');
    expect((await fetch(`${url}/awsserverlessrepo/no`)).status).toBe(404);
    expect((await fetch(`${url}/awsserverlessrepo/new`, { method: 'PUT', body: 'x' })).status).toBe(403);
  });
});
