import { picked } from './properties.js';
import { permission, type EventSource, type Target } from './target.js';
import { isGiven, ref, sub } from './values.js';
import { made, type Produced, type Work } from './work.js';

const here = ({ partition }: Work, service: string, rest: string): string =>
  `arn:${partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;

/** A subscription of a log group, which waits for its permission. */
export function logsEvent(work: Work, { id, properties }: EventSource, target: Target): Produced {
  const group = properties['LogGroupName']!;
  const SourceArn = sub(here(work, 'logs', 'log-group:${__LogGroupName__}:*'), { __LogGroupName__: group });
  const allowed = permission(target, id, 'logs.amazonaws.com', { SourceArn });
  const attributes = { DependsOn: [allowed[0]], ...target.attributes };
  const filter = made('AWS::Logs::SubscriptionFilter', attributes, {
    ...picked(properties, 'LogGroupName FilterPattern'),
    DestinationArn: target.arn,
  });
  return [allowed, [id, filter]];
}

/** A rule of AWS IoT that calls the function. */
export function iotEvent(work: Work, { id, properties }: EventSource, target: Target): Produced {
  const SourceArn = sub(here(work, 'iot', 'rule/${RuleName}'), { RuleName: ref(id) });
  const allowed = permission(target, id, 'iot.amazonaws.com', { SourceArn, SourceAccount: sub('${AWS::AccountId}') });
  const version = properties['AwsIotSqlVersion'];
  const rule = made('AWS::IoT::TopicRule', target.attributes, {
    TopicRulePayload: {
      Sql: properties['Sql']!,
      RuleDisabled: false,
      Actions: [{ Lambda: { FunctionArn: target.arn } }],
      ...(isGiven(version) ? { AwsIotSqlVersion: version } : {}),
    },
  });
  return [allowed, [id, rule]];
}

/** Alexa calls the function; there is nothing but the permission. */
export const alexaEvent = ({ id, properties }: EventSource, target: Target): Produced => [
  permission(target, id, 'alexa-appkit.amazon.com', { EventSourceToken: properties['SkillId'] }),
];
