import { DescribeStackSetCommand, ListStackSetsCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { delegate, MANAGED, unitWith } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';

/** The first member as delegated administrator, at a service-managed stack set of its own making. */
async function delegated(aws: Aws): Promise<{ readonly sets: Desk; readonly administrator: string }> {
  const [administrator] = aws.members;
  await delegate(aws, administrator);
  const sets = desk(aws, administrator, 'DELEGATED_ADMIN');
  await sets.create(MANAGED);
  return { sets, administrator };
}

export const delegatedAdministration: Chapter = {
  service: 'CloudFormation',
  operation: 'Delegated administration',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'makes stack sets in the management account, which works on them as on its own',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'does not know stack sets’ service principal, so that nobody can be registered for it' },
      test: async (aws) => {
        const { sets } = await delegated(aws);
        const input = { StackSetName: sets.StackSetName };
        const { StackSet } = await aws.cloudFormation(aws.management).send(new DescribeStackSetCommand(input));
        expect(StackSet!.StackSetARN).toContain(`:${aws.management}:stackset/`);
      },
    },
    {
      says: 'has to be claimed by CallAs on every call: without it, the stack set is not found',
      source: guide('Register a delegated administrator'),
      differs: { moto: 'does not know stack sets’ service principal, so that nobody can be registered for it' },
      test: async (aws) => {
        const { sets, administrator } = await delegated(aws);
        const input = { StackSetName: sets.StackSetName };
        const call = aws.cloudFormation(administrator).send(new DescribeStackSetCommand(input));
        expect((await refusal(call)).name).toBe('StackSetNotFoundException');
      },
    },
    {
      says: 'lists all service-managed stack sets of the management account, and none that is self-managed',
      source: api('ListStackSets'),
      differs: { moto: 'does not know stack sets’ service principal, so that nobody can be registered for it' },
      test: async (aws) => {
        const { sets, administrator } = await delegated(aws);
        const [others, own] = [desk(aws), desk(aws)];
        await others.create(MANAGED);
        await own.create();
        const { Summaries } = await aws
          .cloudFormation(administrator)
          .send(new ListStackSetsCommand({ CallAs: 'DELEGATED_ADMIN' }));
        const names = Summaries!.map(({ StackSetName }) => StackSetName);
        expect(names).toEqual(expect.arrayContaining([sets.StackSetName, others.StackSetName]));
        expect(names).not.toContain(own.StackSetName);
      },
    },
    {
      says: 'deploys to units of the whole organization, the delegated administrator’s own account included',
      source: guide('Register a delegated administrator'),
      differs: { moto: 'does not know stack sets’ service principal, so that nobody can be registered for it' },
      test: async (aws) => {
        const { sets } = await delegated(aws);
        const unit = await unitWith(aws, aws.members);
        const ended = await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [unit] } });
        expect(ended.Status).toBe('SUCCEEDED');
        expect(await sets.accounts()).toEqual([...aws.members].sort());
      },
    },
    {
      says: 'is refused to an account that nobody registered, for reading too',
      source: guide('Register a delegated administrator'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const [, stranger] = aws.members;
        const listing = aws.cloudFormation(stranger).send(new ListStackSetsCommand({ CallAs: 'DELEGATED_ADMIN' }));
        expect((await refusal(listing)).name).toBe('ValidationError');
        const call = desk(aws, stranger, 'DELEGATED_ADMIN').create(MANAGED);
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'is refused to the management account, which is to say SELF',
      source: assumption('it cannot be registered, so it is no delegated administrator'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const call = desk(aws, aws.management, 'DELEGATED_ADMIN').create(MANAGED);
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'is refused for self-managed permissions',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'does not know stack sets’ service principal, so that nobody can be registered for it' },
      test: async (aws) => {
        const [administrator] = aws.members;
        await delegate(aws, administrator);
        const call = desk(aws, administrator, 'DELEGATED_ADMIN').create();
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
  ],
};
