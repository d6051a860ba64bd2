import { DeleteStackCommand, DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { byId, desk, modified, parameter, queue, refusal, settled, standing, text, topic, update } from './fixtures.js';
import { api, recorded, shape } from './sources.js';

const UNKNOWN = '{{changeSet:KNOWN_AFTER_APPLY}}';

export const describeChangeSet: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeChangeSet',
  sentences: [
    {
      says: 'finds a change set by its ARN alone',
      source: shape('DescribeChangeSetInput'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { Id } = await desk(aws, name).make(text({ Queue: queue(aws.unique('queue')) }));
        const found = await aws.cloudFormation().send(new DescribeChangeSetCommand({ ChangeSetName: Id! }));
        expect(found).toMatchObject({ ChangeSetId: Id, ChangeSetName: 'plan', StackName: name });
      },
    },
    {
      says: 'refuses the name of a change set without that of its stack',
      source: recorded('test_delete_change_set_exception'),
      differs: {
        moto: 'answers that a stack without a name does not exist',
        ministack: 'answers ChangeSetNotFoundException',
      },
      test: async (aws) => {
        const asked = aws.cloudFormation().send(new DescribeChangeSetCommand({ ChangeSetName: aws.unique('plan') }));
        expect(await refusal(asked)).toEqual({
          name: 'ValidationError',
          message: 'StackName must be specified if ChangeSetName is not specified as an ARN.',
        });
      },
    },
    {
      says: 'answers ChangeSetNotFoundException where the stack has no such change set',
      source: api('DescribeChangeSet'),
      differs: { moto: 'looks for the name in the change sets of all stacks' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        expect(await refusal(desk(aws, name).show('other'))).toEqual({
          name: 'ChangeSetNotFoundException',
          message: 'ChangeSet [other] does not exist',
        });
      },
    },
    {
      says: 'answers a ValidationError where there is no such stack',
      source: recorded('test_describe_change_set_nonexisting'),
      differs: {
        moto: 'looks for the name in the change sets of all stacks',
        ministack: 'answers ChangeSetNotFoundException',
      },
      test: async (aws) => {
        const name = aws.unique('stack');
        expect(await refusal(desk(aws, name).show())).toEqual({
          name: 'ValidationError',
          message: `Stack [${name}] does not exist`,
        });
      },
    },
    {
      says: 'shows the description, parameters, tags and capabilities that the stack would have',
      source: shape('DescribeChangeSetOutput'),
      differs: { moto: 'shows no parameters of the change set' },
      test: async (aws) => {
        const named = aws.unique('parameter');
        const { name } = await standing(aws, text({ Parameter: parameter(named) }));
        const made = await desk(aws, name).made(
          text({ Parameter: parameter(named, { Ref: 'Value' }) }, { Parameters: { Value: { Type: 'String' } } }),
          {
            Description: 'why',
            Parameters: [{ ParameterKey: 'Value', ParameterValue: 'two' }],
            Tags: [{ Key: 'team', Value: 'a' }],
            Capabilities: ['CAPABILITY_IAM'],
          },
        );
        expect(made).toMatchObject({
          Description: 'why',
          Parameters: [{ ParameterKey: 'Value', ParameterValue: 'two' }],
          Tags: [{ Key: 'team', Value: 'a' }],
          Capabilities: ['CAPABILITY_IAM'],
        });
      },
    },
    {
      says: 'masks the values of NoEcho parameters',
      source: shape('ParameterDeclaration'),
      differs: { moto: 'shows no parameters of the change set', ministack: 'shows the value' },
      test: async (aws) => {
        const named = aws.unique('parameter');
        const { name } = await standing(aws, text({ Parameter: parameter(named) }));
        const made = await desk(aws, name).made(
          text(
            { Parameter: parameter(named, 'two') },
            { Parameters: { Secret: { Type: 'String', NoEcho: true, Default: 'hidden' } } },
          ),
        );
        expect(made.Parameters).toEqual([{ ParameterKey: 'Secret', ParameterValue: '****' }]);
      },
    },
    {
      says: 'shows an addition as Add, without a physical id, scope or details',
      source: shape('ResourceChange'),
      test: async (aws) => {
        const one = queue(aws.unique('queue'));
        const changes = await modified(aws, { One: one }, { One: one, Two: queue(aws.unique('queue')) });
        expect(Object.keys(changes)).toEqual(['Two']);
        expect(changes['Two']).toMatchObject({ Action: 'Add', ResourceType: 'AWS::SQS::Queue' });
        expect(changes['Two']?.PhysicalResourceId).toBeUndefined();
        expect(changes['Two']?.Scope ?? []).toEqual([]);
        expect(changes['Two']?.Details ?? []).toEqual([]);
      },
    },
    {
      says: 'shows a removal as Remove, with the physical id and PolicyAction Delete',
      source: shape('PolicyAction'),
      differs: { moto: 'shows neither physical id nor PolicyAction' },
      test: async (aws) => {
        const [one, two] = [queue(aws.unique('queue')), topic(aws.unique('topic'))];
        const { Two } = await modified(aws, { One: one, Two: two }, { One: one });
        expect(Two).toMatchObject({ Action: 'Remove', PolicyAction: 'Delete', ResourceType: 'AWS::SNS::Topic' });
        expect(Two?.PhysicalResourceId).toContain(two.Properties.TopicName);
      },
    },
    {
      says: 'shows PolicyAction Retain where the DeletionPolicy keeps what is removed',
      source: shape('PolicyAction'),
      differs: { moto: 'shows no PolicyAction' },
      test: async (aws) => {
        const [one, two] = [queue(aws.unique('queue')), queue(aws.unique('queue'), {}, { DeletionPolicy: 'Retain' })];
        const { Two } = await modified(aws, { One: one, Two: two }, { One: one });
        expect(Two).toMatchObject({ Action: 'Remove', PolicyAction: 'Retain' });
      },
    },
    {
      says: 'shows a change of a property as Modify, with the property, whether it requires recreation, and what caused it',
      source: recorded('TestChangeSetDiff'),
      differs: { moto: 'shows neither replacement, scope nor details' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const { Queue } = await modified(aws, { Queue: queue(named) }, { Queue: queue(named, { DelaySeconds: 5 }) });
        expect(Queue).toMatchObject({
          Action: 'Modify',
          Replacement: 'False',
          Scope: ['Properties'],
          Details: [
            {
              Target: { Attribute: 'Properties', Name: 'DelaySeconds', RequiresRecreation: 'Never' },
              Evaluation: 'Static',
              ChangeSource: 'DirectModification',
            },
          ],
        });
        expect(Queue?.Details?.[0]?.CausingEntity).toBeUndefined();
      },
    },
    {
      says: 'shows paths, kinds of change and values only where IncludePropertyValues asks for them',
      source: recorded('TestCaptureUpdateProcess'),
      differs: { moto: 'shows no details', ministack: 'shows no values' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name } = await standing(aws, text({ Queue: queue(named, { DelaySeconds: 1 }) }));
        const { made, show } = desk(aws, name);
        const target = { Attribute: 'Properties', Name: 'DelaySeconds', RequiresRecreation: 'Never' };
        const without = byId(await made(text({ Queue: queue(named, { DelaySeconds: 5 }) })));
        expect(without['Queue']?.Details?.[0]?.Target).toEqual(target);
        const { Queue } = byId(await show('plan', true));
        expect(Queue?.Details?.[0]?.Target).toEqual({
          ...target,
          Path: '/Properties/DelaySeconds',
          AttributeChangeType: 'Modify',
          BeforeValue: '1',
          AfterValue: '5',
        });
      },
    },
    {
      says: 'shows the whole properties before and after as JSON where IncludePropertyValues asks for them',
      source: recorded('TestCaptureUpdateProcess'),
      differs: { moto: 'shows no values', ministack: 'shows no values' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name } = await standing(aws, text({ Queue: queue(named) }));
        const { Queue, More } = await desk(aws, name).valued(
          text({ Queue: queue(named, { DelaySeconds: 5 }), More: queue(`${named}-more`) }),
        );
        expect(JSON.parse(Queue?.BeforeContext ?? '{}')).toEqual({ Properties: { QueueName: named } });
        expect(JSON.parse(Queue?.AfterContext ?? '{}')).toMatchObject({ Properties: { QueueName: named } });
        expect(JSON.parse(More?.AfterContext ?? '{}')).toEqual({ Properties: { QueueName: `${named}-more` } });
      },
    },
    {
      says: 'calls the kind of change Add for a property that the template did not set, and Remove for one that it sets no longer',
      source: shape('AttributeChangeType'),
      differs: { moto: 'shows no details', ministack: 'shows no kinds of change' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name } = await standing(aws, text({ Queue: queue(named, { DelaySeconds: 1 }) }));
        const { Queue } = await desk(aws, name).valued(text({ Queue: queue(named, { VisibilityTimeout: 9 }) }));
        const kinds = Queue?.Details?.map(({ Target }) => [Target?.Name, Target?.AttributeChangeType]) ?? [];
        expect(Object.fromEntries(kinds)).toEqual({ DelaySeconds: 'Remove', VisibilityTimeout: 'Add' });
      },
    },
    {
      says: 'shows {{changeSet:KNOWN_AFTER_APPLY}} for what only the execution will know',
      source: recorded('TestCaptureUpdateProcess'),
      differs: { moto: 'shows no values', ministack: 'shows no values' },
      test: async (aws) => {
        const named = aws.unique('parameter');
        const { name } = await standing(aws, text({ Parameter: parameter(named) }));
        const { Parameter } = await desk(aws, name).valued(
          text({ Topic: topic(aws.unique('topic')), Parameter: parameter(named, { Ref: 'Topic' }) }),
        );
        expect(Parameter?.Details?.[0]?.Target?.AfterValue).toBe(UNKNOWN);
      },
    },
    {
      says: 'names the parameter where another value of it causes the change',
      source: shape('ResourceChangeDetail'),
      differs: { moto: 'shows no details' },
      test: async (aws) => {
        const body = text(
          { Parameter: parameter(aws.unique('parameter'), { Ref: 'Value' }) },
          { Parameters: { Value: { Type: 'String' } } },
        );
        const Parameters = [{ ParameterKey: 'Value', ParameterValue: 'one' }];
        const { name } = await standing(aws, body, { Parameters });
        const { Parameter } = byId(
          await desk(aws, name).made(body, { Parameters: [{ ParameterKey: 'Value', ParameterValue: 'two' }] }),
        );
        expect(Parameter?.Details).toContainEqual(
          expect.objectContaining({
            Evaluation: 'Static',
            ChangeSource: 'ParameterReference',
            CausingEntity: 'Value',
          }),
        );
      },
    },
    {
      says: 'adds a Dynamic DirectModification of the same property beside a ParameterReference',
      source: recorded('TestChangeSetDiff'),
      differs: { moto: 'shows no details', ministack: 'shows the two in the other order' },
      test: async (aws) => {
        const body = text(
          { Parameter: parameter(aws.unique('parameter'), { Ref: 'Value' }) },
          { Parameters: { Value: { Type: 'String' } } },
        );
        const Parameters = [{ ParameterKey: 'Value', ParameterValue: 'one' }];
        const { name } = await standing(aws, body, { Parameters });
        const { Parameter } = byId(
          await desk(aws, name).made(body, { Parameters: [{ ParameterKey: 'Value', ParameterValue: 'two' }] }),
        );
        expect(Parameter?.Details?.map(({ Evaluation, ChangeSource }) => `${Evaluation} ${ChangeSource}`)).toEqual([
          'Static ParameterReference',
          'Dynamic DirectModification',
        ]);
      },
    },
    {
      says: 'counts other tags of the stack as a change of every resource that can have tags',
      source: shape('ResourceChange'),
      differs: { moto: 'sees no change in tags' },
      test: async (aws) => {
        const body = text({ Queue: queue(aws.unique('queue')) });
        const { name } = await standing(aws, body);
        const { Queue } = byId(await desk(aws, name).made(body, { Tags: [{ Key: 'team', Value: 'a' }] }));
        expect(Queue).toMatchObject({ Action: 'Modify', Replacement: 'False', Scope: ['Tags'] });
      },
    },
    {
      says: 'shows a change of Metadata by its scope',
      source: shape('ResourceChange'),
      differs: { moto: 'shows no scope' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const after = queue(named, {}, { Metadata: { why: 'so' } });
        const { Queue } = await modified(aws, { Queue: queue(named) }, { Queue: after });
        expect(Queue).toMatchObject({ Action: 'Modify', Replacement: 'False', Scope: ['Metadata'] });
      },
    },
    {
      says: 'shows a change of the DeletionPolicy by its scope',
      source: shape('ResourceChange'),
      differs: { moto: 'shows no scope' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const after = queue(named, {}, { DeletionPolicy: 'Retain' });
        const { Queue } = await modified(aws, { Queue: queue(named) }, { Queue: after });
        expect(Queue).toMatchObject({ Action: 'Modify', Replacement: 'False', Scope: ['DeletionPolicy'] });
      },
    },
    {
      says: 'gives the changes in pages of 100',
      source: assumption('AWS promises no more than 1 MB a page; smaller pages are the harder case'),
      differs: { moto: 'gives them all at once', ministack: 'gives them all at once' },
      test: async (aws) => {
        const stem = aws.unique('parameter');
        const first = parameter(stem);
        const { name } = await standing(aws, text({ First: first }));
        const many = Array.from({ length: 101 }, (_, at) => [`P${at}`, parameter(`${stem}-${at}`)] as const);
        const page = await desk(aws, name).made(text({ First: first, ...Object.fromEntries(many) }));
        expect(page.Changes).toHaveLength(100);
        const rest = await aws
          .cloudFormation()
          .send(
            new DescribeChangeSetCommand({ StackName: name, ChangeSetName: 'plan', NextToken: page.NextToken ?? '' }),
          );
        expect(rest.Changes).toHaveLength(1);
        expect(rest.NextToken).toBeUndefined();
      },
    },
    {
      says: 'shows a change set as OBSOLETE once the stack was updated otherwise',
      source: shape('DescribeChangeSetOutput'),
      differs: { moto: 'leaves it AVAILABLE' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name } = await standing(aws, text({ Queue: queue(named) }));
        const { made, show } = desk(aws, name);
        const { ChangeSetId } = await made(text({ Queue: queue(named, { DelaySeconds: 1 }) }));
        await update(aws, name, text({ Queue: queue(named, { DelaySeconds: 2 }) }));
        expect((await show(ChangeSetId)).ExecutionStatus).toBe('OBSOLETE');
      },
    },
    {
      says: 'still shows an executed change set by its ARN after its stack is deleted',
      source: recorded('test_name_conflicts'),
      differs: { ministack: 'answers ChangeSetNotFoundException' },
      test: async (aws) => {
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        const { ChangeSetId } = await made(text({ Queue: queue(aws.unique('queue')) }), { ChangeSetType: 'CREATE' });
        await execute();
        const { StackId } = await settled(aws, name);
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
        await settled(aws, StackId!);
        const shown = await aws.cloudFormation().send(new DescribeChangeSetCommand({ ChangeSetName: ChangeSetId! }));
        expect(shown).toMatchObject({ ExecutionStatus: 'EXECUTE_COMPLETE', Status: 'CREATE_COMPLETE' });
      },
    },
  ],
};
