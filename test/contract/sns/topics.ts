import { CreateTopicCommand, DeleteTopicCommand, GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import { document, model, type Aws, type Chapter } from '../specification.js';

const api = (page: string) => document(`SNS API Reference, ${page}`);
const shape = (name: string) => model(`SNS 2010-03-31, ${name}`);

/** A topic of the first member. */
export async function topicOf(aws: Aws): Promise<string> {
  const { TopicArn } = await aws.sns().send(new CreateTopicCommand({ Name: aws.unique('topic') }));
  return TopicArn!;
}

const attributes = (aws: Aws, TopicArn: string) => aws.sns().send(new GetTopicAttributesCommand({ TopicArn }));

export const createTopic: Chapter = {
  service: 'SNS',
  operation: 'CreateTopic',
  sentences: [
    {
      says: 'answers the ARN, and the same again for a name that there is already',
      source: api('CreateTopic'),
      test: async (aws) => {
        const arn = await topicOf(aws);
        const Name = arn.split(':').at(-1)!;
        expect(arn).toBe(`arn:aws:sns:us-east-1:${aws.members[0]}:${Name}`);
        expect((await aws.sns().send(new CreateTopicCommand({ Name }))).TopicArn).toBe(arn);
      },
    },
    {
      says: 'answers InvalidParameter for a name of other characters than letters, digits, hyphens and underscores',
      source: api('CreateTopic'),
      differs: { ministack: 'takes any name' },
      test: async (aws) => {
        for (const Name of ['a name', 'x'.repeat(257)])
          await expect(aws.sns().send(new CreateTopicCommand({ Name }))).rejects.toMatchObject({
            name: 'InvalidParameterException',
            $metadata: { httpStatusCode: 400 },
          });
      },
    },
  ],
};

export const getTopicAttributes: Chapter = {
  service: 'SNS',
  operation: 'GetTopicAttributes',
  sentences: [
    {
      says: 'answers ARN, owner and display name',
      source: api('GetTopicAttributes'),
      test: async (aws) => {
        const { TopicArn } = await aws
          .sns()
          .send(new CreateTopicCommand({ Name: aws.unique('shown'), Attributes: { DisplayName: 'Drift' } }));
        expect((await attributes(aws, TopicArn!)).Attributes).toMatchObject({
          TopicArn,
          Owner: aws.members[0],
          DisplayName: 'Drift',
        });
      },
    },
    {
      says: 'answers NotFound where there is no such topic',
      source: shape('NotFoundException'),
      test: async (aws) => {
        const arn = `arn:aws:sns:us-east-1:${aws.members[0]}:nothing`;
        await expect(attributes(aws, arn)).rejects.toMatchObject({
          name: 'NotFoundException',
          $metadata: { httpStatusCode: 404 },
        });
      },
    },
  ],
};

export const deleteTopic: Chapter = {
  service: 'SNS',
  operation: 'DeleteTopic',
  sentences: [
    {
      says: 'takes the topic away, and answers the same where there is none',
      source: api('DeleteTopic'),
      test: async (aws) => {
        const TopicArn = await topicOf(aws);
        for (let time = 0; time < 2; time += 1) await aws.sns().send(new DeleteTopicCommand({ TopicArn }));
        await expect(attributes(aws, TopicArn)).rejects.toMatchObject({ name: 'NotFoundException' });
      },
    },
  ],
};
