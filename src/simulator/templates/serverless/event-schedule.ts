import { refusedEvent } from '../serverless-refusal.js';
import { deadLetters } from './event-dead-letters.js';
import { picked } from './properties.js';
import { allowed, inlinePolicy, trusted } from './role.js';
import type { EventSource, Target } from './target.js';
import { getAtt, isGiven } from './values.js';
import { made, type Produced } from './work.js';

/** A schedule of EventBridge Scheduler, with the role in which it calls the target unless it names one. */
export function schedule(event: EventSource, target: Target, calls: 'function' | 'state machine'): Produced {
  const { id, properties } = event;
  const letters = deadLetters(event, target.attributes, undefined);
  const { RoleArn, OmitName, Name, FlexibleTimeWindow, PermissionsBoundary, State } = properties;
  if (isGiven(OmitName) && isGiven(Name)) throw refusedEvent(id, 'Name cannot be set when OmitName is True');
  const roleId = `${id}Role`;
  const role = made('AWS::IAM::Role', target.attributes, {
    AssumeRolePolicyDocument: trusted('scheduler.amazonaws.com'),
    Policies: [
      calls === 'function'
        ? inlinePolicy(`${id}LambdaPolicy`, allowed('lambda:InvokeFunction', target.arn))
        : inlinePolicy(`${id}StartExecutionPolicy`, allowed('states:StartExecution', target.arn)),
      ...(letters === undefined ? [] : [inlinePolicy(`${id}SQSPolicy`, allowed('sqs:SendMessage', letters.arn))]),
    ],
    PermissionsBoundary: isGiven(PermissionsBoundary) ? PermissionsBoundary : undefined,
  });
  const resource = made('AWS::Scheduler::Schedule', target.attributes, {
    ScheduleExpression: properties['ScheduleExpression'],
    State: isGiven(State) ? State : undefined,
    Name: isGiven(OmitName) ? undefined : isGiven(Name) ? Name : id,
    FlexibleTimeWindow: isGiven(FlexibleTimeWindow) ? FlexibleTimeWindow : { Mode: 'OFF' },
    ...picked(properties, 'Description StartDate EndDate ScheduleExpressionTimezone GroupName KmsKeyArn'),
    Target: {
      Arn: target.arn,
      RoleArn: isGiven(RoleArn) ? RoleArn : getAtt(roleId, 'Arn'),
      ...picked(properties, 'Input RetryPolicy'),
      ...(letters === undefined ? {} : { DeadLetterConfig: { Arn: letters.arn } }),
    },
  });
  const owned: Produced = isGiven(RoleArn) ? [] : [[roleId, role]];
  return [[id, resource], ...(letters?.made ?? []), ...owned];
}
