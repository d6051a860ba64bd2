import { PublishCommand, type PublishCommandInput } from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import { standing } from '../cloudtrail/fixtures.js';
import { document, model, type Aws, type Chapter } from '../specification.js';
import { topicOf } from './topics.js';

const REFERENCE = document('SNS API Reference, Publish');
const shape = (name: string) => model(`SNS 2010-03-31, ${name}`);

const publishTo = (aws: Aws, TopicArn: string, more: Partial<PublishCommandInput> = {}) =>
  aws.sns().send(new PublishCommand({ TopicArn, Message: 'drift', ...more }));

const invalid = { name: 'InvalidParameterException', $metadata: { httpStatusCode: 400 } };

export const publish: Chapter = {
  service: 'SNS',
  operation: 'Publish',
  sentences: [
    {
      says: 'answers the id of the message, another for each',
      source: REFERENCE,
      test: async (aws) => {
        const topic = await topicOf(aws);
        const [one, other] = [await publishTo(aws, topic), await publishTo(aws, topic, { Subject: 'New drift' })];
        expect(one.MessageId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        expect(other.MessageId).not.toBe(one.MessageId);
      },
    },
    {
      says: 'keeps subject, text and attributes as they were sent',
      source: REFERENCE,
      alone: 'nobody has subscribed, and stories read what was published',
      test: async (aws) => {
        const topic = await topicOf(aws);
        const MessageAttributes = { kind: { DataType: 'String', StringValue: 'new-drift' } };
        const Message = 'Ein Ärger & <mehr>\n';
        const { MessageId } = await publishTo(aws, topic, { Subject: 'New drift', Message, MessageAttributes });
        expect(aws.simulator.published()).toEqual([
          {
            messageId: MessageId,
            topicArn: topic,
            subject: 'New drift',
            message: Message,
            attributes: { kind: { type: 'String', value: 'new-drift' } },
            principal: `arn:aws:iam::${aws.members[0]}:root`,
            at: new Date('2030-01-01T00:00:00Z'),
          },
        ]);
      },
    },
    {
      says: 'takes the ARN of a topic that a stack has made',
      source: REFERENCE,
      test: async (aws) => {
        const TopicName = aws.unique('topic');
        const Resources = { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName } } };
        await standing(aws, aws.cloudFormation(), JSON.stringify({ Resources }));
        const arn = `arn:aws:sns:us-east-1:${aws.members[0]}:${TopicName}`;
        expect((await publishTo(aws, arn)).MessageId).toBeDefined();
      },
    },
    {
      says: 'answers NotFound where there is no such topic',
      source: shape('NotFoundException'),
      test: async (aws) => {
        await expect(publishTo(aws, `arn:aws:sns:us-east-1:${aws.members[0]}:nothing`)).rejects.toMatchObject({
          name: 'NotFoundException',
          $metadata: { httpStatusCode: 404 },
        });
      },
    },
    {
      says: 'answers AuthorizationError for the topic of another account, whether or not it is there',
      source: shape('AuthorizationErrorException'),
      differs: { moto: 'answers NotFound', ministack: 'answers NotFound' },
      test: async (aws) => {
        await expect(publishTo(aws, `arn:aws:sns:us-east-1:${aws.members[1]}:theirs`)).rejects.toMatchObject({
          name: 'AuthorizationErrorException',
          $metadata: { httpStatusCode: 403 },
        });
      },
    },
    {
      says: 'answers InvalidParameter for the topic of another Region',
      source: REFERENCE,
      differs: { moto: 'answers NotFound', ministack: 'answers NotFound' },
      test: async (aws) => {
        const arn = `arn:aws:sns:eu-west-1:${aws.members[0]}:elsewhere`;
        await expect(publishTo(aws, arn)).rejects.toMatchObject(invalid);
      },
    },
    {
      says: 'answers InvalidParameter for a subject of more than 100 characters',
      source: REFERENCE,
      differs: { ministack: 'takes any subject' },
      test: async (aws) => {
        const topic = await topicOf(aws);
        await publishTo(aws, topic, { Subject: 'x'.repeat(100) });
        await expect(publishTo(aws, topic, { Subject: 'x'.repeat(101) })).rejects.toMatchObject(invalid);
      },
    },
    {
      says: 'answers InvalidParameter for a subject with line breaks, or with characters that are not ASCII',
      source: REFERENCE,
      differs: { moto: 'takes them', ministack: 'takes them' },
      test: async (aws) => {
        const topic = await topicOf(aws);
        for (const Subject of ['one\ntwo', 'Ärger'])
          await expect(publishTo(aws, topic, { Subject })).rejects.toMatchObject(invalid);
      },
    },
    {
      says: 'answers InvalidParameter for an empty message',
      source: REFERENCE,
      differs: { moto: 'takes it', ministack: 'takes it' },
      test: async (aws) => {
        await expect(publishTo(aws, await topicOf(aws), { Message: '' })).rejects.toMatchObject(invalid);
      },
    },
    {
      says: 'answers InvalidParameter for more than 262,144 bytes of UTF-8',
      source: REFERENCE,
      differs: { moto: 'counts characters' },
      test: async (aws) => {
        const topic = await topicOf(aws);
        await publishTo(aws, topic, { Message: 'x'.repeat(262_144) });
        await expect(publishTo(aws, topic, { Message: 'ä'.repeat(131_073) })).rejects.toMatchObject(invalid);
      },
    },
    {
      says: 'answers InvalidParameter where MessageStructure is json and the message has no text for all others',
      source: REFERENCE,
      differs: { moto: 'publishes it as it is', ministack: 'publishes it as it is' },
      test: async (aws) => {
        const topic = await topicOf(aws);
        const MessageStructure = 'json';
        await publishTo(aws, topic, { MessageStructure, Message: '{"default":"drift"}' });
        for (const Message of ['drift', '{"email":"drift"}'])
          await expect(publishTo(aws, topic, { MessageStructure, Message })).rejects.toMatchObject(invalid);
      },
    },
  ],
};
