import { DeleteStackCommand, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, invalid, namedRole, queue, settle, show, update } from './fixtures.js';
import { api } from './sources.js';

export const serviceRole: Chapter = {
  service: 'CloudFormation',
  operation: 'Service role',
  sentences: [
    {
      says: 'is answered by DescribeStacks as RoleARN',
      source: api('Stack'),
      differs: { ministack: 'answers none' },
      test: async (aws) => {
        const RoleARN = await role(aws);
        const { name } = await build(aws, queue(aws.unique('queue')), { RoleARN });
        expect((await show(aws, name)).RoleARN).toBe(RoleARN);
      },
    },
    {
      says: 'sticks to the stack: an update without RoleARN leaves it as it is',
      source: api('UpdateStack'),
      differs: { moto: 'forgets it', ministack: 'answers none' },
      test: async (aws) => {
        const [RoleARN, name] = [await role(aws), aws.unique('queue')];
        const stack = await build(aws, queue(name), { RoleARN });
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }));
        expect((await settle(aws, stack.name)).RoleARN).toBe(RoleARN);
      },
    },
    {
      says: 'is replaced by the RoleARN of an update',
      source: api('UpdateStack'),
      differs: { ministack: 'answers none' },
      test: async (aws) => {
        const [first, second, name] = [await role(aws), await role(aws), aws.unique('queue')];
        const stack = await build(aws, queue(name), { RoleARN: first });
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }), { RoleARN: second });
        expect((await settle(aws, stack.name)).RoleARN).toBe(second);
      },
    },
    {
      says: 'has to exist: "Role ARN is invalid or cannot be assumed"',
      source: assumption('what the service is known to say'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const RoleARN = `arn:aws:iam::${aws.members[0]}:role/${aws.unique('nobody')}`;
        await invalid(
          build(aws, queue(aws.unique('queue')), { RoleARN }),
          `Role ${RoleARN} is invalid or cannot be assumed`,
        );
      },
    },
    {
      says: 'has to be a role of the stack’s own account',
      source: assumption('CloudFormation assumes the role for the stack, and IAM passes no role to another account'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const RoleARN = `arn:aws:iam::${aws.members[1]}:role/OrganizationAccountAccessRole`;
        await invalid(build(aws, queue(aws.unique('queue')), { RoleARN }), /is invalid or cannot be assumed/);
      },
    },
    {
      says: 'keeps the stack from being updated or deleted once the role is gone',
      source: api('DeleteStack'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const holder = await build(aws, namedRole(aws.unique('role')), NAMED);
        const RoleARN = await roleOf(aws, holder.name);
        const { name } = await build(aws, queue(aws.unique('queue')), { RoleARN });
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: holder.name }));
        await settle(aws, holder.id);
        for (const call of [
          () => update(aws, name, queue(aws.unique('queue'))),
          () => aws.cloudFormation().send(new DeleteStackCommand({ StackName: name })),
        ])
          await invalid(call(), `Role ${RoleARN} is invalid or cannot be assumed`);
      },
    },
  ],
};

const NAMED = { Capabilities: ['CAPABILITY_NAMED_IAM' as const] };

/** The ARN of a role that exists. */
async function role(aws: Aws): Promise<string> {
  const { name } = await build(aws, namedRole(aws.unique('role')), NAMED);
  return roleOf(aws, name);
}

async function roleOf(aws: Aws, stack: string): Promise<string> {
  const asked = new DescribeStackResourceCommand({ StackName: stack, LogicalResourceId: 'Role' });
  const { StackResourceDetail } = await aws.cloudFormation().send(asked);
  return `arn:aws:iam::${aws.members[0]}:role/${StackResourceDetail!.PhysicalResourceId}`;
}
