import { classify } from '../../aws/errors.js';
import type { Region } from '../../model/identifiers.js';
import { DownloadRefused } from '../fetch/download.js';
import type { Asker, FetchObject } from '../fetch/fetched-objects.js';
import { LockRefusal } from '../lock/lock-refusal.js';
import type { SpecKey } from '../lock/lock-refusal.js';
import type { Location } from '../lock/object-references.js';
import { bucketAndKey, isInPartition, publicAddress, regionInName } from '../fetch/s3-address.js';
import type { S3Place } from '../fetch/s3-address.js';
import type { LockSession } from '../lock/served-block.js';
import { fetchObject, isOurs, isS3Address, MAXIMUM_OBJECT_BYTES, ours } from '../fetch/served-objects.js';

/** As S3 takes them; what a publisher's build should have filled in is none. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * What a solution's template refers to: publishers keep it in buckets that anybody may read, so it is asked for without a signature first, and with
 * the controller's own credentials where that is refused. Nothing is read of a bucket of the controller's own account.
 */
export function solutionObjects(key: SpecKey, session: LockSession): FetchObject {
  return async (location, asker) => {
    const place = bucketAndKey(location);
    const region = regionFor(place, session);
    const url =
      location.type === 'url' || place === null
        ? wordsOf(location)
        : publicAddress(place, region, session.aws.partition);
    try {
      const bytes =
        place === null ? await fetchPlainly(location, session) : await fetchFrom({ place, url, region }, session);
      if (bytes.length > MAXIMUM_OBJECT_BYTES) throw new Error(`it has more than ${MAXIMUM_OBJECT_BYTES} bytes`);
      return bytes;
    } catch (error) {
      if (classify(error).kind === 'aborted' || isWithoutCredentials(error)) throw error;
      throw refusal(error, { key, asker, url: wordsOf({ type: 'url', url }) });
    }
  };
}

/** A publisher's buckets for single Regions hold the same under `<bucket>-<region>`, and say so in their name. */
function regionFor(place: S3Place | null, { aws }: LockSession): Region {
  return place?.region ?? regionInName(place?.bucket ?? '', aws.partition) ?? aws.homeRegion;
}

/** A signed address, or, where an endpoint stands in for AWS, any. */
async function fetchPlainly(location: Location, session: LockSession): Promise<Uint8Array> {
  const { partition } = session.aws;
  const { url } = location as Extract<Location, { readonly type: 'url' }>;
  if (session.hosts === 's3' && !(isS3Address(url, partition) && isInPartition(url, partition)))
    throw new Error(`it is not an address of S3 in the partition ${partition}`);
  return session.fetch(url, MAXIMUM_OBJECT_BYTES);
}

type Wanted = { readonly place: S3Place; readonly url: string; readonly region: Region };

async function fetchFrom({ place, url, region }: Wanted, session: LockSession): Promise<Uint8Array> {
  const { aws, hosts } = session;
  const name = `s3://${place.bucket}/${place.key}`;
  if (!BUCKET_NAME.test(place.bucket)) throw new Error(`${place.bucket} is not the name of a bucket`);
  if (hosts === 's3' && !isInPartition(url, aws.partition))
    throw new Error(`it is not an address of S3 in the partition ${aws.partition}`);
  const bucketRegion = await regionUnlessOurs(place, region, session);
  if (bucketRegion === null) throw ours(name);
  try {
    const isThere = bucketRegion === region;
    return await session.fetch(isThere ? url : publicAddress(place, bucketRegion, aws.partition), MAXIMUM_OBJECT_BYTES);
  } catch (error) {
    if (classify(error).kind === 'aborted') throw error;
    if (error instanceof DownloadRefused && error.reason.type === 'too-large') throw error;
    const { bucket, key, version } = place;
    return await fetchObject({ type: 's3', bucket, key, version }, bucketRegion, session, session).catch(
      (refused: unknown) => {
        if (!(refused instanceof LockRefusal)) throw refused;
        throw new Error(`${messageOf(error)}, and ${refused.message}`);
      },
    );
  }
}

/** Where the bucket is; null where it is one of the controller's own account. S3 names the Region of a bucket that it is asked for in another. */
async function regionUnlessOurs(
  { bucket, key, version }: S3Place,
  region: Region,
  session: LockSession,
): Promise<Region | null> {
  const place = { Bucket: bucket, Key: key, ...(version === null ? {} : { VersionId: version }) };
  try {
    return (await isOurs(place, region, session)) ? null : region;
  } catch (error) {
    const there = regionNamedBy(error);
    if (there === null || there === region) throw error;
    return (await isOurs(place, there, session)) ? null : there;
  }
}

function regionNamedBy(error: unknown): Region | null {
  const { $response: response } = error as {
    readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
  };
  const named = response?.statusCode === 301 ? response.headers?.['x-amz-bucket-region'] : undefined;
  return (named as Region | undefined) ?? null;
}

/** Nobody is signed in: that is no finding about a manifest. */
function isWithoutCredentials(error: unknown): boolean {
  return error instanceof Error && error.name === 'CredentialsProviderError';
}

type About = { readonly key: SpecKey; readonly asker: Asker; readonly url: string };

function refusal(error: unknown, { key, asker, url }: About): LockRefusal {
  const why = messageOf(error);
  if (error instanceof LockRefusal && error.code === 'EK4035')
    return new LockRefusal(error.code, key, `${asker.name}: ${why}`, error.remedy);
  return asker.holds === 'template'
    ? new LockRefusal(
        'EK4050',
        key,
        `the nested template that ${asker.name} names cannot be had at ${url}: ${why}`,
        'ask the publisher, or choose a version whose nested templates are there; nothing of the solution was locked',
      )
    : new LockRefusal(
        'EK4026',
        key,
        `the object that ${asker.name} names cannot be had at ${url}: ${why}`,
        'ask the publisher, or allow the controller s3:GetObject there, and run `evenkeel lock` again',
      );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Without the query: it may hold a signature. */
function wordsOf(location: Location): string {
  return location.type === 'url' ? location.url.split('?', 1)[0]! : `s3://${location.bucket}/${location.key}`;
}
