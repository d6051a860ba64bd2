import { CopyObjectCommand, PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { assumption, document, type Aws, type Sentence } from '../specification.js';
import { newBucket, read, reference, refused } from './fixtures.js';

const CONDITIONAL = document('Amazon S3 User Guide, How to prevent object overwrites with conditional writes');
const INTEGRITY = document('Amazon S3 User Guide, Checking object integrity');
const KEYS = document('Amazon S3 User Guide, Naming Amazon S3 objects');
const DROPPED = assumption('what would be dropped must not look as if it were heeded');
const ALONE = 'this is what the simulator does not do, and AWS does';
const NOT_IMPLEMENTED = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };

const put = (aws: Aws, Bucket: string, more: Partial<PutObjectCommandInput> = {}) =>
  aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'abc', ...more }));

/** Refused with status 400, and nothing stands under the key. */
async function keptOut(aws: Aws, name: string, more: Partial<PutObjectCommandInput>): Promise<void> {
  const Bucket = await newBucket(aws);
  await expect(put(aws, Bucket, more)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  await expect(read(aws.s3(), Bucket, 'a')).rejects.toEqual(refused('NoSuchKey'));
}

/** When an object is not written. */
export const writings: readonly Sentence[] = [
  {
    says: 'with If-Match writes over the object with that ETag, and answers PreconditionFailed and leaves it where it has another',
    source: CONDITIONAL,
    test: async (aws) => {
      const Bucket = await newBucket(aws);
      const { ETag } = await put(aws, Bucket, { Body: 'one' });
      await put(aws, Bucket, { Body: 'two', IfMatch: ETag! });
      await expect(put(aws, Bucket, { Body: 'three', IfMatch: ETag! })).rejects.toMatchObject({
        name: 'PreconditionFailed',
        $metadata: { httpStatusCode: 412 },
      });
      expect(await read(aws.s3(), Bucket, 'a')).toBe('two');
    },
  },
  {
    says: 'with If-Match answers NoSuchKey where nothing stands under the key',
    source: CONDITIONAL,
    test: async (aws) => {
      const IfMatch = '"900150983cd24fb0d6963f7d28e17f72"';
      await expect(put(aws, await newBucket(aws), { IfMatch })).rejects.toMatchObject({
        name: 'NoSuchKey',
        $metadata: { httpStatusCode: 404 },
      });
    },
  },
  {
    says: 'answers BadDigest to a Content-MD5 that is not that of the bytes, and stores nothing',
    source: reference('PutObject'),
    differs: { moto: 'stores the object' },
    test: (aws) => keptOut(aws, 'BadDigest', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }),
  },
  {
    says: 'answers InvalidDigest to a Content-MD5 that is none',
    source: document('Amazon S3 API Reference, Error Responses'),
    differs: { moto: 'stores the object' },
    test: (aws) => keptOut(aws, 'InvalidDigest', { ContentMD5: 'short' }),
  },
  {
    says: 'answers BadDigest to a SHA-256, SHA-1 or CRC-32 that is not that of the bytes, and stores nothing',
    source: INTEGRITY,
    differs: { moto: 'stores the object' },
    test: async (aws) => {
      await keptOut(aws, 'BadDigest', { ChecksumSHA256: `${'A'.repeat(43)}=` });
      await keptOut(aws, 'BadDigest', { ChecksumSHA1: `${'A'.repeat(27)}=` });
      await keptOut(aws, 'BadDigest', { ChecksumCRC32: 'AAAAAA==' });
    },
  },
  {
    says: 'answers InvalidRequest to a SHA-256 that is none',
    source: assumption('this is how S3 is reported to call the header’s value invalid'),
    differs: { moto: 'stores the object', ministack: 'answers BadDigest' },
    test: (aws) => keptOut(aws, 'InvalidRequest', { ChecksumSHA256: 'short' }),
  },
  {
    says: 'takes the checksums that are those of the bytes',
    source: INTEGRITY,
    test: async (aws) => {
      const Bucket = await newBucket(aws);
      await put(aws, Bucket, { ContentMD5: 'kAFQmDzST7DWlj99KOF/cg==' });
      await put(aws, Bucket, { ChecksumSHA256: 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=' });
      await put(aws, Bucket, { ChecksumSHA1: 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=' });
      await put(aws, Bucket, { ChecksumCRC32: 'NSRBwg==' });
      expect(await read(aws.s3(), Bucket, 'a')).toBe('abc');
    },
  },
  {
    says: 'answers KeyTooLongError to a key of more than 1,024 bytes',
    source: KEYS,
    differs: { moto: 'does not count the bytes', ministack: 'takes the key' },
    test: async (aws) => {
      const Bucket = await newBucket(aws);
      for (const Key of ['a'.repeat(1_025), 'ü'.repeat(513)])
        await expect(put(aws, Bucket, { Key })).rejects.toEqual(refused('KeyTooLongError'));
    },
  },
  {
    says: 'answers NotImplemented to an ACL, encryption, tags, Object Lock, a storage class that is not STANDARD and headers to serve the object with, none of which is simulated',
    source: DROPPED,
    alone: ALONE,
    test: async (aws) => {
      const Bucket = await newBucket(aws);
      const extras: readonly Partial<PutObjectCommandInput>[] = [
        { ACL: 'public-read' },
        { ServerSideEncryption: 'aws:kms' },
        { Tagging: 'a=b' },
        { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(0) },
        { ObjectLockLegalHoldStatus: 'ON' },
        { StorageClass: 'GLACIER' },
        { CacheControl: 'no-store' },
        { ContentEncoding: 'gzip' },
      ];
      for (const extra of extras) await expect(put(aws, Bucket, extra)).rejects.toMatchObject(NOT_IMPLEMENTED);
      await put(aws, Bucket, { StorageClass: 'STANDARD' });
    },
  },
];

/** What a copy does not do. */
export const copies: readonly Sentence[] = [
  {
    says: 'answers NotImplemented to a version of the source, and to metadata of the copy’s own, neither of which is simulated',
    source: DROPPED,
    alone: ALONE,
    test: async (aws) => {
      const Bucket = await newBucket(aws);
      await put(aws, Bucket);
      const copy = { Bucket, Key: 'b', CopySource: `${Bucket}/a` };
      for (const input of [
        { ...copy, CopySource: `${Bucket}/a?versionId=1` },
        { ...copy, MetadataDirective: 'REPLACE' as const },
      ])
        await expect(aws.s3().send(new CopyObjectCommand(input))).rejects.toMatchObject(NOT_IMPLEMENTED);
    },
  },
];
