import { expect } from 'vitest';
import { assumption, type Sentence } from '../specification.js';
import { build, create, invalid, queue, refusal, settle, show, update } from './fixtures.js';
import { shape } from './sources.js';

const triggers = [{ Arn: 'arn:aws:cloudwatch:us-east-1:222222222222:alarm:errors', Type: 'AWS::CloudWatch::Alarm' }];
const NOT_SIMULATED = 'what is not simulated is no behaviour of AWS';

/** What CreateStack makes of the members that restrict it or promise more than the stack. */
export const creationLimits: readonly Sentence[] = [
  {
    says: 'refuses a template with a resource of a type that ResourceTypes does not list',
    source: shape('CreateStackInput'),
    differs: { moto: 'accepts it', ministack: 'accepts it' },
    test: async (aws) => {
      for (const listed of ['AWS::SNS::*', 'AWS::SNS::Topic', 'Custom::*', 'AWS::SQS::QueuePolicy']) {
        const call = create(aws, queue(aws.unique('queue')), { ResourceTypes: [listed] });
        await invalid(call, /AWS::SQS::Queue/);
      }
    },
  },
  {
    says: 'takes ResourceTypes that cover the template: the type itself, AWS::SQS::* or AWS::*',
    source: shape('CreateStackInput'),
    test: async (aws) => {
      for (const listed of ['AWS::SQS::Queue', 'AWS::SQS::*', 'AWS::*']) {
        const { name } = await build(aws, queue(aws.unique('queue')), { ResourceTypes: ['AWS::SNS::*', listed] });
        expect((await show(aws, name)).StackStatus).toBe('CREATE_COMPLETE');
      }
    },
  },
  {
    says: 'answers ValidationError to ResourceTypes together with Capabilities: "Only one of the Capabilities and ResourceType parameters can be specified"',
    source: assumption('the service model has the rule, and we take its words for the message'),
    differs: { moto: 'accepts it', ministack: 'accepts it' },
    test: async (aws) => {
      const both = { ResourceTypes: ['AWS::*'], Capabilities: ['CAPABILITY_IAM' as const] };
      await invalid(
        create(aws, queue(aws.unique('queue')), both),
        'Only one of the Capabilities and ResourceType parameters can be specified',
      );
    },
  },
  {
    says: 'answers ValidationError to NotificationARNs that are not the ARNs of SNS topics',
    source: assumption('CloudFormation publishes to these topics, and could to nothing else'),
    differs: { moto: 'accepts it', ministack: 'accepts it' },
    test: async (aws) => {
      for (const arn of ['changes', `arn:aws:sqs:us-east-1:${aws.members[0]}:changes`]) {
        const call = create(aws, queue(aws.unique('queue')), { NotificationARNs: [arn] });
        expect((await refusal(call)).name).toBe('ValidationError');
      }
    },
  },
  {
    says: 'answers NotImplemented in the simulator to a RollbackConfiguration with triggers or a monitoring time, and takes an empty one',
    source: assumption('alarms are not simulated, and a stack that none of them could roll back would be a promise'),
    alone: NOT_SIMULATED,
    test: async (aws) => {
      for (const RollbackConfiguration of [{ RollbackTriggers: triggers }, { MonitoringTimeInMinutes: 5 }]) {
        const call = create(aws, queue(aws.unique('queue')), { RollbackConfiguration });
        expect((await refusal(call)).name).toBe('NotImplemented');
      }
      for (const RollbackConfiguration of [{}, { RollbackTriggers: [], MonitoringTimeInMinutes: 0 }])
        await create(aws, queue(aws.unique('queue')), { RollbackConfiguration });
    },
  },
];

/** The same members of UpdateStack. */
export const updateLimits: readonly Sentence[] = [
  {
    says: 'refuses a template with a resource of a type that ResourceTypes does not list, be that resource changed or not',
    source: assumption('the service model speaks of resources that are updated; whether others count is not said'),
    differs: { moto: 'accepts it', ministack: 'accepts it' },
    test: async (aws) => {
      const name = aws.unique('queue');
      const stack = await build(aws, queue(name));
      const template = queue(name, { VisibilityTimeout: 60 });
      await invalid(update(aws, stack.name, template, { ResourceTypes: ['AWS::SNS::*'] }), /AWS::SQS::Queue/);
      await update(aws, stack.name, template, { ResourceTypes: ['AWS::SQS::*'] });
      expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_COMPLETE');
    },
  },
  {
    says: 'associates the NotificationARNs with the stack, and leaves them as they are where it is given none',
    source: shape('UpdateStackInput'),
    differs: { moto: 'leaves them out', ministack: 'leaves them out' },
    test: async (aws) => {
      const [name, topic] = [aws.unique('queue'), `arn:aws:sns:us-east-1:${aws.members[0]}:changes`];
      const stack = await build(aws, queue(name));
      await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }), { NotificationARNs: [topic] });
      expect((await settle(aws, stack.name)).NotificationARNs).toEqual([topic]);
      await update(aws, stack.name, queue(name, { VisibilityTimeout: 90 }));
      expect((await settle(aws, stack.name)).NotificationARNs).toEqual([topic]);
    },
  },
  {
    says: 'answers NotImplemented in the simulator to a RollbackConfiguration with triggers',
    source: assumption('alarms are not simulated, and an update that none of them could roll back would be a promise'),
    alone: NOT_SIMULATED,
    test: async (aws) => {
      const name = aws.unique('queue');
      const stack = await build(aws, queue(name));
      const call = update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }), {
        RollbackConfiguration: { RollbackTriggers: triggers },
      });
      expect((await refusal(call)).name).toBe('NotImplemented');
    },
  },
];
