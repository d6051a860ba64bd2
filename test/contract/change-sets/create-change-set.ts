import { DescribeStackResourcesCommand, ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { byId, desk, describe, parameter, queue, refusal, settled, standing, text, topic } from './fixtures.js';
import { api, recorded, shape } from './sources.js';
import { changeSetTypes } from './change-set-types.js';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export const createChangeSet: Chapter = {
  service: 'CloudFormation',
  operation: 'CreateChangeSet',
  sentences: [
    {
      says: 'answers the ARN of the change set, made of its name and a UUID, and the StackId',
      source: shape('CreateChangeSetOutput'),
      test: async (aws) => {
        const [one, two] = [aws.unique('queue'), aws.unique('queue')];
        const { name, id } = await standing(aws, text({ One: queue(one) }));
        const { Id, StackId } = await desk(aws, name).make(text({ One: queue(one), Two: queue(two) }));
        expect(Id).toMatch(
          new RegExp(
            `^arn:aws:cloudformation:us-east-1:${aws.members[0]}:changeSet/plan/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`,
          ),
        );
        expect(StackId).toBe(id);
      },
    },
    {
      says: 'answers before the change set is worked out, which is UNAVAILABLE for execution until then and AVAILABLE after',
      source: api('CreateChangeSet'),
      differs: { moto: 'has it worked out at once', ministack: 'has it worked out at once' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { make, show } = desk(aws, name);
        await make(text({ Queue: queue(aws.unique('queue')) }));
        const first = await show();
        expect(['CREATE_PENDING', 'CREATE_IN_PROGRESS']).toContain(first.Status);
        expect(first.ExecutionStatus).toBe('UNAVAILABLE');
        const done = await aws.until(show, ({ Status }) => Status === 'CREATE_COMPLETE');
        expect(done.ExecutionStatus).toBe('AVAILABLE');
      },
    },
    {
      says: 'changes nothing in the stack',
      source: api('CreateChangeSet'),
      test: async (aws) => {
        const one = aws.unique('queue');
        const { name } = await standing(aws, text({ One: queue(one) }));
        await desk(aws, name).made(text({ One: queue(one), Two: queue(aws.unique('queue')) }));
        expect((await describe(aws, name)).StackStatus).toBe('CREATE_COMPLETE');
        const { StackResources } = await aws
          .cloudFormation()
          .send(new DescribeStackResourcesCommand({ StackName: name }));
        expect(StackResources).toHaveLength(1);
      },
    },
    ...changeSetTypes,
    {
      says: 'refuses a template with a resource of a type that ResourceTypes does not list, and ResourceTypes together with Capabilities',
      source: shape('CreateChangeSetInput'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await standing(aws, text({ Queue: queue(name) }));
        const body = text({ Queue: queue(name, { VisibilityTimeout: 60 }) });
        const asked = (ResourceTypes: string[], more: object = {}) =>
          refusal(desk(aws, stack.name).make(body, { ResourceTypes, ...more }));
        const other = await asked(['AWS::SNS::*']);
        expect(other.name).toBe('ValidationError');
        expect(other.message).toContain('AWS::SQS::Queue');
        expect((await asked(['AWS::*'], { Capabilities: ['CAPABILITY_IAM'] })).name).toBe('ValidationError');
      },
    },
    {
      says: 'hands its NotificationARNs to the stack when it is executed',
      source: shape('CreateChangeSetInput'),
      differs: { moto: 'leaves them out', ministack: 'leaves them out' },
      test: async (aws) => {
        const [name, topicArn] = [aws.unique('queue'), `arn:aws:sns:us-east-1:${aws.members[0]}:changes`];
        const stack = await standing(aws, text({ Queue: queue(name) }));
        const { made } = desk(aws, stack.name);
        await made(text({ Queue: queue(name, { VisibilityTimeout: 60 }) }), { NotificationARNs: [topicArn] });
        const execution = new ExecuteChangeSetCommand({ StackName: stack.name, ChangeSetName: 'plan' });
        await aws.cloudFormation().send(execution);
        expect((await settled(aws, stack.name)).NotificationARNs).toEqual([topicArn]);
      },
    },
    {
      says: 'answers AlreadyExistsException where the stack has a change set of that name, failed ones included',
      source: api('CreateChangeSet'),
      differs: { moto: 'accepts any number of change sets of one name' },
      test: async (aws) => {
        const body = text({ Queue: queue(aws.unique('queue')) });
        const { name } = await standing(aws, body);
        const { made, make } = desk(aws, name);
        expect((await made(body)).Status).toBe('FAILED');
        expect((await refusal(make(body))).name).toBe('AlreadyExistsException');
      },
    },
    {
      says: 'answers the same change set again for the same name and ClientToken',
      source: shape('CreateChangeSetInput'),
      differs: { moto: 'makes another change set of the same name', ministack: 'answers AlreadyExistsException' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { make } = desk(aws, name);
        const body = text({ Queue: queue(aws.unique('queue')) });
        const ClientToken = aws.unique('token');
        const first = await make(body, { ClientToken });
        expect((await make(body, { ClientToken })).Id).toBe(first.Id);
      },
    },
    {
      says: 'answers a change set that FAILED and is UNAVAILABLE, with AWS’s reason, where nothing would change',
      source: recorded('test_empty_changeset'),
      test: async (aws) => {
        const body = text({ Queue: queue(aws.unique('queue')) });
        const { name } = await standing(aws, body);
        const made = await desk(aws, name).made(body);
        expect(made).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE', StatusReason: NO_CHANGES });
        expect(made.Changes ?? []).toEqual([]);
      },
    },
    {
      says: 'gives another reason, `No updates are to be performed.`, where the template has transforms',
      source: assumption('AWS’s command line looks for both; which of them comes when is not written down'),
      differs: { moto: 'gives the same reason for all', ministack: 'gives the same reason for all' },
      test: async (aws) => {
        const body = text({ Queue: queue(aws.unique('queue')) }, { Transform: 'AWS::Serverless-2016-10-31' });
        const { name } = await standing(aws, body, { Capabilities: ['CAPABILITY_AUTO_EXPAND'] });
        const made = await desk(aws, name).made(body);
        expect(made).toMatchObject({ Status: 'FAILED', StatusReason: 'No updates are to be performed.' });
      },
    },
    {
      says: 'finds no change where the previous template and previous parameter values are asked for',
      source: shape('CreateChangeSetInput'),
      differs: { moto: 'answers a ValidationError, “No updates are to be performed.”' },
      test: async (aws) => {
        const body = text(
          { Parameter: parameter(aws.unique('parameter'), { Ref: 'Value' }) },
          { Parameters: { Value: { Type: 'String' } } },
        );
        const { name } = await standing(aws, body, { Parameters: [{ ParameterKey: 'Value', ParameterValue: 'one' }] });
        const made = await desk(aws, name).made('', {
          UsePreviousTemplate: true,
          Parameters: [{ ParameterKey: 'Value', UsePreviousValue: true }],
        });
        expect(made).toMatchObject({ Status: 'FAILED', StatusReason: NO_CHANGES });
      },
    },
    {
      says: 'sees a change of outputs alone, which is none of any resource, and can be executed',
      source: assumption('AWS’s console and tools execute such change sets; their Changes are empty'),
      differs: { moto: 'executes it and leaves the outputs as they were', ministack: 'makes a change set that FAILED' },
      test: async (aws) => {
        const resources = { Queue: queue(aws.unique('queue')) };
        const { name } = await standing(aws, text(resources));
        const { made, execute, settled: end } = desk(aws, name);
        const changeSet = await made(text(resources, { Outputs: { Name: { Value: 'x' } } }));
        expect(changeSet).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
        expect(changeSet.Changes ?? []).toEqual([]);
        await execute();
        expect((await end()).Outputs).toMatchObject([{ OutputKey: 'Name', OutputValue: 'x' }]);
      },
    },
    {
      says: 'FAILED, with the missing export as its reason, where a value cannot be imported',
      source: assumption('the request is in order; the value is only looked up when changes are worked out'),
      differs: {
        moto: 'makes a change set that is CREATE_COMPLETE',
        ministack: 'makes a change set that is CREATE_COMPLETE',
      },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Parameter: parameter(aws.unique('parameter')) }));
        const missing = aws.unique('export');
        const made = await desk(aws, name).made(
          text({ Parameter: parameter(aws.unique('parameter'), { 'Fn::ImportValue': missing }) }),
        );
        expect(made.Status).toBe('FAILED');
        expect(made.StatusReason).toContain(`No export named ${missing} found`);
      },
    },
    {
      says: 'FAILED where a resource would become one of another type',
      source: assumption('the words are UpdateStack’s; that the change set fails and not the call is a guess'),
      differs: {
        moto: 'makes a change set that is CREATE_COMPLETE',
        ministack: 'makes a change set that is CREATE_COMPLETE',
      },
      test: async (aws) => {
        const named = aws.unique('thing');
        const { name } = await standing(aws, text({ Thing: queue(named) }));
        const made = await desk(aws, name).made(text({ Thing: topic(named) }));
        expect(made).toMatchObject({
          Status: 'FAILED',
          StatusReason:
            'Update of resource type is not permitted. The new template modifies resource type of the following resources: [Thing]',
        });
      },
    },
    {
      says: 'answers InsufficientCapabilitiesException where the template makes named IAM resources and that is not acknowledged',
      source: api('CreateChangeSet'),
      differs: { moto: 'asks for no capabilities', ministack: 'asks for no capabilities' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const role = {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: aws.unique('role'),
            AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
          },
        };
        const refused = await refusal(desk(aws, name).make(text({ Role: role }), { Capabilities: ['CAPABILITY_IAM'] }));
        expect(refused.name).toBe('InsufficientCapabilitiesException');
      },
    },
    {
      says: 'asks for no CAPABILITY_AUTO_EXPAND',
      source: shape('CreateChangeSetInput'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const made = await desk(aws, name).made(
          text({ Other: queue(aws.unique('queue')) }, { Transform: 'AWS::Serverless-2016-10-31' }),
        );
        expect(byId(made)['Other']).toMatchObject({ Action: 'Add' });
      },
    },
    {
      says: 'refuses OnStackFailure DELETE for anything but type CREATE',
      source: shape('CreateChangeSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const body = text({ Queue: queue(aws.unique('queue')) });
        const refused = await refusal(desk(aws, name).make(body, { OnStackFailure: 'DELETE' }));
        expect(refused.name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a name that begins with a digit',
      source: shape('ChangeSetName'),
      differs: { moto: 'refuses it in other words, as a stack that does not exist', ministack: 'accepts it' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const refused = await refusal(
          desk(aws, name).make(text({ Queue: queue(aws.unique('queue')) }), { ChangeSetName: '1st' }),
        );
        expect(refused.name).toBe('ValidationError');
        expect(refused.message).toContain('[a-zA-Z][-a-zA-Z0-9]*');
      },
    },
    {
      says: 'refuses a request without a template',
      source: shape('CreateChangeSetInput'),
      differs: { ministack: 'takes the previous template' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        expect((await refusal(desk(aws, name).make(''))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a service role that CloudFormation cannot assume',
      source: assumption('the words are those with which CreateStack refuses it'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const RoleARN = `arn:aws:iam::${aws.members[0]}:role/nobody-made-this`;
        const refused = await refusal(desk(aws, name).make(text({ Queue: queue(aws.unique('queue')) }), { RoleARN }));
        expect(refused.name).toBe('ValidationError');
        expect(refused.message).toContain('is invalid or cannot be assumed');
      },
    },
  ],
};
