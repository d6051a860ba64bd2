import { DescribeStackResourceCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { document, type Sentence } from '../specification.js';
import { CAPABILITIES, create, execute, finished, INPUT, refused } from './change-set-fixtures.js';
import { FUNCTION, nesting, published, share } from './fixtures.js';

/** What must be acknowledged, and who may ask. */
export const acknowledgement: readonly Sentence[] = [
  {
    says: 'answers BadRequestException that names the capabilities which are required and were not given, and makes nothing',
    source: INPUT,
    test: async (aws) => {
      const ApplicationId = await published(aws, { TemplateBody: FUNCTION });
      const StackName = aws.unique('app');
      const text = (names: string) => new RegExp(`^Required capabilities \\[${names}\\] were not provided\\.$`);
      await refused(aws, ApplicationId, { StackName }, text('CAPABILITY_IAM, CAPABILITY_RESOURCE_POLICY'));
      const Capabilities = ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'];
      await refused(aws, ApplicationId, { StackName, Capabilities }, text('CAPABILITY_RESOURCE_POLICY'));
      await expect(
        aws.cloudFormation().send(new DescribeStacksCommand({ StackName: `serverlessrepo-${StackName}` })),
      ).rejects.toMatchObject({ message: `Stack with id serverlessrepo-${StackName} does not exist` });
    },
  },
  {
    says: 'takes CAPABILITY_NAMED_IAM where CAPABILITY_IAM is required, and keeps CAPABILITY_RESOURCE_POLICY from CloudFormation, which does not know it',
    source: INPUT,
    test: async (aws) => {
      const ApplicationId = await published(aws, { TemplateBody: FUNCTION });
      const Capabilities = ['CAPABILITY_NAMED_IAM', 'CAPABILITY_RESOURCE_POLICY'];
      const { ChangeSetId } = await create(aws, ApplicationId, { Capabilities });
      expect(await finished(aws, ChangeSetId!)).toMatchObject({ Capabilities: ['CAPABILITY_NAMED_IAM'] });
    },
  },
  {
    says: 'answers BadRequestException to a capability that is none',
    source: INPUT,
    test: async (aws) =>
      refused(aws, await published(aws), { Capabilities: ['CAPABILITY_EVERYTHING'] }, /CAPABILITY_EVERYTHING/),
  },
  {
    says: 'deploys nested applications as nested stacks, once CAPABILITY_AUTO_EXPAND acknowledges them',
    source: CAPABILITIES,
    test: async (aws) => {
      const inner = await published(aws);
      const ApplicationId = await published(aws, { TemplateBody: nesting(inner, '1.0.0') });
      await refused(aws, ApplicationId, {}, /^Required capabilities \[CAPABILITY_AUTO_EXPAND\] were not provided\.$/);
      const stack = await execute(aws, await create(aws, ApplicationId, { Capabilities: ['CAPABILITY_AUTO_EXPAND'] }));
      expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
      const { StackResourceDetail } = await aws
        .cloudFormation()
        .send(new DescribeStackResourceCommand({ StackName: stack.StackId, LogicalResourceId: 'Inner' }));
      const { Stacks } = await aws
        .cloudFormation()
        .send(new DescribeStacksCommand({ StackName: StackResourceDetail!.PhysicalResourceId }));
      expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE', ParentId: stack.StackId }]);
      expect(Stacks![0]!.Tags).toContainEqual({ Key: 'serverlessrepo:applicationId', Value: inner });
    },
  },
  {
    says: 'is granted by a policy apart from GetApplication, and makes the stack in the account that asks',
    source: document('Serverless Application Repository Developer Guide, Application Policy Examples'),
    test: async (aws) => {
      const ApplicationId = await published(aws);
      const [, account] = aws.members;
      await share(aws, ApplicationId, { Principals: [account], Actions: ['GetApplication'] });
      await expect(create(aws, ApplicationId, {}, account)).rejects.toMatchObject({ name: 'AccessDeniedException' });
      await share(aws, ApplicationId, { Principals: [account], Actions: ['CreateCloudFormationChangeSet'] });
      expect((await create(aws, ApplicationId, {}, account)).StackId).toContain(`:${account}:stack/`);
    },
  },
];
