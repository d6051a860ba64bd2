import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import type { BlobStore } from './bodies.js';

/** Bodies as objects under `ledger/`, named by their digests. The bucket is asked for only when a body needs it. */
export function openBlobBucket(client: S3Client, bucket: () => Promise<string>): BlobStore {
  const keyOf = (sha256: string): string => `ledger/${sha256}`;
  return {
    async put(sha256, bytes) {
      await client.send(new PutObjectCommand({ Bucket: await bucket(), Key: keyOf(sha256), Body: bytes }));
    },
    async get(sha256) {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket: await bucket(), Key: keyOf(sha256) }));
        return answer.Body === undefined ? null : await answer.Body.transformToByteArray();
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return null;
        throw error;
      }
    },
  };
}
