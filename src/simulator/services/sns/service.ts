import type { Call, Service } from '../../kernel/contract.js';
import { fingerprintUuid } from '../../templates/fingerprint.js';
import type { StackDesk } from '../cloudformation/service.js';
import { checkPublish, type PublishInput } from './publish-checks.js';
import { invalidParameter, notAuthorized, topicMissing } from './refusals.js';
import type { Topic, Topics } from './topics.js';

type Attributes = Readonly<Record<string, string>>;

const NAME = /^[A-Za-z0-9_-]{1,256}$/;

/** Topics and what is published to them. Subscriptions, platforms, text messages and FIFO topics are not simulated. */
export function notificationService(topics: Topics, stacks: Pick<StackDesk, 'ownsResource'>): Service {
  /** A topic stands that was created, or that a stack made. */
  const standing = (arn: string, call: Call, action: string): Topic => {
    const [, , service, region, account] = arn.split(':');
    if (service !== 'sns' || region !== call.region) throw invalidParameter('TopicArn');
    if (account !== call.principal.accountId) throw notAuthorized(call, action, arn);
    const created = topics.find(arn);
    if (created !== undefined) return created;
    if (stacks.ownsResource(account, region, 'AWS::SNS::Topic', arn)) return { arn, attributes: {} };
    throw topicMissing();
  };
  return {
    id: 'sns',
    operations: {
      CreateTopic: (input: { readonly Name: string; readonly Attributes?: Attributes }, call) => {
        if (!NAME.test(input.Name)) throw invalidParameter('Topic Name');
        const arn = topics.arn(call.principal.accountId, call.region, input.Name);
        if (topics.find(arn) === undefined) topics.create({ arn, attributes: input.Attributes ?? {} });
        return { TopicArn: arn };
      },
      DeleteTopic: (input: { readonly TopicArn: string }, call) => {
        if (input.TopicArn.split(':')[4] !== call.principal.accountId)
          throw notAuthorized(call, 'SNS:DeleteTopic', input.TopicArn);
        topics.delete(input.TopicArn);
        return {};
      },
      GetTopicAttributes: (input: { readonly TopicArn: string }, call) => {
        const { arn, attributes } = standing(input.TopicArn, call, 'SNS:GetTopicAttributes');
        return { Attributes: { TopicArn: arn, Owner: call.principal.accountId, DisplayName: '', ...attributes } };
      },
      Publish: (input: PublishInput, call) => {
        checkPublish(input);
        const { arn: topicArn } = standing(input.TopicArn!, call, 'SNS:Publish');
        const messageId = fingerprintUuid(call.requestId);
        topics.publish({
          messageId,
          topicArn,
          subject: input.Subject ?? null,
          message: input.Message,
          attributes: Object.fromEntries(
            Object.entries(input.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
              name,
              { type: DataType, value: StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64') },
            ]),
          ),
          principal: call.principal.arn,
        });
        return { MessageId: messageId };
      },
    },
  };
}
