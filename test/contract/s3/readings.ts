import { GetObjectCommand, PutObjectCommand, type GetObjectCommandInput } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { assumption, document, type Aws, type Sentence } from '../specification.js';
import { newBucket, reference } from './fixtures.js';

/** Reads from an object with the ten bytes `0123456789`. */
async function asked(aws: Aws, more: Partial<GetObjectCommandInput>) {
  const Bucket = await newBucket(aws);
  await aws.s3().send(new PutObjectCommand({ Bucket, Key: 'a', Body: '0123456789' }));
  return aws.s3().send(new GetObjectCommand({ Bucket, Key: 'a', ...more }));
}

/** What else a read may ask for. */
export const readings: readonly Sentence[] = [
  {
    says: 'answers a range of bytes, with status 206 and Content-Range, from one place to another, to the end, and of the last ones',
    source: reference('GetObject'),
    test: async (aws) => {
      for (const [Range, text, ContentRange] of [
        ['bytes=2-4', '234', 'bytes 2-4/10'],
        ['bytes=7-', '789', 'bytes 7-9/10'],
        ['bytes=-2', '89', 'bytes 8-9/10'],
        ['bytes=8-99', '89', 'bytes 8-9/10'],
      ] as const) {
        const answer = await asked(aws, { Range });
        expect(answer).toMatchObject({ ContentRange, ContentLength: text.length, $metadata: { httpStatusCode: 206 } });
        expect(await answer.Body!.transformToString()).toBe(text);
      }
    },
  },
  {
    says: 'answers InvalidRange, with status 416, to a range that begins beyond the end',
    source: document('Amazon S3 API Reference, Error Responses'),
    test: async (aws) => {
      await expect(asked(aws, { Range: 'bytes=10-12' })).rejects.toMatchObject({
        name: 'InvalidRange',
        $metadata: { httpStatusCode: 416 },
      });
    },
  },
  {
    says: 'answers NotImplemented to several ranges, a VersionId, conditions and headers to answer with, none of which is simulated',
    source: assumption('what would be dropped must not look as if it were heeded'),
    alone: 'this is what the simulator does not do, and AWS does',
    test: async (aws) => {
      const extras: readonly Partial<GetObjectCommandInput>[] = [
        { Range: 'bytes=0-1,3-4' },
        { VersionId: 'null' },
        { IfNoneMatch: '"x"' },
        { ResponseContentType: 'text/plain' },
        { PartNumber: 1 },
      ];
      for (const extra of extras)
        await expect(asked(aws, extra)).rejects.toMatchObject({
          name: 'NotImplemented',
          $metadata: { httpStatusCode: 501 },
        });
    },
  },
];
