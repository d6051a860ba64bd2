import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { ServerlessApplicationRepositoryClient } from '@aws-sdk/client-serverlessapplicationrepository';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach } from 'vitest';
import type { SimulatorOptions } from '../../../src/simulator/kernel/contract.js';
import type { StorySimulator } from '../../../src/simulator/simulator.js';
import { createSimulator } from '../../../src/simulator/simulator.js';

export const MANAGEMENT = '111111111111';
export const MEMBER = '222222222222';
export const OTHER = '333333333333';
export const REGION = 'us-east-1';

const open: StorySimulator[] = [];
afterEach(async () => {
  for (const simulator of open.splice(0)) await simulator.close();
});

/** A small organization with the trouble asked for; closed after the test. */
export function troubled(options: SimulatorOptions): StorySimulator {
  const simulator = createSimulator({
    seed: 4711,
    organization: {
      managementAccount: { id: MANAGEMENT, name: 'management' },
      units: [{ path: '/Workloads' }, { path: '/Elsewhere' }],
      accounts: [MEMBER, OTHER].map((id, index) => ({ id, name: `member-${index + 1}`, unit: '/Workloads' })),
      trustedServices: ['member.org.stacksets.cloudformation.amazonaws.com'],
      roles: ['AWSCloudFormationStackSetAdministrationRole', 'AWSCloudFormationStackSetExecutionRole'],
    },
    ...options,
  });
  open.push(simulator);
  return simulator;
}

type Asked = { readonly account?: string; readonly region?: string; readonly attempts?: number };

/** Clients that try once where nothing else is said, so that every refusal is seen; those who try again do not wait. */
export function clientsOf(simulator: StorySimulator, { account = MEMBER, region = REGION, attempts = 1 }: Asked = {}) {
  const settings = {
    region,
    credentials: simulator.credentials(account),
    requestHandler: simulator.requestHandler as object,
    maxAttempts: attempts,
    forcePathStyle: true,
  };
  return {
    cloudFormation: new CloudFormationClient(settings),
    organizations: new OrganizationsClient({ ...settings, credentials: simulator.credentials(MANAGEMENT) }),
    cloudTrail: new CloudTrailClient(settings),
    sts: new STSClient(settings),
    s3: new S3Client(settings),
    serverlessRepository: new ServerlessApplicationRepositoryClient(settings),
    dynamoDb: new DynamoDBClient(settings),
  };
}

/** `ok`, or the name of the error with its HTTP status. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'ok',
    (error: Error & { readonly $metadata?: { readonly httpStatusCode?: number }; readonly code?: string }) =>
      `${error.name} ${error.$metadata?.httpStatusCode ?? error.code ?? ''}`.trim(),
  );
}

export const TEMPLATE = `Parameters:
  Delay: { Type: Number, Default: 1 }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: { DelaySeconds: !Ref Delay, VisibilityTimeout: 30 }
`;
