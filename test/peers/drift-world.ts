import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createAws } from '../../src/aws/clients.js';
import { simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { createDriftProbe } from '../../src/drivers/drift-probe.js';
import { systemClock } from '../../src/installation/clock.js';
import type { AccountId, Region } from '../../src/model/identifiers.js';
import type { DriftProbe, ResourceDrifts, StackPlace } from '../../src/reconciler/ports.js';
import { createSimulator } from '../../src/simulator/simulator.js';

const REGION = 'us-east-1' as Region;
const ROLES = { plan: 'evenkeel-plan', apply: 'evenkeel-apply', cloudformation: null, externalId: null };
const PERSON = { role: 'AdministratorAccess', session: 'j.doe' } as const;
const SIGNAL = new AbortController().signal;

/** What a person changes by hand, each through the service's own API where there is one. */
export type Deeds = {
  queue(
    stack: string,
    logicalId: string,
    values: { visibilityTimeout: number; maxReceiveCount: number },
  ): Promise<void>;
  parameter(stack: string, logicalId: string, value: string): Promise<void>;
  function(stack: string, logicalId: string, values: { tracing: 'PassThrough'; variables: object }): Promise<void>;
  /** An inline policy of a role. */
  inlinePolicy(stack: string, logicalId: string, policy: { name: string; document: object }): Promise<void>;
};

/** An account in which templates stand, with Evenkeel's own probe. */
export type DriftWorld = {
  readonly deeds: Deeds;
  /** What a template needs that stands before it. */
  prepare(parameter: string): Promise<void>;
  deploy(name: string, template: string): Promise<StackPlace>;
  /** A whole detection, and what it found. */
  detect(place: StackPlace): Promise<ResourceDrifts>;
  close(): Promise<void>;
};

type Parts = {
  readonly cloudFormation: CloudFormationClient;
  readonly probe: DriftProbe;
  readonly account: AccountId;
  /** Lets time pass. */
  readonly wait: () => Promise<void>;
};

/** An account of ministack's, whose key is its id. */
export function ministackWorld(endpoint: string, accountId: string): DriftWorld {
  const account = accountId as AccountId;
  const credentials = { accessKeyId: account, secretAccessKey: 'anything' };
  const settings = { endpoint, region: REGION, credentials };
  const [cloudFormation, sqs, ssm] = [
    new CloudFormationClient(settings),
    new SQSClient(settings),
    new SSMClient(settings),
  ] as const;
  const [lambda, iam] = [new LambdaClient(settings), new IAMClient(settings)] as const;
  const aws = createAws({
    partition: 'aws',
    homeRegion: REGION,
    roles: ROLES,
    clock: systemClock,
    endpoint,
    credentials,
  });
  const parts: Parts = {
    cloudFormation,
    probe: createDriftProbe(aws),
    account,
    wait: () => systemClock.sleep(50, SIGNAL),
  };
  const physicalId = async (StackName: string, LogicalResourceId: string): Promise<string> => {
    const asked = new DescribeStackResourceCommand({ StackName, LogicalResourceId });
    return (await cloudFormation.send(asked)).StackResourceDetail!.PhysicalResourceId!;
  };
  const deeds: Deeds = {
    async queue(stack, logicalId, { visibilityTimeout, maxReceiveCount }) {
      const QueueUrl = await physicalId(stack, logicalId);
      const AttributeNames = ['RedrivePolicy' as const];
      const standing = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      const redrive = JSON.parse(standing.Attributes!['RedrivePolicy']!) as object;
      const RedrivePolicy = JSON.stringify({ ...redrive, maxReceiveCount });
      const Attributes = { VisibilityTimeout: String(visibilityTimeout), RedrivePolicy };
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    },
    async parameter(stack, logicalId, Value) {
      const Name = await physicalId(stack, logicalId);
      await ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
    },
    async function(stack, logicalId, { tracing, variables }) {
      const FunctionName = await physicalId(stack, logicalId);
      const Environment = { Variables: variables as Record<string, string> };
      const TracingConfig = { Mode: tracing };
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment, TracingConfig }));
    },
    async inlinePolicy(stack, logicalId, { name: PolicyName, document }) {
      const RoleName = await physicalId(stack, logicalId);
      const PolicyDocument = JSON.stringify(document);
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    },
  };
  return {
    ...common(parts),
    deeds,
    async prepare(Name) {
      await ssm.send(new PutParameterCommand({ Name, Value: '21', Type: 'String' }));
    },
    async close() {
      for (const client of [cloudFormation, sqs, ssm, lambda, iam]) client.destroy();
    },
  };
}

/** The same account in the simulator, where a hand changes the resources. */
export function simulatedWorld(accountId: string): DriftWorld {
  const account = accountId as AccountId;
  const simulator = createSimulator({
    organization: {
      managementAccount: { id: '111111111111', name: 'management' },
      units: [{ path: '/Workloads' }],
      accounts: [{ id: account, name: 'member', unit: '/Workloads', roles: ['evenkeel-plan'] }],
    },
  });
  const clock = simulatedClock(simulator);
  const aws = createAws({
    partition: 'aws',
    homeRegion: REGION,
    roles: ROLES,
    clock,
    ...simulatedAws(simulator, account),
  });
  const cloudFormation = new CloudFormationClient({
    region: REGION,
    credentials: simulator.credentials(account),
    requestHandler: simulator.requestHandler,
  });
  const parts: Parts = {
    cloudFormation,
    probe: createDriftProbe(aws),
    account,
    wait: () => clock.sleep(60_000, SIGNAL),
  };
  const change = async (stack: string, resource: string, properties: object): Promise<void> =>
    simulator.hands.change(
      { accountId: account, region: REGION, stack, resource },
      properties as Readonly<Record<string, unknown>>,
      { accountId: account, ...PERSON },
    );
  const deeds: Deeds = {
    queue: (stack, logicalId, { visibilityTimeout, maxReceiveCount }) => {
      const redrive = simulator.stacks.resources(account, REGION, stack).get(logicalId)!['RedrivePolicy'] as object;
      const RedrivePolicy = { ...redrive, maxReceiveCount };
      return change(stack, logicalId, { VisibilityTimeout: visibilityTimeout, RedrivePolicy });
    },
    parameter: (stack, logicalId, Value) => change(stack, logicalId, { Value }),
    function: (stack, logicalId, { tracing, variables }) =>
      change(stack, logicalId, { TracingConfig: { Mode: tracing }, Environment: { Variables: variables } }),
    inlinePolicy: (stack, logicalId, { name, document }) =>
      change(stack, logicalId, { Policies: [{ PolicyName: name, PolicyDocument: document }] }),
  };
  return {
    ...common(parts),
    deeds,
    prepare: async () => undefined,
    async close() {
      cloudFormation.destroy();
      await simulator.close();
    },
  };
}

function common({ cloudFormation, probe, account, wait }: Parts): Pick<DriftWorld, 'deploy' | 'detect'> {
  return {
    async deploy(StackName, TemplateBody) {
      const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
      const asked = new CreateStackCommand({ StackName, TemplateBody, Capabilities });
      const stackId = (await cloudFormation.send(asked)).StackId!;
      for (;;) {
        const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
        const { StackStatus = '', StackStatusReason = '' } = Stacks![0]!;
        if (StackStatus === 'CREATE_COMPLETE') return { target: { account, region: REGION }, stackId };
        if (StackStatus !== 'CREATE_IN_PROGRESS') throw new Error(`${StackName}: ${StackStatus} ${StackStatusReason}`);
        await wait();
      }
    },
    async detect(place) {
      const begun = await probe.detect(place, SIGNAL);
      if (begun.type !== 'begun') throw new Error(JSON.stringify(begun));
      for (;;) {
        const status = await probe.status(place, begun.id, SIGNAL);
        if (status.type === 'complete') break;
        if (status.type !== 'running') throw new Error(JSON.stringify(status));
        await wait();
      }
      const found = await probe.resources(place, null, SIGNAL);
      if (found.type !== 'drifts') throw new Error(JSON.stringify(found));
      return found;
    },
  };
}
