import {
  DeleteStackCommand,
  DescribeAccountLimitsCommand,
  DescribeStackEventsCommand,
  ListExportsCommand,
  ListImportsCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, elsewhere, invalid, queue, settle, show, update } from './fixtures.js';
import { api, guide } from './sources.js';

export const listExports: Chapter = {
  service: 'CloudFormation',
  operation: 'ListExports',
  sentences: [
    {
      says: 'answers each export of account and Region with its value and the stack that it comes from',
      source: api('ListExports'),
      test: async (aws) => {
        const there = elsewhere(aws, 'eu-central-1');
        const { exported, stack } = await exporter(there, 'one');
        const found = (await exportsOf(there)).find(({ Name }) => Name === exported);
        expect(found).toMatchObject({ Value: 'one', ExportingStackId: stack.id });
      },
    },
    {
      says: 'no longer answers an export once its stack is deleted',
      source: api('ListExports'),
      test: async (aws) => {
        const there = elsewhere(aws, 'eu-central-1');
        const { exported, stack } = await exporter(there, 'one');
        await there.cloudFormation().send(new DeleteStackCommand({ StackName: stack.name }));
        await settle(there, stack.id);
        expect((await exportsOf(there)).map(({ Name }) => Name)).not.toContain(exported);
      },
    },
  ],
};

export const listImports: Chapter = {
  service: 'CloudFormation',
  operation: 'ListImports',
  lacks: { moto: 'answers HTTP 500' },
  sentences: [
    {
      says: 'answers the names of the stacks that import the value',
      source: api('ListImports'),
      test: async (aws) => {
        const { exported } = await exporter(aws, 'one');
        const importing = await importer(aws, exported);
        const { Imports } = await aws.cloudFormation().send(new ListImportsCommand({ ExportName: exported }));
        expect(Imports).toEqual([importing.name]);
      },
    },
    {
      says: 'answers "Export \'NAME\' is not imported by any stack."',
      source: assumption('what the service is known to say'),
      test: async (aws) => {
        const { exported } = await exporter(aws, 'one');
        await invalid(
          aws.cloudFormation().send(new ListImportsCommand({ ExportName: exported })),
          `Export '${exported}' is not imported by any stack.`,
        );
      },
    },
  ],
};

export const exportSubject: Chapter = {
  service: 'CloudFormation',
  operation: 'Exports',
  sentences: [
    {
      says: 'fails a stack whose export name is taken: it is rolled back, "Export with name NAME is already exported by stack STACK"',
      source: guide('Outputs syntax'),
      differs: { moto: 'refuses the call itself, in other words', ministack: 'creates it' },
      test: async (aws) => {
        const { exported, stack } = await exporter(aws, 'one');
        const twin = await build(aws, exporting(aws.unique('queue'), exported, 'two'));
        expect((await show(aws, twin.name)).StackStatus).toBe('ROLLBACK_COMPLETE');
        expect((await reasons(aws, twin.name)).join()).toContain(
          `Export with name ${exported} is already exported by stack ${stack.name}`,
        );
      },
    },
    {
      says: 'fails a stack whose outputs export one name twice: it is rolled back',
      source: assumption('names of exports are unique in account and Region; how it is told is not known'),
      differs: { moto: 'creates it', ministack: 'creates it' },
      test: async (aws) => {
        const Export = { Name: aws.unique('export') };
        const Outputs = { First: { Value: 'one', Export }, Second: { Value: 'two', Export } };
        const { name } = await build(aws, { ...queue(aws.unique('queue')), Outputs });
        expect((await show(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'fails an update that changes a value in use: "Export NAME cannot be updated as it is in use by STACK"',
      source: guide('Get exported outputs from a deployed CloudFormation stack'),
      differs: { moto: 'updates it', ministack: 'updates it' },
      test: async (aws) => {
        const { exported, stack, name } = await exporter(aws, 'one');
        const importing = await importer(aws, exported);
        await update(aws, stack.name, exporting(name, exported, 'two'));
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(await reasons(aws, stack.name)).toContain(
          `Export ${exported} cannot be updated as it is in use by ${importing.name}`,
        );
      },
    },
    {
      says: 'fails an update that takes an export in use away: "Export NAME cannot be deleted as it is in use by STACK"',
      source: guide('Get exported outputs from a deployed CloudFormation stack'),
      differs: { moto: 'updates it', ministack: 'updates it' },
      test: async (aws) => {
        const { exported, stack, name } = await exporter(aws, 'one');
        const importing = await importer(aws, exported);
        await update(aws, stack.name, queue(name));
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(await reasons(aws, stack.name)).toContain(
          `Export ${exported} cannot be deleted as it is in use by ${importing.name}`,
        );
      },
    },
    {
      says: 'does not let a stack be deleted while an export is in use: the call succeeds, and the stack goes back to its status with a reason',
      source: assumption('several reports say that the stack is not DELETE_FAILED, and how the event reads'),
      differs: { moto: 'deletes the stack', ministack: 'refuses the call itself' },
      test: async (aws) => {
        const { exported, stack } = await exporter(aws, 'one');
        const importing = await importer(aws, exported);
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: stack.name }));
        expect((await settle(aws, stack.id)).StackStatus).toBe('CREATE_COMPLETE');
        expect((await reasons(aws, stack.id))[0]).toBe(
          `Delete canceled. Cannot delete export ${exported} as it is in use by ${importing.name}.`,
        );
      },
    },
    {
      says: 'lets the exporting stack go once nobody imports any more',
      source: guide('Get exported outputs from a deployed CloudFormation stack'),
      test: async (aws) => {
        const { exported, stack } = await exporter(aws, 'one');
        const importing = await importer(aws, exported);
        for (const { name, id } of [importing, stack]) {
          await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
          expect((await settle(aws, id)).StackStatus).toBe('DELETE_COMPLETE');
        }
      },
    },
    {
      says: 'is begun and rolled back where nobody exports what a stack imports: "No export named NAME found. Rollback requested by user."',
      source: assumption('what the service is known to do: only the running operation looks exports up'),
      differs: { moto: 'refuses the call itself', ministack: 'refuses it in other words' },
      test: async (aws) => {
        const name = aws.unique('nothing');
        const importing = await build(aws, queue(aws.unique('queue'), { DelaySeconds: { 'Fn::ImportValue': name } }));
        expect((await show(aws, importing.name)).StackStatus).toBe('ROLLBACK_COMPLETE');
        const [, rollback] = (await reasons(aws, importing.name)).filter((reason) => reason !== undefined).reverse();
        expect(rollback).toBe(`No export named ${name} found. Rollback requested by user.`);
      },
    },
    {
      says: 'does not reach into another Region or account',
      source: guide('Get exported outputs from a deployed CloudFormation stack'),
      test: async (aws) => {
        const { exported } = await exporter(aws, 'one');
        for (const client of [aws.cloudFormation(aws.members[1]), aws.cloudFormation(aws.members[0], 'eu-west-1')]) {
          const { Exports = [] } = await client.send(new ListExportsCommand({}));
          expect(Exports.map(({ Name }) => Name)).not.toContain(exported);
        }
      },
    },
  ],
};

export const describeAccountLimits: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeAccountLimits',
  lacks: { moto: 'answers HTTP 500', ministack: 'answers InvalidAction' },
  sentences: [
    {
      says: 'answers StackLimit, StackOutputsLimit and ConcurrentResourcesLimit',
      source: api('AccountLimit'),
      test: async (aws) => {
        const { AccountLimits = [] } = await aws.cloudFormation().send(new DescribeAccountLimitsCommand({}));
        expect(Object.fromEntries(AccountLimits.map(({ Name, Value }) => [Name, Value]))).toMatchObject({
          StackLimit: 2000,
          StackOutputsLimit: 200,
          ConcurrentResourcesLimit: 2500,
        });
      },
    },
  ],
};

const exporting = (name: string, exported: string, value: string): object => ({
  ...queue(name),
  Outputs: { Out: { Value: value, Export: { Name: exported } } },
});

async function exporter(aws: Aws, value: string) {
  const [exported, name] = [aws.unique('export'), aws.unique('queue')];
  return { exported, name, stack: await build(aws, exporting(name, exported, value)) };
}

/** A stack that imports the value into its queue’s tag. */
async function importer(aws: Aws, exported: string) {
  const Tags = [{ Key: 'imported', Value: { 'Fn::ImportValue': exported } }];
  const stack = await build(aws, queue(aws.unique('queue'), { Tags }));
  expect((await show(aws, stack.name)).StackStatus).toBe('CREATE_COMPLETE');
  return stack;
}

const exportsOf = async (aws: Aws) => (await aws.cloudFormation().send(new ListExportsCommand({}))).Exports!;

async function reasons(aws: Aws, StackName: string): Promise<readonly (string | undefined)[]> {
  const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason);
}
