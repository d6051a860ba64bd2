import { CreateBucketCommand, type CreateBucketCommandInput } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { assumption, document, type Aws, type Sentence } from '../specification.js';
import { reference, refused } from './fixtures.js';

const NAMES = document('Amazon S3 User Guide, General purpose bucket naming rules');

async function invalid(aws: Aws, ...names: readonly string[]): Promise<void> {
  for (const Bucket of names)
    await expect(aws.s3().send(new CreateBucketCommand({ Bucket }))).rejects.toEqual(refused('InvalidBucketName'));
}

/** The client says the Region for whoever does not; this leaves it unsaid. */
function withoutLocation(input: CreateBucketCommandInput): CreateBucketCommand {
  const command = new CreateBucketCommand(input);
  command.middlewareStack.add((next) => (args) => next({ ...args, input: { Bucket: args.input.Bucket } }), {
    step: 'initialize',
    priority: 'low',
    name: 'withoutLocation',
  });
  return command;
}

/** Which buckets S3 does not make. */
export const bucketRules: readonly Sentence[] = [
  {
    says: 'refuses a name in the form of an IP address',
    source: NAMES,
    differs: { moto: 'makes the bucket' },
    test: (aws) => invalid(aws, '192.168.0.1'),
  },
  {
    says: 'refuses names with two periods in a row, or of fewer than 3 or more than 63 characters',
    source: NAMES,
    differs: { moto: 'makes the bucket with the two periods' },
    test: (aws) => invalid(aws, `${aws.unique('two')}..periods`, 'ab', 'a'.repeat(64)),
  },
  {
    says: 'refuses names that begin with xn--, sthree- or amzn-s3-demo-',
    source: NAMES,
    differs: { moto: 'makes the buckets', ministack: 'makes the buckets' },
    test: (aws) => invalid(aws, ...['xn--', 'sthree-', 'amzn-s3-demo-'].map((start) => start + aws.unique('b'))),
  },
  {
    says: 'refuses names that end with -s3alias, --ol-s3, .mrap or --table-s3',
    source: NAMES,
    differs: { moto: 'makes the buckets', ministack: 'makes the buckets' },
    test: (aws) => invalid(aws, ...['-s3alias', '--ol-s3', '.mrap', '--table-s3'].map((end) => aws.unique('b') + end)),
  },
  {
    says: 'refuses names with a hyphen beside a period',
    source: assumption(
      'such a label is none of a host name; the rules no longer say so, and this is the less convenient',
    ),
    differs: { moto: 'makes the buckets', ministack: 'makes the buckets' },
    test: (aws) => invalid(aws, `${aws.unique('b')}.-c`, `${aws.unique('b')}-.c`),
  },
  {
    says: 'answers IllegalLocationConstraintException without a LocationConstraint elsewhere than in us-east-1, and with that of another Region',
    source: reference('CreateBucket'),
    test: async (aws) => {
      const west = aws.s3(aws.members[0], 'us-west-2');
      const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
      const unsaid = withoutLocation({ Bucket: aws.unique('unsaid') });
      await expect(west.send(unsaid)).rejects.toEqual(refused('IllegalLocationConstraintException'));
      const wrong = new CreateBucketCommand({ Bucket: aws.unique('wrong'), CreateBucketConfiguration });
      await expect(west.send(wrong)).rejects.toEqual(refused('IllegalLocationConstraintException'));
    },
  },
  {
    says: 'answers InvalidLocationConstraint where us-east-1 is named as the LocationConstraint',
    source: assumption('the enumeration of the model does not have it; us-east-1 is said by saying nothing'),
    test: async (aws) => {
      const CreateBucketConfiguration = { LocationConstraint: 'us-east-1' as 'us-west-1' };
      await expect(
        aws.s3().send(new CreateBucketCommand({ Bucket: aws.unique('named'), CreateBucketConfiguration })),
      ).rejects.toEqual(refused('InvalidLocationConstraint'));
    },
  },
  {
    says: 'answers NotImplemented to an ACL, an object ownership, Object Lock and tags, none of which is simulated',
    source: assumption('what would be dropped must not look as if it were heeded'),
    alone: 'this is what the simulator does not do, and AWS does',
    test: async (aws) => {
      const extras: readonly Partial<CreateBucketCommandInput>[] = [
        { ACL: 'private' },
        { ObjectOwnership: 'ObjectWriter' },
        { ObjectLockEnabledForBucket: true },
        { CreateBucketConfiguration: { Tags: [{ Key: 'a', Value: 'b' }] } },
      ];
      for (const extra of extras)
        await expect(
          aws.s3().send(new CreateBucketCommand({ Bucket: aws.unique('plain'), ...extra })),
        ).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
    },
  },
];
