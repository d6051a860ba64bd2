import { GetApplicationCommand } from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { assumption, type Aws, type Sentence } from '../specification.js';
import { CAPABILITIES } from './change-set-fixtures.js';
import { FUNCTION, nesting, PLAIN, published, templateOf } from './fixtures.js';

const TRUST = { Version: '2012-10-17', Statement: [] };
const role = (properties: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: TRUST, ...properties },
});

async function capabilitiesOf(aws: Aws, TemplateBody: string): Promise<readonly string[]> {
  const ApplicationId = await published(aws, { TemplateBody });
  const { Version } = await aws.serverlessRepository().send(new GetApplicationCommand({ ApplicationId }));
  return Version!.RequiredCapabilities!;
}

/** What a version’s RequiredCapabilities are. */
export const capabilities: readonly Sentence[] = [
  {
    says: 'requires CAPABILITY_IAM for IAM resources, those that a function expands to included, and nothing for a template without any',
    source: CAPABILITIES,
    test: async (aws) => {
      expect(await capabilitiesOf(aws, PLAIN)).toEqual([]);
      expect(await capabilitiesOf(aws, templateOf({ Role: role({}) }))).toEqual(['CAPABILITY_IAM']);
      expect(await capabilitiesOf(aws, FUNCTION)).toContain('CAPABILITY_IAM');
    },
  },
  {
    says: 'requires CAPABILITY_NAMED_IAM in its place where one has a name of its own',
    source: CAPABILITIES,
    test: async (aws) => {
      const TemplateBody = templateOf({ Role: role({ RoleName: 'reader' }), Other: role({}) });
      expect(await capabilitiesOf(aws, TemplateBody)).toEqual(['CAPABILITY_NAMED_IAM']);
    },
  },
  {
    says: 'requires CAPABILITY_RESOURCE_POLICY for permissions and policies on Lambda, layers, event buses, scaling, S3, SQS and SNS, and for AWS::IAM::Policy',
    source: CAPABILITIES,
    test: async (aws) => {
      for (const Type of [
        'AWS::Lambda::Permission',
        'AWS::Lambda::LayerVersionPermission',
        'AWS::Events::EventBusPolicy',
        'AWS::ApplicationAutoScaling::ScalingPolicy',
        'AWS::S3::BucketPolicy',
        'AWS::SQS::QueuePolicy',
        'AWS::SNS::TopicPolicy',
      ])
        expect(await capabilitiesOf(aws, templateOf({ Policy: { Type } })), Type).toEqual([
          'CAPABILITY_RESOURCE_POLICY',
        ]);
      expect(await capabilitiesOf(aws, templateOf({ Policy: { Type: 'AWS::IAM::Policy' } }))).toEqual([
        'CAPABILITY_IAM',
        'CAPABILITY_RESOURCE_POLICY',
      ]);
    },
  },
  {
    says: 'requires CAPABILITY_AUTO_EXPAND for nested applications',
    source: CAPABILITIES,
    test: async (aws) => {
      const inner = await published(aws);
      expect(await capabilitiesOf(aws, nesting(inner, '1.0.0'))).toEqual(['CAPABILITY_AUTO_EXPAND']);
    },
  },
  {
    says: 'does not count what nested applications require themselves',
    source: assumption('the Developer Guide speaks of the application’s template only'),
    test: async (aws) => {
      const inner = await published(aws, { TemplateBody: FUNCTION });
      expect(await capabilitiesOf(aws, nesting(inner, '1.0.0'))).toEqual(['CAPABILITY_AUTO_EXPAND']);
    },
  },
];
