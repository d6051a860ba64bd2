import type { Bucket } from '../kernel/bucket-store.js';
import { AwsError } from '../kernel/contract.js';

export type ListObjectsInput = {
  readonly Bucket: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys?: number;
  readonly ContinuationToken?: string;
  readonly StartAfter?: string;
  readonly EncodingType?: string;
};

const LARGEST_PAGE = 1000;

/** One page of a bucket's keys in order, those behind a delimiter folded into common prefixes. */
export function listObjects(bucket: Bucket, input: ListObjectsInput) {
  const prefix = input.Prefix ?? '';
  const size = Math.min(input.MaxKeys ?? LARGEST_PAGE, LARGEST_PAGE);
  if (size < 0)
    throw new AwsError('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647', 400);
  const after = input.ContinuationToken === undefined ? (input.StartAfter ?? '') : keyOf(input.ContinuationToken);
  const entries = entriesOf(bucket, prefix, input.Delimiter ?? '').filter((entry) => entry.name > after);
  const page = entries.slice(0, size);
  const last = page.at(-1);
  const truncated = entries.length > page.length && last !== undefined;
  const shown = (key: string): string =>
    input.EncodingType === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key;
  return {
    Name: bucket.name,
    Prefix: prefix,
    MaxKeys: size,
    KeyCount: page.length,
    IsTruncated: truncated,
    ...(input.Delimiter === undefined ? {} : { Delimiter: input.Delimiter }),
    ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
    ...(truncated ? { NextContinuationToken: tokenOf(last.name) } : {}),
    CommonPrefixes: page.filter((entry) => entry.folded).map((entry) => ({ Prefix: shown(entry.name) })),
    Contents: page
      .filter((entry) => !entry.folded)
      .map((entry) => bucket.objects.get(entry.name)!)
      .map(({ key, modifiedAt, etag, bytes }) => ({
        Key: shown(key),
        LastModified: modifiedAt,
        ETag: etag,
        Size: bytes.byteLength,
        StorageClass: 'STANDARD',
      })),
  };
}

function entriesOf(
  bucket: Bucket,
  prefix: string,
  delimiter: string,
): readonly { readonly name: string; readonly folded: boolean }[] {
  const entries = new Map<string, boolean>();
  for (const key of bucket.objects.keys()) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    entries.set(at < 0 ? key : key.slice(0, at + delimiter.length), at >= 0);
  }
  return [...entries]
    .map(([name, folded]) => ({ name, folded }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

const tokenOf = (key: string): string => Buffer.from(`key:${key}`).toString('base64');

function keyOf(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith('key:'))
    throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400);
  return text.slice('key:'.length);
}
