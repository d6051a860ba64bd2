import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { EXIT } from '../../src/reconciler/outcome.js';
import { HERE, typed } from '../support/command-line.js';
import { createWorld, smallOrganization } from '../support/world.js';
import type { World } from '../support/world.js';

const FUNCTION = `
      code: { $Code: { inline: "exports.handler = async () => {};" } }
      runtime: { $Runtime: nodejs22.x }
      handler: index.handler`;
const RULE = `
    eventRuleProps: { schedule: { $Schedule: rate(1 hour) } }`;
const MACHINE = `
      definitionBody: { $DefinitionBody: { json: { StartAt: Note, States: { Note: { Type: Pass, End: true } } } } }`;
const PROPS = {
  'aws-eventbridge-lambda': `${RULE}
    lambdaFunctionProps:${FUNCTION}`,
  'aws-eventbridge-stepfunctions': `${RULE}
    stateMachineProps:${MACHINE}`,
  'aws-cloudfront-apigateway-lambda': `
    apiGatewayProps: { defaultMethodOptions: { authorizationType: NONE } }
    lambdaFunctionProps:${FUNCTION}`,
} as const;

let world: World;
afterEach(() => world.close());

const fileOf = (construct: string): string => `constructs/${construct.replace('aws-', '')}.yaml`;

it.each(Object.entries(PROPS))(
  '%s is added, filled in, locked and deployed',
  async (construct, props) => {
    world = await createWorld({ organization: smallOrganization(1), files: {} });
    const added = await typed(world, `add ${construct} --path desired-state`);
    expect([added.code, added.stdout + added.stderr]).toEqual([0, expect.not.stringMatching(/EK40\d\d/)]);
    const written = await readFile(join(world.folder, fileOf(construct)), 'utf8');
    expect(written).toContain('  version: 2.41.0\n');
    const filled = written
      .replace(/^ {2}props:$/m, `  props:${props}\n  acknowledge: [CAPABILITY_IAM]`)
      .replace(/^ {2}targets:.*$/m, '  targets: [{ accounts: [a1], regions: [us-east-1] }]');
    await world.write({ [fileOf(construct)]: filled });
    const { code, stdout, stderr } = await typed(world, `lock ${HERE}`);
    expect([code, code === 0 ? '' : stdout + stderr]).toEqual([0, '']);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  },
  60_000,
);

it.each([
  ['aws-kinesisfirehose-s3', /EK4068.*Evenkeel comes without aws-kinesisfirehose-s3/],
  ['aws-eventbridge-lambda --version 2.103.0', /EK4069.*Evenkeel comes with 2\.41\.0/],
])('%s, which cannot be locked as Evenkeel is installed, is added with a warning that says so', async (line, said) => {
  world = await createWorld({ organization: smallOrganization(1), files: {} });
  const { code, stdout, stderr } = await typed(world, `add ${line} --path desired-state`, { columns: 400 });
  expect(code).toBe(0);
  expect(stdout + stderr).toMatch(said);
  const written = await readFile(join(world.folder, fileOf(line.split(' ')[0]!)), 'utf8');
  expect(written).toContain('  version: 2.103.0\n');
});
