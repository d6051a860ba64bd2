import { DeleteStackCommand, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { detect } from './drift.js';
import {
  byId,
  describe,
  desk,
  failing,
  parameter,
  physicalIds,
  queue,
  refusal,
  settled,
  standing,
  text,
} from './fixtures.js';
import { FAILURE, guide, shape } from './sources.js';
import { CONSIDERATIONS, KEPT, imported, importing, loose, target } from './import-fixtures.js';
import { importRefusals } from './import-refusals.js';

export const imports: Chapter = {
  service: 'CloudFormation',
  operation: 'Imports',
  lacks: { moto: 'makes anew what it is told to import' },
  sentences: [
    {
      says: 'are change sets of type IMPORT, whose changes have Action Import and the physical id',
      source: shape('ChangeAction'),
      test: async (aws) => {
        const { named, url } = await loose(aws);
        const made = await desk(aws, aws.unique('stack')).made(
          text({ Queue: queue(named, {}, KEPT) }),
          importing(target('Queue', url)),
        );
        expect(made).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
        expect(byId(made)['Queue']).toMatchObject({
          Action: 'Import',
          PhysicalResourceId: url,
          ResourceType: 'AWS::SQS::Queue',
        });
      },
    },
    {
      says: 'make a stack that does not exist, which is REVIEW_IN_PROGRESS until they are executed and IMPORT_COMPLETE then',
      source: guide('Import AWS resources into a CloudFormation stack manually'),
      test: async (aws) => {
        const { named, url } = await loose(aws);
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        await made(text({ Queue: queue(named, {}, KEPT) }), importing(target('Queue', url)));
        expect((await describe(aws, name)).StackStatus).toBe('REVIEW_IN_PROGRESS');
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('IMPORT_COMPLETE');
        expect(await physicalIds(aws, name)).toEqual({ Queue: url });
      },
    },
    {
      says: 'add to a stack that stands, and leave its other resources alone',
      source: guide('Import AWS resources into a CloudFormation stack manually'),
      test: async (aws) => {
        const { named, url } = await loose(aws);
        const own = queue(aws.unique('queue'));
        const { name } = await standing(aws, text({ Own: own }));
        const before = await physicalIds(aws, name);
        const { made, execute } = desk(aws, name);
        await made(text({ Own: own, Queue: queue(named, {}, KEPT) }), importing(target('Queue', url)));
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('IMPORT_COMPLETE');
        expect(await physicalIds(aws, name)).toEqual({ ...before, Queue: url });
      },
    },
    {
      says: 'tell of themselves in the stack’s events: IMPORT_IN_PROGRESS, IMPORT_COMPLETE, and an update for the stack’s tags',
      source: guide('Import AWS resources into a CloudFormation stack manually'),
      test: async (aws) => {
        const name = await imported(aws, await loose(aws));
        const { StackEvents = [] } = await aws
          .cloudFormation()
          .send(new DescribeStackEventsCommand({ StackName: name }));
        const said = StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === 'Queue').reverse();
        const statuses = said.map(({ ResourceStatus }) => ResourceStatus);
        expect([...new Set(statuses)]).toEqual([
          'IMPORT_IN_PROGRESS',
          'IMPORT_COMPLETE',
          'UPDATE_IN_PROGRESS',
          'UPDATE_COMPLETE',
        ]);
      },
    },
    {
      says: 'do not compare the resource with the template; drift detection may, afterwards',
      source: guide(CONSIDERATIONS),
      differs: { ministack: 'refuses drift detection of a stack that is IMPORT_COMPLETE' },
      test: async (aws) => {
        const { named, url } = await loose(aws);
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        await made(text({ Queue: queue(named, { DelaySeconds: 7 }, KEPT) }), importing(target('Queue', url)));
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('IMPORT_COMPLETE');
        expect((await detect(aws, name)).StackDriftStatus).toBe('DRIFTED');
      },
    },
    {
      says: 'leave the resource to the stack like any other: it can be updated next',
      source: guide(CONSIDERATIONS),
      test: async (aws) => {
        const kept = await loose(aws);
        const name = await imported(aws, kept);
        const { made, execute } = desk(aws, name);
        await made(text({ Queue: queue(kept.named, { DelaySeconds: 3 }, KEPT) }), { ChangeSetName: 'next' });
        await execute('next');
        expect((await settled(aws, name)).StackStatus).toBe('UPDATE_COMPLETE');
        expect(await physicalIds(aws, name)).toEqual({ Queue: kept.url });
      },
    },
    {
      says: 'that fail are undone: the stack is IMPORT_ROLLBACK_COMPLETE, and what was imported stands outside again',
      source: guide('Understand stack status codes, import operations'),
      alone: FAILURE,
      test: async (aws) => {
        const [one, two] = [await loose(aws), await loose(aws)];
        const own = queue(aws.unique('queue'));
        const { name } = await standing(aws, text({ Own: own }));
        const { made, execute } = desk(aws, name);
        await made(
          text({
            Own: own,
            One: queue(one.named, {}, KEPT),
            Two: queue(two.named, {}, { ...KEPT, ...failing('import'), DependsOn: 'One' }),
          }),
          importing(target('One', one.url), target('Two', two.url)),
        );
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('IMPORT_ROLLBACK_COMPLETE');
        expect(Object.keys(await physicalIds(aws, name))).toEqual(['Own']);
        await imported(aws, one);
      },
    },
    {
      says: 'into a new stack that fail leave it ROLLBACK_COMPLETE',
      source: assumption('there is nothing to which it could go back'),
      alone: FAILURE,
      test: async (aws) => {
        const { named, url } = await loose(aws);
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        await made(
          text({ Queue: queue(named, {}, { ...KEPT, ...failing('import') }) }),
          importing(target('Queue', url)),
        );
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'that cannot be undone leave the stack IMPORT_ROLLBACK_FAILED, which cannot be updated',
      source: guide('Understand stack status codes, import operations'),
      alone: FAILURE,
      test: async (aws) => {
        const [one, two] = [await loose(aws), await loose(aws)];
        const Own = queue(aws.unique('queue'));
        const { name } = await standing(aws, text({ Own }));
        const { made, execute, make } = desk(aws, name);
        await made(
          text({
            Own,
            One: queue(one.named, {}, { ...KEPT, ...failing('import-rollback') }),
            Two: queue(two.named, {}, { ...KEPT, ...failing('import'), DependsOn: 'One' }),
          }),
          importing(target('One', one.url), target('Two', two.url)),
        );
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('IMPORT_ROLLBACK_FAILED');
        expect((await refusal(make(text({ Own }), { ChangeSetName: 'next' }))).message).toContain(
          'is in IMPORT_ROLLBACK_FAILED state',
        );
      },
    },
    {
      says: 'come about by themselves under ImportExistingResources, for resources whose names the template writes out',
      source: shape('CreateChangeSetInput'),
      test: async (aws) => {
        const named = aws.unique('parameter');
        const { name, id } = await standing(aws, text({ Parameter: parameter(named, 'one', KEPT) }));
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
        await aws.until(
          () => describe(aws, id),
          ({ StackStatus }) => StackStatus === 'DELETE_COMPLETE',
        );
        const next = aws.unique('stack');
        const { made, execute } = desk(aws, next);
        const changeSet = await made(text({ Parameter: parameter(named, 'one', KEPT) }), {
          ChangeSetType: 'CREATE',
          ImportExistingResources: true,
        });
        expect(changeSet.ImportExistingResources).toBe(true);
        expect(byId(changeSet)['Parameter']).toMatchObject({ Action: 'Import', PhysicalResourceId: named });
        await execute();
        expect((await settled(aws, next)).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    ...importRefusals,
  ],
};
