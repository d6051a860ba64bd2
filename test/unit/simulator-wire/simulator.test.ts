import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CloudFormationClient, DescribePublisherCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
  TagResourceCommand,
} from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault, Simulator, SimulatorOptions } from '../../../src/simulator/kernel/contract.js';
import { createSimulator } from '../../../src/simulator/simulator.js';

const open: Simulator[] = [];
afterEach(async () => {
  for (const simulator of open.splice(0)) await simulator.close();
});

function world(options: SimulatorOptions = {}) {
  const simulator = createSimulator({ organization: 'demo', ...options });
  open.push(simulator);
  const common = (account: string, region: string) => ({
    region,
    credentials: simulator.credentials(account),
    requestHandler: simulator.requestHandler,
    maxAttempts: 1,
  });
  const organizations = (account = '100000000001') => new OrganizationsClient(common(account, 'us-east-1'));
  const sts = (account: string, region = 'us-east-1') => new STSClient(common(account, region));
  const dynamoDb = (account: string, region = 'us-east-1') => new DynamoDBClient(common(account, region));
  const cloudFormation = (account: string, region = 'us-east-1') => new CloudFormationClient(common(account, region));
  return { simulator, organizations, sts, dynamoDb, cloudFormation };
}

const rateExceeded = { code: 'Throttling', message: 'Rate exceeded', status: 400 };
const identityFault: Fault = { service: 'sts', operation: 'GetCallerIdentity', when: 'before', error: rateExceeded };

describe('faults', () => {
  it('strike the calls that were asked for, by account, Region and number', async () => {
    const { simulator, sts } = world();
    simulator.inject({ ...identityFault, account: '100000000011', region: 'us-west-2', calls: [2] });
    const outcomes: string[] = [];
    const ask = (account: string, region: string) =>
      sts(account, region)
        .send(new GetCallerIdentityCommand({}))
        .then(() => outcomes.push('ok'))
        .catch((error: Error) => outcomes.push(error.name));
    await ask('100000000011', 'us-west-2');
    await ask('100000000012', 'us-west-2');
    await ask('100000000011', 'us-east-1');
    await ask('100000000011', 'us-west-2');
    await ask('100000000011', 'us-west-2');
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'Throttling', 'ok']);
  });

  it('before the effect leave nothing behind, after the effect lose only the answer', async () => {
    const { simulator, organizations } = world();
    const tag = (value: string) =>
      organizations().send(new TagResourceCommand({ ResourceId: '100000000011', Tags: [{ Key: 'k', Value: value }] }));
    const error = { code: 'InternalFailure', message: 'lost', status: 503 };
    const tags = simulator.world.organization.accounts.get('100000000011')!.tags;
    simulator.inject({ service: 'organizations', operation: 'TagResource', when: 'before', error });
    await expect(tag('before')).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 503 } });
    expect(tags.has('k')).toBe(false);
    simulator.clearFaults();
    simulator.inject({ service: 'organizations', operation: 'TagResource', when: 'after', error });
    await expect(tag('after')).rejects.toMatchObject({ name: 'InternalFailure' });
    expect(tags.get('k')).toBe('after');
    simulator.clearFaults();
    await expect(tag('clear')).resolves.toBeDefined();
  });

  it('strike DynamoDB too', async () => {
    const { simulator, dynamoDb } = world();
    simulator.inject({
      service: 'dynamodb',
      operation: 'ListTables',
      when: 'before',
      error: { code: 'ProvisionedThroughputExceededException', message: 'slow', status: 400 },
    });
    await expect(dynamoDb('100000000004').send(new ListTablesCommand({}))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
  });
});

describe('the call log', () => {
  it('counts by service and operation, and says who asked and how it ended', async () => {
    const { simulator, sts, organizations } = world();
    await sts('100000000011', 'us-west-2').send(new GetCallerIdentityCommand({}));
    await expect(organizations('100000000011').send(new ListAccountsCommand({}))).rejects.toThrow();
    expect(simulator.calls.total).toBe(2);
    expect(simulator.calls.byOperation()).toEqual({ 'organizations:ListAccounts': 1, 'sts:GetCallerIdentity': 1 });
    const [first, second] = simulator.calls.entries();
    expect(first).toMatchObject({
      principal: { accountId: '100000000011' },
      region: 'us-west-2',
      outcome: 'ok',
      at: simulator.world.clock.now(),
    });
    expect(second).toMatchObject({ operation: 'ListAccounts', outcome: 'AccessDeniedException' });
    simulator.calls.reset();
    expect([simulator.calls.total, simulator.calls.entries(), simulator.calls.byOperation()]).toEqual([0, [], {}]);
  });
});

describe('an operation that AWS has and the simulator does not', () => {
  it('is NotImplemented, never an invented success', async () => {
    const { cloudFormation } = world();
    await expect(cloudFormation('100000000004').send(new DescribePublisherCommand({}))).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });
});

describe('DynamoDB', () => {
  it('is there without being started, and each account and Region has its own', async () => {
    const { simulator, dynamoDb } = world();
    const table = new CreateTableCommand({
      TableName: 'ledger',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    });
    await dynamoDb('100000000004').send(table);
    await expect(dynamoDb('100000000004').send(new ListTablesCommand({}))).resolves.toMatchObject({
      TableNames: ['ledger'],
    });
    await expect(dynamoDb('100000000005').send(new ListTablesCommand({}))).resolves.toMatchObject({ TableNames: [] });
    await expect(dynamoDb('100000000004', 'us-west-2').send(new ListTablesCommand({}))).resolves.toMatchObject({
      TableNames: [],
    });
    expect(simulator.calls.byOperation()).toMatchObject({ 'dynamodb:CreateTable': 1, 'dynamodb:ListTables': 3 });
  });

  it('is served over HTTP beside the other services', async () => {
    const { simulator } = world();
    const { url } = await simulator.listen(0);
    const client = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: url,
      credentials: simulator.credentials('100000000004'),
      maxAttempts: 1,
    });
    await expect(client.send(new ListTablesCommand({}))).resolves.toMatchObject({ TableNames: [] });
    client.destroy();
  });
});

describe('the listener', () => {
  it('answers on the loopback, and no more once it is closed', async () => {
    const { simulator } = world();
    const listener = await simulator.listen(0);
    expect(new URL(listener.url).hostname).toBe('127.0.0.1');
    const client = new STSClient({
      region: 'us-east-1',
      endpoint: listener.url,
      credentials: simulator.credentials('100000000004'),
      maxAttempts: 1,
    });
    await expect(client.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({ Account: '100000000004' });
    await listener.close();
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket/);
  });

  it('tells a body that is no request of AWS so, and goes on', async () => {
    const { simulator } = world();
    const { url } = await simulator.listen(0);
    const answer = await fetch(url, { method: 'POST', body: Buffer.from([0, 255, 1, 254]) });
    expect(answer.status).toBe(403);
    expect((await fetch(`${url}/bucket/%`)).status).toBe(400);
  });
});

describe('time', () => {
  it('stands still until it is told to move', async () => {
    const { simulator } = world();
    const before = simulator.world.clock.now();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(simulator.world.clock.now()).toEqual(before);
  });

  it('runs along where a speed was given', async () => {
    const { simulator } = world({ speed: 1000 });
    const before = simulator.world.clock.now().getTime();
    await expect.poll(() => simulator.world.clock.now().getTime() - before, { timeout: 5000 }).toBeGreaterThan(20_000);
  });
});

describe('the same seed', () => {
  it('gives the same world, another seed another', async () => {
    const organization = async (seed: number) => {
      const { Organization } = await world({ seed }).organizations().send(new DescribeOrganizationCommand({}));
      return Organization!.Id;
    };
    expect(await organization(7)).toBe(await organization(7));
    expect(await organization(7)).not.toBe(await organization(8));
  });
});

describe('polling in a loop', () => {
  it('lets the timers of the process run', async () => {
    const { sts } = world();
    let rang = false;
    setTimeout(() => (rang = true), 5);
    const client = sts('100000000004');
    for (let calls = 0; !rang; calls += 1) {
      expect(calls).toBeLessThan(5000);
      await client.send(new GetCallerIdentityCommand({}));
    }
    expect(rang).toBe(true);
  });
});

describe('a listing of stacks', () => {
  it('is the account’s and the Region’s own', async () => {
    const { cloudFormation } = world();
    const names = async (account: string, region: string) => {
      const { Stacks = [] } = await cloudFormation(account, region).send(new DescribeStacksCommand({}));
      return Stacks.map(({ StackId }) => StackId!.split(':').slice(3, 5).join('/'));
    };
    expect(new Set(await names('100000000011', 'us-west-2'))).toEqual(new Set(['us-west-2/100000000011']));
    expect(await names('100000000011', 'us-west-2')).toHaveLength(5);
    expect(await names('100000000011', 'eu-west-1')).toEqual([]);
  });
});
