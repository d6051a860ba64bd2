import type { CatalogEntry } from '../entry.js';

const REPOSITORY = 'https://github.com/awslabs/aws-solutions-constructs';
/** Of all the patterns that Evenkeel comes with. */
const SYNTHESISED = '2.41.0';

type Pattern = Pick<CatalogEntry, 'id' | 'name' | 'summary' | 'formerNames' | 'words' | 'controls' | 'notes'> & {
  readonly synthesised: string | null;
  /** That can be locked only where somebody has installed them, the newest first. */
  readonly others: readonly string[];
  readonly state?: CatalogEntry['state'];
};

const PATTERNS: readonly Pattern[] = [
  {
    id: 'aws-cloudfront-apigateway-lambda',
    name: 'CloudFront, API Gateway and Lambda',
    summary: 'A CloudFront distribution before a REST API that a Lambda function answers.',
    formerNames: [],
    words: ['api', 'cdn', 'distribution', 'rest', 'web'],
    controls: ['SC-7', 'SC-8'],
    synthesised: SYNTHESISED,
    others: ['2.103.0'],
    notes: ['Since 2.48.0 the props must say how callers of the API are authorized.'],
  },
  {
    id: 'aws-eventbridge-lambda',
    name: 'EventBridge and Lambda',
    summary: 'A rule of EventBridge that calls a Lambda function, by schedule or by event pattern.',
    formerNames: ['aws-events-rule-lambda'],
    words: ['cloudtrail', 'event', 'function', 'rule', 'schedule'],
    controls: ['IR-4(1)', 'SI-4'],
    synthesised: SYNTHESISED,
    others: ['2.103.0'],
    notes: ['Under its former name its resources had other logical ids, so moving to this one replaces them.'],
  },
  {
    id: 'aws-eventbridge-stepfunctions',
    name: 'EventBridge and Step Functions',
    summary: 'A rule of EventBridge that starts a state machine of Step Functions.',
    formerNames: ['aws-events-rule-step-function'],
    words: ['cloudtrail', 'event', 'rule', 'schedule', 'state machine', 'workflow'],
    controls: ['IR-4(1)', 'SI-4'],
    synthesised: SYNTHESISED,
    others: ['2.103.0', '2.65.0'],
    notes: ['Under its former name its resources had other logical ids, so moving to this one replaces them.'],
  },
  {
    id: 'aws-kinesisfirehose-s3',
    name: 'Data Firehose and S3',
    summary: 'A delivery stream of Amazon Data Firehose that writes into a bucket.',
    formerNames: [],
    words: ['archive', 'delivery stream', 'firehose', 'ingest', 'log'],
    controls: ['AU-4', 'AU-9'],
    synthesised: null,
    others: ['2.103.0', '2.45.0'],
    notes: [],
  },
  {
    id: 'aws-kinesisfirehose-s3-and-kinesisanalytics',
    name: 'Data Firehose, S3 and Kinesis Data Analytics',
    summary: 'A delivery stream that writes into a bucket and feeds an application of Kinesis Data Analytics for SQL.',
    formerNames: [],
    words: ['analytics', 'delivery stream', 'firehose', 'sql'],
    controls: [],
    synthesised: null,
    others: [],
    state: {
      type: 'retired',
      reason:
        'AWS closed Kinesis Data Analytics for SQL on 27 January 2026, and the pattern was taken out of Solutions Constructs in 2.46.0',
      instead: 'aws-kinesisfirehose-s3',
    },
    notes: [],
  },
];

/** Patterns of AWS Solutions Constructs. */
export const CONSTRUCTS: readonly CatalogEntry[] = PATTERNS.map(({ synthesised, others, state, ...pattern }) => ({
  ...pattern,
  kind: 'Construct',
  manifestName: pattern.id.replace(/^aws-/, ''),
  publisher: 'AWS Solutions Constructs',
  licence: 'Apache-2.0',
  sourceCodeUrl: REPOSITORY,
  state: state ?? { type: 'current' },
  source: {
    type: 'construct',
    construct: pattern.id,
    synthesised,
    versions: synthesised === null ? others : [synthesised, ...others],
  },
  regions: 'all',
}));
