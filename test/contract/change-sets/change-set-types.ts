import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Sentence } from '../specification.js';
import { desk, describe, failing, queue, refusal, settled, standing, text, topic } from './fixtures.js';
import { FAILURE, guide, recorded, shape, TIME } from './sources.js';

/** Which stacks a change set of which type may be made for, and what becomes of them. */
export const changeSetTypes: readonly Sentence[] = [
  {
    says: 'of type CREATE makes a stack that is REVIEW_IN_PROGRESS and has no resources',
    source: shape('CreateChangeSetInput'),
    test: async (aws) => {
      const name = aws.unique('stack');
      await desk(aws, name).made(text({ Queue: queue(aws.unique('queue')) }), { ChangeSetType: 'CREATE' });
      expect((await describe(aws, name)).StackStatus).toBe('REVIEW_IN_PROGRESS');
      const { StackResources = [] } = await aws
        .cloudFormation()
        .send(new DescribeStackResourcesCommand({ StackName: name }));
      expect(StackResources).toEqual([]);
    },
  },
  {
    says: 'of type CREATE gives a stack in review, as the reason of its state, `User Initiated`',
    source: recorded('test_name_conflicts'),
    differs: { moto: 'gives none', ministack: 'gives none' },
    test: async (aws) => {
      const name = aws.unique('stack');
      await desk(aws, name).made(text({ Queue: queue(aws.unique('queue')) }), { ChangeSetType: 'CREATE' });
      expect((await describe(aws, name)).StackStatusReason).toBe('User Initiated');
    },
  },
  {
    says: 'of type CREATE adds further change sets to a stack that is in review',
    source: recorded('test_multiple_create_changeset'),
    differs: { moto: 'makes another stack of the same name', ministack: 'makes another stack of the same name' },
    test: async (aws) => {
      const name = aws.unique('stack');
      const { made } = desk(aws, name);
      const body = text({ Queue: queue(aws.unique('queue')) });
      const first = await made(body, { ChangeSetType: 'CREATE' });
      const second = await made(body, { ChangeSetType: 'CREATE', ChangeSetName: 'other' });
      expect(second.StackId).toBe(first.StackId);
      expect(second).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
    },
  },
  {
    says: 'of type CREATE is refused with a ValidationError where the stack stands already',
    source: recorded('test_name_conflicts'),
    differs: { moto: 'accepts it', ministack: 'answers AlreadyExistsException, as CreateStack does' },
    test: async (aws) => {
      const body = text({ Queue: queue(aws.unique('queue')) });
      const { name } = await standing(aws, body);
      expect(await refusal(desk(aws, name).make(body, { ChangeSetType: 'CREATE' }))).toEqual({
        name: 'ValidationError',
        message: `Stack [${name}] already exists and cannot be created again with the changeSet [plan].`,
      });
    },
  },
  {
    says: 'of type CREATE leaves no stack behind where the request is refused',
    source: assumption('what is refused at once has no effect'),
    differs: { moto: 'accepts a template without resources', ministack: 'accepts a template without resources' },
    test: async (aws) => {
      const name = aws.unique('stack');
      await refusal(desk(aws, name).make('{"Resources": {}}', { ChangeSetType: 'CREATE' }));
      expect((await refusal(describe(aws, name))).message).toContain('does not exist');
    },
  },
  {
    says: 'is of type UPDATE where no type is given, and refused where there is no such stack',
    source: shape('CreateChangeSetInput'),
    differs: { moto: 'takes the type for CREATE' },
    test: async (aws) => {
      const StackName = aws.unique('stack');
      const TemplateBody = text({ Queue: queue(aws.unique('queue')) });
      const asked = aws
        .cloudFormation()
        .send(new CreateChangeSetCommand({ StackName, ChangeSetName: 'plan', TemplateBody }));
      expect(await refusal(asked)).toEqual({
        name: 'ValidationError',
        message: `Stack [${StackName}] does not exist`,
      });
    },
  },
  {
    says: 'of type UPDATE is refused for a stack that is only in review',
    source: shape('CreateChangeSetInput'),
    differs: { moto: 'answers HTTP status 500', ministack: 'accepts it' },
    test: async (aws) => {
      const name = aws.unique('stack');
      const { made, make } = desk(aws, name);
      const body = text({ Queue: queue(aws.unique('queue')) });
      await made(body, { ChangeSetType: 'CREATE' });
      const refused = await refusal(make(body, { ChangeSetName: 'other' }));
      expect(refused.name).toBe('ValidationError');
      expect(refused.message).toContain('is in REVIEW_IN_PROGRESS state and can not be updated');
    },
  },
  {
    says: 'is refused while an operation runs on the stack',
    source: guide('Stack status codes'),
    alone: TIME,
    test: async (aws) => {
      const StackName = aws.unique('stack');
      const TemplateBody = text({ Queue: queue(aws.unique('queue')) });
      await aws.cloudFormation().send(new CreateStackCommand({ StackName, TemplateBody }));
      const refused = await refusal(desk(aws, StackName).make(text({ Queue: queue(aws.unique('queue')) })));
      expect(refused.name).toBe('ValidationError');
      expect(refused.message).toContain('is in CREATE_IN_PROGRESS state and can not be updated');
    },
  },
  {
    says: 'is refused, whatever its type, for a stack whose creation was rolled back: such a stack can only be deleted',
    source: guide('Stack status codes'),
    alone: FAILURE,
    test: async (aws) => {
      const { name } = await standing(aws, text({ Topic: topic('a', {}, failing('create')) }));
      expect((await describe(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
      const { make } = desk(aws, name);
      const body = text({ Topic: topic('a') });
      expect((await refusal(make(body))).message).toContain('ROLLBACK_COMPLETE state and can not be updated');
      expect((await refusal(make(body, { ChangeSetType: 'CREATE' }))).message).toContain('already exists');
    },
  },
  {
    says: 'takes the stack by its id',
    source: shape('CreateChangeSetInput'),
    differs: { moto: 'finds stacks by name only here' },
    test: async (aws) => {
      const { id } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
      const made = await desk(aws, id).made(text({ Queue: queue(aws.unique('queue')) }));
      expect(made.StackId).toBe(id);
    },
  },
  {
    says: 'leaves the name to CreateStack, which takes over a stack in review under its StackId and makes the change set OBSOLETE',
    source: recorded('test_create_while_in_review'),
    differs: { moto: 'answers AlreadyExistsException', ministack: 'answers AlreadyExistsException' },
    test: async (aws) => {
      const StackName = aws.unique('stack');
      const TemplateBody = text({ Queue: queue(aws.unique('queue')) });
      const { made, show } = desk(aws, StackName);
      const { StackId, ChangeSetId } = await made(TemplateBody, { ChangeSetType: 'CREATE' });
      const created = await aws.cloudFormation().send(new CreateStackCommand({ StackName, TemplateBody }));
      expect(created.StackId).toBe(StackId);
      expect((await settled(aws, StackName)).StackStatus).toBe('CREATE_COMPLETE');
      expect((await show(ChangeSetId)).ExecutionStatus).toBe('OBSOLETE');
    },
  },
  {
    says: 'shows the stack no ChangeSetId until it is executed',
    source: recorded('test_name_conflicts'),
    differs: { moto: 'shows none after the execution either', ministack: 'shows none after the execution either' },
    test: async (aws) => {
      const name = aws.unique('stack');
      const { made, execute } = desk(aws, name);
      const { ChangeSetId } = await made(text({ Queue: queue(aws.unique('queue')) }), { ChangeSetType: 'CREATE' });
      expect((await describe(aws, name)).ChangeSetId).toBeUndefined();
      await execute();
      expect((await settled(aws, name)).ChangeSetId).toBe(ChangeSetId);
    },
  },
];
