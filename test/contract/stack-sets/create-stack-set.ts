import {
  CreateStackCommand,
  DeactivateOrganizationsAccessCommand,
  DeleteStackSetCommand,
  DescribeStacksCommand,
  DescribeStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { desk, refusal } from './desk.js';
import { MANAGED } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';
import { role, topic, withParameter } from './templates.js';

export const createStackSet: Chapter = {
  service: 'CloudFormation',
  operation: 'CreateStackSet',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'answers a StackSetId that is the name, a colon and a unique part',
      source: api('CreateStackSet'),
      test: async (aws) => {
        const sets = desk(aws);
        const id = await sets.create();
        expect(id.startsWith(`${sets.StackSetName}:`)).toBe(true);
        expect(id.slice(sets.StackSetName.length + 1)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      },
    },
    {
      says: 'makes an ACTIVE stack set with self-managed permissions and without managed execution where nothing else is said',
      source: shape('CreateStackSetInput'),
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect(await sets.describe()).toMatchObject({
          Status: 'ACTIVE',
          PermissionModel: 'SELF_MANAGED',
          ManagedExecution: { Active: false },
        });
      },
    },
    {
      says: 'answers NameAlreadyExistsException where an active stack set has the name',
      source: shape('NameAlreadyExistsException'),
      differs: { moto: 'makes another stack set with the same name' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect((await refusal(sets.create({ Description: 'another' }))).name).toBe('NameAlreadyExistsException');
      },
    },
    {
      says: 'gives the StackSetId again to a call that is repeated with its ClientRequestToken',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'makes another stack set with the same name' },
      test: async (aws) => {
        const sets = desk(aws);
        const first = await sets.create({ ClientRequestToken: 'once' });
        expect(await sets.create({ ClientRequestToken: 'once' })).toBe(first);
      },
    },
    {
      says: 'answers CreatedButModifiedException where a repeated ClientRequestToken comes with other content',
      source: shape('CreatedButModifiedException'),
      differs: { moto: 'makes another stack set with the same name' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create({ ClientRequestToken: 'once' });
        const other = sets.create({ ClientRequestToken: 'once', Description: 'another' });
        expect((await refusal(other)).name).toBe('CreatedButModifiedException');
      },
    },
    {
      says: 'takes a name again whose stack set was deleted, under another StackSetId',
      source: assumption('names are unique among active stack sets, as among stacks'),
      test: async (aws) => {
        const sets = desk(aws);
        const first = await sets.create();
        await sets.client.send(new DeleteStackSetCommand({ StackSetName: sets.StackSetName }));
        expect(await sets.create()).not.toBe(first);
      },
    },
    {
      says: 'makes a stack set of one Region: another one does not see it, and can use the name',
      source: guide('StackSets concepts'),
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        const elsewhere = aws.cloudFormation(aws.management, 'eu-west-1');
        const seen = elsewhere.send(new DescribeStackSetCommand({ StackSetName: sets.StackSetName }));
        expect((await refusal(seen)).name).toBe('StackSetNotFoundException');
      },
    },
    {
      says: 'refuses a name that does not begin with a letter',
      source: shape('CreateStackSetInput'),
      test: async (aws) => {
        const sets = desk(aws);
        const call = sets.create({ StackSetName: `1-${sets.StackSetName}` } as object);
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses to do without a template',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        expect((await refusal(desk(aws).create({ TemplateBody: undefined }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a template that is given twice, as text and by URL',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'reads the URL and answers NoSuchBucket' },
      test: async (aws) => {
        const sets = desk(aws);
        const TemplateURL = 'https://bucket.s3.us-east-1.amazonaws.com/template.json';
        const call = sets.create({ TemplateBody: sets.template, TemplateURL });
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'reads a template from S3',
      source: shape('CreateStackSetInput'),
      test: async (aws) => {
        const sets = desk(aws);
        const Bucket = aws.unique('templates');
        await aws.s3(aws.management).send(new CreateBucketCommand({ Bucket }));
        const object = { Bucket, Key: 'template.json', Body: sets.template };
        await aws.s3(aws.management).send(new PutObjectCommand(object));
        await sets.create({ TemplateURL: `https://${Bucket}.s3.us-east-1.amazonaws.com/template.json` });
        expect((await sets.describe()).TemplateBody).toBe(sets.template);
      },
    },
    {
      says: 'takes its template from the stack that StackId names, and leaves that stack out',
      source: guide('Import stacks into CloudFormation StackSets'),
      differs: { moto: 'makes a stack set without a template' },
      test: async (aws) => {
        const client = aws.cloudFormation(aws.management);
        const sets = desk(aws);
        const StackName = aws.unique('stack');
        const { StackId } = await client.send(new CreateStackCommand({ StackName, TemplateBody: topic(StackName) }));
        await aws.until(
          async () => (await client.send(new DescribeStacksCommand({ StackName }))).Stacks![0]!.StackStatus,
          (status) => status === 'CREATE_COMPLETE',
        );
        await sets.create({ StackId });
        expect((await sets.describe()).TemplateBody).toBe(topic(StackName));
        expect(await sets.instances()).toEqual([]);
      },
    },
    {
      says: 'answers InsufficientCapabilitiesException where the template makes a named role that nobody acknowledged',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const TemplateBody = role(aws.unique('role'), { Service: 'lambda.amazonaws.com' });
        const call = desk(aws).create({ TemplateBody, Capabilities: ['CAPABILITY_IAM'] });
        expect((await refusal(call)).name).toBe('InsufficientCapabilitiesException');
      },
    },
    {
      says: 'refuses a parameter that the template does not declare',
      source: assumption('CreateStack refuses it, and the stack set could never be deployed'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const call = desk(aws).create({ Parameters: [{ ParameterKey: 'Nope', ParameterValue: '1' }] });
        expect(await refusal(call)).toMatchObject({
          name: 'ValidationError',
          message: 'Parameters: [Nope] do not exist in the template',
        });
      },
    },
    {
      says: 'refuses to do without the value of a parameter that has no default',
      source: assumption('CreateStack refuses it, and the stack set could never be deployed'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        const call = sets.create({ TemplateBody: withParameter(sets.StackSetName, 'Must', { Type: 'String' }) });
        expect(await refusal(call)).toMatchObject({
          name: 'ValidationError',
          message: 'Parameters: [Must] must have values',
        });
      },
    },
    {
      says: 'takes 50 tags and refuses 51',
      source: shape('Tags'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const tags = (count: number) =>
          Array.from({ length: count }, (_, index) => ({ Key: `key-${index}`, Value: 'value' }));
        await desk(aws).create({ Tags: tags(50) });
        expect((await refusal(desk(aws).create({ Tags: tags(51) }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses AutoDeployment with self-managed permissions',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const call = desk(aws).create({ AutoDeployment: { Enabled: false } });
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses service-managed permissions without AutoDeployment',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const call = desk(aws).create({ PermissionModel: 'SERVICE_MANAGED' });
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses RetainStacksOnAccountRemoval where AutoDeployment is not enabled',
      source: shape('AutoDeployment'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const AutoDeployment = { Enabled: false, RetainStacksOnAccountRemoval: true };
        expect((await refusal(desk(aws).create({ ...MANAGED, AutoDeployment }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses roles of the caller’s own with service-managed permissions',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        expect((await refusal(desk(aws).create({ ...MANAGED, ExecutionRoleName: 'mine' }))).name).toBe(
          'ValidationError',
        );
      },
    },
    {
      says: 'refuses service-managed permissions to an account that is neither the management account nor a delegated administrator',
      source: guide('Create CloudFormation StackSets with service-managed permissions'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const call = desk(aws, aws.members[0]).create(MANAGED);
        expect(await refusal(call)).toMatchObject({
          name: 'ValidationError',
          message: expect.stringContaining('You must be the management account or delegated admin account') as string,
        });
      },
    },
    {
      says: 'refuses service-managed permissions while trusted access is not activated',
      source: guide('Activate trusted access for StackSets with AWS Organizations'),
      differs: { moto: 'has no DeactivateOrganizationsAccess, and asks for no trusted access' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.client.send(new DeactivateOrganizationsAccessCommand({}));
        expect(await refusal(sets.create(MANAGED))).toMatchObject({
          name: 'ValidationError',
          message: 'You must enable organizations access to operate a service managed stack set',
        });
      },
    },
    {
      says: 'refuses a template with a transform under service-managed permissions, whatever capabilities are given',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const TemplateBody = JSON.stringify({
          Transform: 'AWS::Serverless-2016-10-31',
          Resources: { Table: { Type: 'AWS::Serverless::SimpleTable' } },
        });
        const call = desk(aws).create({ ...MANAGED, TemplateBody, Capabilities: ['CAPABILITY_AUTO_EXPAND'] });
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a template with a nested stack under service-managed permissions',
      source: guide('Create CloudFormation StackSets with service-managed permissions'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const TemplateBody = JSON.stringify({
          Resources: {
            Nested: {
              Type: 'AWS::CloudFormation::Stack',
              Properties: { TemplateURL: 'https://bucket.s3.us-east-1.amazonaws.com/template.json' },
            },
          },
        });
        expect((await refusal(desk(aws).create({ ...MANAGED, TemplateBody }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'answers LimitExceededException to an account that has a thousand stack sets',
      source: guide('CloudFormation quotas'),
      alone: 'a thousand stack sets are in the way of everybody who shares an emulator',
      test: async (aws) => {
        const sets = desk(aws);
        for (let index = 0; index < 1000; index += 1)
          await sets.create({ StackSetName: `set-${index}`, TemplateBody: topic('one') } as object);
        expect((await refusal(sets.create())).name).toBe('LimitExceededException');
      },
    },
  ],
};
