import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent, refusedResource } from '../serverless-refusal.js';
import {
  addPath,
  ANY_METHOD,
  emptyHttpDefinition,
  httpDraft,
  isHttpDefinition,
  makePathConditional,
} from './http-definition.js';
import type { ApiFamily } from './implicit-api.js';
import { conditional, isGiven, shown } from './values.js';
import { propertiesOf } from './work.js';

export const HTTP_TYPE = 'AWS::Serverless::HttpApi';
const SHARED = 'ServerlessHttpApi';

/** HTTP APIs: their definitions stand in their properties. `managed` are those whose definition the transform writes. */
export function httpFamily(
  authored: Map<string, JsonObject>,
  managed: Set<string>,
  inOrder: (names: readonly string[]) => readonly string[],
): ApiFamily {
  const before = authored.get(SHARED);
  const wasManaged = managed.has(SHARED);
  const change = (apiId: string, properties: JsonObject): void => {
    const resource = authored.get(apiId)!;
    authored.set(apiId, { ...resource, Properties: { ...propertiesOf(resource), ...properties } });
  };
  return {
    eventType: 'HttpApi',
    resourceType: HTTP_TYPE,
    idProperty: 'ApiId',
    implicitId: SHARED,
    inOrder,
    complete: (properties) =>
      isGiven(properties['Path']) || isGiven(properties['Method'])
        ? properties
        : { ...properties, Path: '$default', Method: ANY_METHOD },
    create: () => {
      authored.set(SHARED, { Type: HTTP_TYPE, Properties: { DefinitionBody: emptyHttpDefinition() } });
      managed.add(SHARED);
    },
    remove: () => {
      authored.delete(SHARED);
      if (before !== undefined) authored.set(SHARED, before);
      if (!wasManaged) managed.delete(SHARED);
    },
    addPath: (apiId, path, method) => {
      const body = propertiesOf(authored.get(apiId))['DefinitionBody'];
      if (!managed.has(apiId) || !isHttpDefinition(body)) return;
      const draft = httpDraft(body);
      addPath(draft, path, method);
      change(apiId, { DefinitionBody: draft });
    },
    note: (apiId, event, properties, condition) => {
      if (properties['RouteSettings'] === undefined) return;
      const settings = routeSettings(event, properties, condition);
      const known = propertiesOf(authored.get(apiId))['RouteSettings'] ?? {};
      if (!isObject(known)) throw refusedResource(apiId, "Property 'RouteSettings' should be a map.");
      const [route, values] = settings;
      const own = isObject(known[route]) ? known[route] : {};
      change(apiId, { RouteSettings: { ...known, [route]: { ...own, ...values } } });
    },
    underConditions: (of) => {
      for (const apiId of managed) {
        const draft = httpDraft(propertiesOf(authored.get(apiId))['DefinitionBody']);
        for (const path of Object.keys(draft['paths'] as JsonObject)) {
          const condition = of(apiId, path);
          if (condition !== undefined) makePathConditional(draft, path, condition.name);
        }
        change(apiId, { DefinitionBody: draft });
      }
    },
    tag: (tags) => {
      const { Tags } = propertiesOf(authored.get(SHARED));
      change(SHARED, { Tags: { ...(isObject(Tags) ? Tags : {}), ...tags }, PropagateTags: true });
    },
    setAttributes: (attributes) => authored.set(SHARED, { ...authored.get(SHARED), ...attributes }),
  };
}

function routeSettings(
  event: string,
  properties: JsonObject,
  condition: Json | undefined,
): readonly [string, JsonObject] {
  const { Path, Method, RouteSettings } = properties;
  const route = Method === ANY_METHOD ? shown(Path) : `${shown(Method).toUpperCase()} ${shown(Path)}`;
  const values = condition === undefined ? RouteSettings : conditional(condition, RouteSettings!);
  if (!isObject(values)) throw refusedEvent(event, "Property 'RouteSettings' should be a map.");
  return [route, values];
}
