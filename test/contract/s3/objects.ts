import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { assumption, document, type Chapter } from '../specification.js';
import { bucketRules } from './bucket-rules.js';
import { newBucket, read, reference, refused } from './fixtures.js';
import { readings } from './readings.js';
import { copies, writings } from './writings.js';

const createBucket: Chapter = {
  service: 'S3',
  operation: 'CreateBucket',
  sentences: [
    {
      says: 'refuses a name that another account has taken, anywhere',
      source: reference('CreateBucket'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await expect(aws.s3(aws.members[1]).send(new CreateBucketCommand({ Bucket }))).rejects.toEqual(
          refused('BucketAlreadyExists'),
        );
      },
    },
    {
      says: 'accepts one’s own bucket again in us-east-1, and answers BucketAlreadyOwnedByYou elsewhere',
      source: reference('CreateBucket'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await aws.s3().send(new CreateBucketCommand({ Bucket }));
        const west = aws.s3(aws.members[0], 'us-west-2');
        const elsewhere = new CreateBucketCommand({
          Bucket: aws.unique('west'),
          CreateBucketConfiguration: { LocationConstraint: 'us-west-2' },
        });
        await west.send(elsewhere);
        await expect(west.send(elsewhere)).rejects.toEqual(refused('BucketAlreadyOwnedByYou'));
      },
    },
    {
      says: 'refuses a name with capital letters',
      source: document('Amazon S3 User Guide, General purpose bucket naming rules'),
      differs: { moto: 'makes the bucket' },
      test: async (aws) => {
        await expect(aws.s3().send(new CreateBucketCommand({ Bucket: `${aws.unique('b')}-CAPITAL` }))).rejects.toEqual(
          refused('InvalidBucketName'),
        );
      },
    },
    ...bucketRules,
  ],
};

const putObject: Chapter = {
  service: 'S3',
  operation: 'PutObject',
  sentences: [
    {
      says: 'replaces what stood under the key',
      source: reference('PutObject'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'one' }));
        await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'two' }));
        expect(await read(aws.s3(), Bucket, 'a')).toBe('two');
      },
    },
    {
      says: 'with If-None-Match: * answers PreconditionFailed where something stands under the key, and leaves it',
      source: document('Amazon S3 User Guide, How to prevent object overwrites with conditional writes'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        const put = (Body: string) => aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body, IfNoneMatch: '*' }));
        await put('one');
        await expect(put('two')).rejects.toEqual(refused('PreconditionFailed'));
        expect(await read(aws.s3(), Bucket, 'a')).toBe('one');
      },
    },
    {
      says: 'with ExpectedBucketOwner answers AccessDenied where the bucket belongs to somebody else',
      source: document('Amazon S3 User Guide, Verifying bucket ownership with bucket owner condition'),
      differs: { moto: 'writes the object', ministack: 'writes the object' },
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await expect(
          aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', ExpectedBucketOwner: aws.members[1] })),
        ).rejects.toEqual(refused('AccessDenied'));
      },
    },
    {
      says: 'is refused to other accounts',
      source: assumption(
        'no bucket policies are simulated; the strictest that still lets an organization share templates',
      ),
      differs: { moto: 'lets every account write' },
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await expect(
          aws.s3(aws.members[1]).send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })),
        ).rejects.toEqual(refused('AccessDenied'));
      },
    },
    {
      says: 'answers NoSuchBucket where there is no such bucket',
      source: reference('PutObject'),
      test: async (aws) => {
        await expect(
          aws.s3().send(new PutObjectCommand({ Bucket: aws.unique('nowhere'), Key: 'a', Body: 'x' })),
        ).rejects.toEqual(refused('NoSuchBucket'));
      },
    },
    ...writings,
  ],
};

const getObject: Chapter = {
  service: 'S3',
  operation: 'GetObject',
  sentences: [
    {
      says: 'answers the very bytes, with their length and content type',
      source: reference('GetObject'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        const bytes = new Uint8Array([0, 255, 13, 10, 195, 164]);
        await aws
          .s3()
          .send(new PutObjectCommand({ Bucket, Key: 'a/ü b', Body: bytes, ContentType: 'application/zip' }));
        const answer = await aws.s3().send(new GetObjectCommand({ Bucket, Key: 'a/ü b' }));
        expect(answer).toMatchObject({ ContentLength: 6, ContentType: 'application/zip' });
        expect(await answer.Body!.transformToByteArray()).toEqual(bytes);
      },
    },
    {
      says: 'with ChecksumMode ENABLED answers the SHA-256 that the object was stored with',
      source: document('Amazon S3 User Guide, Checking object integrity'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'abc', ChecksumAlgorithm: 'SHA256' }));
        const { ChecksumSHA256 } = await aws
          .s3()
          .send(new GetObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' }));
        expect(ChecksumSHA256).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
      },
    },
    {
      says: 'answers NoSuchKey where nothing stands under the key',
      source: reference('GetObject'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await expect(read(aws.s3(), Bucket, 'nothing')).rejects.toEqual(refused('NoSuchKey'));
      },
    },
    {
      says: 'answers PermanentRedirect where the bucket is in another Region than the endpoint',
      source: document('Amazon S3 User Guide, Making requests using the REST API: request redirection'),
      differs: { moto: 'answers the object' },
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
        await expect(read(aws.s3(aws.members[0], 'us-west-2'), Bucket, 'a')).rejects.toMatchObject({
          $metadata: { httpStatusCode: 301 },
        });
      },
    },
    {
      says: 'is answered to every account of the organization, and to no other',
      source: assumption('as a bucket policy with aws:PrincipalOrgID would have it; no bucket policies are simulated'),
      differs: { moto: 'answers every account', ministack: 'answers the owner alone' },
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
        expect(await read(aws.s3(aws.members[1]), Bucket, 'a')).toBe('x');
        await expect(read(aws.s3('999999999999'), Bucket, 'a')).rejects.toEqual(refused('AccessDenied'));
      },
    },
    ...readings,
  ],
};

const headObject: Chapter = {
  service: 'S3',
  operation: 'HeadObject',
  sentences: [
    {
      says: 'answers what GetObject would say of the object, without the object',
      source: reference('HeadObject'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        const { ETag } = await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'abc' }));
        expect(await aws.s3().send(new HeadObjectCommand({ Bucket, Key: 'a' }))).toMatchObject({
          ContentLength: 3,
          ETag,
        });
      },
    },
    {
      says: 'answers NotFound, which carries no text, where nothing stands under the key',
      source: reference('HeadObject'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await expect(aws.s3().send(new HeadObjectCommand({ Bucket, Key: 'a' }))).rejects.toEqual(refused('NotFound'));
      },
    },
  ],
};

const headBucket: Chapter = {
  service: 'S3',
  operation: 'HeadBucket',
  sentences: [
    {
      says: 'answers the Region of a bucket that is there, and NotFound where there is none',
      source: reference('HeadBucket'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        expect(await aws.s3().send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' });
        await expect(aws.s3().send(new HeadBucketCommand({ Bucket: aws.unique('nowhere') }))).rejects.toEqual(
          refused('NotFound'),
        );
      },
    },
  ],
};

const copyObject: Chapter = {
  service: 'S3',
  operation: 'CopyObject',
  sentences: [
    {
      says: 'copies bytes and content type',
      source: reference('CopyObject'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', ContentType: 'text/yaml' }));
        await aws.s3().send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
        const { ContentType } = await aws.s3().send(new HeadObjectCommand({ Bucket, Key: 'b' }));
        expect([await read(aws.s3(), Bucket, 'b'), ContentType]).toEqual(['x', 'text/yaml']);
      },
    },
    {
      says: 'answers NoSuchKey where the source is not there',
      source: reference('CopyObject'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        await expect(
          aws.s3().send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/nothing` })),
        ).rejects.toEqual(refused('NoSuchKey'));
      },
    },
    ...copies,
  ],
};

const listObjectsV2: Chapter = {
  service: 'S3',
  operation: 'ListObjectsV2',
  sentences: [
    {
      says: 'lists keys in order, a page at a time, with a token while there are more',
      source: reference('ListObjectsV2'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        for (const Key of ['b', 'c', 'a']) await aws.s3().send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
        const first = await aws.s3().send(new ListObjectsV2Command({ Bucket, MaxKeys: 2 }));
        expect(first).toMatchObject({ Contents: [{ Key: 'a' }, { Key: 'b' }], IsTruncated: true });
        const rest = await aws
          .s3()
          .send(new ListObjectsV2Command({ Bucket, ContinuationToken: first.NextContinuationToken! }));
        expect(rest).toMatchObject({ Contents: [{ Key: 'c' }], IsTruncated: false });
      },
    },
    {
      says: 'folds what stands behind the delimiter into CommonPrefixes',
      source: reference('ListObjectsV2'),
      test: async (aws) => {
        const Bucket = await newBucket(aws);
        for (const Key of ['code/a.zip', 'code/b.zip', 'top.yaml'])
          await aws.s3().send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
        expect(await aws.s3().send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }))).toMatchObject({
          CommonPrefixes: [{ Prefix: 'code/' }],
          Contents: [{ Key: 'top.yaml' }],
        });
      },
    },
  ],
};

export const objectChapters: readonly Chapter[] = [
  createBucket,
  putObject,
  getObject,
  headObject,
  headBucket,
  copyObject,
  listObjectsV2,
];
