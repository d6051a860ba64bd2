import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import type { Aws, Chapter } from '../specification.js';
import { build, create, queue, settle, show, update } from './fixtures.js';
import { guide } from './sources.js';

const CONDITIONS = guide('Using wait conditions in a CloudFormation template');
const POLICY = guide('CreationPolicy attribute');
const TIME = 'an emulator would keep the suite waiting until the timeout';

export const signals: Chapter = {
  service: 'CloudFormation',
  operation: 'Waiting for signals',
  sentences: [
    {
      says: 'fails a wait condition that nobody signals when its Timeout is over, and rolls the stack back: "WaitCondition timed out. Received 0 conditions when expecting 1"',
      source: CONDITIONS,
      alone: TIME,
      test: async (aws) => {
        const { name } = await build(aws, waiting({ Timeout: '900' }));
        expect((await show(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
        const { reason, seconds } = await failure(aws, name, 'Condition');
        expect(reason).toBe('WaitCondition timed out. Received 0 conditions when expecting 1');
        expect(seconds).toBeGreaterThanOrEqual(900);
      },
    },
    {
      says: 'waits for as many signals of a wait condition as its Count says, and for none where that is 0',
      source: CONDITIONS,
      alone: TIME,
      test: async (aws) => {
        const none = await build(aws, waiting({ Timeout: '900', Count: 0 }));
        expect((await show(aws, none.name)).StackStatus).toBe('CREATE_COMPLETE');
        const three = await build(aws, waiting({ Timeout: '900', Count: 3 }));
        const { reason } = await failure(aws, three.name, 'Condition');
        expect(reason).toBe('WaitCondition timed out. Received 0 conditions when expecting 3');
      },
    },
    {
      says: 'fails a resource with a CreationPolicy that nobody signals, after five minutes where no Timeout is given: "Failed to receive 1 resource signal(s) within the specified duration"',
      source: POLICY,
      alone: TIME,
      test: async (aws) => {
        const { name } = await build(aws, signalled(aws, {}));
        expect((await show(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
        const { reason, seconds } = await failure(aws, name, 'Queue');
        expect(reason).toBe('Failed to receive 1 resource signal(s) within the specified duration');
        expect(seconds).toBeGreaterThanOrEqual(300);
      },
    },
    {
      says: 'takes Count and Timeout of a CreationPolicy from parameters too',
      source: POLICY,
      alone: TIME,
      test: async (aws) => {
        const Parameters = { Count: { Type: 'Number', Default: 2 }, Timeout: { Type: 'String', Default: 'PT1H' } };
        const template = signalled(aws, { Count: { Ref: 'Count' }, Timeout: { Ref: 'Timeout' } }, { Parameters });
        const two = await build(aws, template);
        const { reason, seconds } = await failure(aws, two.name, 'Queue');
        expect(reason).toBe('Failed to receive 2 resource signal(s) within the specified duration');
        expect(seconds).toBeGreaterThanOrEqual(3600);
        const none = await build(aws, template, { Parameters: [{ ParameterKey: 'Count', ParameterValue: '0' }] });
        expect((await show(aws, none.name)).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'rolls back an update that adds a wait condition which nobody signals',
      source: CONDITIONS,
      alone: TIME,
      test: async (aws) => {
        const stack = await build(aws, waiting({ Timeout: '60', Count: 0 }));
        await update(aws, stack.name, waiting({ Timeout: '60', Count: 0 }, 'Second'));
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'ends with the TimeoutInMinutes of the stack where that is over first',
      source: guide('Stack creation options'),
      alone: TIME,
      test: async (aws) => {
        const { name } = await create(aws, waiting({ Timeout: '43200' }), { TimeoutInMinutes: 30 });
        await settle(aws, name);
        expect((await show(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
        const { reason, seconds } = await failure(aws, name, 'Condition');
        expect(reason).toBe('Resource creation cancelled');
        expect(seconds).toBeLessThanOrEqual(1800);
      },
    },
    {
      says: 'does not update a wait condition',
      source: guide('AWS::CloudFormation::WaitCondition'),
      alone: 'emulators do not wait for the conditions of the first template',
      test: async (aws) => {
        const stack = await build(aws, waiting({ Timeout: '60', Count: 0 }));
        await update(aws, stack.name, waiting({ Timeout: '90', Count: 0 }));
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      },
    },
  ],
};

/** A template with a wait condition; with another name given, one more beside it that waits for one signal. */
function waiting(properties: object, other?: string): object {
  const handle = { Type: 'AWS::CloudFormation::WaitConditionHandle' };
  const condition = (more: object) => ({
    Type: 'AWS::CloudFormation::WaitCondition',
    Properties: { Handle: { Ref: 'Handle' }, ...more },
  });
  const second = other === undefined ? {} : { [other]: condition({ Timeout: '60' }) };
  return { Resources: { Handle: handle, Condition: condition(properties), ...second } };
}

const signalled = (aws: Aws, ResourceSignal: object, more: object = {}): object => ({
  ...queue(aws.unique('queue'), {}, { CreationPolicy: { ResourceSignal } }),
  ...more,
});

/** Why the resource failed, and how many seconds after it was begun. */
async function failure(aws: Aws, StackName: string, logicalId: string) {
  const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName }));
  const own = StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === logicalId);
  const failed = own.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
  const begun = own.at(-1);
  return {
    reason: failed?.ResourceStatusReason,
    seconds: (failed!.Timestamp!.getTime() - begun!.Timestamp!.getTime()) / 1000,
  };
}
