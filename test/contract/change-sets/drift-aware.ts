import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { detect, drifts, tamper } from './drift.js';
import { byId, desk, failing, queue, refusal, settled, standing, text, topic } from './fixtures.js';
import { guide, HAND, shape } from './sources.js';

const PAGE = 'Using drift-aware change sets';
const REVERT = { DeploymentMode: 'REVERT_DRIFT' } as const;

export const driftAware: Chapter = {
  service: 'CloudFormation',
  operation: 'Drift-aware change sets',
  lacks: {
    moto: 'does not know DeploymentMode',
    ministack: 'does not know DeploymentMode',
  },
  sentences: [
    {
      says: 'are made by DeploymentMode REVERT_DRIFT, and say so, with whether the stack had drifted',
      source: shape('DescribeChangeSetOutput'),
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name } = await standing(aws, text({ Queue: queue(named) }));
        const made = await desk(aws, name).made(text({ Queue: queue(named, { DelaySeconds: 1 }) }), REVERT);
        expect(made).toMatchObject({
          Status: 'CREATE_COMPLETE',
          DeploymentMode: 'REVERT_DRIFT',
          StackDriftStatus: 'IN_SYNC',
        });
        expect(byId(made)['Queue']?.ResourceDriftStatus).toBe('IN_SYNC');
      },
    },
    {
      says: 'cannot be of type CREATE or IMPORT',
      source: guide(PAGE),
      test: async (aws) => {
        const { make } = desk(aws, aws.unique('stack'));
        const body = text({ Queue: queue(aws.unique('queue')) });
        expect((await refusal(make(body, { ...REVERT, ChangeSetType: 'CREATE' }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'list a resource that has drifted although the template says nothing new, from its actual state to the template’s',
      source: guide(PAGE),
      alone: HAND,
      test: async (aws) => {
        const body = text({ Topic: topic(aws.unique('topic'), { DisplayName: 'deployed' }) });
        const { name, id } = await standing(aws, body);
        tamper(aws, id, 'Topic', { DisplayName: 'by hand' });
        const { Topic } = await desk(aws, name).valued(body, REVERT);
        expect(Topic).toMatchObject({
          Action: 'Modify',
          ResourceDriftStatus: 'MODIFIED',
          Details: [
            {
              Target: {
                Name: 'DisplayName',
                BeforeValue: 'by hand',
                AfterValue: 'deployed',
                BeforeValueFrom: 'ACTUAL_STATE',
                AfterValueFrom: 'TEMPLATE',
                Drift: {
                  PreviousValue: 'deployed',
                  ActualValue: 'by hand',
                  DriftDetectionTimestamp: expect.any(Date) as Date,
                },
              },
            },
          ],
        });
      },
    },
    {
      says: 'show, for a property that has not drifted, a before value from the previous deployment',
      source: shape('ResourceTargetDefinition'),
      alone: HAND,
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name, id } = await standing(
          aws,
          text({ Queue: queue(named, { DelaySeconds: 1, VisibilityTimeout: 1 }) }),
        );
        tamper(aws, id, 'Queue', { DelaySeconds: 9 });
        const after = text({ Queue: queue(named, { DelaySeconds: 1, VisibilityTimeout: 2 }) });
        const { Queue } = await desk(aws, name).valued(after, REVERT);
        const from = Queue?.Details?.map(({ Target }) => [Target?.Name, Target?.BeforeValueFrom]) ?? [];
        expect(Object.fromEntries(from)).toEqual({
          DelaySeconds: 'ACTUAL_STATE',
          VisibilityTimeout: 'PREVIOUS_DEPLOYMENT_STATE',
        });
      },
    },
    {
      says: 'bring the drifted resource back when they are executed',
      source: guide(PAGE),
      alone: HAND,
      test: async (aws) => {
        const body = text({ Topic: topic(aws.unique('topic'), { DisplayName: 'deployed' }) });
        const { name, id } = await standing(aws, body);
        tamper(aws, id, 'Topic', { DisplayName: 'by hand' });
        const { made, execute } = desk(aws, name);
        expect((await made(body, REVERT)).StackDriftStatus).toBe('DRIFTED');
        await execute();
        await settled(aws, name);
        expect((await detect(aws, name)).StackDriftStatus).toBe('IN_SYNC');
      },
    },
    {
      says: 'are the only ones that do: others compare templates, see no change, and leave what was changed by hand',
      source: guide(PAGE),
      alone: HAND,
      test: async (aws) => {
        const named = aws.unique('queue');
        const deployed = { DelaySeconds: 1, VisibilityTimeout: 1 };
        const { name, id } = await standing(aws, text({ Queue: queue(named, deployed) }));
        tamper(aws, id, 'Queue', { DelaySeconds: 9 });
        const { made, execute } = desk(aws, name);
        expect((await made(text({ Queue: queue(named, deployed) }), { ChangeSetName: 'same' })).Status).toBe('FAILED');
        await made(text({ Queue: queue(named, { ...deployed, VisibilityTimeout: 2 }) }));
        await execute();
        await settled(aws, name);
        await detect(aws, name);
        const [drift] = await drifts(aws, name);
        expect(drift?.PropertyDifferences).toMatchObject([{ PropertyPath: '/DelaySeconds', ActualValue: '9' }]);
      },
    },
    {
      says: 'show Action SyncWithActual where the template follows what was done by hand, and then write nothing',
      source: shape('ChangeAction'),
      alone: HAND,
      test: async (aws) => {
        const named = aws.unique('topic');
        const { name, id } = await standing(aws, text({ Topic: topic(named, { DisplayName: 'deployed' }) }));
        tamper(aws, id, 'Topic', { DisplayName: 'by hand' });
        const { made, execute, show } = desk(aws, name);
        await made(text({ Topic: topic(named, { DisplayName: 'by hand' }) }), REVERT);
        const { Topic } = byId(await show('plan', true));
        expect(Topic).toMatchObject({
          Action: 'SyncWithActual',
          Details: [
            { Target: { Name: 'DisplayName', AttributeChangeType: 'SyncWithActual' }, ChangeSource: 'NoModification' },
          ],
        });
        await execute();
        await settled(aws, name);
        expect((await detect(aws, name)).StackDriftStatus).toBe('IN_SYNC');
      },
    },
    {
      says: 'leave drift of immutable properties as it is',
      source: guide(PAGE),
      alone: HAND,
      test: async (aws) => {
        const body = text({ Topic: topic(aws.unique('topic'), { DisplayName: 'a', FifoTopic: false }) });
        const { name, id } = await standing(aws, body);
        tamper(aws, id, 'Topic', { FifoTopic: true });
        expect((await desk(aws, name).made(body, REVERT)).Status).toBe('FAILED');
      },
    },
    {
      says: 'leave tags alone whose keys the template never had',
      source: guide(PAGE),
      alone: HAND,
      test: async (aws) => {
        const tags = [{ Key: 'a', Value: 'b' }];
        const body = text({ Topic: topic(aws.unique('topic'), { Tags: tags }) });
        const { name, id } = await standing(aws, body);
        tamper(aws, id, 'Topic', { Tags: [...tags, { Key: 'cost', Value: 'x' }] });
        expect((await desk(aws, name).made(body, REVERT)).Status).toBe('FAILED');
      },
    },
    {
      says: 'compare properties that cannot be read with the previous deployment, and name them with WRITE_ONLY_PROPERTY',
      source: shape('ResourceDriftIgnoredAttribute'),
      alone: HAND,
      test: async (aws) => {
        const secret = (Description: string) => ({
          Type: 'AWS::SecretsManager::Secret',
          Properties: { SecretString: 'one', Description },
        });
        const { name, id } = await standing(aws, text({ Secret: secret('a') }));
        tamper(aws, id, 'Secret', { SecretString: 'two' });
        const { Secret } = byId(await desk(aws, name).made(text({ Secret: secret('b') }), REVERT));
        expect(Secret?.Details?.map(({ Target }) => Target?.Name)).toEqual(['Description']);
        expect(Secret?.ResourceDriftIgnoredAttributes).toEqual([
          { Path: '/Properties/SecretString', Reason: 'WRITE_ONLY_PROPERTY' },
        ]);
      },
    },
    {
      says: 'leave drift alone that AWS itself makes, such as a database’s minor engine version, and name it with MANAGED_BY_AWS',
      source: guide(PAGE),
      alone: HAND,
      test: async (aws) => {
        const database = (AllocatedStorage: string) => ({
          Type: 'AWS::RDS::DBInstance',
          Properties: { Engine: 'mysql', EngineVersion: '8.0.35', AllocatedStorage, AutoMinorVersionUpgrade: true },
        });
        const { name, id } = await standing(aws, text({ Database: database('20') }));
        tamper(aws, id, 'Database', { EngineVersion: '8.0.36' });
        const { Database } = byId(await desk(aws, name).made(text({ Database: database('30') }), REVERT));
        expect(Database?.Details?.map(({ Target }) => Target?.Name)).toEqual(['AllocatedStorage']);
        expect(Database?.ResourceDriftIgnoredAttributes).toEqual([
          { Path: '/Properties/EngineVersion', Reason: 'MANAGED_BY_AWS' },
        ]);
      },
    },
    {
      says: 'compare templates alone, with ResourceDriftStatus UNSUPPORTED, for types whose actual state cannot be compared',
      source: guide(PAGE),
      alone: HAND,
      test: async (aws) => {
        const custom = (Size: number) => ({
          Type: 'Custom::Thing',
          Properties: { ServiceToken: `arn:aws:lambda:us-east-1:${aws.members[0]}:function:f`, Size },
        });
        const { name, id } = await standing(aws, text({ Thing: custom(1) }));
        tamper(aws, id, 'Thing', { Size: 9 });
        const { Thing } = await desk(aws, name).valued(text({ Thing: custom(2) }), REVERT);
        expect(Thing).toMatchObject({
          ResourceDriftStatus: 'UNSUPPORTED',
          Details: [{ Target: { BeforeValue: '1', AfterValue: '2', BeforeValueFrom: 'PREVIOUS_DEPLOYMENT_STATE' } }],
        });
      },
    },
    {
      says: 'do not bring back a resource that was deleted by hand',
      source: assumption('the documentation speaks of properties only'),
      alone: HAND,
      test: async (aws) => {
        const body = text({ Topic: topic(aws.unique('topic')), Other: topic(aws.unique('topic')) });
        const { name, id } = await standing(aws, body);
        tamper(aws, id, 'Topic', null);
        const made = await desk(aws, name).made(body, REVERT);
        expect(made).toMatchObject({ Status: 'FAILED', StackDriftStatus: 'DRIFTED' });
      },
    },
    {
      says: 'go back, where they fail, to what really stood there and not to the previous template',
      source: guide(PAGE),
      alone: HAND,
      test: async (aws) => {
        const drifting = aws.unique('topic');
        const before = { Topic: topic(drifting, { DisplayName: 'deployed' }), Last: topic(aws.unique('topic')) };
        const { name, id } = await standing(aws, text(before));
        tamper(aws, id, 'Topic', { DisplayName: 'by hand' });
        const after = {
          Topic: topic(drifting, { DisplayName: 'new' }),
          Last: {
            ...topic('x', { DisplayName: 'y' }, { ...failing('update'), DependsOn: 'Topic' }),
            Properties: { ...before.Last.Properties, DisplayName: 'y' },
          },
        };
        const { made, execute } = desk(aws, name);
        await made(text(after), REVERT);
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        await detect(aws, name);
        const [drift] = await drifts(aws, name, { StackResourceDriftStatusFilters: ['MODIFIED'] });
        expect(drift?.PropertyDifferences).toMatchObject([{ PropertyPath: '/DisplayName', ActualValue: 'by hand' }]);
      },
    },
    {
      says: 'differ in that from others, which write the previous template’s value into what they had changed',
      source: guide(PAGE),
      alone: HAND,
      test: async (aws) => {
        const drifting = aws.unique('topic');
        const Last = topic(aws.unique('topic'));
        const { name, id } = await standing(aws, text({ Topic: topic(drifting, { DisplayName: 'deployed' }), Last }));
        tamper(aws, id, 'Topic', { DisplayName: 'by hand' });
        const failed = { ...Last, ...failing('update'), DependsOn: 'Topic' };
        const { made, execute } = desk(aws, name);
        await made(text({ Topic: topic(drifting, { DisplayName: 'new' }), Last: failed }));
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect((await detect(aws, name)).StackDriftStatus).toBe('IN_SYNC');
      },
    },
    {
      says: 'apart, an update of a resource that was deleted by hand fails',
      source: assumption('the service answers that there is no such resource'),
      alone: HAND,
      test: async (aws) => {
        const named = aws.unique('topic');
        const { name, id } = await standing(aws, text({ Topic: topic(named, { DisplayName: 'a' }) }));
        tamper(aws, id, 'Topic', null);
        const { made, execute } = desk(aws, name);
        await made(text({ Topic: topic(named, { DisplayName: 'b' }) }));
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      },
    },
  ],
};
