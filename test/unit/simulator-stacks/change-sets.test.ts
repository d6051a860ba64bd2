import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { bench, topic, type Bench } from './world.js';

const text = (template: object): string => JSON.stringify(template);

function changeSets({ client, settle }: Bench, StackName = 'topics') {
  const name = { StackName, ChangeSetName: 'plan' };
  return {
    make: (template: object, more: Partial<CreateChangeSetCommandInput> = {}) =>
      client.send(new CreateChangeSetCommand({ ...name, TemplateBody: text(template), ...more })),
    show: (ChangeSetName = 'plan') =>
      client.send(new DescribeChangeSetCommand({ ...name, ChangeSetName, IncludePropertyValues: true })),
    execute: () => client.send(new ExecuteChangeSetCommand(name)),
    settle,
  };
}

describe('a change set', () => {
  it('takes a few seconds and then says what would change, with values', async () => {
    const world = bench();
    const { make, show } = changeSets(world);
    await world.create('topics', topic({ TopicName: 'a', DisplayName: 'x' }));
    world.settle();
    await make(topic({ TopicName: 'a', DisplayName: 'y' }));
    expect((await show()).Status).toBe('CREATE_PENDING');
    world.clock.advance(10);
    const changeSet = await show();
    expect(changeSet).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
    expect(changeSet.Changes).toMatchObject([
      {
        Type: 'Resource',
        ResourceChange: {
          Action: 'Modify',
          LogicalResourceId: 'Topic',
          ResourceType: 'AWS::SNS::Topic',
          Replacement: 'False',
          Scope: ['Properties'],
          Details: [
            {
              Target: {
                Attribute: 'Properties',
                Name: 'DisplayName',
                RequiresRecreation: 'Never',
                BeforeValue: 'x',
                AfterValue: 'y',
              },
            },
          ],
        },
      },
    ]);
  });

  it('predicts replacement, and that what refers to the replaced resource changes too', async () => {
    const world = bench();
    const { make, show } = changeSets(world);
    const template = (TopicName: string): object => ({
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName } },
        Alarm: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: {
            ComparisonOperator: 'GreaterThanThreshold',
            EvaluationPeriods: 1,
            AlarmActions: [{ Ref: 'Topic' }],
          },
        },
        ...(TopicName === 'b' ? { Queue: { Type: 'AWS::SQS::Queue' } } : { Old: { Type: 'AWS::SQS::Queue' } }),
      },
    });
    await world.create('topics', template('a'));
    world.settle();
    await make(template('b'));
    world.settle();
    const changes = new Map(
      (await show()).Changes!.map(({ ResourceChange: change }) => [change!.LogicalResourceId, change!]),
    );
    expect(changes.get('Topic')).toMatchObject({
      Action: 'Modify',
      Replacement: 'True',
      PolicyAction: 'ReplaceAndDelete',
    });
    expect(changes.get('Alarm')).toMatchObject({
      Replacement: 'False',
      Details: [
        { Evaluation: 'Static', CausingEntity: 'Topic' },
        { Evaluation: 'Dynamic', ChangeSource: 'DirectModification' },
      ],
    });
    expect(changes.get('Queue')?.Action).toBe('Add');
    expect(changes.get('Old')).toMatchObject({ Action: 'Remove', PolicyAction: 'Delete' });
  });

  it('fails where nothing would change', async () => {
    const world = bench();
    const { make, show, execute } = changeSets(world);
    await world.create('topics', topic());
    world.settle();
    await make(topic());
    world.settle();
    expect(await show()).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await expect(execute()).rejects.toThrow(expect.objectContaining({ name: 'InvalidChangeSetStatusException' }));
  });

  it('of type CREATE leaves a stack in review until it is executed', async () => {
    const world = bench();
    const { make, execute } = changeSets(world);
    const made = await make(topic(), { ChangeSetType: 'CREATE' });
    expect((await world.describe('topics')).StackStatus).toBe('REVIEW_IN_PROGRESS');
    await expect(make(topic(), { ChangeSetType: 'CREATE' })).rejects.toThrow(
      expect.objectContaining({ name: 'AlreadyExistsException' }),
    );
    world.settle();
    await execute();
    world.settle();
    expect(await world.describe('topics')).toMatchObject({ StackId: made.StackId, StackStatus: 'CREATE_COMPLETE' });
    await expect(make(topic(), { ChangeSetType: 'CREATE', ChangeSetName: 'again' })).rejects.toThrow('already exists');
  });

  it('updates the stack when executed, and takes the others with it', async () => {
    const world = bench();
    const { make, show, execute } = changeSets(world);
    await world.create('topics', topic());
    world.settle();
    const { Id } = await make(topic({ DisplayName: 'a' }));
    await make(topic({ DisplayName: 'b' }), { ChangeSetName: 'other' });
    world.settle();
    await execute();
    await expect(show('other')).rejects.toThrow(expect.objectContaining({ name: 'ChangeSetNotFoundException' }));
    world.settle();
    expect((await world.describe('topics')).StackStatus).toBe('UPDATE_COMPLETE');
    expect((await show(Id)).ExecutionStatus).toBe('EXECUTE_COMPLETE');
  });

  it('is obsolete once the stack was updated otherwise', async () => {
    const world = bench();
    const { make, show, execute } = changeSets(world);
    await world.create('topics', topic());
    world.settle();
    await make(topic({ DisplayName: 'a' }));
    world.settle();
    await world.client.send(
      new UpdateStackCommand({ StackName: 'topics', TemplateBody: text(topic({ DisplayName: 'c' })) }),
    );
    world.settle();
    expect((await show()).ExecutionStatus).toBe('OBSOLETE');
    await expect(execute()).rejects.toThrow(/cannot be executed/);
  });

  it('can be deleted and listed', async () => {
    const world = bench();
    const { make } = changeSets(world);
    await world.create('topics', topic());
    world.settle();
    await make(topic({ DisplayName: 'a' }));
    const list = async () => (await world.client.send(new ListChangeSetsCommand({ StackName: 'topics' }))).Summaries;
    expect(await list()).toMatchObject([{ ChangeSetName: 'plan' }]);
    await world.client.send(new DeleteChangeSetCommand({ StackName: 'topics', ChangeSetName: 'plan' }));
    expect(await list()).toEqual([]);
  });

  it('changes tags of all resources that can have any', async () => {
    const world = bench();
    const { make, show } = changeSets(world);
    await world.create('topics', topic());
    world.settle();
    await make(topic(), { Tags: [{ Key: 'a', Value: 'b' }] });
    world.settle();
    expect((await show()).Changes).toMatchObject([{ ResourceChange: { Scope: ['Tags'], Replacement: 'False' } }]);
  });

  it('reverts what was changed by hand where it is asked to', async () => {
    const world = bench();
    const { make, show, execute } = changeSets(world);
    const id = await world.create('topics', topic({ DisplayName: 'a' }));
    world.settle();
    world.engine.changeResource('222222222222', 'us-east-1', id, 'Topic', { DisplayName: 'tampered' });
    await make(topic({ DisplayName: 'a' }), { DeploymentMode: 'REVERT_DRIFT' });
    world.settle();
    expect((await show()).Changes).toMatchObject([
      { ResourceChange: { Details: [{ Target: { BeforeValue: 'tampered', AfterValue: 'a' } }] } },
    ]);
    await execute();
    world.settle();
    world.engine.detectDrift('222222222222', 'us-east-1', id, () => undefined);
    world.settle();
    expect((await world.describe('topics')).DriftInformation?.StackDriftStatus).toBe('IN_SYNC');
  });
});
