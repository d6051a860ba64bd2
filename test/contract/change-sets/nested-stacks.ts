import {
  DeleteStackCommand,
  DescribeStackEventsCommand,
  ListStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { detect, tamper } from './drift.js';
import {
  byId,
  describe,
  desk,
  failing,
  physicalIds,
  queue,
  refusal,
  settled,
  standing,
  text,
  topic,
} from './fixtures.js';
import { nested, stored } from './nested-fixtures.js';
import { api, FAILURE, guide, HAND, shape } from './sources.js';

const SPLIT = 'Split a template into reusable pieces using nested stacks';

/** A stack with one nested stack of one queue, and both ids. */
async function family(aws: Aws, resources: Readonly<Record<string, unknown>>, sections = {}) {
  const template = await stored(aws, resources, sections);
  const parent = await standing(aws, text({ Child: nested(template.url) }));
  const { Child: childId } = await physicalIds(aws, parent.name);
  return { ...template, parent, childId: childId! };
}

const reasons = async (aws: Aws, StackName: string): Promise<readonly string[]> => {
  const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.flatMap(({ ResourceStatusReason }) => ResourceStatusReason ?? []);
};

export const nestedStacks: Chapter = {
  service: 'CloudFormation',
  operation: 'Nested stacks',
  sentences: [
    {
      says: 'stand under a name of their parent’s, the logical id and a suffix, and know their parent and their root',
      source: shape('Stack'),
      differs: { moto: 'shows neither parent nor root', ministack: 'shows neither parent nor root' },
      test: async (aws) => {
        const { parent, childId } = await family(aws, { Queue: queue(aws.unique('queue')) });
        const child = await describe(aws, childId);
        expect(child).toMatchObject({ StackStatus: 'CREATE_COMPLETE', ParentId: parent.id, RootId: parent.id });
        expect(child.StackName).toMatch(new RegExp(`^${parent.name}-Child-[A-Z0-9]+$`));
      },
    },
    {
      says: 'know the root of all, however deep they are',
      source: shape('Stack'),
      differs: { moto: 'shows neither parent nor root', ministack: 'shows neither parent nor root' },
      test: async (aws) => {
        const inner = await stored(aws, { Queue: queue(aws.unique('queue')) });
        const { parent, childId } = await family(aws, { Inner: nested(inner.url) });
        const { Inner } = await physicalIds(aws, childId);
        expect(await describe(aws, Inner!)).toMatchObject({ ParentId: childId, RootId: parent.id });
      },
    },
    {
      says: 'are listed by ListStacks with their parent and their root',
      source: shape('StackSummary'),
      differs: { moto: 'shows neither parent nor root', ministack: 'shows neither parent nor root' },
      test: async (aws) => {
        const { parent, childId } = await family(aws, { Queue: queue(aws.unique('queue')) });
        const { StackSummaries = [] } = await aws.cloudFormation().send(new ListStacksCommand({}));
        expect(StackSummaries.find(({ StackId }) => StackId === childId)).toMatchObject({
          ParentId: parent.id,
          RootId: parent.id,
        });
      },
    },
    {
      says: 'give their outputs to the parent’s template',
      source: guide(SPLIT),
      differs: { moto: 'loses the parent’s output' },
      test: async (aws) => {
        const template = await stored(
          aws,
          { Queue: queue(aws.unique('queue')) },
          { Outputs: { Said: { Value: 'by the child' } } },
        );
        const { name } = await standing(
          aws,
          text(
            { Child: nested(template.url) },
            { Outputs: { Heard: { Value: { 'Fn::GetAtt': ['Child', 'Outputs.Said'] } } } },
          ),
        );
        expect((await describe(aws, name)).Outputs).toMatchObject([
          { OutputKey: 'Heard', OutputValue: 'by the child' },
        ]);
      },
    },
    {
      says: 'take parameters from the parent',
      source: guide(SPLIT),
      test: async (aws) => {
        const template = await stored(
          aws,
          { Queue: queue(aws.unique('queue')) },
          { Parameters: { Word: { Type: 'String' } }, Outputs: { Said: { Value: { Ref: 'Word' } } } },
        );
        const { name } = await standing(aws, text({ Child: nested(template.url, { Word: 'given' }) }));
        const { Child } = await physicalIds(aws, name);
        expect((await describe(aws, Child!)).Outputs).toMatchObject([{ OutputValue: 'given' }]);
      },
    },
    {
      says: 'have the tags of their parent',
      source: shape('CreateStackInput'),
      differs: { moto: 'gives them none' },
      test: async (aws) => {
        const template = await stored(aws, { Queue: queue(aws.unique('queue')) });
        const Tags = [{ Key: 'team', Value: 'a' }];
        const { name } = await standing(aws, text({ Child: nested(template.url) }), { Tags });
        const { Child } = await physicalIds(aws, name);
        expect((await describe(aws, Child!)).Tags).toEqual(Tags);
      },
    },
    {
      says: 'are updated through the parent, for whose update another template at the same URL is reason enough',
      source: shape('ResourceChangeDetail'),
      differs: {
        moto: 'updates the parent and leaves the nested stack',
        ministack: 'answers that no updates are to be performed',
      },
      test: async (aws) => {
        const one = queue(aws.unique('queue'));
        const { parent, childId, url, write } = await family(aws, { One: one });
        await write({ One: one, Two: queue(aws.unique('queue')) });
        const client = aws.cloudFormation();
        const TemplateBody = text({ Child: nested(url) });
        await client.send(new UpdateStackCommand({ StackName: parent.name, TemplateBody }));
        expect((await settled(aws, parent.name)).StackStatus).toBe('UPDATE_COMPLETE');
        expect(Object.keys(await physicalIds(aws, childId)).sort()).toEqual(['One', 'Two']);
      },
    },
    {
      says: 'can be updated directly, by their own id',
      source: assumption('AWS advises against it and does not refuse it'),
      test: async (aws) => {
        const one = queue(aws.unique('queue'));
        const { childId } = await family(aws, { One: one });
        const TemplateBody = text({ One: one, Two: queue(aws.unique('queue')) });
        await aws.cloudFormation().send(new UpdateStackCommand({ StackName: childId, TemplateBody }));
        expect((await settled(aws, childId)).StackStatus).toBe('UPDATE_COMPLETE');
      },
    },
    {
      says: 'are deleted with their root',
      source: guide(SPLIT),
      differs: { moto: 'forgets a nested stack when it is deleted' },
      test: async (aws) => {
        const { parent, childId } = await family(aws, { Queue: queue(aws.unique('queue')) });
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: parent.name }));
        await aws.until(
          () => describe(aws, childId),
          ({ StackStatus }) => StackStatus === 'DELETE_COMPLETE',
        );
      },
    },
    {
      says: 'are refused deletion while the root has termination protection',
      source: guide('Protect CloudFormation stacks from being deleted'),
      differs: { moto: 'deletes it', ministack: 'deletes it' },
      test: async (aws) => {
        const template = await stored(aws, { Queue: queue(aws.unique('queue')) });
        const { name } = await standing(aws, text({ Child: nested(template.url) }), {
          EnableTerminationProtection: true,
        });
        const { Child } = await physicalIds(aws, name);
        const refused = await refusal(aws.cloudFormation().send(new DeleteStackCommand({ StackName: Child! })));
        expect(refused.name).toBe('ValidationError');
      },
    },
    {
      says: 'take their parent back with them where they fail, which says why in the words of the child',
      source: guide('Troubleshooting CloudFormation, nested stacks are stuck'),
      alone: FAILURE,
      test: async (aws) => {
        const template = await stored(aws, { Topic: topic(aws.unique('topic'), {}, failing('create')) });
        const { name } = await standing(aws, text({ Child: nested(template.url) }));
        expect((await describe(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
        expect(await reasons(aws, name)).toContainEqual(
          expect.stringMatching(
            /^Embedded stack arn:.* was not successfully created: The following resource\(s\) failed to create: \[Topic\]\.$/,
          ),
        );
      },
    },
    {
      says: 'say, where their update fails, the state in which they go back',
      source: assumption('the words are those that AWS’s users quote'),
      alone: FAILURE,
      test: async (aws) => {
        const named = aws.unique('topic');
        const { parent, childId, url, write } = await family(aws, { Topic: topic(named) });
        await write({ Topic: topic(named, { DisplayName: 'x' }, failing('update')) });
        const TemplateBody = text({ Child: nested(url) });
        await aws.cloudFormation().send(new UpdateStackCommand({ StackName: parent.name, TemplateBody }));
        expect((await settled(aws, parent.name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect((await describe(aws, childId)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(await reasons(aws, parent.name)).toContain(
          `Embedded stack ${childId} was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: ` +
            'The following resource(s) failed to update: [Topic].',
        );
      },
    },
    {
      says: 'go back to the template that they had where a sibling fails, although there is another at the URL by then',
      source: guide('Monitor and roll back stack operations'),
      alone: FAILURE,
      test: async (aws) => {
        const named = aws.unique('topic');
        const template = await stored(aws, { Topic: topic(named, { DisplayName: 'old' }) });
        const sibling = topic(aws.unique('topic'), {}, { DependsOn: 'Child' });
        const { name } = await standing(aws, text({ Child: nested(template.url), Sibling: sibling }));
        const { Child } = await physicalIds(aws, name);
        await template.write({ Topic: topic(named, { DisplayName: 'new' }), More: topic(aws.unique('topic')) });
        const TemplateBody = text({ Child: nested(template.url), Sibling: { ...sibling, ...failing('update') } });
        await aws.cloudFormation().send(new UpdateStackCommand({ StackName: name, TemplateBody }));
        expect((await settled(aws, name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(Object.keys(await physicalIds(aws, Child!))).toEqual(['Topic']);
      },
    },
    {
      says: 'are checked for drift apart from their parent',
      source: api('DetectStackDrift'),
      alone: HAND,
      test: async (aws) => {
        const { parent, childId } = await family(aws, { Topic: topic(aws.unique('topic'), { DisplayName: 'a' }) });
        tamper(aws, childId, 'Topic', { DisplayName: 'b' });
        expect((await detect(aws, parent.name)).StackDriftStatus).toBe('IN_SYNC');
        expect((await detect(aws, childId)).StackDriftStatus).toBe('DRIFTED');
      },
    },
    {
      says: 'appear in every change set of the parent, with ChangeSource Automatic: nothing is known of their templates',
      source: shape('ResourceChangeDetail'),
      differs: {
        moto: 'lists only what the template itself changes',
        ministack: 'lists only what the template itself changes',
      },
      test: async (aws) => {
        const { parent, url } = await family(aws, { Queue: queue(aws.unique('queue')) });
        const { made } = desk(aws, parent.name);
        const body = text({ Child: nested(url), More: queue(aws.unique('queue')) });
        const { Child } = byId(await made(body));
        expect(Child).toMatchObject({
          Action: 'Modify',
          Replacement: 'False',
          Scope: ['Properties'],
          Details: [
            {
              Target: { Attribute: 'Properties', RequiresRecreation: 'Never' },
              Evaluation: 'Dynamic',
              ChangeSource: 'Automatic',
            },
          ],
        });
      },
    },
  ],
};
