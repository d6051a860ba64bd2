import {
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import {
  byId,
  describe,
  desk,
  parameter,
  physicalIds,
  queue,
  refusal,
  settled,
  standing,
  text,
  topic,
} from './fixtures.js';
import { nested, stored } from './nested-fixtures.js';
import { api, guide, shape } from './sources.js';

const PAGE = 'Change sets for nested stacks';
const ALL = { IncludeNestedStacks: true } as const;

const show = (aws: Aws, ChangeSetName = '') =>
  aws.cloudFormation().send(new DescribeChangeSetCommand({ ChangeSetName }));

/** A stack with a nested one whose template at the same URL has one queue more since. */
async function grown(aws: Aws) {
  const one = queue(aws.unique('queue'));
  const template = await stored(aws, { One: one });
  const body = text({ Child: nested(template.url) });
  const { name } = await standing(aws, body);
  const { Child: childId } = await physicalIds(aws, name);
  await template.write({ One: one, Two: queue(aws.unique('queue')) });
  const root = await desk(aws, name).made(body, ALL);
  return { name, childId: childId!, root, childChangeSet: byId(root)['Child']?.ChangeSetId };
}

export const nestedChangeSets: Chapter = {
  service: 'CloudFormation',
  operation: 'Change sets for nested stacks',
  lacks: {
    moto: 'makes a change set of the one stack, whatever IncludeNestedStacks says',
    ministack: 'makes a change set of the one stack, whatever IncludeNestedStacks says',
  },
  sentences: [
    {
      says: 'are made by IncludeNestedStacks, and named by the ChangeSetId of the nested stack’s change',
      source: guide(PAGE),
      test: async (aws) => {
        const { root, childId, childChangeSet } = await grown(aws);
        expect(root).toMatchObject({ Status: 'CREATE_COMPLETE', IncludeNestedStacks: true });
        const child = await show(aws, childChangeSet);
        expect(child).toMatchObject({ StackId: childId, Status: 'CREATE_COMPLETE' });
        expect(byId(child)['Two']).toMatchObject({ Action: 'Add' });
      },
    },
    {
      says: 'know the change set that they were made for, and the root of all',
      source: shape('DescribeChangeSetOutput'),
      test: async (aws) => {
        const { root, childChangeSet } = await grown(aws);
        expect(await show(aws, childChangeSet)).toMatchObject({
          ParentChangeSetId: root.ChangeSetId,
          RootChangeSetId: root.ChangeSetId,
        });
        expect(root.ParentChangeSetId).toBeUndefined();
      },
    },
    {
      says: 'are carried out with the root’s',
      source: guide(PAGE),
      test: async (aws) => {
        const { name, root, childId, childChangeSet } = await grown(aws);
        await aws.cloudFormation().send(new ExecuteChangeSetCommand({ ChangeSetName: root.ChangeSetId! }));
        expect((await settled(aws, name)).StackStatus).toBe('UPDATE_COMPLETE');
        expect(Object.keys(await physicalIds(aws, childId)).sort()).toEqual(['One', 'Two']);
        expect((await show(aws, childChangeSet)).ExecutionStatus).toBe('EXECUTE_COMPLETE');
      },
    },
    {
      says: 'cannot be executed by themselves',
      source: guide(PAGE),
      test: async (aws) => {
        const { childId, childChangeSet } = await grown(aws);
        const asked = aws.cloudFormation().send(new ExecuteChangeSetCommand({ ChangeSetName: childChangeSet! }));
        expect((await refusal(asked)).name).toBe('ValidationError');
        expect((await describe(aws, childId)).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'cannot be deleted by themselves',
      source: guide(PAGE),
      test: async (aws) => {
        const { childChangeSet } = await grown(aws);
        const asked = aws.cloudFormation().send(new DeleteChangeSetCommand({ ChangeSetName: childChangeSet! }));
        expect((await refusal(asked)).name).toBe('ValidationError');
        expect((await show(aws, childChangeSet)).Status).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'go with the root’s when that is deleted, and so do nested stacks that stood only in review',
      source: api('DeleteChangeSet'),
      test: async (aws) => {
        const template = await stored(aws, { Queue: queue(aws.unique('queue')) });
        const one = queue(aws.unique('queue'));
        const { name } = await standing(aws, text({ One: one }));
        const { Child } = byId(await desk(aws, name).made(text({ One: one, Child: nested(template.url) }), ALL));
        const child = await show(aws, Child?.ChangeSetId);
        expect((await describe(aws, child.StackId!)).StackStatus).toBe('REVIEW_IN_PROGRESS');
        await aws.cloudFormation().send(new DeleteChangeSetCommand({ StackName: name, ChangeSetName: 'plan' }));
        await aws.until(
          () => refusal(show(aws, Child?.ChangeSetId)),
          (refused) => refused.name === 'ChangeSetNotFoundException',
        );
        await aws.until(
          () => describe(aws, child.StackId!),
          ({ StackStatus }) => StackStatus === 'DELETE_COMPLETE',
        );
      },
    },
    {
      says: 'create a nested stack under the id that it had in review',
      source: guide(PAGE),
      test: async (aws) => {
        const template = await stored(aws, { Queue: queue(aws.unique('queue')) });
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        const { Child } = byId(await made(text({ Child: nested(template.url) }), { ...ALL, ChangeSetType: 'CREATE' }));
        const { StackId } = await show(aws, Child?.ChangeSetId);
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('CREATE_COMPLETE');
        expect((await physicalIds(aws, name))['Child']).toBe(StackId);
        expect((await describe(aws, StackId!)).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'FAILED all together, as changing nothing, where nothing changes in any of the stacks',
      source: assumption('otherwise no hierarchy could ever be found up to date'),
      test: async (aws) => {
        const template = await stored(aws, { Queue: queue(aws.unique('queue')) });
        const body = text({ Child: nested(template.url) });
        const { name } = await standing(aws, body);
        const made = await desk(aws, name).made(body, ALL);
        expect(made.Status).toBe('FAILED');
        expect(made.StatusReason).toContain("didn't contain changes");
      },
    },
    {
      says: 'FAILED together with the root’s where one of them cannot be worked out',
      source: assumption('the words are those that AWS’s users quote'),
      test: async (aws) => {
        const one = queue(aws.unique('queue'));
        const template = await stored(aws, { One: one });
        const body = text({ Child: nested(template.url) });
        const { name } = await standing(aws, body);
        await template.write({ One: one }, { Parameters: { Missing: { Type: 'String' } } });
        const made = await desk(aws, name).made(body, ALL);
        expect(made.Status).toBe('FAILED');
        expect(made.StatusReason).toMatch(
          /^Nested change set arn:.* was not successfully created: Currently in FAILED\.$/,
        );
      },
    },
    {
      says: 'show Action Dynamic for a resource whose condition reads a value that only the execution will know',
      source: shape('ChangeAction'),
      test: async (aws) => {
        const template = await stored(
          aws,
          {
            Always: queue(aws.unique('queue')),
            Perhaps: parameter(aws.unique('parameter'), 'x', { Condition: 'Given' }),
          },
          {
            Parameters: { Arn: { Type: 'String' } },
            Conditions: { Given: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Arn' }, ''] }] } },
          },
        );
        const name = aws.unique('stack');
        const body = text({
          Topic: topic(aws.unique('topic')),
          Child: nested(template.url, { Arn: { Ref: 'Topic' } }),
        });
        const { Child } = byId(await desk(aws, name).made(body, { ...ALL, ChangeSetType: 'CREATE' }));
        expect(byId(await show(aws, Child?.ChangeSetId))['Perhaps']?.Action).toBe('Dynamic');
      },
    },
    {
      says: 'are not made without IncludeNestedStacks: the nested stack’s change then has no ChangeSetId',
      source: shape('CreateChangeSetInput'),
      test: async (aws) => {
        const template = await stored(aws, { Queue: queue(aws.unique('queue')) });
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const made = await desk(aws, name).made(text({ Child: nested(template.url) }));
        expect(made.IncludeNestedStacks).toBe(false);
        expect(byId(made)['Child']).toMatchObject({ Action: 'Add' });
        expect(byId(made)['Child']?.ChangeSetId).toBeUndefined();
      },
    },
  ],
};
