import { CloudFormationClient, CreateStackCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { TagResourceCommand } from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/simulator/kernel/contract.js';
import type { StorySimulator } from '../../../src/simulator/simulator.js';
import { clientsOf, MEMBER, outcomeOf, TEMPLATE, troubled } from './world.js';

const create = (name: string) => new CreateStackCommand({ StackName: name, TemplateBody: TEMPLATE });
const namesOf = (simulator: StorySimulator) => simulator.stacks.standing().map(({ name }) => name);

async function overHttp(simulator: StorySimulator, requestTimeout = 0): Promise<CloudFormationClient> {
  const { url } = await simulator.listen(0);
  return new CloudFormationClient({
    region: 'us-east-1',
    endpoint: url,
    credentials: simulator.credentials(MEMBER),
    maxAttempts: 1,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
}

describe('a reset', () => {
  it('comes before anything happened', async () => {
    const simulator = troubled({ trouble: { resets: 1 } });
    expect(await outcomeOf(clientsOf(simulator).cloudFormation.send(create('queue')))).toBe('TimeoutError ECONNRESET');
    expect(namesOf(simulator)).toEqual([]);
    expect(simulator.calls.entries()[0]).toMatchObject({
      operation: 'CreateStack',
      outcome: 'ECONNRESET',
      struck: 'resets',
    });
  });

  it('looks over HTTP as it does in process', async () => {
    const client = await overHttp(troubled({ trouble: { resets: 1 } }));
    expect(await outcomeOf(client.send(new ListStacksCommand({})))).toBe('TimeoutError ECONNRESET');
  });
});

describe('a lost answer', () => {
  it('comes after the effect, and who asks again finds it', async () => {
    const simulator = troubled({ trouble: { lostAnswers: { rate: 0.99 }, mostInARow: 1 } });
    const { cloudFormation } = clientsOf(simulator);
    expect(await outcomeOf(cloudFormation.send(create('queue')))).toBe('TimeoutError ECONNRESET');
    expect(namesOf(simulator)).toEqual(['queue']);
    expect(await outcomeOf(cloudFormation.send(create('queue')))).toBe('AlreadyExistsException 400');
  });

  it('loses a refusal too', async () => {
    const simulator = troubled({ trouble: { lostAnswers: 1 } });
    const call = clientsOf(simulator).organizations.send(
      new TagResourceCommand({ ResourceId: '000000000000', Tags: [] }),
    );
    expect(await outcomeOf(call)).toBe('TimeoutError ECONNRESET');
  });
});

describe('a timeout', () => {
  it('comes after the effect, and after as long as was asked for', async () => {
    const simulator = troubled({ trouble: { timeouts: { rate: 1, milliseconds: 50 } } });
    const begun = performance.now();
    expect(await outcomeOf(clientsOf(simulator).cloudFormation.send(create('queue')))).toBe('TimeoutError ETIMEDOUT');
    expect(performance.now() - begun).toBeGreaterThan(45);
    expect(namesOf(simulator)).toEqual(['queue']);
  });

  it('over HTTP ends when the client gives up', async () => {
    const simulator = troubled({ trouble: { timeouts: 1 } });
    const client = await overHttp(simulator, 300);
    expect(await outcomeOf(client.send(create('queue')))).toBe('TimeoutError ETIMEDOUT');
    expect(namesOf(simulator)).toEqual(['queue']);
  });

  it('over HTTP ends after as long as was asked for, where the client does not give up', async () => {
    const simulator = troubled({ trouble: { timeouts: { rate: 1, milliseconds: 50 } } });
    const client = await overHttp(simulator);
    expect(await outcomeOf(client.send(create('queue')))).toBe('TimeoutError ECONNRESET');
  });
});

describe('latency', () => {
  it('makes an answer late, by no more than was asked for, and changes nothing else', async () => {
    const { cloudFormation } = clientsOf(troubled({ trouble: { latency: { rate: 1, milliseconds: 60 } } }));
    await cloudFormation.send(new ListStacksCommand({}));
    const begun = performance.now();
    for (let count = 0; count < 5; count += 1) await cloudFormation.send(new ListStacksCommand({}));
    expect(performance.now() - begun).toBeGreaterThan(30);
  });

  it('can be waited for no longer', async () => {
    const { cloudFormation } = clientsOf(troubled({ trouble: { latency: { rate: 1, milliseconds: 60_000 } } }));
    const abort = new AbortController();
    const call = cloudFormation.send(new ListStacksCommand({}), { abortSignal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    expect(await outcomeOf(call)).toBe('AbortError');
  });
});

describe('an injected fault', () => {
  const fault = { service: 'cloudformation', operation: 'CreateStack', calls: [1] } as const;

  it.each<[string, Pick<Fault, 'when' | 'error' | 'delay'>, string, string[]]>([
    ['a reset before the effect', { when: 'before', error: 'reset' }, 'TimeoutError ECONNRESET', []],
    ['a reset after it', { when: 'after', error: 'reset' }, 'TimeoutError ECONNRESET', ['queue']],
    ['silence', { when: 'after', error: 'silence' }, 'TimeoutError ETIMEDOUT', ['queue']],
    ['nothing but a delay', { when: 'before', error: 'none', delay: 5 }, 'ok', ['queue']],
  ])('can be %s', async (_what, how, outcome, names) => {
    const simulator = troubled({});
    simulator.inject({ ...fault, ...how });
    expect(await outcomeOf(clientsOf(simulator).cloudFormation.send(create('queue')))).toBe(outcome);
    expect(namesOf(simulator)).toEqual(names);
    expect(simulator.calls.entries()[0]).toMatchObject({ struck: 'fault' });
  });
});
