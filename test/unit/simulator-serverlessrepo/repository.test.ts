import {
  CreateApplicationCommand,
  CreateCloudFormationTemplateCommand,
  GetApplicationCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { describe, expect, it } from 'vitest';
import { parseTemplateText } from '../../../src/simulator/templates/document.js';
import { ALPHA, BETA, refusal, simulatedAws, type SimulatedAws } from '../simulator-stack-sets/aws.js';

const JANITOR = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';
const ROTATION = 'arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSMySQLRotationSingleUser';

type Code = { readonly S3Bucket?: string; readonly S3Key?: string };

async function served(aws: SimulatedAws, account: string, region: string) {
  const { TemplateUrl } = await aws
    .serverlessRepository(account, region)
    .send(new CreateCloudFormationTemplateCommand({ ApplicationId: JANITOR, SemanticVersion: '1.7.0' }));
  aws.clock.advance(20);
  const text = Buffer.from(aws.world.objects.fetch(TemplateUrl!)!).toString('utf8');
  const { Resources } = parseTemplateText(text) as { Resources: Record<string, { Properties?: { Code?: Code } }> };
  const code = Object.values(Resources).flatMap(({ Properties }) => Properties?.Code ?? [])[0]!;
  const bytes = Buffer.from(aws.world.objects.get(code.S3Bucket!, code.S3Key!)!).toString('hex');
  return { url: TemplateUrl!, bytes };
}

describe('the serverless application repository', () => {
  it('lays a template in a bucket of its own, in a folder of the account that asks', async () => {
    const { url } = await served(simulatedAws(), ALPHA, 'us-east-1');
    expect(url).toMatch(
      new RegExp(
        `^https://awsserverlessrepo-changesets-[a-z0-9]{13}\\.s3\\.us-east-1\\.amazonaws\\.com/${ALPHA}/.+/transformed-template\\.yaml$`,
      ),
    );
  });

  it('gives the same code to each call, account and Region', async () => {
    const aws = simulatedAws();
    const seen = [
      await served(aws, ALPHA, 'us-east-1'),
      await served(aws, ALPHA, 'us-east-1'),
      await served(aws, BETA, 'us-east-1'),
      await served(aws, ALPHA, 'eu-west-1'),
    ];
    expect(new Set(seen.map(({ url }) => new URL(url).hostname)).size).toBe(4);
    expect(new Set(seen.map(({ bytes }) => bytes)).size).toBe(1);
  });

  it('says by name what the simulator cannot expand', async () => {
    const TemplateBody = JSON.stringify({ Resources: { Graph: { Type: 'AWS::Serverless::GraphQLApi' } } });
    const told = { Author: 'us', Description: 'ours', Name: 'ours', SemanticVersion: '1.0.0' };
    const refused = await refusal(
      simulatedAws()
        .serverlessRepository()
        .send(new CreateApplicationCommand({ ...told, TemplateBody })),
    );
    expect(refused.name).toBe('BadRequestException');
    expect(refused.message).toContain('AWS::Serverless::GraphQLApi');
  });

  it('has other accounts and versions in other partitions', async () => {
    const aws = simulatedAws({ partition: 'aws-us-gov' });
    const client = aws.serverlessRepository(ALPHA, 'us-gov-east-1');
    const ApplicationId = ROTATION.replace('aws:', 'aws-us-gov:').replace(
      'us-east-1:297356227824',
      'us-gov-west-1:023102451235',
    );
    expect((await client.send(new GetApplicationCommand({ ApplicationId }))).Version!.SemanticVersion).toBe('1.1.397');
    expect((await refusal(client.send(new GetApplicationCommand({ ApplicationId: ROTATION })))).name).toBe(
      'AccessDeniedException',
    );
  });
});
