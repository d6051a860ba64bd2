import { isObject, type Json, type JsonObject } from '../json.js';
import { notExpanded, refusedEvent, refusedResource } from '../serverless-refusal.js';
import { Authored, Dictionary, fromJson, jsonMember, type Value } from './definition.js';
import { authorize } from './event-api-authorization.js';
import { edit, type RestDraft } from './rest-draft.js';
import type { SwaggerEditor } from './swagger.js';
import { addFunction, type Place } from './swagger-integrations.js';
import { withoutVariables } from './swagger-policy.js';
import { permission, type EventSource, type Target } from './target.js';
import { isGiven, shown, sub } from './values.js';
import type { Produced, Work } from './work.js';

/** The API of an event: its id where that is known, and the stage that its permissions are named for. */
export type LinkedApi = { readonly apiId: string; readonly draft: RestDraft | undefined; readonly stage: string };

/** An API of the template that the transform makes. */
export type OwnApi = LinkedApi & { readonly draft: RestDraft };

const NOT_YET = ['RequestModel', 'RequestParameters'];

/** The REST API that an event names. */
export function linkedApi(work: Work, { name, properties }: EventSource): LinkedApi {
  const given = properties['RestApiId'];
  const apiId = isObject(given) ? given['Ref'] : given;
  if (typeof apiId !== 'string' || !work.authored.has(apiId))
    throw refusedEvent(name, 'RestApiId property of Api event must reference a valid resource in the same template.');
  const draft = work.restApis.get(apiId);
  const stage = jsonMember(draft?.properties, 'StageName');
  if (stage === '') throw refusedResource(apiId, 'StageName cannot be empty.');
  return { apiId, draft, stage: typeof stage === 'string' ? stage : 'Stage' };
}

/** The path of the API that calls the function, and leave for the API to do so on any stage. */
export function apiEvent(work: Work, event: EventSource, target: Target, api: LinkedApi): Produced {
  const { id, name, properties } = event;
  const unread = NOT_YET.find((property) => isGiven(properties[property]));
  if (unread !== undefined) throw refusedEvent(name, notExpanded(`the property ${unread}`));
  const path = properties['Path'] as string;
  const method = (properties['Method'] as string).toLowerCase();
  const shown = method === 'any' ? '*' : method.toUpperCase();
  const resource = `\${__ApiId__}/\${__Stage__}/${shown}${withoutVariables(path.replace(/^(.+)\/$/, '$1'))}`;
  const SourceArn = sub(`arn:${work.partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:${resource}`, {
    __ApiId__: properties['RestApiId']!,
    __Stage__: '*',
  });
  const allowed = permission(target, id, 'apigateway.amazonaws.com', { SourceArn }, api.stage);
  const { draft } = api;
  if (draft?.managed === true) edit(draft, (editor) => integrate(work, editor, event, target, { ...api, draft }));
  else if (draft !== undefined) authorizeOnly(work, event, { ...api, draft });
  return [allowed];
}

/** Where an event puts its integration. A condition is the target's. */
export function placeOf({ name, properties }: EventSource, target: Target, editor: SwaggerEditor): Place {
  const path = properties['Path'] as string;
  const method = (properties['Method'] as string).toLowerCase();
  if (editor.hasIntegration(path, method))
    throw refusedEvent(name, `API method "${method}" defined multiple times for path "${path}".`);
  const condition = target.attributes['Condition'];
  return {
    path: new Authored(path),
    method: new Authored(method),
    condition: condition === undefined ? undefined : fromJson(condition),
  };
}

function integrate(work: Work, editor: SwaggerEditor, event: EventSource, target: Target, api: OwnApi): void {
  const { properties } = event;
  const place = placeOf(event, target, editor);
  const streams = properties['ResponseTransferMode'] === 'RESPONSE_STREAM';
  addFunction(editor, place, invocationUri(work.partition, target, streams), {
    streams,
    credentials: credentials(work, properties['Auth'], api.draft),
  });
  if (isObject(properties['Auth']) && isGiven(properties['Auth'])) authorize(work, editor, event, api);
  if (isGiven(properties['TimeoutInMillis']))
    for (const definition of editor.methodsAt(place.path.text, place.method.text))
      (definition.get('x-amazon-apigateway-integration') as Dictionary).set(
        'timeoutInMillis',
        fromJson(properties['TimeoutInMillis']),
      );
}

/** The address of the function; its own name in it is the author's, an alias's is not. */
function invocationUri(partition: string, target: Target, streams: boolean): Value {
  const [version, verb] = streams ? ['2021-11-15', 'response-streaming-invocations'] : ['2015-03-31', 'invocations'];
  const att = target.arn['Fn::GetAtt'] as readonly string[] | undefined;
  const name = att === undefined ? shown(target.arn['Ref']) : att.join('.');
  const text = `arn:${partition}:apigateway:\${AWS::Region}:lambda:path/${version}/functions/\${${name}}/${verb}`;
  return Dictionary.of({ 'Fn::Sub': att === undefined ? text : new Authored(text) });
}

/** Whose credentials call the function where IAM authorizes: a role's, or the caller's. */
function credentials({ partition }: Work, own: Json | undefined, draft: RestDraft): Value | undefined {
  const method = isObject(own) ? own : {};
  const shared = jsonMember(draft.properties, 'Auth');
  const api = isObject(shared) ? shared : {};
  const byIam =
    method['Authorizer'] === 'AWS_IAM' || (api['DefaultAuthorizer'] === 'AWS_IAM' && Object.keys(method).length === 0);
  if (!byIam) return undefined;
  const roleOf = (auth: JsonObject): Json | undefined =>
    isGiven(auth['InvokeRole']) ? auth['InvokeRole'] : auth['InvokeRole'] === undefined ? undefined : 'NONE';
  const role = roleOf(method) ?? roleOf(api);
  if (role === 'NONE') return undefined;
  return role === undefined || role === 'CALLER_CREDENTIALS' ? `arn:${partition}:iam::*:user/*` : fromJson(role);
}

function authorizeOnly(work: Work, event: EventSource, api: OwnApi): void {
  const auth = event.properties['Auth'];
  if (!isObject(auth) || !isGiven(auth['OverrideApiAuth']) || api.draft.properties.get('DefinitionBody') === undefined)
    return;
  if (!isGiven(auth['Authorizer']) && !isGiven(auth['ApiKeyRequired']) && !isGiven(auth['ResourcePolicy']))
    throw refusedEvent(
      event.name,
      'Must define one of: Authorizer, ApiKeyRequired or ResourcePolicy when using the OverrideApiAuth property.',
    );
  edit(api.draft, (editor) => authorize(work, editor, event, api));
}
