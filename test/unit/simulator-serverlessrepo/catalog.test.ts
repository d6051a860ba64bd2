import {
  CreateCloudFormationTemplateCommand,
  GetApplicationCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { describe, expect, it } from 'vitest';
import { CATALOG } from '../../../src/simulator/catalog/catalog.js';
import { ALPHA, simulatedAws } from '../simulator-stack-sets/aws.js';

const ROTATION = {
  endpoint: 'https://secretsmanager.us-east-1.amazonaws.com',
  functionName: 'rotate',
};

/** What has no default. */
function requiredBy(name: string): Readonly<Record<string, string>> {
  if (name === 'lambda-edge-logs-aggregator') return { LambdaEdgeName: 'edge' };
  if (!name.startsWith('SecretsManager')) return {};
  return name.endsWith('MultiUser')
    ? { ...ROTATION, masterSecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:root-AbCdEf' }
    : ROTATION;
}

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  'lambda-janitor': ['VersionsToKeep'],
  'amazon-cloudfront-access-logs-queries': ['ResourcePrefix', 'NewKeyPrefix', 'GzKeyPrefix', 'ParquetKeyPrefix'],
  'lambda-edge-logs-aggregator': ['LambdaEdgeName', 'LogLabel', 'Report', 'SubscriptionSchedule'],
  'cloudwatch-logs-janitor': ['LogGroupRetention'],
};

function parametersOf(name: string): readonly string[] {
  if (!name.startsWith('SecretsManager')) return PARAMETERS[name]!;
  return [
    'endpoint',
    'functionName',
    'invokingServicePrincipal',
    'vpcSubnetIds',
    'vpcSecurityGroupIds',
    'kmsKeyArn',
    'excludeCharacters',
    ...(name.endsWith('MultiUser') ? ['masterSecretArn', 'masterSecretKmsKeyArn'] : []),
  ];
}

describe('the catalog', () => {
  const everyVersion = CATALOG.flatMap((standIn) => {
    const { account, region, versions } = standIn.publications['aws']!;
    return versions.map((version) => ({
      name: standIn.name,
      description: standIn.description,
      version,
      id: `arn:aws:serverlessrepo:${region}:${account}:applications/${standIn.name}`,
    }));
  });

  it.each(everyVersion)(
    '$name $version has the parameters of the real one, says that it is a stand-in, and comes up as a stack',
    async ({ name, description, version, id }) => {
      const aws = simulatedAws();
      const asked = { ApplicationId: id, SemanticVersion: version };
      const { Version } = await aws.serverlessRepository().send(new GetApplicationCommand(asked));
      expect(description).toContain('Stand-in');
      expect(Version!.ParameterDefinitions!.map(({ Name }) => Name)).toEqual(parametersOf(name));
      expect(Version!.RequiredCapabilities).toContain('CAPABILITY_RESOURCE_POLICY');
      const { TemplateUrl } = await aws.serverlessRepository().send(new CreateCloudFormationTemplateCommand(asked));
      aws.clock.advance(20);
      const stackId = aws.world.stacks.create({
        accountId: ALPHA,
        region: 'us-east-1',
        name: 'application',
        template: Buffer.from(aws.world.objects.fetch(TemplateUrl!)!).toString('utf8'),
        parameters: requiredBy(name),
        tags: {},
        capabilities: ['CAPABILITY_NAMED_IAM'],
      });
      while (aws.clock.advanceToNext());
      expect(aws.world.stacks.find(ALPHA, 'us-east-1', stackId)).toMatchObject({ status: 'CREATE_COMPLETE' });
    },
  );
});
