import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Aws } from '../specification.js';
import { text } from './fixtures.js';

type Resources = Readonly<Record<string, unknown>>;

/** A template in S3, and how to write another into the same place; `url` is where CloudFormation reads it. */
export async function stored(aws: Aws, resources: Resources, sections: Resources = {}) {
  const Bucket = aws.unique('templates');
  const client = aws.s3();
  const write = (next: Resources, more: Resources = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key: 'child.json', Body: text(next, more) }));
  await client.send(new CreateBucketCommand({ Bucket }));
  await write(resources, sections);
  return { url: `https://s3.us-east-1.amazonaws.com/${Bucket}/child.json`, write };
}

/** A resource that is a stack. */
export const nested = (TemplateURL: string, Parameters: Resources = {}, more: Resources = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL, ...(Object.keys(Parameters).length === 0 ? {} : { Parameters }) },
  ...more,
});
