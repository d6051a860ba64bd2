import { afterEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/reconciler/outcome.js';
import { HERE, PLAN, typed } from '../support/command-line.js';
import { accountId, createWorld, smallOrganization } from '../support/world.js';
import type { World } from '../support/world.js';

const TARGETS = 'targets: [{ accounts: [a1, a2], regions: [us-east-1] }]';
const CONSTRUCT = `apiVersion: evenkeel/v1
kind: Construct
metadata: { name: triage }
spec:
  construct: aws-eventbridge-stepfunctions
  version: 2.41.0
  props:
    stateMachineProps:
      definitionBody: { $DefinitionBody: { file: code/triage.asl.json } }
    eventRuleProps:
      eventPattern: { source: [aws.signin] }
  acknowledge: [CAPABILITY_IAM]
  ${TARGETS}
`;
const stack = (output: string): string => `apiVersion: evenkeel/v1
kind: Stack
metadata: { name: address }
spec:
  template: templates/address.yaml
  parameters: { Machine: "\${outputs.Construct/triage.${output}}" }
  ${TARGETS}
`;
const FILES = {
  'triage.yaml': CONSTRUCT,
  'code/triage.asl.json': JSON.stringify({ StartAt: 'Note', States: { Note: { Type: 'Pass', End: true } } }),
  'address.yaml': stack('StateMachineArn'),
  'templates/address.yaml': `Parameters: { Machine: { Type: String } }
Resources:
  Address: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Machine } }
`,
};

let world: World;
afterEach(() => world.close());

async function locked(files: Readonly<Record<string, string>>): Promise<void> {
  world = await createWorld({ organization: smallOrganization(2), files });
  const { code, stdout, stderr } = await typed(world, `lock ${HERE}`);
  expect([code, code === 0 ? '' : stdout + stderr]).toEqual([0, '']);
}

describe('what a construct puts out', () => {
  it('is a parameter of a stack in the same target, from the lock to a second reconcile that finds nothing to do', async () => {
    await locked(FILES);
    const { plan } = await world.plan();
    expect(plan!.changes.map(({ address, dependsOn }) => [address, dependsOn])).toEqual(
      [
        ...[1, 2].map((n) => [`Construct/triage@${accountId(n)}/us-east-1`, []]),
        ...[1, 2].map((n) => [
          `Stack/address@${accountId(n)}/us-east-1`,
          [`Construct/triage@${accountId(n)}/us-east-1`],
        ]),
      ].sort(([a], [b]) => (a! < b! ? -1 : 1)),
    );

    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    for (const account of [accountId(1), accountId(2)]) {
      const { outputs } = world.simulator.stacks.find(account, 'us-east-1', 'evenkeel-triage')!;
      const { parameters } = world.simulator.stacks.find(account, 'us-east-1', 'evenkeel-address')!;
      const arn = outputs['StateMachineArn'];
      expect(arn).toContain(`:states:us-east-1:${account}:stateMachine:`);
      expect(parameters).toEqual({ Machine: arn });
    }
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  }, 60_000);

  it('is known by name before anybody is asked, and what was probably meant is said', async () => {
    await locked({ ...FILES, 'address.yaml': stack('StateMachinArn') });
    const { plan, diagnostics } = await world.plan();
    expect(plan).toBeNull();
    expect(diagnostics).toMatchObject([{ code: 'EK3012', place: { file: 'address.yaml', line: 6 } }]);
    expect(diagnostics[0]!.remedy).toContain('did you mean StateMachineArn?');
    expect((await typed(world, PLAN)).stdout).toContain('EK3012');
  }, 60_000);
});
