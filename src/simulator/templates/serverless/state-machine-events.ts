import type { Json } from '../json.js';
import type { Value } from './definition.js';
import { authorize } from './event-api-authorization.js';
import { linkedApi, placeOf } from './event-api.js';
import { patterned, rule, scheduled, type RuleParts } from './event-rules.js';
import { schedule } from './event-schedule.js';
import type { TypedEvent } from './events.js';
import { edit } from './rest-draft.js';
import { allowed, inlinePolicy, trusted } from './role.js';
import { addStateMachine } from './swagger-integrations.js';
import type { Target } from './target.js';
import { getAtt, isGiven } from './values.js';
import { made, type Produced, type Work } from './work.js';

/** What one event of a state machine makes: a rule, schedule or path of an API, and the role in which that starts it. */
export function stateMachineEvent(work: Work, event: TypedEvent, target: Target, boundary: Json | undefined): Produced {
  const { properties } = event;
  switch (event.type) {
    case 'ScheduleV2':
      return schedule(event, target, 'state machine');
    case 'Api':
      return apiEvent(work, event, target, boundary);
    case 'Schedule':
      return ruled(event, target, boundary, properties['RoleArn'], {
        matched: scheduled(properties),
        targetProperties: 'Input RetryPolicy',
      });
    default:
      return ruled(event, target, boundary, undefined, {
        matched: patterned(properties),
        targetProperties: 'Input InputPath RetryPolicy InputTransformer',
      });
  }
}

const roleId = ({ id }: TypedEvent): string => `${id}Role`;

const startingRole = (
  event: TypedEvent,
  target: Target,
  boundary: Json | undefined,
  service: string,
): readonly [string, ReturnType<typeof made>] => [
  roleId(event),
  made('AWS::IAM::Role', target.attributes, {
    AssumeRolePolicyDocument: trusted(service),
    Policies: [inlinePolicy(`${roleId(event)}StartExecutionPolicy`, allowed('states:StartExecution', target.arn))],
    PermissionsBoundary: isGiven(boundary) ? boundary : undefined,
  }),
];

function ruled(
  event: TypedEvent,
  target: Target,
  boundary: Json | undefined,
  roleArn: Json | undefined,
  parts: Pick<RuleParts, 'matched' | 'targetProperties'>,
): Produced {
  const owns = roleArn === undefined || roleArn === null;
  const role = owns ? getAtt(roleId(event), 'Arn') : roleArn;
  return [
    ...rule(event, target, { ...parts, suffix: 'StepFunctionsTarget', role, namesTarget: true }),
    ...(owns ? [startingRole(event, target, boundary, 'events.amazonaws.com')] : []),
  ];
}

function apiEvent(work: Work, event: TypedEvent, target: Target, boundary: Json | undefined): Produced {
  const role = startingRole(event, target, boundary, 'apigateway.amazonaws.com');
  const { draft, ...api } = linkedApi(work, event);
  if (draft?.managed !== true) return [role];
  edit(draft, (editor) => {
    const place = placeOf(event, target, editor);
    const credentials: Value = { 'Fn::GetAtt': [roleId(event), 'Arn'] };
    addStateMachine(editor, place, credentials, { 'application/json': { 'Fn::Sub': request(event, target) } });
    if (isGiven(event.properties['Auth'])) authorize(work, editor, event, { ...api, draft });
  });
  return [role];
}

/** How API Gateway writes the request that starts the state machine. */
function request({ properties }: TypedEvent, target: Target): string {
  const machine = `\${${target.logicalId}}`;
  return isGiven(properties['UnescapeMappingTemplate'])
    ? unescaped(machine)
    : `{"input": "$util.escapeJavaScript($input.json('$'))", "stateMachineArn": "${machine}"}`;
}

/** What JavaScript escapes and JSON does not know is taken back. */
const unescaped = (machine: string): string =>
  `{"input": "$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'","'")", "stateMachineArn": "${machine}"}`;
