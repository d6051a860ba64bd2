import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  type DescribeStackDriftDetectionStatusCommandOutput,
  type DescribeStackResourceDriftsCommandInput,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import type { Aws, SimulatedAws } from '../specification.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export const LACKS = { moto: 'answers HTTP status 500' };

/** Begins a detection and waits for its end. */
export async function detect(
  aws: Aws,
  StackName: string,
  LogicalResourceIds?: string[],
): Promise<DescribeStackDriftDetectionStatusCommandOutput> {
  const client = aws.cloudFormation();
  const { StackDriftDetectionId } = await client.send(
    new DetectStackDriftCommand({ StackName, ...(LogicalResourceIds ? { LogicalResourceIds } : {}) }),
  );
  return aws.until(
    () => client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId })),
    ({ DetectionStatus }) => DetectionStatus !== 'DETECTION_IN_PROGRESS',
  );
}

export async function drifts(
  aws: Aws,
  StackName: string,
  more: Partial<DescribeStackResourceDriftsCommandInput> = {},
): Promise<readonly StackResourceDrift[]> {
  const { StackResourceDrifts = [] } = await aws
    .cloudFormation()
    .send(new DescribeStackResourceDriftsCommand({ StackName, ...more }));
  return StackResourceDrifts;
}

/** Somebody changes a resource of the first member by hand; `null` deletes it, a member that is `null` goes. */
export function tamper(
  aws: SimulatedAws,
  stackId: string,
  logicalId: string,
  properties: Readonly<Record<string, Json>> | null,
): void {
  aws.simulator.stacks.changeResource(aws.members[0], 'us-east-1', stackId, logicalId, properties);
}
