import {
  CreateCloudFormationTemplateCommand,
  GetCloudFormationTemplateCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, model, type Sentence } from '../specification.js';
import { create, execute, finished, firstNamed, INPUT, PARAMETERS, refused } from './change-set-fixtures.js';
import { published, served } from './fixtures.js';

/** What the request says, and what of it CloudFormation is told. */
export const request: readonly Sentence[] = [
  {
    says: 'takes the template’s default for a parameter that is not overridden, in an update too',
    source: model('serverlessrepo 2017-09-08, ParameterValue'),
    test: async (aws) => {
      const ApplicationId = await published(aws, { TemplateBody: PARAMETERS });
      const StackName = aws.unique('app');
      const both = [...firstNamed('first'), { Name: 'SecondName', Value: 'another' }];
      const valuesOf = ({ Parameters }: Stack) => Parameters!.map(({ ParameterValue }) => ParameterValue).sort();
      const before = await execute(aws, await create(aws, ApplicationId, { StackName, ParameterOverrides: both }));
      expect(valuesOf(before)).toEqual(['another', 'first']);
      const less = { StackName, ParameterOverrides: firstNamed('first') };
      expect(valuesOf(await execute(aws, await create(aws, ApplicationId, less)))).toEqual(['first', 'second']);
    },
  },
  {
    says: 'answers BadRequestException, in CloudFormation’s words, to parameters that the template does not have, and without one that it needs',
    source: assumption('the service model has no other error for what CloudFormation refuses'),
    test: async (aws) => {
      const ApplicationId = await published(aws, { TemplateBody: PARAMETERS });
      const ParameterOverrides = [...firstNamed('first'), { Name: 'Third', Value: 'x' }];
      await refused(aws, ApplicationId, { ParameterOverrides }, /^Parameters: \[Third\] do not exist in the template$/);
      await refused(aws, ApplicationId, {}, /^Parameters: \[FirstName\] must have values$/);
    },
  },
  {
    says: 'hands ChangeSetName, Description, NotificationArns and Tags to CloudFormation as they are',
    source: INPUT,
    test: async (aws) => {
      const NotificationArns = [`arn:aws:sns:us-east-1:${aws.members[0]}:changes`];
      const asked = { ChangeSetName: 'reviewed', Description: 'For review.', NotificationArns };
      const { ChangeSetId } = await create(aws, await published(aws), asked);
      expect(await finished(aws, ChangeSetId!)).toMatchObject({
        ChangeSetName: 'reviewed',
        Description: 'For review.',
        NotificationARNs: NotificationArns,
      });
    },
  },
  {
    says: 'answers BadRequestException to what CloudFormation refuses of ResourceTypes and NotificationArns',
    source: assumption('both go to CloudFormation as they are, and the service model has no other error'),
    test: async (aws) => {
      const ApplicationId = await published(aws, { TemplateBody: PARAMETERS });
      const asked = { ParameterOverrides: firstNamed('first') };
      await refused(aws, ApplicationId, { ...asked, ResourceTypes: ['AWS::SQS::*'] }, /AWS::SNS::Topic/);
      const both = { ResourceTypes: ['AWS::*'], Capabilities: ['CAPABILITY_IAM'] };
      await refused(aws, ApplicationId, { ...asked, ...both }, /Only one of the Capabilities and ResourceType/);
      await refused(aws, ApplicationId, { ...asked, NotificationArns: ['changes'] }, /changes/);
      await create(aws, ApplicationId, { ...asked, ResourceTypes: ['AWS::SNS::*'] });
    },
  },
  {
    says: 'answers BadRequestException where the stack has a change set of that name, unless the ClientToken is the same, when it answers that one',
    source: INPUT,
    test: async (aws) => {
      const ApplicationId = await published(aws);
      const asked = { StackName: aws.unique('app'), ChangeSetName: 'reviewed', ClientToken: 'first' };
      const { ChangeSetId } = await create(aws, ApplicationId, asked);
      expect((await create(aws, ApplicationId, asked)).ChangeSetId).toBe(ChangeSetId);
      await refused(aws, ApplicationId, { ...asked, ClientToken: 'second' }, /reviewed already exists/);
    },
  },
  {
    says: 'answers BadRequestException to a StackName that is too long once the prefix is before it',
    source: assumption('a stack name has 128 characters at most, and the prefix is part of it'),
    test: async (aws) => {
      const ApplicationId = await published(aws);
      await create(aws, ApplicationId, { StackName: 'a'.repeat(113) });
      await refused(aws, ApplicationId, { StackName: 'a'.repeat(114) }, /stackName/);
    },
  },
  {
    says: 'deploys a template that CreateCloudFormationTemplate has prepared, in the version of that',
    source: INPUT,
    test: async (aws) => {
      const ApplicationId = await published(aws);
      const { TemplateId } = await served(aws, ApplicationId);
      const made = await create(aws, ApplicationId, { TemplateId });
      expect(made.SemanticVersion).toBe('1.0.0');
      expect(await execute(aws, made)).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    },
  },
  {
    says: 'answers BadRequestException to a template that is still PREPARING, has EXPIRED, or is of another version',
    source: assumption('there is nothing to deploy before it is ACTIVE, and nothing left after an hour'),
    test: async (aws) => {
      const ApplicationId = await published(aws, { later: ['1.1.0'] });
      const client = aws.serverlessRepository();
      const asked = new CreateCloudFormationTemplateCommand({ ApplicationId, SemanticVersion: '1.0.0' });
      const TemplateId = (await client.send(asked)).TemplateId!;
      const become = (wanted: string) =>
        aws.until(
          () => client.send(new GetCloudFormationTemplateCommand({ ApplicationId, TemplateId })),
          ({ Status }) => Status === wanted,
        );
      await refused(aws, ApplicationId, { TemplateId }, /PREPARING/);
      await become('ACTIVE');
      await refused(aws, ApplicationId, { TemplateId, SemanticVersion: '1.1.0' }, /1\.0\.0/);
      await become('EXPIRED');
      await refused(aws, ApplicationId, { TemplateId }, /EXPIRED/);
    },
  },
];
