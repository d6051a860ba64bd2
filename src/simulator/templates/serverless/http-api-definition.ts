import { memberOf, isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import type { HttpAuthorizer } from './http-api-authorizer.js';
import { httpDraft, INTEGRATION, isHttpDefinition, type Draft } from './http-definition.js';
import { isGiven, isIntrinsic, isNoValue, shown } from './values.js';
import type { Work } from './work.js';

const CORS: Readonly<Record<string, string>> = {
  AllowOrigins: 'allowOrigins',
  AllowHeaders: 'allowHeaders',
  AllowMethods: 'allowMethods',
  ExposeHeaders: 'exposeHeaders',
  MaxAge: 'maxAge',
  AllowCredentials: 'allowCredentials',
};

/** The API's definition with all that its properties say about it. */
export function editedBody(
  work: Work,
  logicalId: string,
  properties: JsonObject,
  authorizers: ReadonlyMap<string, HttpAuthorizer>,
  tags: JsonObject | undefined,
): JsonObject {
  const { DefinitionBody, Auth, CorsConfiguration, Name, Description, DisableExecuteApiEndpoint } = properties;
  const unable = (what: string): Error =>
    refusedResource(
      logicalId,
      `Unable to add ${what} configuration because 'DefinitionBody' does not contain a valid OpenApi definition.`,
    );
  if (!isHttpDefinition(DefinitionBody)) {
    if (isGiven(CorsConfiguration)) throw unable('Cors');
    if (isGiven(Auth)) throw unable('Auth');
    return DefinitionBody as unknown as JsonObject;
  }
  const draft = httpDraft(DefinitionBody);
  if (isGiven(CorsConfiguration)) addCors(logicalId, draft, work.resolve(CorsConfiguration));
  if (isObject(Auth) && isGiven(Auth)) addAuth(logicalId, draft, Auth, authorizers);
  if (tags !== undefined) draft['tags'] = taggedWith(draft['tags'], tags);
  if (DisableExecuteApiEndpoint !== undefined) disableEndpoint(draft, DisableExecuteApiEndpoint);
  describe(logicalId, draft, Name, Description);
  const paths = draft['paths'] as Draft;
  if (isGiven(properties['FailOnWarnings']) && paths['$default'] !== undefined) {
    const { $default, ...others } = paths;
    draft['paths'] = { ...others, '/$default': $default! };
  }
  return draft;
}

function addCors(logicalId: string, draft: Draft, cors: Json): void {
  const name = 'x-amazon-apigateway-cors';
  const before = isObject(draft[name]) ? draft[name] : {};
  if (isIntrinsic(cors)) {
    const lower = Object.entries(CORS).reduce(
      (text, [upper, written]) => text.replaceAll(upper, written),
      JSON.stringify(cors),
    );
    draft[name] = { ...before, ...(JSON.parse(lower) as JsonObject) };
    return;
  }
  const values: JsonObject = isObject(cors) ? cors : { AllowOrigins: ['*'] };
  const unknown = Object.keys(values).find((key) => memberOf(CORS, key) === undefined);
  if (unknown !== undefined) throw refusedResource(logicalId, `Invalid key '${unknown}' for 'Cors' property.`);
  const credentials = values['AllowCredentials'] === true;
  if (credentials && JSON.stringify(values['AllowOrigins']) === '["*"]')
    throw refusedResource(
      logicalId,
      "Unable to add Cors configuration because 'AllowCredentials' can not be true when 'AllowOrigin' is \"'*'\" or not set.",
    );
  const written = Object.entries(CORS).filter(([key]) =>
    key === 'MaxAge' ? values[key] !== undefined : key === 'AllowCredentials' ? credentials : isGiven(values[key]),
  );
  draft[name] = { ...before, ...Object.fromEntries(written.map(([key, lower]) => [lower, values[key]!])) };
}

function addAuth(
  logicalId: string,
  draft: Draft,
  auth: JsonObject,
  authorizers: ReadonlyMap<string, HttpAuthorizer>,
): void {
  if (authorizers.size > 0) {
    const components = isObject(draft['components']) ? draft['components'] : {};
    const before = isObject(components['securitySchemes']) ? components['securitySchemes'] : {};
    const schemes = Object.fromEntries([...authorizers].map(([name, { scheme }]) => [name, scheme]));
    draft['components'] = { ...components, securitySchemes: { ...before, ...schemes } };
  }
  const name = auth['DefaultAuthorizer'];
  if (!isGiven(name) || isNoValue(name)) return;
  if (typeof name !== 'string')
    throw refusedResource(logicalId, "Property 'Auth.DefaultAuthorizer' should be a string.");
  const guard = authorizers.get(name);
  if (guard === undefined)
    throw refusedResource(
      logicalId,
      `Unable to set DefaultAuthorizer because '${name}' was not defined in 'Authorizers'.`,
    );
  for (const item of Object.values(draft['paths'] as Draft)) guardAll(item, { [name]: guard.scopes });
}

/** Guards every method below that calls something and says nothing about it. */
function guardAll(value: Json, security: JsonObject): void {
  const parts =
    isObject(value) && Array.isArray(value['Fn::If']) ? (value['Fn::If'] as readonly Json[]).slice(1) : [value];
  for (const part of parts) {
    if (!isObject(part) || isNoValue(part)) continue;
    for (const [method, definition] of Object.entries(part)) {
      if (method === 'options' || method === 'parameters') continue;
      const definitions =
        isObject(definition) && Array.isArray(definition['Fn::If'])
          ? (definition['Fn::If'] as readonly Json[]).slice(1)
          : [definition];
      for (const one of definitions)
        if (isObject(one) && isGiven(one[INTEGRATION]) && !isGiven(one['security']))
          Object.assign(one, { security: [security] });
    }
  }
}

function taggedWith(before: Json | undefined, tags: JsonObject): Json {
  const known = Array.isArray(before) ? (before as readonly JsonObject[]) : [];
  const value = 'x-amazon-apigateway-tag-value';
  const kept = known.map((one) => {
    const tag = tags[shown(one['name'])];
    return tag === undefined ? one : { ...one, [value]: tag };
  });
  const added = Object.entries(tags).filter(([name]) => !known.some((one) => one['name'] === name));
  return [...kept, ...added.map(([name, tag]) => ({ name, [value]: tag }))];
}

function disableEndpoint(draft: Draft, disabled: Json): void {
  const name = 'x-amazon-apigateway-endpoint-configuration';
  const servers = Array.isArray(draft['servers']) ? (draft['servers'] as readonly JsonObject[]) : [{} as JsonObject];
  draft['servers'] = servers.map((server) => ({
    ...server,
    [name]: { ...(isObject(server[name]) ? server[name] : {}), disableExecuteApiEndpoint: disabled },
  }));
}

function describe(logicalId: string, draft: Draft, name: Json | undefined, description: Json | undefined): void {
  const info = isObject(draft['info']) ? draft['info'] : {};
  const already = (what: string): Error =>
    refusedResource(
      logicalId,
      `Unable to set ${what} because it is already defined within inline OpenAPI specified in the 'DefinitionBody' property.`,
    );
  const title = info['title'];
  if (isGiven(name) && !(isObject(title) && title['Ref'] === 'AWS::StackName')) throw already('Name');
  if (isGiven(description) && isGiven(info['description'])) throw already('Description');
  const changed = {
    ...info,
    ...(isGiven(name) ? { title: name } : {}),
    ...(isGiven(description) ? { description } : {}),
  };
  if (Object.keys(changed).length > 0) draft['info'] = changed;
}
