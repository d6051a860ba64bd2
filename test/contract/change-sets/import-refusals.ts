import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Sentence } from '../specification.js';
import { describe, desk, parameter, queue, refusal, standing, text } from './fixtures.js';
import { guide } from './sources.js';
import { CONSIDERATIONS, KEPT, WORDS, imported, importing, loose, target } from './import-fixtures.js';

/** What cannot be imported. */
export const importRefusals: readonly Sentence[] = [
  {
    says: 'need at least one resource to import',
    source: assumption(WORDS),
    test: async (aws) => {
      const body = text({ Queue: queue(aws.unique('queue'), {}, KEPT) });
      const refused = await refusal(desk(aws, aws.unique('stack')).make(body, { ChangeSetType: 'IMPORT' }));
      expect(refused).toEqual({
        name: 'ValidationError',
        message: 'Must Provide at least one resource to import',
      });
    },
  },
  {
    says: 'need a DeletionPolicy, whichever, on every imported resource',
    source: guide(CONSIDERATIONS),
    test: async (aws) => {
      const { named, url } = await loose(aws);
      const asked = desk(aws, aws.unique('stack')).make(text({ Queue: queue(named) }), importing(target('Queue', url)));
      expect(await refusal(asked)).toEqual({
        name: 'ValidationError',
        message:
          'The following resources to import [Queue] must have DeletionPolicy attribute specified in the template.',
      });
    },
  },
  {
    says: 'are refused where the template has no such logical id',
    source: assumption(WORDS),
    test: async (aws) => {
      const { named, url } = await loose(aws);
      const asked = desk(aws, aws.unique('stack')).make(
        text({ Queue: queue(named, {}, KEPT) }),
        importing(target('Other', url)),
      );
      expect((await refusal(asked)).message).toBe(
        'The logical resource ids [Other] provided in ResourceToImport do not exist in the template.',
      );
    },
  },
  {
    says: 'are refused where the resource is not identified as its type demands',
    source: guide(CONSIDERATIONS),
    test: async (aws) => {
      const { named } = await loose(aws);
      const asked = desk(aws, aws.unique('stack')).make(
        text({ Queue: queue(named, {}, KEPT) }),
        importing({ ...target('Queue', ''), ResourceIdentifier: { QueueName: named } }),
      );
      expect((await refusal(asked)).message).toBe(
        'Invalid resource identifier for resource type AWS::SQS::Queue. Expected [QueueUrl]',
      );
    },
  },
  {
    says: 'are refused where the template would also change, add or remove another resource',
    source: guide(CONSIDERATIONS),
    test: async (aws) => {
      const { named, url } = await loose(aws);
      const own = aws.unique('queue');
      const { name } = await standing(aws, text({ Own: queue(own) }));
      const asked = desk(aws, name).make(
        text({ Own: queue(own, { DelaySeconds: 3 }), Queue: queue(named, {}, KEPT) }),
        importing(target('Queue', url)),
      );
      const refused = await refusal(asked);
      expect(refused.message).toContain('You have modified resources [Own] in your template');
    },
  },
  {
    says: 'are refused where the template adds a resource that is not imported',
    source: guide(CONSIDERATIONS),
    test: async (aws) => {
      const { named, url } = await loose(aws);
      const asked = desk(aws, aws.unique('stack')).make(
        text({ Queue: queue(named, {}, KEPT), New: queue(aws.unique('queue')) }),
        importing(target('Queue', url)),
      );
      expect((await refusal(asked)).message).toContain('[New] is missing from ResourceToImport list');
    },
  },
  {
    says: 'are refused where outputs would change',
    source: assumption(WORDS),
    test: async (aws) => {
      const { named, url } = await loose(aws);
      const asked = desk(aws, aws.unique('stack')).make(
        text({ Queue: queue(named, {}, KEPT) }, { Outputs: { Url: { Value: { Ref: 'Queue' } } } }),
        importing(target('Queue', url)),
      );
      expect((await refusal(asked)).message).toBe(
        'As part of the import operation, you cannot modify or add [Outputs]',
      );
    },
  },
  {
    says: 'are refused for a logical id that is in the stack already',
    source: assumption(WORDS),
    test: async (aws) => {
      const [one, two] = [await loose(aws), await loose(aws)];
      const name = await imported(aws, one);
      const asked = desk(aws, name).make(text({ Queue: queue(one.named, {}, KEPT), Two: queue(two.named, {}, KEPT) }), {
        ...importing(target('Queue', one.url)),
        ChangeSetName: 'next',
      });
      expect((await refusal(asked)).message).toBe(
        'Resources [Queue] passed in ResourceToImport are already in a stack and cannot be imported.',
      );
    },
  },
  {
    says: 'FAILED where there is no such resource',
    source: guide(CONSIDERATIONS),
    test: async (aws) => {
      const { named, url } = await loose(aws);
      const made = await desk(aws, aws.unique('stack')).made(
        text({ Queue: queue(named, {}, KEPT) }),
        importing(target('Queue', `${url}-other`)),
      );
      expect(made).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE' });
      expect(made.StatusReason).toContain('was not found');
    },
  },
  {
    says: 'FAILED where the resource belongs to another stack',
    source: guide(CONSIDERATIONS),
    test: async (aws) => {
      const kept = await loose(aws);
      const owner = await describe(aws, await imported(aws, kept));
      const made = await desk(aws, aws.unique('stack')).made(
        text({ Queue: queue(kept.named, {}, KEPT) }),
        importing(target('Queue', kept.url)),
      );
      expect(made.Status).toBe('FAILED');
      expect(made.StatusReason).toBe(`${kept.url} already exists in stack ${owner.StackId}`);
    },
  },
  {
    says: 'are refused for types that cannot be imported, custom resources among them',
    source: guide('Resource type support for imports and drift detection'),
    differs: { ministack: 'accepts it' },
    test: async (aws) => {
      const custom = {
        Type: 'Custom::Thing',
        Properties: { ServiceToken: `arn:aws:lambda:us-east-1:${aws.members[0]}:function:f` },
        ...KEPT,
      };
      const asked = desk(aws, aws.unique('stack')).make(
        text({ Thing: custom }),
        importing({ ResourceType: 'Custom::Thing', LogicalResourceId: 'Thing', ResourceIdentifier: { Id: 'x' } }),
      );
      expect((await refusal(asked)).name).toBe('ValidationError');
    },
  },
  {
    says: 'that come about by themselves FAILED unless the DeletionPolicy keeps the resource',
    source: guide('Import AWS resources into a CloudFormation stack automatically'),
    test: async (aws) => {
      const named = aws.unique('parameter');
      const { name, id } = await standing(aws, text({ Parameter: parameter(named, 'one', KEPT) }));
      await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
      await aws.until(
        () => describe(aws, id),
        ({ StackStatus }) => StackStatus === 'DELETE_COMPLETE',
      );
      const made = await desk(aws, aws.unique('stack')).made(text({ Parameter: parameter(named) }), {
        ChangeSetType: 'CREATE',
        ImportExistingResources: true,
      });
      expect(made.Status).toBe('FAILED');
      expect(made.StatusReason).toContain("DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate'");
    },
  },
];
