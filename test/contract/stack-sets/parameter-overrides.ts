import { expect } from 'vitest';
import { type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { MANAGED, trust, unitWith } from './organization.js';
import { NO_STACK_SETS, shape } from './sources.js';
import { withParameter } from './templates.js';

const value = (ParameterKey: string, ParameterValue: string) => ({ ParameterKey, ParameterValue });
const SAME = { UsePreviousTemplate: true } as const;

/** One instance with both parameters overridden. */
async function overridden(aws: Aws): Promise<{ readonly sets: Desk; readonly member: string }> {
  const sets = desk(aws);
  const [member] = aws.members;
  await trust(aws, aws.members);
  await sets.create();
  await sets.deploy({ Accounts: [member], ParameterOverrides: [value('Level', 'high'), value('Team', 'red')] });
  return { sets, member };
}

const sorted = (parameters: readonly { readonly ParameterKey?: string | undefined }[] | undefined) =>
  [...(parameters ?? [])].sort((left, right) => (left.ParameterKey! < right.ParameterKey! ? -1 : 1));

export const parameterOverrides: Chapter = {
  service: 'CloudFormation',
  operation: 'Parameter overrides',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'are what the stack of the instance gets in place of the stack set’s values',
      source: shape('CreateStackInstancesInput'),
      test: async (aws) => {
        const { sets, member } = await overridden(aws);
        expect(sorted((await sets.instance(member)).ParameterOverrides)).toEqual([
          value('Level', 'high'),
          value('Team', 'red'),
        ]);
        expect(sorted((await sets.stack(member)).Parameters)).toEqual([value('Level', 'high'), value('Team', 'red')]);
      },
    },
    {
      says: 'are all kept by UpdateStackInstances where it sends no list',
      source: shape('UpdateStackInstancesInput'),
      differs: { moto: 'resets them' },
      test: async (aws) => {
        const { sets, member } = await overridden(aws);
        await sets.settled(await sets.updateInstances({ Accounts: [member] }));
        expect((await sets.instance(member)).ParameterOverrides).toHaveLength(2);
      },
    },
    {
      says: 'are reset to the stack set’s values where a list leaves them out',
      source: shape('UpdateStackInstancesInput'),
      differs: { moto: 'leaves the stack of the instance as it is' },
      test: async (aws) => {
        const { sets, member } = await overridden(aws);
        const ParameterOverrides = [value('Level', 'medium')];
        await sets.settled(await sets.updateInstances({ Accounts: [member], ParameterOverrides }));
        expect((await sets.instance(member)).ParameterOverrides).toEqual(ParameterOverrides);
        expect(sorted((await sets.stack(member)).Parameters)).toEqual([
          value('Level', 'medium'),
          value('Team', 'platform'),
        ]);
      },
    },
    {
      says: 'are kept one by one where a list says UsePreviousValue',
      source: shape('UpdateStackInstancesInput'),
      differs: { moto: 'forgets the value' },
      test: async (aws) => {
        const { sets, member } = await overridden(aws);
        const ParameterOverrides = [{ ParameterKey: 'Team', UsePreviousValue: true }];
        await sets.settled(await sets.updateInstances({ Accounts: [member], ParameterOverrides }));
        expect((await sets.instance(member)).ParameterOverrides).toEqual([value('Team', 'red')]);
      },
    },
    {
      says: 'cannot have both a value and UsePreviousValue',
      source: shape('UpdateStackInstancesInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { sets, member } = await overridden(aws);
        const ParameterOverrides = [{ ...value('Team', 'blue'), UsePreviousValue: true }];
        const call = sets.updateInstances({ Accounts: [member], ParameterOverrides });
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'outlive an update of the stack set, which reaches only what is not overridden',
      source: shape('UpdateStackInstancesInput'),
      differs: { moto: 'leaves the stack of the instance as it is' },
      test: async (aws) => {
        const { sets, member } = await overridden(aws);
        await sets.settled(
          await sets.updateInstances({ Accounts: [member], ParameterOverrides: [value('Team', 'red')] }),
        );
        const Parameters = [value('Level', 'medium'), value('Team', 'green')];
        await sets.settled(await sets.update({ ...SAME, Parameters }));
        expect((await sets.instance(member)).ParameterOverrides).toEqual([value('Team', 'red')]);
        expect(sorted((await sets.stack(member)).Parameters)).toEqual([value('Level', 'medium'), value('Team', 'red')]);
      },
    },
    {
      says: 'are refused for a parameter that the stack set does not have',
      source: shape('CreateStackInstancesInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { sets, member } = await overridden(aws);
        const call = sets.updateInstances({ Accounts: [member], ParameterOverrides: [value('Nope', 'x')] });
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'fail for a parameter that is new in the stack set, until the instance has the new template',
      source: shape('UpdateStackInstancesInput'),
      differs: { moto: 'accepts it, and ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const { sets, member } = await overridden(aws);
        const [, other] = aws.members;
        await sets.deploy({ Accounts: [other] });
        const TemplateBody = withParameter(sets.StackSetName, 'New', { Type: 'String', Default: 'old' });
        await sets.settled(await sets.update({ TemplateBody, Accounts: [other], Regions: ['us-east-1'] }));
        const Accounts = [member];
        const ParameterOverrides = [value('New', 'own')];
        expect((await sets.settled(await sets.updateInstances({ Accounts, ParameterOverrides }))).Status).toBe(
          'FAILED',
        );
        await sets.settled(await sets.updateInstances({ Accounts, ParameterOverrides: [] }));
        await sets.settled(await sets.update({ UsePreviousTemplate: true }));
        expect((await sets.settled(await sets.updateInstances({ Accounts, ParameterOverrides }))).Status).toBe(
          'SUCCEEDED',
        );
        expect((await sets.stack(member)).Parameters).toContainEqual(value('New', 'own'));
      },
    },
    {
      says: 'reach the accounts that a unit has now, and none that comes later',
      source: shape('UpdateStackInstancesInput'),
      differs: { moto: 'keeps no overrides for units' },
      test: async (aws) => {
        const sets = desk(aws);
        const [first, second] = aws.members;
        const upper = await unitWith(aws, [first]);
        await sets.create(MANAGED);
        const DeploymentTargets = { OrganizationalUnitIds: [upper] };
        await sets.deploy({ DeploymentTargets });
        await sets.settled(
          await sets.updateInstances({ DeploymentTargets, ParameterOverrides: [value('Level', 'high')] }),
        );
        await unitWith(aws, [second], upper);
        await sets.deploy({ DeploymentTargets });
        expect((await sets.instance(first)).ParameterOverrides).toEqual([value('Level', 'high')]);
        expect((await sets.instance(second)).ParameterOverrides ?? []).toEqual([]);
      },
    },
  ],
};
