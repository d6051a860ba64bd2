import {
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import type { Agreed, Alone, Aws, Chapter, Sentence } from '../specification.js';
import { build, contradictory, create, failing, queue, settle, show, text, update } from './fixtures.js';
import { guide, ON_DEMAND, shape } from './sources.js';

type Way = {
  readonly where: string;
  /** A stack that is in the status, or has been. */
  readonly reach: (aws: Aws) => Promise<string>;
  readonly differs?: Agreed['differs'];
};
type Known = Way | (Way & { readonly alone: string }) | 'shown with imports';

/** Every status of the service model, and how a stack gets there. */
const STATUSES: Readonly<Record<StackStatus, Known>> = {
  CREATE_IN_PROGRESS: {
    where: 'while its resources are made',
    reach: async (aws) => (await create(aws, queue(aws.unique('queue')))).id,
  },
  CREATE_COMPLETE: {
    where: 'once its resources stand',
    reach: async (aws) => (await build(aws, queue(aws.unique('queue')))).id,
  },
  CREATE_FAILED: {
    differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
    where: 'where one was not made and nothing is rolled back',
    reach: async (aws) => (await build(aws, contradictory(aws.unique('names')), { OnFailure: 'DO_NOTHING' })).id,
  },
  ROLLBACK_IN_PROGRESS: {
    differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
    where: 'while a failed creation is undone',
    reach: async (aws) => (await build(aws, contradictory(aws.unique('names')))).id,
  },
  ROLLBACK_COMPLETE: {
    differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
    where: 'once a failed creation is undone',
    reach: async (aws) => (await build(aws, contradictory(aws.unique('names')))).id,
  },
  ROLLBACK_FAILED: {
    where: 'where a failed creation cannot be undone',
    alone: ON_DEMAND,
    reach: async (aws) => {
      const { Resources } = failing(aws.unique('queue'), ['delete']) as { readonly Resources: object };
      const Broken = { Type: 'AWS::SNS::Topic', DependsOn: 'Queue', Metadata: { Simulator: { Fail: 'create' } } };
      return (await build(aws, { Resources: { ...Resources, Broken } })).id;
    },
  },
  DELETE_IN_PROGRESS: {
    where: 'while it is deleted',
    reach: async (aws) => deleted(aws, (await build(aws, queue(aws.unique('queue')))).id),
  },
  DELETE_COMPLETE: {
    where: 'once it is deleted',
    reach: async (aws) => deleted(aws, (await build(aws, queue(aws.unique('queue')))).id),
  },
  DELETE_FAILED: {
    where: 'where a resource cannot be deleted',
    alone: ON_DEMAND,
    reach: async (aws) => deleted(aws, (await build(aws, failing(aws.unique('queue'), ['delete']))).id),
  },
  UPDATE_IN_PROGRESS: { where: 'while its resources are updated', reach: updated },
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: {
    differs: { moto: 'has no such event', ministack: 'has no such event' },
    where: 'while what the update has replaced or removed is deleted',
    reach: updated,
  },
  UPDATE_COMPLETE: { where: 'once an update is done', reach: updated },
  UPDATE_FAILED: {
    differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
    where: 'where an update fails and nothing is rolled back',
    reach: (aws) => misled(aws, { DisableRollback: true }),
  },
  UPDATE_ROLLBACK_IN_PROGRESS: {
    differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
    where: 'while a failed update is undone',
    reach: misled,
  },
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: {
    differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
    where: 'while what the failed update had made is deleted',
    reach: misled,
  },
  UPDATE_ROLLBACK_COMPLETE: {
    differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
    where: 'once a failed update is undone',
    reach: misled,
  },
  UPDATE_ROLLBACK_FAILED: {
    where: 'where a failed update cannot be undone',
    alone: ON_DEMAND,
    reach: async (aws) => {
      const name = aws.unique('queue');
      const { id } = await build(aws, failing(name, ['update']));
      await update(aws, id, failing(name, ['update'], { VisibilityTimeout: 60 }));
      return id;
    },
  },
  REVIEW_IN_PROGRESS: {
    where: 'while it is nothing but a change set of the type CREATE',
    reach: async (aws) => {
      const StackName = aws.unique('stack');
      const TemplateBody = text(queue(aws.unique('queue')));
      const asked = { StackName, TemplateBody, ChangeSetName: 'first', ChangeSetType: 'CREATE' as const };
      return (await aws.cloudFormation().send(new CreateChangeSetCommand(asked))).StackId!;
    },
  },
  IMPORT_IN_PROGRESS: 'shown with imports',
  IMPORT_COMPLETE: 'shown with imports',
  IMPORT_ROLLBACK_IN_PROGRESS: 'shown with imports',
  IMPORT_ROLLBACK_FAILED: 'shown with imports',
  IMPORT_ROLLBACK_COMPLETE: 'shown with imports',
};

export const stackStatuses: Chapter = {
  service: 'CloudFormation',
  operation: 'Stack statuses',
  sentences: [
    {
      says: 'has 23 of them, of which five belong to imports; the others are reached below',
      source: shape('StackStatus'),
      alone: 'it is asked of the service model',
      test: async () => {
        expect(Object.keys(STATUSES).sort()).toEqual(Object.values(StackStatus).sort());
        expect(Object.values(STATUSES).filter((known) => known === 'shown with imports')).toHaveLength(5);
      },
    },
    ...Object.entries(STATUSES).flatMap(([status, known]) =>
      known === 'shown with imports' ? [] : [sentence(status, known)],
    ),
  ],
};

function sentence(status: string, known: Exclude<Known, string>): Sentence {
  const { where, reach } = known;
  const said = { says: `is ${status} ${where}`, source: guide('Stack status codes') };
  const test = async (aws: Aws): Promise<void> => {
    const id = await reach(aws);
    if ((await show(aws, id)).StackStatus !== status) await settle(aws, id);
    const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName: id }));
    const ofStack = StackEvents.filter(({ PhysicalResourceId }) => PhysicalResourceId === id);
    expect(ofStack.map(({ ResourceStatus }) => ResourceStatus)).toContain(status);
  };
  if ('alone' in known) return { ...said, alone: known.alone, test } satisfies Alone;
  return known.differs === undefined ? { ...said, test } : { ...said, differs: known.differs, test };
}

async function deleted(aws: Aws, id: string): Promise<string> {
  await aws.cloudFormation().send(new DeleteStackCommand({ StackName: id }));
  return id;
}

async function updated(aws: Aws): Promise<string> {
  const name = aws.unique('queue');
  const { id } = await build(aws, queue(name));
  await update(aws, id, queue(name, { VisibilityTimeout: 60 }));
  return id;
}

async function misled(aws: Aws, more: object = {}): Promise<string> {
  const name = aws.unique('names');
  const { id } = await build(aws, queue(name));
  await update(aws, id, contradictory(name), more);
  return id;
}
