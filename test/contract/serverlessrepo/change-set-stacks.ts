import { DescribeStacksCommand, ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, document, model, type Sentence } from '../specification.js';
import { create, execute, finished, firstNamed, PARAMETERS, refused } from './change-set-fixtures.js';
import { published } from './fixtures.js';

const DETAILS = model('serverlessrepo 2017-09-08, ChangeSetDetails');
const DEPLOYING = document('Serverless Application Repository Developer Guide, How to Deploy Applications');
const UPDATING = document('Serverless Application Repository Developer Guide, Updating Applications');

/** The stack that the change set is for. */
export const stacks: readonly Sentence[] = [
  {
    says: 'makes a change set of CloudFormation for a stack whose name is serverlessrepo- and the StackName, and answers the ids of both',
    source: DETAILS,
    test: async (aws) => {
      const ApplicationId = await published(aws, { later: ['1.2.0'] });
      const made = await create(aws, ApplicationId, { StackName: 'janitor' });
      expect(made).toMatchObject({
        ApplicationId,
        SemanticVersion: '1.2.0',
        StackId: expect.stringMatching(/:stack\/serverlessrepo-janitor\//),
        ChangeSetId: expect.stringMatching(/:changeSet\/[a-zA-Z][-a-zA-Z0-9]*\//),
        $metadata: { httpStatusCode: 201 },
      });
      expect(await finished(aws, made.ChangeSetId!)).toMatchObject({
        ChangeSetId: made.ChangeSetId,
        StackId: made.StackId,
        StackName: 'serverlessrepo-janitor',
        ExecutionStatus: 'AVAILABLE',
        Changes: [{ ResourceChange: { Action: 'Add', LogicalResourceId: 'Topic' } }],
      });
    },
  },
  {
    says: 'leaves a new stack in REVIEW_IN_PROGRESS, and takes another change set for it',
    source: document('CloudFormation API Reference, CreateChangeSet'),
    test: async (aws) => {
      const ApplicationId = await published(aws);
      const StackName = aws.unique('app');
      const first = await create(aws, ApplicationId, { StackName });
      const second = await create(aws, ApplicationId, { StackName });
      expect(second.StackId).toBe(first.StackId);
      expect(second.ChangeSetId).not.toBe(first.ChangeSetId);
      const { Stacks } = await aws
        .cloudFormation()
        .send(new DescribeStacksCommand({ StackName: `serverlessrepo-${StackName}` }));
      expect(Stacks).toMatchObject([{ StackStatus: 'REVIEW_IN_PROGRESS' }]);
      expect(await execute(aws, second)).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    },
  },
  {
    says: 'makes a stack, by CloudFormation’s ExecuteChangeSet, that is tagged with the application and its version, beside the caller’s tags',
    source: DEPLOYING,
    test: async (aws) => {
      const ApplicationId = await published(aws);
      const Tags = [{ Key: 'team', Value: 'security' }];
      const stack = await execute(aws, await create(aws, ApplicationId, { Tags }));
      expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
      expect(Object.fromEntries(stack.Tags!.map(({ Key, Value }) => [Key, Value]))).toEqual({
        team: 'security',
        'serverlessrepo:applicationId': ApplicationId,
        'serverlessrepo:semanticVersion': '1.0.0',
      });
    },
  },
  {
    says: 'updates the stack where there is one of that application name, and moves its version tag',
    source: UPDATING,
    test: async (aws) => {
      const ApplicationId = await published(aws, { TemplateBody: PARAMETERS, later: ['1.1.0'] });
      const StackName = aws.unique('app');
      const asked = { StackName, ParameterOverrides: firstNamed('first') };
      const before = await execute(aws, await create(aws, ApplicationId, { ...asked, SemanticVersion: '1.0.0' }));
      const made = await create(aws, ApplicationId, { ...asked, SemanticVersion: '1.1.0' });
      expect(made.StackId).toBe(before.StackId);
      const after = await execute(aws, made);
      expect(after.StackStatus).toBe('UPDATE_COMPLETE');
      expect(after.Tags).toContainEqual({ Key: 'serverlessrepo:semanticVersion', Value: '1.1.0' });
    },
  },
  {
    says: 'makes another stack where it is given the whole name of one that stands',
    source: UPDATING,
    test: async (aws) => {
      const ApplicationId = await published(aws);
      const StackName = aws.unique('app');
      const { StackId } = await create(aws, ApplicationId, { StackName });
      const again = await create(aws, ApplicationId, { StackName: `serverlessrepo-${StackName}` });
      expect(again.StackId).not.toBe(StackId);
      expect(again.StackId).toContain(`:stack/serverlessrepo-serverlessrepo-${StackName}/`);
    },
  },
  {
    says: 'makes a FAILED change set where nothing would change',
    source: assumption('users report it of the same application deployed again with the same values'),
    test: async (aws) => {
      const ApplicationId = await published(aws);
      const StackName = aws.unique('app');
      await execute(aws, await create(aws, ApplicationId, { StackName }));
      const { ChangeSetId } = await create(aws, ApplicationId, { StackName });
      expect(await finished(aws, ChangeSetId!)).toMatchObject({
        Status: 'FAILED',
        StatusReason: expect.stringContaining("didn't contain changes"),
      });
    },
  },
  {
    says: 'answers BadRequestException while an operation runs on the stack',
    source: assumption('CloudFormation refuses it, and the service model has no other error for that'),
    test: async (aws) => {
      const ApplicationId = await published(aws);
      const StackName = aws.unique('app');
      const { ChangeSetId } = await create(aws, ApplicationId, { StackName });
      await finished(aws, ChangeSetId!);
      await aws.cloudFormation().send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
      await refused(aws, ApplicationId, { StackName }, /CREATE_IN_PROGRESS/);
    },
  },
];
