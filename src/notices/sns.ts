import { PublishCommand } from '@aws-sdk/client-sns';
import type { PublishCommandInput } from '@aws-sdk/client-sns';
import type { Aws } from '../aws/contract.js';
import { classify } from '../aws/errors.js';
import type { Region } from '../model/identifiers.js';
import type { Channel, Notice } from '../model/notice.js';
import type { Undelivered } from '../reconciler/ports.js';
import { final, passing, presentable } from './failure.js';
import { plainText } from './text.js';

type Topic = Extract<Channel, { type: 'sns' }>;

const LONGEST_SUBJECT = 100;

/** Publishes the notice to a topic, in the topic's own Region, as the controller. */
export async function deliverToTopic(
  notice: Notice,
  { topicArn }: Topic,
  aws: Aws,
  signal: AbortSignal,
): Promise<{ readonly type: 'delivered'; readonly reference: string | null } | Undelivered> {
  const region = topicArn.split(':')[3] as Region | undefined;
  if (region === undefined || region === '') return final('the ARN of the topic names no Region');
  try {
    const { MessageId } = await aws.sns(region).send(new PublishCommand(publication(notice, topicArn)), {
      abortSignal: signal,
    });
    return { type: 'delivered', reference: MessageId ?? null };
  } catch (error) {
    return failureOf(error, signal);
  }
}

/** Of a FIFO topic, the id is what keeps SNS from sending it twice within five minutes. */
function publication(notice: Notice, topicArn: string): PublishCommandInput {
  const { id, kind, address } = notice;
  const attributes = { kind, id, ...(address === null ? {} : { address }) };
  return {
    TopicArn: topicArn,
    Subject: subjectOf(notice.title),
    Message: plainText(notice),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    ),
    ...(topicArn.endsWith('.fifo') ? { MessageGroupId: address ?? 'evenkeel', MessageDeduplicationId: id } : {}),
  };
}

/** SNS takes 100 characters of printable ASCII that do not begin with a space. */
export function subjectOf(title: string): string {
  const ascii = title
    .replaceAll('→', '->')
    .replaceAll('…', '...')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trimStart();
  if (ascii === '') return 'Evenkeel';
  return ascii.length <= LONGEST_SUBJECT ? ascii : `${ascii.slice(0, LONGEST_SUBJECT - 3)}...`;
}

/** What somebody may put right, such as a topic, a key or a permission, is tried again. */
function failureOf(error: unknown, signal: AbortSignal): Undelivered {
  if (signal.aborted) return passing('unreachable', 'no answer in time');
  const { kind, name, message } = classify(error);
  const text = presentable(`${name}: ${message}`, []);
  if (kind === 'transient' || kind === 'aborted') return passing('unreachable', text);
  return /^(InvalidParameter|ParameterValueInvalid|InvalidParameterValue)/.test(name)
    ? final(text)
    : passing('refused', text);
}
