import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent, refusedResource } from '../serverless-refusal.js';
import type { Route } from './event-http-api.js';
import { methodsAt, type Draft } from './http-definition.js';
import type { EventSource } from './target.js';
import { isGiven } from './values.js';

/** Who may call the route, as the event says. */
export function authorizeRoute(
  draft: Draft,
  { name, properties }: EventSource,
  { apiId, api, path, method }: Route,
): void {
  const auth = properties['Auth'] as JsonObject;
  const apiAuth = api['Auth'] ?? {};
  if (!isObject(apiAuth)) throw refusedResource(apiId, "Property 'Auth' should be a map.");
  const authorizer = isGiven(auth['Authorizer']) ? auth['Authorizer'] : apiAuth['DefaultAuthorizer'];
  if (!isGiven(authorizer))
    throw refusedEvent(
      name,
      "'Auth' section requires either an explicit 'Authorizer' set or a 'DefaultAuthorizer' configured on the HttpApi.",
    );
  checkAuthorizer(name, authorizer, apiAuth, `on API method [${method}] for path [${path}]`);
  const scopes = auth['AuthorizationScopes'];
  if (isGiven(scopes) && !Array.isArray(scopes))
    throw refusedEvent(
      name,
      `Unable to set Authorizer on API method [${method}] for path [${path}] because 'AuthorizationScopes' must be a list of strings.`,
    );
  const authorizers = apiAuth['Authorizers'];
  const its = isObject(authorizers) ? authorizers[authorizer as string] : undefined;
  const ofApi = isObject(its) ? its['AuthorizationScopes'] : undefined;
  const wanted =
    authorizer === 'NONE' || authorizer === 'AWS_IAM' ? [] : isGiven(scopes) ? scopes : isGiven(ofApi) ? ofApi : [];
  for (const definition of methodsAt(draft, path, method)) {
    const before = Array.isArray(definition['security']) ? (definition['security'] as readonly Json[]) : [];
    definition['security'] = [...before, { [authorizer as string]: wanted }];
  }
}

function checkAuthorizer(name: string, authorizer: Json, apiAuth: JsonObject, at: string): void {
  const byIam = apiAuth['EnableIamAuthorizer'] === true;
  if (authorizer === 'AWS_IAM' && byIam) return;
  const shown = typeof authorizer === 'string' ? authorizer : JSON.stringify(authorizer);
  const authorizers = isGiven(apiAuth) ? apiAuth['Authorizers'] : {};
  if (authorizer === 'NONE') {
    if (isGiven(apiAuth['DefaultAuthorizer'])) return;
    throw refusedEvent(
      name,
      `Unable to set Authorizer ${at} because 'NONE' is only a valid value when a DefaultAuthorizer on the API is specified.`,
    );
  }
  if (typeof authorizer !== 'string' || !isObject(authorizers))
    throw refusedEvent(
      name,
      `Unable to set Authorizer [${shown}] ${at}. The method authorizer must be a string with a corresponding dict entry in the api authorizer.`,
    );
  if (!isGiven(authorizers))
    throw refusedEvent(
      name,
      `Unable to set Authorizer [${shown}] ${at} because the related API does not define any Authorizers.`,
    );
  if (!isGiven(authorizers[authorizer]))
    throw refusedEvent(
      name,
      `Unable to set Authorizer [${shown}] ${at} because it wasn't defined in the API's Authorizers.`,
    );
}
