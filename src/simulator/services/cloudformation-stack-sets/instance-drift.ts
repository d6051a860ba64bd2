import { AwsError } from '../../kernel/contract.js';
import type { Call } from '../../kernel/contract.js';
import type { StackInstanceResourceDriftsSummary, StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { InstanceDrift, StackInstance } from './stack-set.js';
import type { StackSetWorld } from './world.js';

export type DriftOutcome =
  | {
      readonly type: 'seen';
      readonly drift: InstanceDrift;
      readonly resources: readonly StackInstanceResourceDriftsSummary[];
    }
  | { readonly type: 'failed'; readonly reason: string };

/** Detects drift on the instance's stack: against that stack's own template, so what was changed through CloudFormation is not seen. */
export function detectDrift(
  world: StackSetWorld,
  instance: StackInstance,
  then: (outcome: DriftOutcome) => void,
): void {
  const { account, region, stackId } = instance;
  if (stackId === undefined) return then({ type: 'failed', reason: 'The stack instance has no stack' });
  try {
    world.stacks.detectDrift(account, region, stackId, ({ driftStatus }) =>
      then({
        type: 'seen',
        drift: { status: driftStatus === 'DRIFTED' ? 'DRIFTED' : 'IN_SYNC', at: world.clock.now() },
        resources: resourceDrifts(world, instance, stackId),
      }),
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    then({ type: 'failed', reason: error.message });
  }
}

/** In CloudFormation's words, asked in the target account as the execution role would. */
function resourceDrifts(
  world: StackSetWorld,
  { account, region }: StackInstance,
  stackId: string,
): readonly StackInstanceResourceDriftsSummary[] {
  const call: Call = {
    service: 'cloudformation',
    operation: 'DescribeStackResourceDrifts',
    region,
    principal: { accountId: account, arn: `arn:${world.partition}:iam::${account}:root`, userId: account },
    requestId: world.identifiers.uuid(),
  };
  const found: StackResourceDrift[] = [];
  let NextToken: string | undefined;
  do {
    const page = world.stackOperations['DescribeStackResourceDrifts']!({ StackName: stackId, NextToken }, call) as {
      readonly StackResourceDrifts: readonly StackResourceDrift[];
      readonly NextToken?: string;
    };
    found.push(...page.StackResourceDrifts);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found.map((drift) => ({
    StackId: drift.StackId,
    LogicalResourceId: drift.LogicalResourceId,
    PhysicalResourceId: drift.PhysicalResourceId,
    ResourceType: drift.ResourceType,
    StackResourceDriftStatus: drift.StackResourceDriftStatus,
    Timestamp: drift.Timestamp,
    ...(drift.StackResourceDriftStatus === 'MODIFIED' ? { PropertyDifferences: drift.PropertyDifferences } : {}),
  }));
}
