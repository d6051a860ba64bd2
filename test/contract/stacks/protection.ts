import {
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  GetStackPolicyCommand,
  SetStackPolicyCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, invalid, queue, refusal, settle, show, stored, update } from './fixtures.js';
import { api, guide } from './sources.js';

type Statement = { readonly Effect: 'Allow' | 'Deny'; readonly Action: string; readonly Resource: string };

const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Statement: statements.map((statement) => ({ ...statement, Principal: '*' })) });
const ALLOW: Statement = { Effect: 'Allow', Action: 'Update:*', Resource: '*' };
const DENY: Statement = { Effect: 'Deny', Action: 'Update:*', Resource: 'LogicalResourceId/Queue' };

export const updateTerminationProtection: Chapter = {
  service: 'CloudFormation',
  operation: 'UpdateTerminationProtection',
  lacks: { moto: 'answers HTTP 500' },
  sentences: [
    {
      says: 'switches the protection on and off, and answers the StackId',
      source: api('UpdateTerminationProtection'),
      test: async (aws) => {
        const { name, id } = await build(aws, queue(aws.unique('queue')));
        expect((await show(aws, name)).EnableTerminationProtection).toBe(false);
        for (const on of [true, false]) {
          expect((await protect(aws, name, on)).StackId).toBe(id);
          expect((await show(aws, name)).EnableTerminationProtection).toBe(on);
        }
      },
    },
    {
      says: 'answers "Stack [NAME] does not exist"',
      source: assumption('what the service is known to say of operations that change a stack'),
      test: async (aws) => {
        const name = aws.unique('nobody');
        await invalid(protect(aws, name, true), `Stack [${name}] does not exist`);
      },
    },
    {
      says: 'refuses a nested stack, whose protection is its root stack’s',
      source: api('UpdateTerminationProtection'),
      differs: { ministack: 'accepts it' },
      test: async (aws) => {
        const TemplateURL = await stored(aws, JSON.stringify(queue(aws.unique('queue'))));
        const { name } = await build(aws, {
          Resources: { Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } } },
        });
        const asked = new DescribeStackResourceCommand({ StackName: name, LogicalResourceId: 'Child' });
        const { StackResourceDetail: child } = await aws.cloudFormation().send(asked);
        expect((await refusal(protect(aws, child!.PhysicalResourceId!, true))).name).toBe('ValidationError');
      },
    },
  ],
};

export const setStackPolicy: Chapter = {
  service: 'CloudFormation',
  operation: 'SetStackPolicy',
  sentences: [
    {
      says: 'makes an update of a denied resource fail and go back: "Action denied by stack policy"',
      source: guide('Prevent updates to stack resources'),
      differs: { moto: 'updates all the same', ministack: 'updates all the same' },
      test: async (aws) => {
        const { name, stack } = await guarded(aws, policy(ALLOW, DENY));
        await update(aws, stack, queue(name, { VisibilityTimeout: 60 }));
        expect((await settle(aws, stack)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(await reasons(aws, stack)).toContain(
          'Action denied by stack policy: Statement [#2] does not allow [Update:Modify] for resource [LogicalResourceId/Queue];',
        );
      },
    },
    {
      says: 'denies what no statement allows',
      source: guide('Prevent updates to stack resources'),
      differs: { moto: 'updates all the same', ministack: 'updates all the same' },
      test: async (aws) => {
        const other = { ...ALLOW, Resource: 'LogicalResourceId/Other' };
        const { name, stack } = await guarded(aws, policy(other));
        await update(aws, stack, queue(name, { VisibilityTimeout: 60 }));
        expect((await settle(aws, stack)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'tells Update:Modify, Update:Replace and Update:Delete apart',
      source: guide('Prevent updates to stack resources'),
      differs: { moto: 'updates all the same', ministack: 'updates all the same' },
      test: async (aws) => {
        const { name, stack } = await guarded(aws, policy(ALLOW, { ...DENY, Action: 'Update:Replace' }));
        await update(aws, stack, queue(name, { VisibilityTimeout: 60 }));
        expect((await settle(aws, stack)).StackStatus).toBe('UPDATE_COMPLETE');
        await update(aws, stack, queue(aws.unique('queue')));
        expect((await settle(aws, stack)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'gives way to StackPolicyDuringUpdateBody for one update',
      source: api('UpdateStack'),
      differs: { moto: 'updates all the same', ministack: 'updates all the same' },
      test: async (aws) => {
        const { name, stack } = await guarded(aws, policy(ALLOW, DENY));
        await update(aws, stack, queue(name, { VisibilityTimeout: 60 }), {
          StackPolicyDuringUpdateBody: policy(ALLOW),
        });
        expect((await settle(aws, stack)).StackStatus).toBe('UPDATE_COMPLETE');
        await update(aws, stack, queue(name, { VisibilityTimeout: 90 }));
        expect((await settle(aws, stack)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'refuses what is not a stack policy',
      source: assumption('the text is what the service is known to say'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        for (const body of ['no JSON', '{}', policy({ ...ALLOW, Action: 'Delete:*' })])
          await invalid(set(aws, name, body), 'Error validating stack policy: Invalid stack policy');
      },
    },
    {
      says: 'does not take a policy of an update that the standing policy denies',
      source: assumption('the update fails, and what a failed update asked for is not kept'),
      differs: { ministack: 'takes it' },
      test: async (aws) => {
        const standing = policy(ALLOW, DENY);
        const { name, stack } = await guarded(aws, standing);
        await update(aws, stack, queue(name, { VisibilityTimeout: 60 }), { StackPolicyBody: policy(ALLOW) });
        await settle(aws, stack);
        expect(await get(aws, stack)).toBe(standing);
      },
    },
  ],
};

export const getStackPolicy: Chapter = {
  service: 'CloudFormation',
  operation: 'GetStackPolicy',
  sentences: [
    {
      says: 'answers the policy as it was set, and none where none was',
      source: api('GetStackPolicy'),
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        expect(await get(aws, name)).toBeUndefined();
        const body = policy(ALLOW);
        await set(aws, name, body);
        expect(await get(aws, name)).toBe(body);
      },
    },
    {
      says: 'answers the policy that the stack was created with',
      source: api('CreateStack'),
      test: async (aws) => {
        const StackPolicyBody = policy(ALLOW);
        const { name } = await build(aws, queue(aws.unique('queue')), { StackPolicyBody });
        expect(await get(aws, name)).toBe(StackPolicyBody);
      },
    },
  ],
};

async function guarded(aws: Aws, body: string): Promise<{ readonly name: string; readonly stack: string }> {
  const name = aws.unique('queue');
  const stack = await build(aws, queue(name));
  await set(aws, stack.name, body);
  return { name, stack: stack.name };
}

async function reasons(aws: Aws, StackName: string): Promise<readonly (string | undefined)[]> {
  const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason);
}

const protect = (aws: Aws, StackName: string, EnableTerminationProtection: boolean) =>
  aws.cloudFormation().send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }));
const set = (aws: Aws, StackName: string, StackPolicyBody: string) =>
  aws.cloudFormation().send(new SetStackPolicyCommand({ StackName, StackPolicyBody }));
const get = async (aws: Aws, StackName: string): Promise<string | undefined> =>
  (await aws.cloudFormation().send(new GetStackPolicyCommand({ StackName }))).StackPolicyBody;
