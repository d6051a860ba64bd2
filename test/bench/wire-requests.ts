import { HUB, REGIONS, targetAccounts } from './input.js';

/** How many of each hundred requests are of each kind: about what a reconcile that creates asks. */
export const MIX = {
  DescribeStacks: 25,
  GetCallerIdentity: 20,
  ListAccounts: 15,
  GetTemplate: 15,
  CreateStack: 15,
  CreateChangeSet: 10,
} as const;

type Kind = keyof typeof MIX;

/** As many texts as a desired state has manifests; each is used at every target. */
const TEMPLATES = Array.from({ length: 6 }, (_, number) => template(number));

export type BenchRequest = {
  readonly kind: Kind;
  readonly request: {
    readonly method: string;
    readonly hostname: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  };
};

/** Requests of the mix in a fixed order, over all accounts and Regions in turn. */
export function wireRequests(count: number): readonly BenchRequest[] {
  const hundred = mixed();
  return Array.from({ length: count }, (_, index) => requestOf(hundred[index % hundred.length]!, index));
}

/** A topic, a queue with its policy, a log group and an alarm: about as much as a baseline stack has. */
function template(number: number): string {
  const name = { 'Fn::Sub': '${AWS::StackName}' };
  return JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Number ${number} of the benchmark.`,
    Parameters: { Retention: { Type: 'Number', Default: 30, AllowedValues: [30, 90, 365] } },
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: name, KmsMasterKeyId: 'alias/aws/sns' } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name, MessageRetentionPeriod: 1_209_600 } },
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: '*',
                Action: 'sqs:SendMessage',
                Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
              },
            ],
          },
        },
      },
      Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: name, RetentionInDays: { Ref: 'Retention' } } },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateAgeOfOldestMessage',
          Period: 300,
          Threshold: 600,
          ComparisonOperator: 'GreaterThanThreshold',
          EvaluationPeriods: 2,
        },
      },
    },
    Outputs: { TopicArn: { Value: { Ref: 'Topic' } } },
  });
}

/** The kinds spread evenly: each where its share of the hundred says. */
function mixed(): readonly Kind[] {
  const placed = Object.entries(MIX).flatMap(([kind, share]) =>
    Array.from({ length: share }, (_, index) => ({ kind: kind as Kind, at: (index + 0.5) / share })),
  );
  return placed.sort((left, right) => left.at - right.at).map(({ kind }) => kind);
}

function requestOf(kind: Kind, index: number): BenchRequest {
  const round = Math.floor(index / 100);
  const account = targetAccounts[(index * 7 + round) % targetAccounts.length]!;
  const region = REGIONS[round % REGIONS.length]!;
  const body = `&TemplateBody=${encodeURIComponent(TEMPLATES[index % TEMPLATES.length]!)}`;
  const tags = '&Tags.member.1.Key=cost-center&Tags.member.1.Value=4711';
  switch (kind) {
    case 'GetCallerIdentity':
      return signed({ kind, service: 'sts', account, region, body: 'Action=GetCallerIdentity&Version=2011-06-15' });
    case 'ListAccounts':
      return signed({ kind, service: 'organizations', account: HUB, region: REGIONS[0], body: '{"MaxResults":20}' });
    case 'DescribeStacks':
      return cloudFormation(kind, account, region, '');
    case 'GetTemplate':
      return cloudFormation(kind, account, region, '&StackName=network-core-2');
    case 'CreateStack':
      return cloudFormation(kind, account, region, `&StackName=made-${index}${tags}${body}`);
    case 'CreateChangeSet':
      return cloudFormation(
        kind,
        account,
        region,
        `&StackName=changed-${index}&ChangeSetName=c&ChangeSetType=CREATE${tags}${body}`,
      );
  }
}

function cloudFormation(kind: Kind, account: string, region: string, rest: string): BenchRequest {
  return signed({ kind, service: 'cloudformation', account, region, body: `Action=${kind}&Version=2010-05-15${rest}` });
}

function signed(ask: {
  readonly kind: Kind;
  readonly service: string;
  readonly account: string;
  readonly region: string;
  readonly body: string;
}): BenchRequest {
  const { kind, service, account, region, body } = ask;
  const json = service === 'organizations';
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=${account}/20300101/${region}/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    'x-amz-date': '20300101T000000Z',
    'content-type': json ? 'application/x-amz-json-1.1' : 'application/x-www-form-urlencoded',
    ...(json ? { 'x-amz-target': `AWSOrganizationsV20161128.${kind}` } : {}),
  };
  const hostname = `${service}.${region}.amazonaws.com`;
  return { kind, request: { method: 'POST', hostname, path: '/', headers, body: Buffer.from(body) } };
}
