import { AwsError } from '../../kernel/contract.js';
import { invalidParameter } from './refusals.js';

export type PublishInput = {
  readonly TopicArn?: string;
  readonly TargetArn?: string;
  readonly PhoneNumber?: string;
  readonly Message: string;
  readonly Subject?: string;
  readonly MessageStructure?: string;
  readonly MessageAttributes?: Readonly<
    Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: Uint8Array }>
  >;
};

/** Bytes, attributes included. */
const LARGEST_MESSAGE = 256 * 1024;
/** ASCII without line breaks and control characters, which begins with a letter, a digit or a punctuation mark. */
const SUBJECT = /^[!-~][ -~]{0,99}$/;

/** Refuses what SNS refuses of a message before it looks for the topic. */
export function checkPublish(input: PublishInput): void {
  if (input.TargetArn !== undefined || input.PhoneNumber !== undefined)
    throw new AwsError('NotImplemented', 'Publishing to platforms and telephones is not simulated.', 501);
  if (input.TopicArn === undefined)
    throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  if (input.Message === '') throw invalidParameter('Empty message');
  if (input.Subject !== undefined && !SUBJECT.test(input.Subject)) throw invalidParameter('Subject');
  if (sizeOf(input) > LARGEST_MESSAGE) throw invalidParameter('Message too long');
  if (input.MessageStructure === 'json') checkStructure(input.Message);
  else if (input.MessageStructure !== undefined) throw invalidParameter('MessageStructure');
}

function sizeOf({ Message, MessageAttributes = {} }: PublishInput): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.byteLength ?? 0),
    Buffer.byteLength(Message),
  );
}

/** One text for each protocol, and one for all others. */
function checkStructure(message: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  if (typeof (parsed as { readonly default?: unknown } | null)?.default !== 'string')
    throw invalidParameter('Message Structure - No default entry in JSON message body');
}
