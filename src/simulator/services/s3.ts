import type { Bucket, BucketStore, StoredObject } from '../kernel/bucket-store.js';
import { AwsError, type Call, type Handler, type OrganizationState, type Service } from '../kernel/contract.js';
import { isBucketName } from './s3-bucket-name.js';
import { checkIntegrity, type Digests } from './s3-integrity.js';
import { listObjects, type ListObjectsInput } from './s3-listing.js';
import { checkPreconditions, noSuchKey } from './s3-preconditions.js';
import { spanOf } from './s3-range.js';
import { demandSimulated, notSimulated } from './s3-simulated.js';

type BucketInput = { readonly Bucket: string; readonly ExpectedBucketOwner?: string };
type ObjectInput = BucketInput & {
  readonly Key: string;
  readonly ChecksumMode?: string;
  readonly Range?: string;
};
type PutInput = ObjectInput &
  Digests & {
    readonly IfMatch?: string;
    readonly IfNoneMatch?: string;
    readonly Body?: Uint8Array;
    readonly ContentType?: string;
    readonly Metadata?: Record<string, string>;
    readonly ChecksumAlgorithm?: string;
  };
type CopyInput = ObjectInput & { readonly CopySource: string };
type CreateBucketInput = {
  readonly Bucket: string;
  readonly CreateBucketConfiguration?: { readonly LocationConstraint?: string };
};
type Parts = { readonly objects: BucketStore; readonly organization: OrganizationState };

const LARGEST_PUT_BYTES = 5 * 1024 ** 3;
const WHOLE = { from: 0, to: Infinity };
const LONGEST_KEY_BYTES = 1_024;

/** S3, as far as templates and code need it. Whoever is in the organization may read; only its owner may write to a bucket. */
export function simpleStorageService({ objects, organization }: Parts): Service {
  const bucketOf = (name: string, call: Call): Bucket => {
    const bucket = objects.buckets.get(name);
    if (bucket === undefined)
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    // Anonymous reads carry no Region: they come by the bucket's own host name.
    if (bucket.region !== null && call.region !== '' && bucket.region !== call.region) {
      const message =
        'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
      throw new AwsError('PermanentRedirect', message, 301, { Bucket: name, Region: bucket.region });
    }
    return bucket;
  };
  const expected = (input: BucketInput, call: Call): Bucket => {
    const bucket = bucketOf(input.Bucket, call);
    if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== bucket.owner) throw denied();
    return bucket;
  };
  const readable = (input: BucketInput, call: Call): Bucket => {
    const bucket = expected(input, call);
    const { accountId } = call.principal;
    const open = bucket.owner === null || call.region === '' || accountId === bucket.owner;
    if (!open && !organization.accounts.has(accountId)) throw denied();
    return bucket;
  };
  const writable = (input: BucketInput, call: Call): Bucket => {
    const bucket = expected(input, call);
    if (bucket.owner !== call.principal.accountId) throw denied();
    return bucket;
  };
  const objectOf = (input: ObjectInput, call: Call): StoredObject => {
    const stored = readable(input, call).objects.get(input.Key);
    if (stored === undefined) throw noSuchKey(input.Key);
    return stored;
  };
  const createBucket = (input: CreateBucketInput, call: Call) => {
    const owner = call.principal.accountId;
    const constraint = input.CreateBucketConfiguration?.LocationConstraint;
    const region = constraint ?? 'us-east-1';
    if (!isBucketName(input.Bucket))
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: input.Bucket });
    // The Region without a name of its own: whoever names it has misunderstood.
    if (constraint === 'us-east-1')
      throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400);
    if (region !== call.region) {
      throw new AwsError(
        'IllegalLocationConstraintException',
        `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
        400,
      );
    }
    const known = objects.buckets.get(input.Bucket);
    if (known !== undefined && known.owner !== owner) {
      throw new AwsError('BucketAlreadyExists', 'The requested bucket name is not available.', 409, {
        BucketName: input.Bucket,
      });
    }
    // In us-east-1, and only there, making one's own bucket again succeeds.
    if (known !== undefined && region !== 'us-east-1') {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      throw new AwsError('BucketAlreadyOwnedByYou', message, 409, { BucketName: input.Bucket });
    }
    if (known === undefined) objects.create(input.Bucket, owner, region);
    return { Location: `/${input.Bucket}` };
  };
  const operations: Service['operations'] = {
    CreateBucket: createBucket,
    HeadBucket: (input: BucketInput, call) => ({
      BucketRegion: readable(input, call).region ?? call.region,
    }),
    PutObject: (input: PutInput, call) => {
      const bucket = writable(input, call);
      checkPreconditions(input, bucket.objects.get(input.Key));
      const bytes = input.Body ?? new Uint8Array();
      if (bytes.byteLength > LARGEST_PUT_BYTES)
        throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400);
      checkIntegrity(bytes, input);
      const checksum = input.ChecksumSHA256 !== undefined || input.ChecksumAlgorithm === 'SHA256' ? 'sha256' : 'none';
      const stored = objects.store(bucket, input.Key, bytes, {
        contentType: input.ContentType,
        metadata: input.Metadata,
        checksum,
      });
      return { ETag: stored.etag, ...checksumOf(stored) };
    },
    GetObject: (input: ObjectInput, call) => {
      const stored = objectOf(input, call);
      const { from, to } = input.Range === undefined ? WHOLE : spanOf(input.Range, stored.bytes.byteLength);
      return { ...description(stored, input), Body: stored.bytes.subarray(from, to + 1) };
    },
    HeadObject: (input: ObjectInput, call) => description(objectOf(input, call), input),
    CopyObject: (input: CopyInput, call) => {
      const source = /^\/?([^/]+)\/([^?]+)/.exec(unescape(input.CopySource));
      if (source === null)
        throw new AwsError(
          'InvalidArgument',
          'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
          400,
        );
      if (/\?versionId=/.test(input.CopySource)) throw notSimulated('CopySource with a versionId');
      const bucket = writable(input, call);
      // A copy may come from another Region, so that the source is read where it stands.
      const stored = objectOf(
        { Bucket: source[1]!, Key: source[2]! },
        { ...call, region: objects.buckets.get(source[1]!)?.region ?? call.region },
      );
      const copied = objects.store(bucket, input.Key, stored.bytes, stored);
      return { CopyObjectResult: { ETag: copied.etag, LastModified: copied.modifiedAt } };
    },
    ListObjectsV2: (input: ListObjectsInput, call) => listObjects(readable(input, call), input),
  };
  return { id: 's3', operations: Object.fromEntries(Object.entries(operations).map(guarded)) };
}

/** Nothing is done before it is clear that all that was said will be heeded. */
const guarded = ([name, handler]: [string, Handler]): [string, Handler] => [
  name,
  (input: { readonly Key?: string }, call) => {
    demandSimulated(name, input);
    const size = Buffer.byteLength(input.Key ?? '');
    if (size > LONGEST_KEY_BYTES) {
      const members = { Size: size, MaxSizeAllowed: LONGEST_KEY_BYTES };
      throw new AwsError('KeyTooLongError', 'Your key is too long', 400, members);
    }
    return handler(input, call);
  },
];

/** Of part of an object no checksum is known. */
function description(stored: StoredObject, { ChecksumMode, Range }: ObjectInput) {
  const { bytes, contentType, etag, metadata, modifiedAt } = stored;
  const span = Range === undefined ? undefined : spanOf(Range, bytes.byteLength);
  return {
    ContentLength: span === undefined ? bytes.byteLength : span.to - span.from + 1,
    ...(span === undefined ? {} : { ContentRange: `bytes ${span.from}-${span.to}/${bytes.byteLength}` }),
    ContentType: contentType,
    ETag: etag,
    LastModified: modifiedAt,
    Metadata: metadata,
    ...(ChecksumMode === 'ENABLED' && span === undefined ? checksumOf(stored) : {}),
  };
}

function checksumOf({ checksumSha256 }: StoredObject) {
  return checksumSha256 === null ? {} : { ChecksumSHA256: checksumSha256, ChecksumType: 'FULL_OBJECT' };
}

/** The header is percent-encoded; where it is not valid, it is taken as it stands. */
function unescape(source: string): string {
  return /%(?![0-9a-f]{2})/i.test(source) ? source : decodeURIComponent(source);
}

const denied = (): AwsError => new AwsError('AccessDenied', 'Access Denied', 403);
