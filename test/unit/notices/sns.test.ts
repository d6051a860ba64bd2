import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAws } from '../../../src/aws/clients.js';
import { simulatedAws, simulatedClock } from '../../../src/cli/demo/simulated-aws.js';
import type { Region } from '../../../src/model/identifiers.js';
import type { Channel } from '../../../src/model/notice.js';
import { createMessenger } from '../../../src/notices/messenger.js';
import { subjectOf } from '../../../src/notices/sns.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { HUB, smallOrganization } from '../../support/world.js';
import { HOSTILE, manualClock, messenger, notice, receiver } from './receiver.js';

const never = new AbortController().signal;
const roles = { plan: 'plan', apply: 'apply', cloudformation: null, externalId: null };

async function world() {
  const simulator = createSimulator({ organization: smallOrganization(1), trouble: 'none' });
  const clock = simulatedClock(simulator);
  const aws = createAws({
    partition: 'aws',
    homeRegion: 'us-east-1' as Region,
    roles,
    clock,
    ...simulatedAws(simulator, HUB),
  });
  const client = new SNSClient({
    region: 'eu-west-1',
    credentials: simulator.credentials(HUB),
    requestHandler: simulator.requestHandler as never,
  });
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'drift' }));
  const messenger = createMessenger({ aws, env: {}, clock });
  const channel = (topicArn: string): Channel => ({ type: 'sns', topicArn, on: ['drift'] });
  const deliver = (topicArn: string, one = notice()) =>
    messenger.deliver({ notice: one, channel: channel(topicArn), attempt: 1 }, never);
  return { simulator, topic: TopicArn!, deliver };
}

describe('an SNS topic', () => {
  it('gets the notice in its own Region, as plain text with attributes to filter by', async () => {
    const { simulator, topic, deliver } = await world();
    const told = await deliver(topic);
    const [message] = simulator.published();
    expect(told).toEqual({ type: 'delivered', reference: message!.messageId });
    expect(message).toMatchObject({
      topicArn: `arn:aws:sns:eu-west-1:${HUB}:drift`,
      subject: 'Stack/janitor@111111111111/us-east-1: Queue (AWS::SQS::Queue) differs in /VisibilityTimeout',
      attributes: {
        kind: { type: 'String', value: 'drift' },
        id: { type: 'String', value: notice().id },
        address: { type: 'String', value: 'Stack/janitor@111111111111/us-east-1' },
      },
    });
    expect(message!.message).toBe(`${notice().title}\n\nExpected → actual:\n  /VisibilityTimeout: "30" → "60"\n`);
  });

  it('gets no attribute for an address where there is none', async () => {
    const { simulator, topic, deliver } = await world();
    await deliver(topic, notice({ address: null }));
    expect(Object.keys(simulator.published()[0]!.attributes)).toEqual(['kind', 'id']);
  });

  it('that is not there, or is somebody else’s, is tried again: somebody may put it right', async () => {
    const { deliver } = await world();
    for (const topic of [`arn:aws:sns:eu-west-1:${HUB}:gone`, 'arn:aws:sns:eu-west-1:999999999999:drift'])
      expect(await deliver(topic)).toMatchObject({ type: 'failed', cause: 'refused', isFinal: false });
  });

  it('whose ARN names no Region is nobody’s', async () => {
    const { deliver } = await world();
    expect(await deliver('drift')).toMatchObject({ isFinal: true, error: 'the ARN of the topic names no Region' });
  });

  it('that is FIFO is told by the id what is a repetition', async () => {
    const there = await receiver((_, response) => response.writeHead(500).end());
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'hunter2' };
    const clock = manualClock();
    const aws = createAws({
      partition: 'aws',
      homeRegion: 'us-east-1' as Region,
      roles,
      clock,
      credentials,
      endpoint: there.url,
    });
    const channel: Channel = { type: 'sns', topicArn: `arn:aws:sns:eu-west-1:${HUB}:drift.fifo`, on: ['drift'] };
    const told = await messenger({ aws, clock, patience: 5_000 }).deliver(
      { notice: notice(), channel, attempt: 1 },
      never,
    );
    expect(told).toMatchObject({ type: 'failed', cause: 'unreachable', isFinal: false });
    const sent = new URLSearchParams(there.received[0]!.body);
    expect(sent.get('MessageGroupId')).toBe(notice().address);
    expect(sent.get('MessageDeduplicationId')).toBe(notice().id);
    await there.close();
  });

  it('takes hostile text as its escapes', async () => {
    const { simulator, topic, deliver } = await world();
    expect(await deliver(topic, notice({ title: HOSTILE, lines: [HOSTILE] }))).toMatchObject({ type: 'delivered' });
    const { message } = simulator.published()[0]!;
    expect(message.split('\n')).toHaveLength(4);
    expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  });

  it('gets a subject that SNS takes, whatever the title is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (title) => {
        expect(subjectOf(title)).toMatch(/^[!-~][ -~]{0,99}$/);
      }),
    );
    expect(['', '   ', ' a'].map(subjectOf)).toEqual(['Evenkeel', 'Evenkeel', 'a']);
  });
});
