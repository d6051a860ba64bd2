import { AwsError } from '../kernel/contract.js';

type Input = Readonly<Record<string, unknown>>;
/** What a member may say: anything, or these values only. */
type Said = 'anything' | readonly unknown[];
type Members = Readonly<Record<string, Said>>;

const PLACE: Members = { Bucket: 'anything', ExpectedBucketOwner: 'anything' };
const OBJECT: Members = { ...PLACE, Key: 'anything' };
const READING: Members = { ...OBJECT, ChecksumMode: 'anything', Range: 'anything' };

/** The members that the simulator heeds, and those values that say what it does anyway; any other would be dropped. */
const HEEDED: Readonly<Record<string, Members>> = {
  CreateBucket: { Bucket: 'anything', CreateBucketConfiguration: 'anything' },
  HeadBucket: PLACE,
  PutObject: {
    ...OBJECT,
    Body: 'anything',
    ContentLength: 'anything',
    ContentType: 'anything',
    // How the bytes came, and no property of the object.
    ContentEncoding: ['aws-chunked', ''],
    Metadata: 'anything',
    IfMatch: 'anything',
    IfNoneMatch: ['*'],
    ContentMD5: 'anything',
    ChecksumAlgorithm: ['CRC32', 'SHA1', 'SHA256'],
    ChecksumCRC32: 'anything',
    ChecksumSHA1: 'anything',
    ChecksumSHA256: 'anything',
    StorageClass: ['STANDARD'],
  },
  GetObject: READING,
  HeadObject: READING,
  ListObjectsV2: {
    ...PLACE,
    Prefix: 'anything',
    Delimiter: 'anything',
    MaxKeys: 'anything',
    ContinuationToken: 'anything',
    StartAfter: 'anything',
    EncodingType: 'anything',
  },
  CopyObject: { ...OBJECT, CopySource: 'anything', StorageClass: ['STANDARD'] },
};

/** Throws NotImplemented for the first member that would have an effect on AWS and has none here. */
export function demandSimulated(operation: string, input: object): void {
  const heeded = HEEDED[operation] ?? {};
  for (const [name, value] of Object.entries(input as Input)) {
    if (value === undefined) continue;
    const said = Object.hasOwn(heeded, name) ? heeded[name]! : [];
    if (said !== 'anything' && !said.includes(value)) throw notSimulated(name);
  }
  const { CreateBucketConfiguration: made } = input as { readonly CreateBucketConfiguration?: Input };
  for (const name of Object.keys(made ?? {}))
    if (name !== 'LocationConstraint' && made?.[name] !== undefined)
      throw notSimulated(`CreateBucketConfiguration.${name}`);
}

export const notSimulated = (what: string): AwsError =>
  new AwsError('NotImplemented', `${what} is not simulated.`, 501);
