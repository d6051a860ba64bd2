import { GetApplicationCommand } from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { assumption, model, type Aws, type Sentence } from '../specification.js';
import { FUNCTION, published, read, templateOf } from './fixtures.js';

const VERSION = model('serverlessrepo 2017-09-08, Version');

const get = (aws: Aws, ApplicationId: string) =>
  aws.serverlessRepository().send(new GetApplicationCommand({ ApplicationId }));

const getVersion = (aws: Aws, ApplicationId: string, SemanticVersion: string) =>
  aws.serverlessRepository().send(new GetApplicationCommand({ ApplicationId, SemanticVersion }));

const latest = async (aws: Aws, ApplicationId: string): Promise<string> =>
  (await get(aws, ApplicationId)).Version!.SemanticVersion!;

/** Which version is described, and how. */
export const version: readonly Sentence[] = [
  {
    says: 'answers the newest version by semantic order where none is asked for, whenever it was published',
    source: assumption('the service model speaks of semver.org alone'),
    test: async (aws) => {
      expect(await latest(aws, await published(aws, { SemanticVersion: '1.10.0', later: ['1.9.0', '1.2.0'] }))).toBe(
        '1.10.0',
      );
    },
  },
  {
    says: 'takes a pre-release for older than its release and newer than every release before it',
    source: assumption('that is the order of semver.org, and nothing says that pre-releases are left out'),
    test: async (aws) => {
      const ApplicationId = await published(aws, { later: ['2.0.0-beta.2', '2.0.0-beta.10'] });
      expect(await latest(aws, ApplicationId)).toBe('2.0.0-beta.10');
      expect(await latest(aws, await published(aws, { SemanticVersion: '2.0.0', later: ['2.0.0-rc.1'] }))).toBe(
        '2.0.0',
      );
    },
  },
  {
    says: 'answers the version that is asked for, and NotFoundException where the application has none such',
    source: model('serverlessrepo 2017-09-08, GetApplication'),
    test: async (aws) => {
      const ApplicationId = await published(aws, { later: ['1.1.0'] });
      expect((await getVersion(aws, ApplicationId, '1.0.0')).Version!.SemanticVersion).toBe('1.0.0');
      await expect(getVersion(aws, ApplicationId, '1.2.0')).rejects.toMatchObject({ name: 'NotFoundException' });
    },
  },
  {
    says: 'describes each parameter with type, default, constraints and NoEcho',
    source: model('serverlessrepo 2017-09-08, ParameterDefinition'),
    test: async (aws) => {
      const TemplateBody = templateOf(
        { Topic: { Type: 'AWS::SNS::Topic' } },
        {
          Size: { Type: 'Number', Default: 3, MinValue: 1, MaxValue: 9, Description: 'How many.' },
          Secret: {
            Type: 'String',
            NoEcho: true,
            MinLength: 2,
            MaxLength: 8,
            AllowedPattern: '[a-z]+',
            ConstraintDescription: 'small letters',
          },
          Mode: { Type: 'String', AllowedValues: ['on', 'off'] },
        },
      );
      const { Version } = await get(aws, await published(aws, { TemplateBody }));
      expect(Version!.ParameterDefinitions).toMatchObject([
        { Name: 'Size', Type: 'Number', DefaultValue: '3', MinValue: 1, MaxValue: 9, Description: 'How many.' },
        {
          Name: 'Secret',
          NoEcho: true,
          MinLength: 2,
          MaxLength: 8,
          AllowedPattern: '[a-z]+',
          ConstraintDescription: 'small letters',
        },
        { Name: 'Mode', AllowedValues: ['on', 'off'], NoEcho: false },
      ]);
      expect(Version!.ParameterDefinitions![2]!.DefaultValue).toBeUndefined();
    },
  },
  {
    says: 'names the AWS SAM resources that use a parameter, not what they expand to',
    source: model('serverlessrepo 2017-09-08, ParameterDefinition'),
    test: async (aws) => {
      const functionOf = (Timeout: object, Name: object) => ({
        Type: 'AWS::Serverless::Function',
        Properties: { Handler: 'h', Runtime: 'nodejs22.x', CodeUri: '.', Timeout, RolePath: Name },
      });
      const TemplateBody = templateOf(
        {
          First: functionOf({ Ref: 'Seconds' }, { 'Fn::Sub': '/${Path}/' }),
          Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Path' } } },
        },
        { Seconds: { Type: 'Number' }, Path: { Type: 'String' }, Unused: { Type: 'String' } },
      );
      const { Version } = await get(aws, await published(aws, { TemplateBody }));
      expect(
        Version!.ParameterDefinitions!.map(({ Name, ReferencedByResources }) => [Name, ReferencedByResources]),
      ).toEqual([
        ['Seconds', ['First']],
        ['Path', ['First', 'Topic']],
        ['Unused', []],
      ]);
    },
  },
  {
    says: 'links to the template as it was packaged, not transformed',
    source: VERSION,
    test: async (aws) => {
      const { Version } = await get(aws, await published(aws, { TemplateBody: FUNCTION }));
      expect(await read(aws, Version!.TemplateUrl!)).toBe(FUNCTION);
    },
  },
];
