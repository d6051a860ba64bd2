import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { byId, desk, modified, parameter, physicalIds, queue, standing, text, topic } from './fixtures.js';
import { guide, recorded, shape } from './sources.js';

export const replacement: Chapter = {
  service: 'CloudFormation',
  operation: 'Replacement',
  sentences: [
    {
      says: 'is True, with PolicyAction ReplaceAndDelete, where a property changes that requires recreation',
      source: recorded('TestCaptureUpdateProcess'),
      differs: { moto: 'shows neither replacement, scope nor details' },
      test: async (aws) => {
        const { Topic } = await modified(
          aws,
          { Topic: topic(aws.unique('topic')) },
          { Topic: topic(aws.unique('topic')) },
        );
        expect(Topic).toMatchObject({
          Action: 'Modify',
          Replacement: 'True',
          PolicyAction: 'ReplaceAndDelete',
          Details: [{ Target: { Name: 'TopicName', RequiresRecreation: 'Always' }, Evaluation: 'Static' }],
        });
      },
    },
    {
      says: 'comes with PolicyAction ReplaceAndRetain where the UpdateReplacePolicy keeps the old resource',
      source: shape('PolicyAction'),
      differs: { moto: 'shows neither replacement, scope nor details' },
      test: async (aws) => {
        const kept = { UpdateReplacePolicy: 'Retain' };
        const before = topic(aws.unique('topic'), {}, kept);
        const { Topic } = await modified(aws, { Topic: before }, { Topic: topic(aws.unique('topic'), {}, kept) });
        expect(Topic).toMatchObject({ Replacement: 'True', PolicyAction: 'ReplaceAndRetain' });
      },
    },
    {
      says: 'is False, without a PolicyAction, where the resource is changed in place',
      source: recorded('TestChangeSetDiff'),
      differs: { moto: 'shows neither replacement, scope nor details' },
      test: async (aws) => {
        const named = aws.unique('parameter');
        const before = parameter(named, 'one');
        const { Parameter } = await modified(aws, { Parameter: before }, { Parameter: parameter(named, 'two') });
        expect(Parameter?.Replacement).toBe('False');
        expect(Parameter?.PolicyAction).toBeUndefined();
      },
    },
    {
      says: 'follows, of several changes, the one with the most impact',
      source: shape('ResourceChange'),
      differs: { moto: 'shows neither replacement, scope nor details' },
      test: async (aws) => {
        const before = topic(aws.unique('topic'), { DisplayName: 'a' });
        const { Topic } = await modified(
          aws,
          { Topic: before },
          { Topic: topic(aws.unique('topic'), { DisplayName: 'b' }) },
        );
        expect(Topic?.Replacement).toBe('True');
        expect(Topic?.Details?.map(({ Target }) => Target?.RequiresRecreation).sort()).toEqual(['Always', 'Never']);
      },
    },
    {
      says: 'of a resource changes whoever refers to it, with ResourceReference and its logical id as the cause',
      source: shape('ResourceChangeDetail'),
      differs: { moto: 'lists only what the template itself changes' },
      test: async (aws) => {
        const Parameter = parameter(aws.unique('parameter'), { Ref: 'Topic' });
        const changes = await modified(
          aws,
          { Topic: topic(aws.unique('topic')), Parameter },
          { Topic: topic(aws.unique('topic')), Parameter },
        );
        expect(changes['Parameter']).toMatchObject({
          Action: 'Modify',
          Replacement: 'False',
          Details: [{ Target: { Name: 'Value' }, ChangeSource: 'ResourceReference', CausingEntity: 'Topic' }],
        });
      },
    },
    {
      says: 'of a resource changes whoever reads its attributes, with ResourceAttribute and the attribute as the cause',
      source: recorded('TestCaptureUpdateProcess'),
      differs: { moto: 'lists only what the template itself changes' },
      test: async (aws) => {
        const Parameter = parameter(aws.unique('parameter'), { 'Fn::GetAtt': ['Topic', 'TopicName'] });
        const changes = await modified(
          aws,
          { Topic: topic(aws.unique('topic')), Parameter },
          { Topic: topic(aws.unique('topic')), Parameter },
        );
        expect(changes['Parameter']?.Details).toEqual([
          {
            Target: { Attribute: 'Properties', Name: 'Value', RequiresRecreation: 'Never' },
            Evaluation: 'Static',
            ChangeSource: 'ResourceAttribute',
            CausingEntity: 'Topic.TopicName',
          },
        ]);
      },
    },
    {
      says: 'is not needed for a change to spread: whoever reads an attribute of a resource that is modified in place is listed as Dynamic, although the attribute may stay',
      source: assumption('recorded of AWS for an attribute that changes; AWS SAM’s users see it for those that stay'),
      differs: { moto: 'lists only what the template itself changes' },
      test: async (aws) => {
        const named = aws.unique('topic');
        const Parameter = parameter(aws.unique('parameter'), { 'Fn::GetAtt': ['Topic', 'TopicName'] });
        const changes = await modified(
          aws,
          { Topic: topic(named), Parameter },
          { Topic: topic(named, { DisplayName: 'x' }), Parameter },
        );
        expect(changes['Parameter']?.Details).toMatchObject([
          { Evaluation: 'Dynamic', ChangeSource: 'ResourceAttribute', CausingEntity: 'Topic.TopicName' },
        ]);
      },
    },
    {
      says: 'does not spread from a resource that keeps its id to those that only refer to it',
      source: shape('ResourceChangeDetail'),
      test: async (aws) => {
        const named = aws.unique('topic');
        const Parameter = parameter(aws.unique('parameter'), { Ref: 'Topic' });
        const changes = await modified(
          aws,
          { Topic: topic(named), Parameter },
          { Topic: topic(named, { DisplayName: 'x' }), Parameter },
        );
        expect(Object.keys(changes)).toEqual(['Topic']);
      },
    },
    {
      says: 'is Conditional where a property requires recreation and its value hangs on another resource’s change',
      source: shape('ResourceChange'),
      differs: { moto: 'lists only what the template itself changes' },
      test: async (aws) => {
        const named = aws.unique('topic');
        const Parameter = parameter({ 'Fn::GetAtt': ['Topic', 'TopicName'] });
        const changes = await modified(
          aws,
          { Topic: topic(named), Parameter },
          { Topic: topic(named, { DisplayName: 'x' }), Parameter },
        );
        expect(changes['Parameter']).toMatchObject({
          Replacement: 'Conditional',
          Details: [{ Target: { Name: 'Name', RequiresRecreation: 'Always' }, Evaluation: 'Dynamic' }],
        });
      },
    },
    {
      says: 'that was Conditional does not come about where the value turns out to be the same',
      source: shape('ResourceChangeDetail'),
      differs: { ministack: 'updates the resource all the same, and says so in an event' },
      test: async (aws) => {
        const named = aws.unique('topic');
        const Parameter = parameter({ 'Fn::GetAtt': ['Topic', 'TopicName'] });
        const { name } = await standing(aws, text({ Topic: topic(named), Parameter }));
        const before = await physicalIds(aws, name);
        const { made, execute, settled } = desk(aws, name);
        await made(text({ Topic: topic(named, { DisplayName: 'x' }), Parameter }));
        await execute();
        expect((await settled()).StackStatus).toBe('UPDATE_COMPLETE');
        expect(await physicalIds(aws, name)).toEqual(before);
        const { StackEvents = [] } = await aws
          .cloudFormation()
          .send(new DescribeStackEventsCommand({ StackName: name }));
        const updated = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'UPDATE_COMPLETE');
        expect(updated.map(({ LogicalResourceId }) => LogicalResourceId)).not.toContain('Parameter');
      },
    },
    {
      says: 'is Conditional where the property requires recreation in some cases',
      source: guide('Update behaviors of stack resources'),
      differs: { moto: 'shows neither replacement, scope nor details' },
      test: async (aws) => {
        const vpc = (InstanceTenancy: string) => ({
          Type: 'AWS::EC2::VPC',
          Properties: { CidrBlock: '10.0.0.0/16', InstanceTenancy },
        });
        const { Vpc } = await modified(aws, { Vpc: vpc('dedicated') }, { Vpc: vpc('default') });
        expect(Vpc).toMatchObject({
          Replacement: 'Conditional',
          Details: [{ Target: { Name: 'InstanceTenancy', RequiresRecreation: 'Conditionally' } }],
        });
      },
    },
    {
      says: 'gives the resource another physical id, and its dependents the new one',
      source: guide('Update behaviors of stack resources'),
      differs: { moto: 'does not give dependents the new id' },
      test: async (aws) => {
        const [one, two] = [aws.unique('topic'), aws.unique('topic')];
        const Parameter = parameter(aws.unique('parameter'), { Ref: 'Topic' });
        const Outputs = { Value: { Value: { 'Fn::GetAtt': ['Parameter', 'Value'] } } };
        const { name } = await standing(aws, text({ Topic: topic(one), Parameter }, { Outputs }));
        const { made, execute, settled } = desk(aws, name);
        await made(text({ Topic: topic(two), Parameter }, { Outputs }));
        await execute();
        const { Outputs: outputs } = await settled();
        expect((await physicalIds(aws, name))['Topic']).toContain(two);
        expect(outputs?.[0]?.OutputValue).toContain(two);
      },
    },
    {
      says: 'fails where it is to happen to a resource whose name the template fixes and keeps',
      source: guide('Update behaviors of stack resources'),
      differs: { moto: 'shows neither replacement, scope nor details' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name } = await standing(aws, text({ Queue: queue(named) }));
        const { made, execute, settled } = desk(aws, name);
        const fifo = { FifoQueue: true };
        const changes = byId(await made(text({ Queue: queue(named, fifo) })));
        expect(changes['Queue']?.Replacement).toBe('True');
        await execute();
        expect((await settled()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      },
    },
  ],
};
