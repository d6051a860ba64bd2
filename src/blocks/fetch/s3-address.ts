import type { Partition, Region } from '../../model/identifiers.js';
import { dnsSuffixOf, partitionOf, PARTITIONS } from '../../model/partitions.js';
import type { Location } from '../lock/object-references.js';

/** Region is null where the address leaves it to S3. */
export type S3Place = {
  readonly bucket: string;
  readonly key: string;
  readonly version: string | null;
  readonly region: Region | null;
};

const S3_NAME = /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?([a-z]{2,4}(?:-[a-z]+)+-\d))?$/;

/** Which object of which bucket a location means; null where it is not an address of S3, or one that says more than where it is, such as a signed one. */
export function bucketAndKey(location: Location): S3Place | null {
  if (location.type === 's3') return { ...location, region: null };
  if (!URL.canParse(location.url)) return null;
  const { hostname, pathname, search } = new URL(location.url);
  const host = hostOf(hostname);
  if (host === null || search !== '') return null;
  const path = decoded(pathname.slice(1));
  if (path === null) return null;
  const slash = path.indexOf('/');
  const [bucket, key] =
    host.bucket === null ? [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)] : [host.bucket, path];
  return bucket === '' || key === '' ? null : { bucket, key, version: null, region: host.region };
}

/** Whether the address is one of S3 in the partition: an address without a Region is one of the commercial partition. */
export function isInPartition(url: string, partition: Partition): boolean {
  if (!URL.canParse(url)) return false;
  const host = hostOf(new URL(url).hostname);
  return host !== null && (host.region === null ? 'aws' : partitionOf(host.region)) === partition;
}

/** Where anybody may read an object of a public bucket. A name with dots does not fit the certificate, so it goes into the path. */
export function publicAddress({ bucket, key, version }: S3Place, region: Region, partition: Partition): string {
  const host = `s3.${region}.${dnsSuffixOf(partition)}`;
  const path = key.split('/').map(encodeURIComponent).join('/');
  const query = version === null ? '' : `?versionId=${encodeURIComponent(version)}`;
  return bucket.includes('.')
    ? `https://${host}/${bucket}/${path}${query}`
    : `https://${bucket}.${host}/${path}${query}`;
}

/** The Region at the end of a bucket's name, by which publishers of Lambda code tell their buckets apart; null where it ends otherwise. */
export function regionInName(bucket: string, partition: Partition): Region | null {
  const name = /-((?:[a-z]{2}(?:-gov|-iso[a-z]?)?|eusc-[a-z]{2})-[a-z]+-\d)$/.exec(bucket)?.[1] as Region | undefined;
  return name !== undefined && partitionOf(name) === partition ? name : null;
}

function hostOf(hostname: string): { readonly bucket: string | null; readonly region: Region | null } | null {
  // The longest first: one suffix begins like another.
  const suffixes = PARTITIONS.map((partition) => `.${dnsSuffixOf(partition)}`).sort((a, b) => b.length - a.length);
  const suffix = suffixes.find((each) => hostname.endsWith(each));
  const match = suffix === undefined ? null : S3_NAME.exec(hostname.slice(0, -suffix.length));
  if (match === null) return null;
  return { bucket: match[1] ?? null, region: (match[2] as Region | undefined) ?? null };
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
