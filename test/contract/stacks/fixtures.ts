import {
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  type CreateStackCommandInput,
  type Stack,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { Agreed, Aws } from '../specification.js';

/** The same AWS in a Region that other sentences leave alone, for what a listing must not be disturbed in. */
export function elsewhere(aws: Aws, region: string): Aws {
  return { ...aws, cloudFormation: (account, other = region) => aws.cloudFormation(account, other) };
}

export type Built = { readonly name: string; readonly id: string };
export type Template = string | object;
export type Refusal = { readonly name: string; readonly message: string };

export const text = (template: Template): string =>
  typeof template === 'string' ? template : JSON.stringify(template);

/** A template of one queue; every queue has its name, because an emulator demands that. */
export function queue(name: string, properties: object = {}, more: object = {}): { readonly Resources: object } {
  return { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name, ...properties }, ...more } } };
}

/** A queue that the simulator fails at the given moments. */
export function failing(name: string, moments: readonly string[], properties: object = {}): object {
  return queue(name, properties, { Metadata: { Simulator: { Fail: moments } } });
}

/** A queue, and then two parameters that want one name: the second cannot be created. */
export function contradictory(name: string, more: object = {}): { readonly Resources: object } {
  const Properties = { Name: `${name}-parameter`, Type: 'String', Value: 'any' };
  return {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name }, ...more },
      First: { Type: 'AWS::SSM::Parameter', DependsOn: 'Queue', Properties },
      Second: { Type: 'AWS::SSM::Parameter', DependsOn: 'First', Properties },
    },
  };
}

/** A role of a given name, which demands CAPABILITY_NAMED_IAM. */
export function namedRole(name: string): { readonly Resources: object } {
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'sqs.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement };
  return { Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: name, AssumeRolePolicyDocument } } } };
}

/** A template whose one output is the value, over a queue that nobody looks at. */
export function output(name: string, value: unknown, more: object = {}): object {
  return { ...queue(name), Outputs: { Out: { Value: value } }, ...more };
}

/** Begins a stack of a name of its own. */
export async function create(
  aws: Aws,
  template: Template,
  more: Partial<CreateStackCommandInput> = {},
): Promise<Built> {
  const name = more.StackName ?? aws.unique('stack');
  const body = more.TemplateURL === undefined ? { TemplateBody: text(template) } : {};
  const { StackId } = await aws.cloudFormation().send(new CreateStackCommand({ ...body, ...more, StackName: name }));
  return { name, id: StackId! };
}

/** A stack whose creation is over, however it ended. */
export async function build(aws: Aws, template: Template, more: Partial<CreateStackCommandInput> = {}): Promise<Built> {
  const built = await create(aws, template, more);
  await settle(aws, built.id);
  return built;
}

/** Begins an update. */
export async function update(
  aws: Aws,
  stack: string,
  template: Template | undefined,
  more: Partial<UpdateStackCommandInput> = {},
): Promise<void> {
  const body = template === undefined ? {} : { TemplateBody: text(template) };
  await aws.cloudFormation().send(new UpdateStackCommand({ StackName: stack, ...body, ...more }));
}

export async function show(aws: Aws, nameOrId: string): Promise<Stack> {
  const { Stacks } = await aws.cloudFormation().send(new DescribeStacksCommand({ StackName: nameOrId }));
  return Stacks![0]!;
}

/** The stack once nothing runs on it any more. */
export function settle(aws: Aws, nameOrId: string): Promise<Stack> {
  return aws.until(
    () => show(aws, nameOrId),
    ({ StackStatus = '' }) => !StackStatus.endsWith('_IN_PROGRESS') || StackStatus === 'REVIEW_IN_PROGRESS',
  );
}

/** The value of the one output of a stack made of the template. */
export async function outputOf(
  aws: Aws,
  template: Template,
  more: Partial<CreateStackCommandInput> = {},
): Promise<string> {
  const { id } = await build(aws, template, more);
  const { Outputs = [], StackStatus } = await show(aws, id);
  expect(StackStatus).toBe('CREATE_COMPLETE');
  return Outputs.find(({ OutputKey }) => OutputKey === 'Out')?.OutputValue ?? '(there is no output)';
}

/** How a call was refused; fails where it was not. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.then(
    () => undefined,
    (error: Error) => ({ name: error.name, message: error.message }),
  );
  if (outcome === undefined) throw new Error('the call was accepted');
  return outcome;
}

/** The refusal that nearly everything in CloudFormation is. */
export async function invalid(call: Promise<unknown>, message: string | RegExp): Promise<void> {
  const found = await refusal(call);
  expect(found.name).toBe('ValidationError');
  if (typeof message === 'string') expect(found.message).toBe(message);
  else expect(found.message).toMatch(message);
}

/** Puts the text where CloudFormation can read it, and answers its URL. */
export async function stored(aws: Aws, body: string): Promise<string> {
  const bucket = aws.unique('templates');
  const client = aws.s3();
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'template.json', Body: body }));
  return `https://s3.amazonaws.com/${bucket}/template.json`;
}

/** JSON that is a template of exactly that many bytes. */
export function sized(bytes: number, letter = 'x'): string {
  const rest = (pad: string): string => JSON.stringify({ Metadata: { pad }, ...queue('never-created') });
  const room = bytes - Buffer.byteLength(rest(''));
  const width = Buffer.byteLength(letter);
  return rest(letter.repeat(Math.floor(room / width)) + 'x'.repeat(room % width));
}

/** A sentence that is asked in a Region of its own: a stack that should not exist there makes an emulator fail every listing of the Region. */
export const apart = (sentence: Agreed): Agreed => ({
  ...sentence,
  test: (aws) => sentence.test(elsewhere(aws, 'eu-west-3')),
});

/** A sentence that emulators do not agree with. */
export const differing = (differs: NonNullable<Agreed['differs']>, sentence: Agreed): Agreed => ({
  ...sentence,
  differs,
});
