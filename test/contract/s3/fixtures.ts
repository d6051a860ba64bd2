import { CreateBucketCommand, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { document, type Aws } from '../specification.js';

export const reference = (operation: string) => document(`Amazon S3 API Reference, ${operation}`);
/** What S3 answers, by the name of the SDK’s error. */
export const refused = (name: string): object => expect.objectContaining({ name }) as object;

export async function newBucket(aws: Aws): Promise<string> {
  const Bucket = aws.unique('objects');
  await aws.s3().send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

export async function read(client: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return await Body!.transformToString();
}
