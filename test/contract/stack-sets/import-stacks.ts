import {
  CreateStackCommand,
  DescribeStacksCommand,
  ImportStacksToStackSetCommand,
  type ImportStacksToStackSetCommandInput,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { MANAGED, trust, unitWith } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';
import { twoTopics } from './templates.js';

/** A stack that somebody made by hand in the member account; with the stack set's template where nothing is said. */
async function standing(aws: Aws, member: string, TemplateBody: string, level = 'low'): Promise<string> {
  const client = aws.cloudFormation(member);
  const StackName = aws.unique('stack');
  const Parameters = [{ ParameterKey: 'Level', ParameterValue: level }];
  const { StackId } = await client.send(new CreateStackCommand({ StackName, TemplateBody, Parameters }));
  await aws.until(
    async () => (await client.send(new DescribeStacksCommand({ StackName }))).Stacks![0]!.StackStatus,
    (status) => status === 'CREATE_COMPLETE',
  );
  return StackId!;
}

const begin = async (sets: Desk, input: Partial<ImportStacksToStackSetCommandInput>): Promise<string> =>
  (await sets.client.send(new ImportStacksToStackSetCommand({ StackSetName: sets.StackSetName, ...input })))
    .OperationId!;

async function empty(aws: Aws): Promise<Desk> {
  const sets = desk(aws);
  await trust(aws, aws.members);
  await sets.create();
  return sets;
}

export const importStacksToStackSet: Chapter = {
  service: 'CloudFormation',
  operation: 'ImportStacksToStackSet',
  lacks: { ...NO_STACK_SETS, moto: 'answers HTTP 500: it has no such operation' },
  sentences: [
    {
      says: 'takes a stack into the stack set as a CURRENT instance, under its own StackId and untouched',
      source: guide('Import stacks into CloudFormation StackSets'),
      test: async (aws) => {
        const sets = await empty(aws);
        const [member] = aws.members;
        const StackId = await standing(aws, member, sets.template);
        const ended = await sets.settled(await begin(sets, { StackIds: [StackId] }));
        expect(ended.Status).toBe('SUCCEEDED');
        expect(await sets.instance(member)).toMatchObject({ Status: 'CURRENT', StackId });
        expect((await sets.stack(member)).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'keeps parameter values of the stack that are not the stack set’s, as overrides',
      source: assumption('an import changes nothing in the stack, and a later update may not either'),
      test: async (aws) => {
        const sets = await empty(aws);
        const [member] = aws.members;
        const StackId = await standing(aws, member, sets.template, 'high');
        await sets.settled(await begin(sets, { StackIds: [StackId] }));
        expect((await sets.instance(member)).ParameterOverrides).toEqual([
          { ParameterKey: 'Level', ParameterValue: 'high' },
        ]);
      },
    },
    {
      says: 'leaves the instance INOPERABLE with FAILED_IMPORT where the stack has another template',
      source: shape('StackInstance'),
      test: async (aws) => {
        const sets = await empty(aws);
        const [member] = aws.members;
        const StackId = await standing(aws, member, twoTopics(sets.StackSetName));
        const ended = await sets.settled(await begin(sets, { StackIds: [StackId] }));
        expect(ended).toMatchObject({ Status: 'FAILED', StatusDetails: { FailedStackInstancesCount: 1 } });
        expect(await sets.instance(member)).toMatchObject({
          Status: 'INOPERABLE',
          StackInstanceStatus: { DetailedStatus: 'FAILED_IMPORT' },
        });
      },
    },
    {
      says: 'can be repeated when what made it fail is put right',
      source: shape('StackInstanceComprehensiveStatus'),
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await sets.create();
        const StackIds = [await standing(aws, member, sets.template)];
        await sets.settled(await begin(sets, { StackIds }));
        expect(await sets.states()).toEqual([`${member} INOPERABLE FAILED_IMPORT`]);
        await trust(aws, [member]);
        await sets.settled(await begin(sets, { StackIds }));
        expect(await sets.states()).toEqual([`${member} CURRENT SUCCEEDED`]);
      },
    },
    {
      says: 'is undone by DeleteStackInstances with RetainStacks, which leaves the stack standing',
      source: guide('Import stacks into CloudFormation StackSets'),
      test: async (aws) => {
        const sets = await empty(aws);
        const [member] = aws.members;
        const StackName = await standing(aws, member, sets.template);
        await sets.settled(await begin(sets, { StackIds: [StackName] }));
        await sets.settled(await sets.remove({ Accounts: [member], RetainStacks: true }));
        expect(await sets.instances()).toEqual([]);
        const { Stacks } = await aws.cloudFormation(member).send(new DescribeStacksCommand({ StackName }));
        expect(Stacks![0]!.StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'fails on a stack that belongs to another stack set',
      source: shape('StackInstance'),
      test: async (aws) => {
        const [first, second] = [await empty(aws), desk(aws)];
        const [member] = aws.members;
        const StackIds = [await standing(aws, member, first.template)];
        await first.settled(await begin(first, { StackIds }));
        await second.create({ TemplateBody: first.template });
        await second.settled(await begin(second, { StackIds }));
        expect(await second.states()).toEqual([`${member} INOPERABLE FAILED_IMPORT`]);
      },
    },
    {
      says: 'refuses more than ten stacks at a time',
      source: api('ImportStacksToStackSet'),
      test: async (aws) => {
        const sets = await empty(aws);
        const StackIds = Array.from(
          { length: 11 },
          (_, index) =>
            `arn:aws:cloudformation:us-east-1:${aws.members[0]}:stack/s${index}/00000000-0000-4000-8000-00000000000`,
        );
        expect((await refusal(begin(sets, { StackIds }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'answers StackNotFoundException for a stack that does not exist',
      source: shape('StackNotFoundException'),
      test: async (aws) => {
        const sets = await empty(aws);
        const StackIds = [`arn:aws:cloudformation:us-east-1:${aws.members[0]}:stack/none/0`];
        expect((await refusal(begin(sets, { StackIds }))).name).toBe('StackNotFoundException');
      },
    },
    {
      says: 'answers InvalidOperationException where the stack set has an instance in that account and Region',
      source: assumption('a stack set has one instance for each account and Region'),
      test: async (aws) => {
        const sets = await empty(aws);
        const [member] = aws.members;
        await sets.deploy({ Accounts: [member] });
        const StackIds = [await standing(aws, member, twoTopics(aws.unique('other')))];
        expect((await refusal(begin(sets, { StackIds }))).name).toBe('InvalidOperationException');
      },
    },
    {
      says: 'takes either StackIds or StackIdsUrl',
      source: shape('ImportStacksToStackSetInput'),
      test: async (aws) => {
        const sets = await empty(aws);
        expect((await refusal(begin(sets, {}))).name).toBe('ValidationError');
        const both = { StackIds: ['arn'], StackIdsUrl: 's3://bucket/ids' };
        expect((await refusal(begin(sets, both))).name).toBe('ValidationError');
      },
    },
    {
      says: 'needs the unit of the account for a service-managed stack set',
      source: shape('ImportStacksToStackSetInput'),
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        const unit = await unitWith(aws, [member]);
        await sets.create(MANAGED);
        const StackIds = [await standing(aws, member, sets.template)];
        expect((await refusal(begin(sets, { StackIds }))).name).toBe('ValidationError');
        await sets.settled(await begin(sets, { StackIds, OrganizationalUnitIds: [unit] }));
        expect(await sets.instance(member)).toMatchObject({ Status: 'CURRENT', OrganizationalUnitId: unit });
      },
    },
  ],
};
