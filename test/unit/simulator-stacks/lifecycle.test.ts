import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  ListStacksCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { bench, MANAGEMENT, MEMBER, topic } from './world.js';

const text = (template: object): string => JSON.stringify(template);

describe('the life of a stack', () => {
  it('takes 30 to 600 seconds to create and shows its outputs then', async () => {
    const { create, describe: show, clock } = bench();
    const id = await create('topics', topic({ TopicName: 'alarms' }), { Tags: [{ Key: 'owner', Value: 'me' }] });
    clock.advance(29);
    expect((await show('topics')).StackStatus).toBe('CREATE_IN_PROGRESS');
    clock.advance(572);
    const stack = await show('topics');
    expect(stack).toMatchObject({
      StackId: id,
      StackStatus: 'CREATE_COMPLETE',
      Tags: [{ Key: 'owner', Value: 'me' }],
      Outputs: [{ OutputKey: 'Arn', OutputValue: `arn:aws:sns:us-east-1:${MEMBER}:alarms` }],
      DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
      LastOperations: [{ OperationType: 'CREATE_STACK' }],
    });
  });

  it('is seen by its own account and Region only', async () => {
    const { create, clientOf } = bench();
    await create('topics', topic());
    for (const other of [clientOf(MANAGEMENT), clientOf(MEMBER, 'eu-west-1')]) {
      const { StackSummaries } = await other.send(new ListStacksCommand({}));
      expect(StackSummaries).toEqual([]);
    }
  });

  it('answers a repeated call with the same stack and refuses the token for another', async () => {
    const { create, client } = bench();
    const first = await create('topics', topic(), { ClientRequestToken: 'step-1' });
    expect(await create('topics', topic(), { ClientRequestToken: 'step-1' })).toBe(first);
    await expect(create('others', topic(), { ClientRequestToken: 'step-1' })).rejects.toThrow(
      expect.objectContaining({ name: 'TokenAlreadyExistsException' }),
    );
    await expect(create('topics', topic())).rejects.toThrow(
      expect.objectContaining({ name: 'AlreadyExistsException' }),
    );
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'topics' }));
    expect(StackEvents![0]).toMatchObject({ ResourceStatus: 'CREATE_IN_PROGRESS', ClientRequestToken: 'step-1' });
  });

  it('refuses to update while something runs, and where nothing would change', async () => {
    const { create, client, settle } = bench();
    const id = await create('topics', topic());
    const update = (template: object): Promise<unknown> =>
      client.send(new UpdateStackCommand({ StackName: 'topics', TemplateBody: text(template) }));
    await expect(update(topic({ DisplayName: 'x' }))).rejects.toThrow(
      `Stack:${id} is in CREATE_IN_PROGRESS state and can not be updated.`,
    );
    settle();
    await expect(update(topic())).rejects.toThrow('No updates are to be performed.');
    await expect(update({ ...topic(), Description: 'only words' })).rejects.toThrow('No updates are to be performed.');
  });

  it('updates in place, cleans up and keeps tags that the call does not mention', async () => {
    const { create, client, settle, describe: show } = bench();
    await create('topics', topic({ TopicName: 'a' }), { Tags: [{ Key: 'k', Value: 'v' }] });
    settle();
    await client.send(new UpdateStackCommand({ StackName: 'topics', TemplateBody: text(topic({ TopicName: 'b' })) }));
    settle();
    const stack = await show('topics');
    expect(stack).toMatchObject({
      StackStatus: 'UPDATE_COMPLETE',
      Tags: [{ Key: 'k', Value: 'v' }],
      Outputs: [{ OutputValue: `arn:aws:sns:us-east-1:${MEMBER}:b` }],
      LastOperations: [{ OperationType: 'UPDATE_STACK' }, { OperationType: 'CREATE_STACK' }],
    });
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'topics' }));
    const statuses = StackEvents!.filter(({ ResourceType }) => ResourceType === 'AWS::CloudFormation::Stack');
    expect(statuses.map(({ ResourceStatus }) => ResourceStatus)).toEqual([
      'UPDATE_COMPLETE',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'CREATE_IN_PROGRESS',
    ]);
  });

  it('rolls a failed creation back, and frees the names that it held', async () => {
    const { create, client, settle, describe: show } = bench();
    const template = {
      Resources: {
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'the-bucket' } },
        Topic: { Type: 'AWS::SNS::Topic', DependsOn: 'Bucket', Metadata: { Simulator: { Fail: 'create' } } },
      },
    };
    await create('broken', template);
    settle();
    expect((await show('broken')).StackStatus).toBe('ROLLBACK_COMPLETE');
    await expect(
      client.send(new UpdateStackCommand({ StackName: 'broken', TemplateBody: text(topic()) })),
    ).rejects.toThrow('is in ROLLBACK_COMPLETE state and can not be updated');
    await create('next', { Resources: { Bucket: template.Resources.Bucket } });
    settle();
    expect((await show('next')).StackStatus).toBe('CREATE_COMPLETE');
  });

  it('lets two stacks not have one bucket', async () => {
    const { create, client, settle, describe: show } = bench();
    const bucket = { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'the-bucket' } } } };
    await create('first', bucket);
    settle();
    await create('second', bucket);
    settle();
    expect((await show('second')).StackStatus).toBe('ROLLBACK_COMPLETE');
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'second' }));
    expect(StackEvents!.map(({ ResourceStatusReason = '' }) => ResourceStatusReason).join()).toContain(
      'already exists in stack',
    );
    await client.send(new DeleteStackCommand({ StackName: 'second' }));
    settle();
    expect((await show('first')).StackStatus).toBe('CREATE_COMPLETE');
  });

  it('goes back where an update fails, and stops where it cannot go back until told to skip', async () => {
    const { create, client, settle, describe: show } = bench();
    const stubborn = { Simulator: { Fail: 'update' } };
    await create('stubborn', topic({ DisplayName: 'a' }, stubborn));
    await create('soft', topic({ DisplayName: 'a' }));
    settle();
    for (const StackName of ['stubborn', 'soft']) {
      await client.send(
        new UpdateStackCommand({ StackName, TemplateBody: text(topic({ DisplayName: 'b' }, stubborn)) }),
      );
    }
    settle();
    expect((await show('soft')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await show('stubborn')).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
    await client.send(new ContinueUpdateRollbackCommand({ StackName: 'stubborn', ResourcesToSkip: ['Topic'] }));
    settle();
    expect((await show('stubborn')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('can be cancelled and rolled back by hand', async () => {
    const { create, client, settle, describe: show } = bench();
    await create('a', topic({ DisplayName: 'a' }));
    settle();
    await client.send(new UpdateStackCommand({ StackName: 'a', TemplateBody: text(topic({ DisplayName: 'b' })) }));
    await client.send(new CancelUpdateStackCommand({ StackName: 'a' }));
    settle();
    expect((await show('a')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    await create('b', topic({}, { Simulator: { Fail: 'create' } }), { OnFailure: 'DO_NOTHING' });
    settle();
    expect((await show('b')).StackStatus).toBe('CREATE_FAILED');
    await client.send(new RollbackStackCommand({ StackName: 'b' }));
    settle();
    expect((await show('b')).StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  it('is deleted quietly, protected where it says so, and stays readable by its id', async () => {
    const { create, client, settle, describe: show } = bench();
    const id = await create('kept', topic(), { EnableTerminationProtection: true });
    settle();
    const remove = (): Promise<unknown> => client.send(new DeleteStackCommand({ StackName: 'kept' }));
    await expect(remove()).rejects.toThrow('Stack [kept] cannot be deleted while TerminationProtection is enabled');
    await client.send(
      new UpdateTerminationProtectionCommand({ StackName: 'kept', EnableTerminationProtection: false }),
    );
    await remove();
    await remove();
    settle();
    await remove();
    expect((await show(id)).StackStatus).toBe('DELETE_COMPLETE');
    await expect(show('kept')).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationError', message: 'Stack with id kept does not exist' }),
    );
  });

  it('keeps what fails to be deleted until it is told to leave it', async () => {
    const { create, client, settle, describe: show } = bench();
    const id = await create('sticky', topic({}, { Simulator: { Fail: 'delete' } }));
    settle();
    await client.send(new DeleteStackCommand({ StackName: 'sticky' }));
    settle();
    expect(await show('sticky')).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: expect.stringContaining('failed to delete: [Topic]'),
    });
    await client.send(new DeleteStackCommand({ StackName: 'sticky', RetainResources: ['Topic'] }));
    settle();
    expect((await show(id)).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('makes its roles assumable and takes them away', async () => {
    const { create, client, settle, organization } = bench();
    const roles = organization.accounts.get(MEMBER)!.roles;
    const document = {
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': 'abc' } } },
      ],
    };
    const Properties = { RoleName: 'evenkeel-apply', AssumeRolePolicyDocument: document };
    await create(
      'roles',
      { Resources: { Role: { Type: 'AWS::IAM::Role', Properties } } },
      { Capabilities: ['CAPABILITY_NAMED_IAM'] },
    );
    settle();
    expect(roles.get('evenkeel-apply')).toBe('abc');
    await client.send(new DeleteStackCommand({ StackName: 'roles' }));
    settle();
    expect(roles.has('evenkeel-apply')).toBe(false);
  });

  it('refuses an IAM template without the capability, and a service role that is not there', async () => {
    const { create } = bench();
    const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };
    await expect(create('roles', { Resources: { Role: role } })).rejects.toThrow(
      expect.objectContaining({
        name: 'InsufficientCapabilitiesException',
        message: 'Requires capabilities : [CAPABILITY_IAM]',
      }),
    );
    await expect(create('x', topic(), { RoleARN: `arn:aws:iam::${MEMBER}:role/nobody` })).rejects.toThrow(
      'cannot be assumed',
    );
    await create('y', topic(), { RoleARN: `arn:aws:iam::${MEMBER}:role/cloudformation` });
  });

  it('gives a replaced resource a new physical id and deletes the old one afterwards', async () => {
    const { create, client, settle } = bench();
    const queue = (Properties: object): object => ({
      Resources: { Key: { Type: 'AWS::DynamoDB::Table', Properties } },
    });
    const schema = (name: string): object => ({
      KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    const physical = async (): Promise<string | undefined> =>
      (await client.send(new DescribeStackResourcesCommand({ StackName: 'tables' }))).StackResources?.[0]
        ?.PhysicalResourceId;
    await create('tables', queue(schema('a')));
    settle();
    const before = await physical();
    await client.send(new UpdateStackCommand({ StackName: 'tables', TemplateBody: text(queue(schema('b'))) }));
    settle();
    expect(await physical()).not.toBe(before);
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'tables' }));
    expect(StackEvents!.find(({ ResourceStatus }) => ResourceStatus === 'DELETE_COMPLETE')?.PhysicalResourceId).toBe(
      before,
    );
  });

  it('passes values by export, which cannot go while somebody imports it', async () => {
    const { create, client, settle, describe: show } = bench();
    const exporting = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
      Outputs: { Arn: { Value: { Ref: 'Topic' }, Export: { Name: 'topic-arn' } } },
    };
    await create('exporter', exporting);
    settle();
    await create('importer', topic({ DisplayName: { 'Fn::ImportValue': 'topic-arn' } }));
    await create('twin', exporting);
    settle();
    expect((await show('importer')).StackStatus).toBe('CREATE_COMPLETE');
    expect((await show('twin')).StackStatus).toBe('ROLLBACK_COMPLETE');
    await client.send(new DeleteStackCommand({ StackName: 'exporter' }));
    settle();
    expect(await show('exporter')).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      StackStatusReason: expect.stringContaining('in use by importer'),
    });
  });

  it('creates nested stacks from their URL and reads their outputs', async () => {
    const { create, client, settle, describe: show, objects } = bench();
    objects.put('templates', 'child.json', Buffer.from(text(topic({ TopicName: 'inner' }))), 'us-east-1');
    const TemplateURL = 'https://templates.s3.us-east-1.amazonaws.com/child.json';
    const parent = {
      Resources: { Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } } },
      Outputs: { Inner: { Value: { 'Fn::GetAtt': ['Child', 'Outputs.Arn'] } } },
    };
    const id = await create('parent', parent);
    settle();
    expect((await show('parent')).Outputs?.[0]?.OutputValue).toBe(`arn:aws:sns:us-east-1:${MEMBER}:inner`);
    const { StackSummaries } = await client.send(new ListStacksCommand({}));
    expect(StackSummaries?.find(({ ParentId }) => ParentId === id)).toMatchObject({
      RootId: id,
      StackStatus: 'CREATE_COMPLETE',
    });
    await client.send(new DeleteStackCommand({ StackName: 'parent' }));
    settle();
    const { StackSummaries: after } = await client.send(new ListStacksCommand({}));
    expect(after?.map(({ StackStatus }) => StackStatus)).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE']);
  });
});

describe('a template given by URL', () => {
  it('may be up to 1,000,000 bytes, where the body may be 51,200', async () => {
    const { client, objects } = bench();
    const padded = (bytes: number): string =>
      text({ ...topic(), Metadata: { pad: 'x' } }).replace('"x"', `"${'x'.repeat(bytes)}"`);
    objects.put('t', 'ok.json', Buffer.from(padded(900_000)), 'us-east-1');
    objects.put('t', 'big.json', Buffer.from(padded(1_000_000)), 'us-east-1');
    const at = (key: string): string => `https://t.s3.us-east-1.amazonaws.com/${key}`;
    await client.send(new CreateStackCommand({ StackName: 'ok', TemplateURL: at('ok.json') }));
    await expect(
      client.send(new CreateStackCommand({ StackName: 'big', TemplateURL: at('big.json') })),
    ).rejects.toThrow('may not exceed 1000000 bytes');
    await expect(
      client.send(new CreateStackCommand({ StackName: 'gone', TemplateURL: at('gone.json') })),
    ).rejects.toThrow('S3 error');
    await expect(
      client.send(new CreateStackCommand({ StackName: 'in', TemplateBody: padded(51_200) })),
    ).rejects.toThrow('Member must have length less than or equal to 51200');
  });
});
