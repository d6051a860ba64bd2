import { readFileSync } from 'node:fs';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../src/model/template.js';
import { SOLUTIONS } from '../../../src/simulator/catalog/solutions.js';
import { createSimulator, type StorySimulator } from '../../../src/simulator/simulator.js';
import { CORPUS_FOLDER, corpusTitle, hasCorpus } from '../../support/corpus.js';

const TOOLING = '100000000004';
const ADDRESS = 'https://solutions-reference.s3.amazonaws.com';

let simulator: StorySimulator | undefined;
afterEach(() => simulator?.close());

const begin = (): StorySimulator => (simulator = createSimulator({ organization: 'demo' }));

/** What each main template does not default; all that is switched on, so that every nested template is read. */
const MAIN: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'automated-security-response-on-aws/latest/automated-security-response-admin.template',
    { AdminUserEmail: 'security@example.com', LoadAFSBPAdminStack: 'yes', LoadNIST80053AdminStack: 'yes' },
  ],
  [
    'automated-security-response-on-aws/v3.1.5/automated-security-response-member.template',
    {
      Namespace: 'demo',
      SecHubAdminAccount: TOOLING,
      LogGroupName: 'trail',
      LoadPCI321MemberStack: 'yes',
      EnableCloudTrailForASRActionLog: 'yes',
      CreateS3BucketForRedshiftAuditLogging: 'yes',
    },
  ],
  [
    'automated-security-response-on-aws/v3.1.5/automated-security-response-member-roles.template',
    { Namespace: 'demo', SecHubAdminAccount: TOOLING },
  ],
  ['centralized-logging-with-opensearch/latest/CentralizedLogging.template', { adminEmail: 'security@example.com' }],
  ['centralized-logging-with-opensearch/v2.4.7/CrossAccount.template', { parentAccountId: TOOLING }],
  [
    'security-automations-for-aws-waf/v4.1.3/aws-waf-security-automations.template',
    { ActivateScannersProbesProtectionParam: 'yes - Amazon Athena log parser', SNSEmailParam: 'security@example.com' },
  ],
];

async function created(key: string, parameters: Readonly<Record<string, string>>) {
  const aws = begin();
  const { world, requestHandler } = aws;
  const credentials = aws.credentials(TOOLING);
  const client = new CloudFormationClient({ region: 'us-east-1', credentials, requestHandler });
  const { StackId } = await client.send(
    new CreateStackCommand({
      StackName: 'solution',
      TemplateURL: `${ADDRESS}/${key}`,
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    }),
  );
  world.clock.advance(7200);
  const { Stacks } = await client.send(new DescribeStacksCommand({}));
  return { own: Stacks!.find((stack) => stack.StackId === StackId)!, all: Stacks! };
}

describe.each(MAIN)('%s', (key, parameters) => {
  it('can be deployed, with all that it nests', async () => {
    const { own, all } = await created(key, parameters);
    expect(all.map(({ StackStatus }) => StackStatus)).not.toContain('ROLLBACK_COMPLETE');
    expect(own).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    expect(own.Description).toContain('Stand-in for');
  });
});

it('a web console without an address is refused, as the real rule refuses it', async () => {
  const refused = created(MAIN[0]![0], { ShouldDeployWebUI: 'yes' });
  await expect(refused).rejects.toThrow('AdminUserEmail is needed');
});

it('every archive lies in each Region, because Lambda reads code from its own only', async () => {
  const aws = begin();
  const credentials = aws.credentials(TOOLING);
  for (const region of ['us-east-1', 'us-west-2', 'eu-central-1'])
    for (const { folder, versions, archives } of SOLUTIONS)
      for (const archive of archives) {
        const place = { Bucket: `solutions-${region}`, Key: `${folder}/${versions.at(-1)!}/${archive}` };
        const client = new S3Client({ region, credentials, requestHandler: aws.requestHandler });
        expect((await client.send(new GetObjectCommand(place))).ContentLength).toBeGreaterThan(21);
      }
});

it('a version that is older is served as well, and one that never was is not', () => {
  const { world } = begin();
  const file = 'automated-security-response-on-aws/{version}/automated-security-response-admin.template';
  const served = (version: string) => world.objects.fetch(`${ADDRESS}/${file.replace('{version}', version)}`);
  expect(served('v3.1.4')).toBeDefined();
  expect(served('v3.1.5')).toEqual(served('latest'));
  expect(served('v9.9.9')).toBeUndefined();
});

it.each([
  ['aws-us-gov', 'https://solutions-reference-us-gov.s3.us-gov-west-1.amazonaws.com'],
  ['aws-cn', 'https://s3.cn-north-1.amazonaws.com.cn/solutions-reference-cn'],
])('%s has buckets of its own, and its templates nest those of its own', (partition, address) => {
  const { world } = (simulator = createSimulator({ organization: 'empty', partition }));
  const key = 'automated-security-response-on-aws/latest/automated-security-response-admin.template';
  expect(new TextDecoder().decode(world.objects.fetch(`${address}/${key}`))).toContain(partition.slice('aws'.length));
  expect(world.objects.fetch(`${ADDRESS}/${key}`)).toBeUndefined();
});

const REAL: readonly (readonly [string, string])[] = [
  [MAIN[0]![0], 'automated-security-response-on-aws/admin.template.json'],
  [MAIN[1]![0], 'automated-security-response-on-aws/member.template.json'],
  [MAIN[2]![0], 'automated-security-response-on-aws/member-roles-global.template.json'],
  [MAIN[5]![0], 'aws-waf-security-automations/aws-waf-security-automations.template'],
];

describe.skipIf(!hasCorpus)(corpusTitle('beside the real templates'), () => {
  it.each(REAL)('%s has the parameters of %s', (key, path) => {
    const stood = parametersOf(new TextDecoder().decode(begin().world.objects.fetch(`${ADDRESS}/${key}`)));
    expect(stood).toEqual(parametersOf(readFileSync(`${CORPUS_FOLDER}/${path}`, 'utf8')));
  });
});

const SHOWN = ['Type', 'Default', 'AllowedValues', 'AllowedPattern', 'MinLength', 'MaxLength', 'MinValue', 'MaxValue'];

/** Every parameter with what constrains it; CloudFormation compares all of it as text. */
function parametersOf(text: string): Readonly<Record<string, unknown>> {
  const parsed = parseTemplate(text);
  if (parsed.type === 'not-a-template') throw new Error(parsed.message);
  const { Parameters } = parsed.document as { Parameters: Record<string, Record<string, unknown>> };
  const said = (value: unknown) => (Array.isArray(value) ? value.map(String) : String(value));
  return Object.fromEntries(
    Object.entries(Parameters).map(([name, parameter]) => [
      name,
      Object.fromEntries(SHOWN.flatMap((key) => (key in parameter ? [[key, said(parameter[key])]] : []))),
    ]),
  );
}
