import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedDocument, refusedEvent, refusedResource, ServerlessProblem } from '../serverless-refusal.js';
import { attributesOf, conditionOfPath, type PathCondition, type Use } from './implicit-api-attributes.js';
import { isGiven, shown } from './values.js';

/** What REST and HTTP APIs do differently when events add paths to them. */
export type ApiFamily = {
  readonly eventType: 'Api' | 'HttpApi';
  readonly resourceType: string;
  readonly idProperty: 'RestApiId' | 'ApiId';
  readonly implicitId: string;
  /** Completes the event's path and method where the family has defaults. */
  readonly complete: (properties: JsonObject) => JsonObject;
  readonly create: () => void;
  readonly remove: () => void;
  readonly addPath: (apiId: string, path: string, method: string) => void;
  /** What else an event says about its API. */
  readonly note: (apiId: string, event: string, properties: JsonObject, condition: Json | undefined) => void;
  /** Puts paths under conditions in every API whose definition the transform writes. */
  readonly underConditions: (of: (apiId: string, path: string) => PathCondition | undefined) => void;
  /** Names in the order in which the transform goes through them. */
  readonly inOrder: (names: readonly string[]) => readonly string[];
  readonly tag: (tags: JsonObject) => void;
  readonly setAttributes: (attributes: JsonObject) => void;
};

export type Owner = { readonly id: string; readonly resource: JsonObject };

/** Adds the paths of all events of a family to their APIs, and the API that events without one share. Answers resources with complete events. */
export function collectApiEvents(
  family: ApiFamily,
  owners: readonly Owner[],
  types: ReadonlyMap<string, Json | undefined>,
  conditions: Record<string, Json>,
  globals: JsonObject,
): ReadonlyMap<string, JsonObject> {
  family.create();
  const uses: Use[] = [];
  const problems: string[] = [];
  const completed = new Map<string, JsonObject>();
  for (const { id, resource } of owners) {
    try {
      const events = completeEvents(family, resource, types, globals, uses);
      if (events !== undefined) completed.set(id, events);
    } catch (error) {
      if (!(error instanceof ServerlessProblem && error.of === 'event')) throw error;
      problems.push(refusedResource(id, error.problem).problem);
    }
  }
  family.setAttributes(attributesOf(family.implicitId, uses, conditions));
  family.underConditions((apiId, path) => conditionOfPath(apiId, path, uses, conditions));
  if (!uses.some(({ apiId }) => apiId === family.implicitId)) family.remove();
  if (problems.length > 0) throw refusedDocument(problems);
  return completed;
}

function completeEvents(
  family: ApiFamily,
  resource: JsonObject,
  types: ReadonlyMap<string, Json | undefined>,
  globals: JsonObject,
  uses: Use[],
): JsonObject | undefined {
  const properties = isObject(resource['Properties']) ? resource['Properties'] : {};
  const events = properties['Events'];
  if (!isObject(events)) return undefined;
  const own = family.inOrder(Object.keys(events)).filter((name) => {
    const event = events[name];
    return isObject(event) && event['Type'] === family.eventType;
  });
  const names = family.inOrder(own);
  if (names.length === 0) return undefined;
  const result: Record<string, Json> = { ...events };
  for (const name of names) {
    const event = events[name] as JsonObject;
    const authored = event['Properties'] ?? {};
    if (family.eventType === 'Api' && !isGiven(authored)) continue;
    if (!isObject(authored)) throw refusedEvent(name, 'Properties should be a map.');
    if (authored[family.idProperty] === undefined) propagateTags(family, resource, properties, globals);
    const complete: JsonObject = family.complete({ [family.idProperty]: { Ref: family.implicitId }, ...authored });
    const use = { ...checked(family, name, complete), owner: resource };
    uses.push(use);
    checkApi(family, name, complete, types);
    family.addPath(use.apiId, use.path, use.method);
    family.note(use.apiId, name, complete, resource['Condition']);
    result[name] = { ...event, Properties: complete };
  }
  return { ...resource, Properties: { ...properties, Events: result } };
}

const apiIdOf = (family: ApiFamily, properties: JsonObject): Json | undefined => {
  const id = properties[family.idProperty];
  return isObject(id) && id['Ref'] !== undefined ? id['Ref'] : id;
};

function checked(family: ApiFamily, name: string, properties: JsonObject): Omit<Use, 'owner'> {
  const { Path, Method } = properties;
  const apiId = apiIdOf(family, properties);
  for (const [property, value] of [
    ['Path', Path],
    ['Method', Method],
  ] as const)
    if (value === undefined || value === null) throw refusedEvent(name, `Property '${property}' is required.`);
  for (const [property, value] of [
    [family.idProperty, apiId],
    ['Path', Path],
    ['Method', Method],
  ] as const)
    if (typeof value !== 'string') throw refusedEvent(name, `Property '${property}' should be a string.`);
  return { apiId: apiId as string, path: Path as string, method: Method as string };
}

function checkApi(
  family: ApiFamily,
  name: string,
  properties: JsonObject,
  types: ReadonlyMap<string, Json | undefined>,
): void {
  const apiId = apiIdOf(family, properties) as string;
  const type = apiId === family.implicitId ? family.resourceType : types.get(apiId);
  const other = type === 'AWS::Serverless::HttpApi' && type !== family.resourceType;
  if (type === undefined || other)
    throw refusedEvent(
      name,
      `${family.idProperty} must be a valid reference to an '${family.resourceType}' resource in same template.`,
    );
}

function propagateTags(family: ApiFamily, resource: JsonObject, properties: JsonObject, globals: JsonObject): void {
  const section = globals[shown(resource['Type']).replace('AWS::Serverless::', '')];
  const shared = isObject(section) ? section : {};
  const tags = isGiven(properties['Tags']) ? properties['Tags'] : shared['Tags'];
  const propagates = isGiven(properties['PropagateTags']) || isGiven(shared['PropagateTags']);
  if (propagates && isObject(tags)) family.tag(tags);
}
