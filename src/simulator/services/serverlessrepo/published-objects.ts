import type { World } from '../../kernel/contract.js';
import { s3Address } from '../../kernel/s3-address.js';
import { badRequest } from './refusals.js';

const MEBIBYTE = 1024 * 1024;
export const LARGEST_DOCUMENT_BYTES = 5 * MEBIBYTE;
export const LARGEST_ARCHIVE_BYTES = 50 * MEBIBYTE;

/** What a publisher's link to S3 leads to; the repository makes its own copy, and says in these words that it cannot. */
export function copied(world: World, link: string): Uint8Array {
  const { bucket, key } = placeOf(link);
  const bytes = world.objects.get(bucket, key);
  if (bytes === undefined) throw badRequest(`Failed to copy S3 object. Access denied: bucket=${bucket}, key=${key}`);
  return bytes;
}

function placeOf(link: string): { readonly bucket: string; readonly key: string } {
  const s3 = /^s3:\/\/([^/]+)\/([^?]+)/.exec(link);
  if (s3 !== null) return { bucket: s3[1]!, key: s3[2]! };
  if (!/^https:\/\//.test(link) || !URL.canParse(link)) throw badRequest(`'${link}' is not a link to an S3 object`);
  const { hostname, pathname } = new URL(link);
  const { bucket, path } = s3Address({ hostname, path: pathname });
  if (bucket === undefined) throw badRequest(`'${link}' is not a link to an S3 object`);
  return { bucket, key: decodeURIComponent(path.slice(1)) };
}

type Given = { readonly what: string; readonly body: string | undefined; readonly link: string | undefined };

/** A licence or a readme: given as text or as a link, never as both. Answers where the repository's copy lies. */
export function keptDocument(world: World, region: string, { what, body, link }: Given): string | undefined {
  if (body !== undefined && link !== undefined)
    throw badRequest(`Only one of ${what}Body and ${what}Url can be specified`);
  if (body === undefined && link === undefined) return undefined;
  const bytes = link === undefined ? Buffer.from(body!) : copied(world, link);
  return kept(world, region, { what, bytes, largest: LARGEST_DOCUMENT_BYTES });
}

export function keptArchive(world: World, region: string, link: string | undefined): string | undefined {
  if (link === undefined) return undefined;
  return kept(world, region, { what: 'SourceCodeArchive', bytes: copied(world, link), largest: LARGEST_ARCHIVE_BYTES });
}

function kept(
  world: World,
  region: string,
  { what, bytes, largest }: { readonly what: string; readonly bytes: Uint8Array; readonly largest: number },
): string {
  if (bytes.byteLength > largest) throw badRequest(`${what} may not be larger than ${largest / MEBIBYTE} MB`);
  const bucket = `awsserverlessrepo-applications-${world.identifiers.alphanumeric(13).toLowerCase()}`;
  const key = world.identifiers.uuid();
  world.objects.put(bucket, key, bytes, region);
  return objectUrl(world, { bucket, key, region });
}

export function objectUrl(
  world: World,
  { bucket, key, region }: { readonly bucket: string; readonly key: string; readonly region: string },
): string {
  const suffix = world.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${bucket}.s3.${region}.${suffix}/${key}`;
}
