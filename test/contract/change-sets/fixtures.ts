import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
  type CreateChangeSetCommandInput,
  type CreateChangeSetCommandOutput,
  type CreateStackCommandInput,
  type DescribeChangeSetCommandOutput,
  type ExecuteChangeSetCommandInput,
  type ResourceChange,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import type { Aws } from '../specification.js';

export const CHANGE_SET = 'plan';

type Properties = Readonly<Record<string, unknown>>;
type More = Readonly<Record<string, unknown>>;

export const queue = (QueueName: string, properties: Properties = {}, more: More = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName, ...properties },
  ...more,
});
export const topic = (TopicName: unknown, properties: Properties = {}, more: More = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: { TopicName, ...properties },
  ...more,
});
export const parameter = (Name: unknown, Value: unknown = 'one', more: More = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value },
  ...more,
});
/** What the simulator’s resources are asked to fail at. */
export const failing = (moment: string) => ({ Metadata: { Simulator: { Fail: moment } } });

export const text = (resources: More, sections: More = {}): string =>
  JSON.stringify({ ...sections, Resources: resources });

/** What a refusal says. */
export async function refusal(asked: Promise<unknown>): Promise<{ readonly name: string; readonly message: string }> {
  try {
    await asked;
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
  throw new Error('it was not refused');
}

export async function describe(aws: Aws, StackName: string): Promise<Stack> {
  const { Stacks } = await aws.cloudFormation().send(new DescribeStacksCommand({ StackName }));
  return Stacks![0]!;
}

/** The stack once nothing is under way on it. */
export async function settled(aws: Aws, StackName: string): Promise<Stack> {
  return aws.until(
    () => describe(aws, StackName),
    ({ StackStatus = '' }) => !StackStatus.endsWith('_IN_PROGRESS') || StackStatus === 'REVIEW_IN_PROGRESS',
  );
}

/** A stack that stands, with a name of its own. */
export async function standing(
  aws: Aws,
  TemplateBody: string,
  more: Partial<CreateStackCommandInput> = {},
): Promise<{ readonly name: string; readonly id: string }> {
  const name = aws.unique('stack');
  const { StackId } = await aws
    .cloudFormation()
    .send(new CreateStackCommand({ StackName: name, TemplateBody, ...more }));
  await settled(aws, name);
  return { name, id: StackId! };
}

export async function update(aws: Aws, StackName: string, TemplateBody: string): Promise<Stack> {
  await aws.cloudFormation().send(new UpdateStackCommand({ StackName, TemplateBody }));
  return settled(aws, StackName);
}

/** The change sets of one stack. */
export function desk(aws: Aws, StackName: string) {
  const client = aws.cloudFormation();
  const show = (ChangeSetName: string = CHANGE_SET, IncludePropertyValues = false) =>
    client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName, IncludePropertyValues }));
  const request = (
    TemplateBody: string,
    more: Partial<CreateChangeSetCommandInput>,
  ): Promise<CreateChangeSetCommandOutput> =>
    client.send(
      new CreateChangeSetCommand({
        StackName,
        ChangeSetName: CHANGE_SET,
        // AWS takes this for granted, one emulator has to be told.
        ChangeSetType: 'UPDATE',
        ...(TemplateBody === '' ? {} : { TemplateBody }),
        ...more,
      }),
    );
  const worked = async (
    TemplateBody: string,
    more: Partial<CreateChangeSetCommandInput> = {},
    values = false,
  ): Promise<DescribeChangeSetCommandOutput> => {
    const { Id } = await request(TemplateBody, more);
    return aws.until(
      () => show(Id, values),
      ({ Status }) => Status === 'CREATE_COMPLETE' || Status === 'FAILED',
    );
  };
  return {
    show,
    /** Asks for a change set; an empty template is left out. */
    make: (TemplateBody: string, more: Partial<CreateChangeSetCommandInput> = {}) => request(TemplateBody, more),
    /** The change set once it is worked out, found by its ARN. */
    made: worked,
    /** The same with values, by logical id. */
    valued: async (TemplateBody: string, more: Partial<CreateChangeSetCommandInput> = {}) =>
      byId(await worked(TemplateBody, more, true)),
    execute: (ChangeSetName: string = CHANGE_SET, more: Partial<ExecuteChangeSetCommandInput> = {}) =>
      client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName, ...more })),
    settled: () => settled(aws, StackName),
  };
}

/** The changes of a change set by logical id. */
export function byId({ Changes = [] }: DescribeChangeSetCommandOutput): Readonly<Record<string, ResourceChange>> {
  return Object.fromEntries(
    Changes.map(({ ResourceChange: change }) => [change!.LogicalResourceId!, change!] as const),
  );
}

/** A stack of one topic, and what a change set says of the topic when it becomes another. */
export async function modified(
  aws: Aws,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  more: Partial<CreateChangeSetCommandInput> = {},
): Promise<Readonly<Record<string, ResourceChange>>> {
  const { name } = await standing(aws, text(before));
  return byId(await desk(aws, name).made(text(after), more));
}

/** Physical ids by logical id. */
export async function physicalIds(aws: Aws, StackName: string): Promise<Readonly<Record<string, string>>> {
  const { StackResources = [] } = await aws.cloudFormation().send(new DescribeStackResourcesCommand({ StackName }));
  return Object.fromEntries(
    StackResources.map(({ LogicalResourceId, PhysicalResourceId = '' }) => [LogicalResourceId!, PhysicalResourceId]),
  );
}
