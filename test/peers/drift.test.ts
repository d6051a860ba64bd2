import { readFileSync } from 'node:fs';
import { DetectStackSetDriftCommand, GetTemplateCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResourceDrifts, StackPlace } from '../../src/reconciler/ports.js';
import { createPeerAws } from '../contract/peer-aws.js';
import { createSimulatedAws } from '../contract/simulated-aws.js';
import { desk } from '../contract/stack-sets/desk.js';
import { trust } from '../contract/stack-sets/organization.js';
import { twoTopics } from '../contract/stack-sets/templates.js';
import { CORPUS_FOLDER, corpusTitle, hasCorpus } from '../support/corpus.js';
import { ministackWorld, simulatedWorld, type DriftWorld } from './drift-world.js';

/**
 * Real templates, changed through the services' own APIs on an AWS that somebody else wrote, and what Evenkeel's probe makes of
 * CloudFormation's drift detection there. The same scenario on the simulator has to give the same findings.
 */
const MINISTACK = process.env['EVENKEEL_MINISTACK'];
const MOTO = process.env['EVENKEEL_MOTO'];
/** Nobody else's in either world. */
const ACCOUNT = '666666666666';

const QUEUE = 'PreProcessorConstructPreProcessorQueue8068A6BD';
const DEAD_LETTERS = 'PreProcessorConstructPreProcessorDLQC3A75225';
const PARAMETER = 'ApplicationIdParam';
const FUNCTION = 'testeventbridgelambdaLambdaFunction475423FD';
const ROLE = 'testeventbridgelambdaLambdaFunctionServiceRole6D02CEEE';
const ROLE_POLICY = 'LambdaFunctionServiceRolePolicy';
const BOOTSTRAP = '/cdk-bootstrap/hnb659fds/version';

const read = (path: string): string => readFileSync(`${CORPUS_FOLDER}/${path}`, 'utf8');

/** Resources of a template that is too large to be sent whole, as they stand there. */
function partOf(path: string, logicalIds: readonly string[]): string {
  const { Resources } = JSON.parse(read(path)) as { readonly Resources: Readonly<Record<string, unknown>> };
  return JSON.stringify({ Resources: Object.fromEntries(logicalIds.map((id) => [id, Resources[id]])) });
}

type Stacks = { readonly queues: StackPlace; readonly parameters: StackPlace; readonly functions: StackPlace };
type Findings = Readonly<Record<keyof Stacks, ResourceDrifts>>;

async function deployed(world: DriftWorld): Promise<Stacks> {
  await world.prepare(BOOTSTRAP);
  const solution = 'automated-security-response-on-aws/admin.template.json';
  return {
    queues: await world.deploy('queues', partOf(solution, [QUEUE, DEAD_LETTERS, 'SHARRkeyE6BD0F56'])),
    parameters: await world.deploy(
      'parameters',
      read('cfct/example-configuration/templates/create-ssm-parameter-keys-1.template'),
    ),
    functions: await world.deploy(
      'functions',
      read('construct-aws-eventbridge-lambda/evtlam-eventbridge-no-argument.template.json'),
    ),
  };
}

async function detected(world: DriftWorld, { queues, parameters, functions }: Stacks): Promise<Findings> {
  return {
    queues: await world.detect(queues),
    parameters: await world.detect(parameters),
    functions: await world.detect(functions),
  };
}

async function tampered({ deeds }: DriftWorld): Promise<void> {
  await deeds.queue('queues', QUEUE, { visibilityTimeout: 60, maxReceiveCount: 3 });
  await deeds.parameter('parameters', PARAMETER, 'APP99999');
  const variables = { AWS_NODEJS_CONNECTION_REUSE_ENABLED: '0' };
  await deeds.function('functions', FUNCTION, { tracing: 'PassThrough', variables });
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
  const document = { Version: '2012-10-17', Statement: [everything] };
  await deeds.inlinePolicy('functions', ROLE, { name: ROLE_POLICY, document });
}

/** What is changed where: `subject path: expected → actual`. */
const told = ({ sightings }: ResourceDrifts): readonly string[] =>
  sightings.flatMap(({ subject, kind, differences }) =>
    differences.length === 0
      ? [`${subject} ${kind}`]
      : differences.map(({ path, expected, actual }) => `${subject} ${path}: ${String(expected)} → ${String(actual)}`),
  );

/** What every one of them has to find. */
const FOUND = {
  queues: [`${QUEUE} /RedrivePolicy/maxReceiveCount: 10 → 3`, `${QUEUE} /VisibilityTimeout: 900 → 60`],
  parameters: [`${PARAMETER} /Value: APP00000 → APP99999`],
  functions: [
    `${FUNCTION} /Environment/Variables/AWS_NODEJS_CONNECTION_REUSE_ENABLED: 1 → 0`,
    `${FUNCTION} /TracingConfig/Mode: Active → PassThrough`,
  ],
};

/**
 * An inline policy of a role that was changed by hand. ministack compares a role's other properties only, and says IN_SYNC. CloudFormation
 * reads `Policies` as it reads the others, so that the simulator is right.
 */
const INLINE_POLICY = [
  `${ROLE} /Policies/0/PolicyDocument/Statement/0/Action: ["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"] → *`,
  `${ROLE} /Policies/0/PolicyDocument/Statement/0/Resource: arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/lambda/* → *`,
];

/** Types that CloudFormation compares and ministack does not look at. */
const NOT_COMPARED_THERE = ['AWS::IAM::Policy', 'AWS::KMS::Key', 'AWS::Lambda::Permission'];

describe.skipIf(!hasCorpus)(corpusTitle('resources that were changed by hand'), () => {
  let here: DriftWorld;
  let there: DriftWorld | null = null;
  beforeAll(() => {
    here = simulatedWorld(ACCOUNT);
    if (MINISTACK !== undefined) there = ministackWorld(MINISTACK, ACCOUNT);
  });
  afterAll(async () => {
    await here.close();
    await there?.close();
  });

  /** Deploys, finds nothing, changes, and finds. */
  const story = async (world: DriftWorld): Promise<Findings> => {
    const stacks = await deployed(world);
    expect(Object.values(await detected(world, stacks)).flatMap(told)).toEqual([]);
    await tampered(world);
    return detected(world, stacks);
  };

  test('are found on the simulator, each with its properties, the inline policy too', async () => {
    const found = await story(here);
    expect({
      queues: told(found.queues),
      parameters: told(found.parameters),
      functions: told(found.functions),
    }).toEqual({ ...FOUND, functions: [...FOUND.functions, ...INLINE_POLICY] });
  });

  test.skipIf(MINISTACK === undefined)('are found on ministack alike, all but the inline policy', async () => {
    const found = await story(there!);
    expect({
      queues: told(found.queues),
      parameters: told(found.parameters),
      functions: told(found.functions),
    }).toEqual(FOUND);
    const checked = Object.values(found).flatMap((drifts) => drifts.checked);
    expect(checked).toContain('AWS::IAM::Role');
    for (const type of NOT_COMPARED_THERE) expect(checked).not.toContain(type);
  });
});

/** Whoever has stack sets. moto has no drift detection, ministack no stack sets. */
describe.each(['simulator', 'moto'] as const)('on the %s, a direct update of the stack of an instance', (name) => {
  test.skipIf(name === 'moto' && MOTO === undefined)('shows in its template and its parameters', async () => {
    const aws = name === 'moto' ? await createPeerAws('moto', MOTO!) : createSimulatedAws();
    const [member] = aws.members;
    await trust(aws, [member]);
    const sets = desk(aws);
    await sets.create();
    await sets.deploy({ Accounts: [member] });
    const { TemplateBody: ofTheSet } = await sets.describe();
    const stack = async (): Promise<{ readonly template: string; readonly parameters: unknown }> => {
      const { StackName, Parameters = [] } = await sets.stack(member);
      const { TemplateBody } = await aws.cloudFormation(member).send(new GetTemplateCommand({ StackName }));
      const values = Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]);
      return { template: TemplateBody!, parameters: Object.fromEntries(values) };
    };
    const before = await stack();
    expect(before).toEqual({ template: ofTheSet, parameters: { Team: 'platform', Level: 'low' } });

    await aws.cloudFormation(member).send(
      new UpdateStackCommand({
        StackName: (await sets.stack(member)).StackName,
        TemplateBody: twoTopics(sets.StackSetName),
        Parameters: [
          { ParameterKey: 'Team', ParameterValue: 'platform' },
          { ParameterKey: 'Level', ParameterValue: 'high' },
        ],
      }),
    );
    await aws.until(
      async () => (await sets.stack(member)).StackStatus,
      (status) => status === 'UPDATE_COMPLETE',
    );
    expect(await stack()).toEqual({
      template: twoTopics(sets.StackSetName),
      parameters: { Team: 'platform', Level: 'high' },
    });
    expect((await sets.describe()).TemplateBody).toBe(ofTheSet);
    if (name === 'simulator') {
      const { OperationId } = await sets.client.send(
        new DetectStackSetDriftCommand({ StackSetName: sets.StackSetName }),
      );
      const { StackSetDriftDetectionDetails } = await sets.settled(OperationId!);
      expect(StackSetDriftDetectionDetails).toMatchObject({ DriftStatus: 'IN_SYNC', InSyncStackInstancesCount: 1 });
    }
    await aws.close();
  });
});
