import { parseTemplate } from '../../model/template.js';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { classify } from '../../aws/errors.js';
import { MAXIMUM_TEMPLATE_BYTES } from '../../model/artifact.js';
import type { Partition, Region } from '../../model/identifiers.js';
import { dnsSuffixOf } from '../../model/partitions.js';
import type { TemplateDocument } from '../../model/template.js';
import { LockRefusal } from '../lock/lock-refusal.js';
import { DownloadRefused } from './download.js';
import type { Location } from '../lock/object-references.js';
import type { Session } from '../application/serverless-repository.js';
import { decodeUtf8 } from '../template/template-text.js';

/** Lambda takes no larger package either. */
export const MAXIMUM_OBJECT_BYTES = 50 * 1024 * 1024;

export type Download = {
  /** The bytes at an https address, no more than are asked for; throws where they cannot be had. */
  readonly fetch: (url: string, maximumBytes?: number) => Promise<Uint8Array>;
  /** `any` where AWS is not asked at its own addresses: a simulator, AWS_ENDPOINT_URL. */
  readonly hosts: 's3' | 'any';
};

/** Only S3 itself is asked, and only over TLS: the address is what a service answered, not what a reviewer read. */
export function isS3Address(url: string, partition: Partition): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username } = new URL(url);
  const suffix = `.${dnsSuffixOf(partition)}`;
  if (protocol !== 'https:' || port !== '' || username !== '' || !hostname.endsWith(suffix)) return false;
  return /^(?:[a-z0-9][a-z0-9.-]*\.)?s3(?:[.-](?:dualstack\.)?[a-z]{2,4}(?:-[a-z]+)+-\d)?$/.test(
    hostname.slice(0, -suffix.length),
  );
}

/** The template at an address that the repository gave. */
export async function fetchTemplate(url: string, partition: Partition, download: Download): Promise<TemplateDocument> {
  const bytes = await fetchAddress(url, partition, download, 'EK4025');
  if (bytes.length > MAXIMUM_TEMPLATE_BYTES)
    throw unusable(
      `the template that is served has ${bytes.length} bytes, and CloudFormation takes at most ${MAXIMUM_TEMPLATE_BYTES}`,
    );
  const text = decodeUtf8(bytes);
  const parsed = text === null ? null : parseTemplate(text);
  if (parsed === null || parsed.type === 'not-a-template')
    throw unusable(`what is served as a template is none: ${parsed?.message ?? 'it is not UTF-8 text'}`);
  return parsed.document;
}

/** An object that a served template refers to, read with the controller's own credentials. */
export async function fetchObject(
  location: Location,
  region: Region,
  session: Session,
  download: Download,
): Promise<Uint8Array> {
  if (location.type === 'url') {
    const bytes = await fetchAddress(location.url, session.aws.partition, download, 'EK4026');
    if (bytes.length > MAXIMUM_OBJECT_BYTES) throw tooLarge(location.url, bytes.length);
    return bytes;
  }
  const name = `s3://${location.bucket}/${location.key}`;
  const place: Place = {
    Bucket: location.bucket,
    Key: location.key,
    ...(location.version === null ? {} : { VersionId: location.version }),
  };
  try {
    if (await isOurs(place, region, session)) throw ours(name);
    const answer = await session.aws.s3(region).send(new GetObjectCommand(place), { abortSignal: session.signal });
    if ((answer.ContentLength ?? 0) > MAXIMUM_OBJECT_BYTES) throw tooLarge(name, answer.ContentLength!);
    const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
    if (bytes.length > MAXIMUM_OBJECT_BYTES) throw tooLarge(name, bytes.length);
    return bytes;
  } catch (error) {
    if (error instanceof LockRefusal) throw error;
    const failure = classify(error);
    if (failure.kind === 'aborted' || !(error instanceof Error && '$metadata' in error)) throw error;
    throw notCopied(`${name} in ${region} cannot be read: ${failure.name}: ${failure.message}`);
  }
}

export type Place = { readonly Bucket: string; readonly Key: string; readonly VersionId?: string };

/**
 * Whether the controller's own account owns the object's bucket: a publisher may not have our objects copied into a lock.
 * The object is asked for rather than its bucket, because that takes the very permission by which it could be read: one that
 * is ours and refused here is refused to the read as well. Nobody can name the owner of the repository's own buckets.
 */
export async function isOurs(place: Place, region: Region, session: Session): Promise<boolean> {
  const ExpectedBucketOwner = await session.aws.controllerAccount();
  try {
    await session.aws
      .s3(region)
      .send(new HeadObjectCommand({ ...place, ExpectedBucketOwner }), { abortSignal: session.signal });
    return true;
  } catch (error) {
    const { $metadata: metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
    if (metadata?.httpStatusCode === 403 || metadata?.httpStatusCode === 404) return false;
    throw error;
  }
}

/** Whoever serves the address has answered, and has nothing there that may be read. */
export class NotServed extends LockRefusal {}

/** S3 answers 403 for what does not exist where the bucket may not be listed. */
function isNothingThere(error: unknown): boolean {
  return error instanceof DownloadRefused && error.reason.type === 'status' && [403, 404].includes(error.reason.status);
}

async function fetchAddress(
  url: string,
  partition: Partition,
  download: Download,
  code: 'EK4025' | 'EK4026',
): Promise<Uint8Array> {
  if (download.hosts === 's3' && !isS3Address(url, partition))
    throw new LockRefusal(
      code,
      'application',
      `the address ${shown(url)} is not one of S3 in partition ${partition}`,
      'report it to the publisher; nothing was fetched',
    );
  try {
    return await download.fetch(url);
  } catch (error) {
    if (classify(error).kind === 'aborted') throw error;
    const message = `${shown(url)} cannot be fetched: ${error instanceof Error ? error.message : String(error)}`;
    if (isNothingThere(error))
      throw new NotServed(code, 'application', message, 'its publisher serves nothing there, or not to everybody');
    throw new LockRefusal(code, 'application', message, 'check the network, and run `evenkeel lock` again');
  }
}

/** Without the query: it may hold a signature. */
function shown(url: string): string {
  return url.split('?', 1)[0]!;
}

function unusable(message: string): LockRefusal {
  return new LockRefusal('EK4025', 'application', message, 'ask the publisher of the building block');
}

function notCopied(message: string): LockRefusal {
  return new LockRefusal(
    'EK4026',
    'application',
    message,
    'allow the controller s3:GetObject there, and run `evenkeel lock` again',
  );
}

export function ours(name: string): LockRefusal {
  return new LockRefusal(
    'EK4035',
    'application',
    `the template refers to ${name}, which is in a bucket of the controller's own account`,
    'ask the publisher why; nothing was read',
  );
}

function tooLarge(name: string, bytes: number): LockRefusal {
  return new LockRefusal(
    'EK4026',
    'application',
    `${shown(name)} has ${bytes} bytes, and an object may have at most ${MAXIMUM_OBJECT_BYTES}`,
    'ask the publisher of the building block',
  );
}
