import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent, refusedResource } from '../serverless-refusal.js';
import { Authored, fromJson, jsonMember, toJson, type Dictionary } from './definition.js';
import type { OwnApi } from './event-api.js';
import type { SwaggerEditor } from './swagger.js';
import { addCustomStatements, addResourcePolicy } from './swagger-policy.js';
import { guardMethod, keyOfMethod } from './swagger-security.js';
import type { EventSource } from './target.js';
import { isGiven } from './values.js';
import type { Work } from './work.js';

/** Who may call the method, as the event says. */
export function authorize(work: Work, editor: SwaggerEditor, { name, properties }: EventSource, api: OwnApi): void {
  const auth = properties['Auth'] as JsonObject;
  const path = properties['Path'] as string;
  const method = (properties['Method'] as string).toLowerCase();
  const shared = work.resolve(jsonMember(api.draft.properties, 'Auth') ?? {});
  const apiAuth = isObject(shared) ? shared : {};
  const { Authorizer, AuthorizationScopes, ApiKeyRequired, ResourcePolicy } = auth;
  const at = `on API method [${method}] for path [${path}]`;
  if (isGiven(Authorizer)) checkAuthorizer(name, Authorizer, apiAuth, at);
  if (isGiven(AuthorizationScopes)) {
    if (!Array.isArray(AuthorizationScopes))
      throw refusedEvent(name, "Property 'Auth.AuthorizationScopes' should be a list.");
    if (!isGiven(Authorizer)) throw refusedEvent(name, 'AuthorizationScopes works only when Authorizer is set');
  }
  const asksForKey = ApiKeyRequired !== undefined && ApiKeyRequired !== null;
  if (asksForKey && !isGiven(ApiKeyRequired) && !isGiven(apiAuth['ApiKeyRequired']))
    throw refusedEvent(
      name,
      `Unable to set ApiKeyRequired [False] ${at} because the related API does not specify any ApiKeyRequired.`,
    );
  if (typeof Authorizer === 'string' && Authorizer !== '') {
    const authorizers = apiAuth['Authorizers'];
    const its = isObject(authorizers) && Authorizer !== 'NONE' ? authorizers[Authorizer] : undefined;
    const scopes = isObject(its) ? (AuthorizationScopes ?? its['AuthorizationScopes'] ?? []) : [];
    guardMethod(editor, path, method, new Authored(Authorizer), fromJson(scopes));
  }
  if (asksForKey) keyOfMethod(editor, path, method, isGiven(ApiKeyRequired));
  if (!isGiven(ResourcePolicy)) return;
  if (!isObject(ResourcePolicy)) throw refusedResource(name, "Property 'Auth.ResourcePolicy' should be a map.");
  const policy = fromJson(ResourcePolicy) as Dictionary;
  const stage = api.draft.properties.get('StageName');
  addResourcePolicy(editor, policy, path, stage instanceof Authored ? stage : api.stage);
  const statements = policy.get('CustomStatements');
  if (statements !== undefined && isGiven(toJson(statements))) addCustomStatements(editor, statements);
}

function checkAuthorizer(name: string, authorizer: Json, apiAuth: JsonObject, at: string): void {
  if (authorizer === 'AWS_IAM') return;
  const shown = typeof authorizer === 'string' ? authorizer : JSON.stringify(authorizer);
  const unable = `Unable to set Authorizer [${shown}] ${at}`;
  if (authorizer === 'NONE') {
    if (isGiven(apiAuth['DefaultAuthorizer'])) return;
    throw refusedEvent(
      name,
      `Unable to set Authorizer ${at} because 'NONE' is only a valid value when a DefaultAuthorizer on the API is specified.`,
    );
  }
  const authorizers = apiAuth['Authorizers'];
  if (!isGiven(authorizers))
    throw refusedEvent(name, `${unable} because the related API does not define any Authorizers.`);
  if (typeof authorizer !== 'string' || !isObject(authorizers))
    throw refusedEvent(
      name,
      `${unable}. The method authorizer must be a string with a corresponding dict entry in the api authorizer.`,
    );
  if (!isGiven(authorizers[authorizer]))
    throw refusedEvent(name, `${unable} because it wasn't defined in the API's Authorizers.`);
}
