import { CreateStackCommand, DescribeStackEventsCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { build, contradictory, create, failing, invalid, namedRole, queue, refusal, settle, show } from './fixtures.js';
import { creationLimits } from './limits.js';
import { api, guide, ON_DEMAND, shape } from './sources.js';

export const createStack: Chapter = {
  service: 'CloudFormation',
  operation: 'CreateStack',
  sentences: [
    {
      says: 'answers the StackId, an ARN of account, Region, name and a UUID, while the stack is CREATE_IN_PROGRESS',
      source: api('CreateStack'),
      differs: { moto: 'is done by the time it answers', ministack: 'is done by the time it answers' },
      test: async (aws) => {
        const { name, id } = await create(aws, queue(aws.unique('queue')));
        expect(id).toMatch(
          new RegExp(
            `^arn:aws:cloudformation:us-east-1:${aws.members[0]}:stack/${name}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`,
          ),
        );
        expect((await show(aws, name)).StackStatus).toBe('CREATE_IN_PROGRESS');
      },
    },
    {
      says: 'makes the stack CREATE_COMPLETE once its resources stand',
      source: api('CreateStack'),
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        expect((await show(aws, name)).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'answers AlreadyExistsException where a stack of that name stands, whatever it holds',
      source: api('CreateStack'),
      differs: { moto: 'says it without the brackets around the name' },
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        expect(await refusal(create(aws, queue(aws.unique('queue')), { StackName: name }))).toEqual({
          name: 'AlreadyExistsException',
          message: `Stack [${name}] already exists`,
        });
      },
    },
    {
      says: 'answers the same StackId again for the same ClientRequestToken and inputs, and creates nothing more',
      source: api('CreateStack'),
      differs: { moto: 'answers AlreadyExistsException', ministack: 'answers AlreadyExistsException' },
      test: async (aws) => {
        const [StackName, ClientRequestToken] = [aws.unique('stack'), aws.unique('token')];
        const template = queue(aws.unique('queue'));
        const first = await create(aws, template, { StackName, ClientRequestToken });
        expect(await create(aws, template, { StackName, ClientRequestToken })).toEqual(first);
        const { StackSummaries = [] } = await aws.cloudFormation().send(new ListStacksCommand({}));
        expect(StackSummaries.filter((stack) => stack.StackName === StackName)).toHaveLength(1);
      },
    },
    {
      says: 'answers TokenAlreadyExistsException where another operation has used the ClientRequestToken',
      source: api('CreateStack'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const ClientRequestToken = aws.unique('token');
        await create(aws, queue(aws.unique('queue')), { ClientRequestToken });
        const again = await refusal(create(aws, queue(aws.unique('queue')), { ClientRequestToken }));
        expect(again.name).toBe('TokenAlreadyExistsException');
      },
    },
    {
      says: 'writes the ClientRequestToken into every event of the operation',
      source: api('CreateStack'),
      differs: { moto: 'writes it into none' },
      test: async (aws) => {
        const ClientRequestToken = aws.unique('token');
        const { name } = await build(aws, queue(aws.unique('queue')), { ClientRequestToken });
        const { StackEvents = [] } = await aws
          .cloudFormation()
          .send(new DescribeStackEventsCommand({ StackName: name }));
        expect(new Set(StackEvents.map((event) => event.ClientRequestToken))).toEqual(new Set([ClientRequestToken]));
      },
    },
    {
      says: 'answers InsufficientCapabilitiesException with "Requires capabilities : [CAPABILITY_NAMED_IAM]" for a named role that is not acknowledged',
      source: api('CreateStack'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        for (const Capabilities of [[], ['CAPABILITY_IAM' as const]])
          expect(await refusal(create(aws, namedRole(aws.unique('role')), { Capabilities }))).toEqual({
            name: 'InsufficientCapabilitiesException',
            message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
          });
      },
    },
    {
      says: 'demands CAPABILITY_AUTO_EXPAND for a template with a transform',
      source: api('CreateStack'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const template = { Transform: 'AWS::LanguageExtensions', ...queue(aws.unique('queue')) };
        expect(await refusal(create(aws, template))).toEqual({
          name: 'InsufficientCapabilitiesException',
          message: 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
        });
        await create(aws, template, { Capabilities: ['CAPABILITY_AUTO_EXPAND'] });
      },
    },
    {
      says: 'rolls back where a resource fails: the stack stays as ROLLBACK_COMPLETE and says which resource it was',
      source: guide('Stack creation events'),
      differs: {
        moto: 'fails the call itself where a resource fails, and leaves no stack',
        ministack: 'says only “Rollback requested” as the reason',
      },
      test: async (aws) => {
        const { name } = await build(aws, contradictory(aws.unique('names')));
        expect((await show(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
        const { StackEvents = [] } = await aws
          .cloudFormation()
          .send(new DescribeStackEventsCommand({ StackName: name }));
        const failure = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
        expect(failure?.LogicalResourceId).toBe('Second');
        const rollback = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'ROLLBACK_IN_PROGRESS');
        expect(rollback?.ResourceStatusReason).toBe(
          'The following resource(s) failed to create: [Second]. Rollback requested by user.',
        );
      },
    },
    {
      says: 'is still the owner of its name after a rollback: another CreateStack answers AlreadyExistsException',
      source: guide('Troubleshooting CloudFormation'),
      differs: {
        moto: 'fails the call itself where a resource fails, and leaves no stack',
        ministack: 'creates the stack anew over the one that was rolled back',
      },
      test: async (aws) => {
        const { name } = await build(aws, contradictory(aws.unique('names')));
        expect((await show(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
        const again = await refusal(create(aws, queue(aws.unique('queue')), { StackName: name }));
        expect(again.name).toBe('AlreadyExistsException');
      },
    },
    {
      says: 'leaves everything as it is and CREATE_FAILED with OnFailure DO_NOTHING',
      source: api('CreateStack'),
      differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
      test: async (aws) => {
        const { name } = await build(aws, contradictory(aws.unique('names')), { OnFailure: 'DO_NOTHING' });
        expect(await show(aws, name)).toMatchObject({ StackStatus: 'CREATE_FAILED', DisableRollback: true });
      },
    },
    {
      says: 'takes DisableRollback for OnFailure DO_NOTHING',
      source: api('CreateStack'),
      differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
      test: async (aws) => {
        const { name } = await build(aws, contradictory(aws.unique('names')), { DisableRollback: true });
        expect(await show(aws, name)).toMatchObject({ StackStatus: 'CREATE_FAILED', DisableRollback: true });
      },
    },
    {
      says: 'refuses OnFailure beside DisableRollback',
      source: api('CreateStack'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const both = { OnFailure: 'ROLLBACK' as const, DisableRollback: false };
        expect((await refusal(create(aws, queue(aws.unique('queue')), both))).name).toBe('ValidationError');
      },
    },
    {
      says: 'deletes the stack after a failure with OnFailure DELETE',
      source: api('CreateStack'),
      differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
      test: async (aws) => {
        const { id } = await build(aws, contradictory(aws.unique('names')), { OnFailure: 'DELETE' });
        expect((await show(aws, id)).StackStatus).toBe('DELETE_COMPLETE');
      },
    },
    {
      says: 'keeps a created resource of DeletionPolicy Retain when it rolls back',
      source: guide('DeletionPolicy attribute'),
      differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
      test: async (aws) => {
        const { name } = await build(aws, contradictory(aws.unique('names'), { DeletionPolicy: 'Retain' }));
        expect(await statusesOf(aws, name, 'Queue')).toContain('DELETE_SKIPPED');
      },
    },
    {
      says: 'deletes a created resource of DeletionPolicy Retain all the same with RetainExceptOnCreate, or of that policy',
      source: api('CreateStack'),
      differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
      test: async (aws) => {
        const option = { RetainExceptOnCreate: true };
        const byOption = await build(aws, contradictory(aws.unique('names'), { DeletionPolicy: 'Retain' }), option);
        const policy = { DeletionPolicy: 'RetainExceptOnCreate' };
        const byPolicy = await build(aws, contradictory(aws.unique('names'), policy));
        for (const { name } of [byOption, byPolicy])
          expect(await statusesOf(aws, name, 'Queue')).toContain('DELETE_COMPLETE');
      },
    },
    {
      says: 'fails the stack once TimeoutInMinutes have passed',
      source: api('CreateStack'),
      alone: 'it takes a resource that needs longer than a minute',
      test: async (aws) => {
        const resources = Object.fromEntries(
          Array.from({ length: 12 }, (_, at) => [`Queue${at}`, { Type: 'AWS::SQS::Queue' }]),
        );
        const built = await Promise.all(
          Array.from({ length: 6 }, () => build(aws, { Resources: resources }, { TimeoutInMinutes: 1 })),
        );
        const stacks = await Promise.all(built.map(({ id }) => show(aws, id)));
        const late = stacks.find(({ StackStatus }) => StackStatus === 'ROLLBACK_COMPLETE');
        expect(late).toBeDefined();
        const { StackEvents = [] } = await aws
          .cloudFormation()
          .send(new DescribeStackEventsCommand({ StackName: late!.StackName }));
        const rollback = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'ROLLBACK_IN_PROGRESS');
        expect(rollback?.ResourceStatusReason).toMatch(/^Stack creation time exceeded the specified timeout\./);
      },
    },
    {
      says: 'says ROLLBACK_FAILED where what was created cannot be deleted again',
      source: guide('Stack status codes'),
      alone: ON_DEMAND,
      test: async (aws) => {
        const { Resources } = failing(aws.unique('queue'), ['delete']) as { Resources: object };
        const broken = {
          Broken: { Type: 'AWS::SNS::Topic', DependsOn: 'Queue', Metadata: { Simulator: { Fail: 'create' } } },
        };
        const { name } = await build(aws, { Resources: { ...Resources, ...broken } });
        expect((await show(aws, name)).StackStatus).toBe('ROLLBACK_FAILED');
      },
    },
    {
      says: 'refuses a name that does not begin with a letter, has other than letters, digits and hyphens, or is longer than 128',
      source: api('CreateStack'),
      differs: { moto: 'accepts them' },
      test: async (aws) => {
        for (const StackName of ['1st', 'a_b', 'a b', `a${'b'.repeat(128)}`])
          await invalid(create(aws, queue(aws.unique('queue')), { StackName }), /failed to satisfy constraint/);
      },
    },
    {
      says: 'refuses more than 50 tags',
      source: shape('Tags'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const Tags = Array.from({ length: 51 }, (_, at) => ({ Key: `key-${at}`, Value: 'value' }));
        expect((await refusal(create(aws, queue(aws.unique('queue')), { Tags }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses tag keys that begin with aws:',
      source: shape('TagKey'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const Tags = [{ Key: 'aws:owner', Value: 'me' }];
        await invalid(create(aws, queue(aws.unique('queue')), { Tags }), /aws:/);
      },
    },
    {
      says: 'refuses a tag key that is given twice',
      source: assumption('keys are unique in a stack, and either value would be a guess'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const Tags = [1, 2].map((Value) => ({ Key: 'owner', Value: `${Value}` }));
        expect((await refusal(create(aws, queue(aws.unique('queue')), { Tags }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a capability that does not exist',
      source: shape('Capability'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const Capabilities = ['CAPABILITY_EVERYTHING' as never];
        expect((await refusal(create(aws, queue(aws.unique('queue')), { Capabilities }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a request without a template',
      source: api('CreateStack'),
      differs: { moto: 'answers HTTP 500', ministack: 'refuses it in other words' },
      test: async (aws) => {
        const call = aws.cloudFormation().send(new CreateStackCommand({ StackName: aws.unique('stack') }));
        await invalid(call, 'Either Template URL or Template Body must be specified.');
      },
    },
    ...creationLimits,
    {
      says: 'is seen in its own account and Region only',
      source: api('CreateStack'),
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        for (const client of [aws.cloudFormation(aws.members[1]), aws.cloudFormation(aws.members[0], 'eu-west-1')]) {
          const { StackSummaries = [] } = await client.send(new ListStacksCommand({}));
          expect(StackSummaries.map(({ StackName }) => StackName)).not.toContain(name);
        }
        expect((await settle(aws, name)).StackName).toBe(name);
      },
    },
  ],
};

async function statusesOf(
  aws: Parameters<typeof build>[0],
  stack: string,
  logicalId: string,
): Promise<readonly (string | undefined)[]> {
  const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName: stack }));
  return StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === logicalId).map(
    ({ ResourceStatus }) => ResourceStatus,
  );
}
