import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent, refusedResource } from '../serverless-refusal.js';
import { authorizeRoute } from './event-http-authorization.js';
import {
  addFunction,
  ANY_METHOD,
  hasIntegration,
  httpDraft,
  INTEGRATION,
  isHttpDefinition,
  itemsAt,
  methodsAt,
  type Draft,
} from './http-definition.js';
import { permission, type EventSource, type Target } from './target.js';
import { isGiven, shown, sub } from './values.js';
import { propertiesOf, type Produced, type Work } from './work.js';

const DEFAULT = '$default';

/** The HTTP API that an event names. */
export function linkedHttpApi(work: Work, { name, properties }: EventSource): string {
  const given = properties['ApiId'];
  const id = isObject(given) ? given['Ref'] : given;
  if (typeof id === 'string' && work.authored.has(id)) return id;
  throw refusedEvent(
    name,
    "ApiId must be a valid reference to an 'AWS::Serverless::HttpApi' resource in same template.",
  );
}

/** The route of the API that calls the function, and leave for the API to do so; the default route's leave is for all routes. */
export function httpApiEvent(work: Work, event: EventSource, target: Target): Produced {
  const apiId = linkedHttpApi(work, event);
  const resource = work.authored.get(apiId)!;
  const api = propertiesOf(resource);
  const path = event.properties['Path'] as string;
  const method = (event.properties['Method'] as string).toLowerCase();
  const allowed = routePermission(event, target, apiId, api, path, method);
  const body = api['DefinitionBody'];
  if (body !== undefined && body !== null) {
    const draft = httpDraft(body);
    route(work, draft, event, target, { apiId, api, path, method });
    work.authored.set(apiId, { ...resource, Properties: { ...api, DefinitionBody: draft } });
  }
  return allowed === undefined ? [] : [allowed];
}

function routePermission(
  event: EventSource,
  target: Target,
  apiId: string,
  api: JsonObject,
  written: string,
  method: string,
): readonly [string, JsonObject] | undefined {
  const trimmed = written.replace(/^(.+)\/$/, '$1');
  const body = api['DefinitionBody'];
  if (isGiven(body) && !isHttpDefinition(body))
    throw refusedResource(
      apiId,
      "Structure of the SAM template is invalid. Invalid OpenApi document. Invalid values or missing keys for 'openapi' or 'paths' in 'DefinitionBody'.",
    );
  if (trimmed !== DEFAULT && isGiven(body) && callsByDefault(httpDraft(body), target.logicalId)) return undefined;
  const path = (trimmed === DEFAULT ? '' : trimmed).replace(/{([a-zA-Z0-9._-]+|proxy\+)}/g, '*');
  const shown = method === 'any' || method === ANY_METHOD ? '*' : method.toUpperCase();
  const rest = method === 'any' && path === `/${DEFAULT}` ? path : `/${shown}${path}`;
  const SourceArn = sub(
    `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${__ApiId__}/\${__Stage__}${rest}`,
    { __ApiId__: event.properties['ApiId']!, __Stage__: '*' },
  );
  return permission(target, event.id, 'apigateway.amazonaws.com', { SourceArn });
}

/** True where the API's default route calls the function: it has leave for all routes then. */
function callsByDefault(draft: Draft, functionId: string): boolean {
  if (!hasIntegration(draft, DEFAULT, ANY_METHOD)) return false;
  const definitions = itemsAt(draft, DEFAULT).flatMap(() => methodsAt(draft, DEFAULT, ANY_METHOD));
  return definitions.every((definition) => {
    const uri = (definition[INTEGRATION] as JsonObject)['uri'];
    if (!isObject(uri)) return false;
    const parts = Array.isArray(uri['Fn::If']) ? (uri['Fn::If'] as readonly Json[]).slice(1, 2) : [uri];
    return parts.every((part) => {
      const text = isObject(part) ? part['Fn::Sub'] : undefined;
      const called = typeof text === 'string' ? /([A-Za-z0-9]+)\.Arn/.exec(text)?.[1] : undefined;
      return called === functionId;
    });
  });
}

export type Route = {
  readonly apiId: string;
  readonly api: JsonObject;
  readonly path: string;
  readonly method: string;
};

function route(work: Work, draft: Draft, event: EventSource, target: Target, at: Route): void {
  const { path, method } = at;
  const { name, properties } = event;
  if (work.managedHttpApis.has(at.apiId) && hasIntegration(draft, path, method))
    throw refusedEvent(name, `API method '${method}' defined multiple times for path '${path}'.`);
  const att = target.arn['Fn::GetAtt'] as readonly string[] | undefined;
  const called = att === undefined ? shown(target.arn['Ref']) : att.join('.');
  const uri = sub(
    `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${called}}/invocations`,
  );
  addFunction(draft, path, method, uri, target.attributes['Condition']);
  if (isObject(properties['Auth']) && isGiven(properties['Auth'])) authorizeRoute(draft, event, at);
  for (const definition of methodsAt(draft, path, method)) {
    const integration = definition[INTEGRATION] as Draft;
    if (isGiven(properties['TimeoutInMillis'])) integration['timeoutInMillis'] = properties['TimeoutInMillis'];
    if (isGiven(properties['PayloadFormatVersion']))
      integration['payloadFormatVersion'] = properties['PayloadFormatVersion'];
    const variables = [...path.matchAll(/{(.*?)}/g)].map((match) => match[1]!);
    if (variables.length > 0) definition['parameters'] = withVariables(definition['parameters'], variables);
  }
}

function withVariables(before: Json | undefined, variables: readonly string[]): Json {
  const known = Array.isArray(before) ? (before as readonly JsonObject[]) : [];
  const named = known.map((one) =>
    variables.includes(shown(one['name'])) ? { ...one, in: 'path', required: true } : one,
  );
  const missing = variables.filter((variable) => !known.some((one) => one['name'] === variable));
  return [...named, ...missing.map((name) => ({ name, in: 'path', required: true }))];
}
