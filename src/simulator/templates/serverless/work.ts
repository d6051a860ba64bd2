import { isObject, type Json, type JsonObject } from '../json.js';
import type { CodeResolver } from './code.js';
import type { Preference } from './deployment.js';
import type { Known } from './resolution.js';
import type { RestDraft } from './rest-draft.js';

/** What one transform of one template knows and gathers. */
export type Work = {
  readonly partition: string;
  /** The template's resources, globals merged in. Events write into the buckets, user pools and HTTP APIs that they name. */
  readonly authored: Map<string, JsonObject>;
  readonly conditions: Record<string, Json>;
  readonly preferences: Map<string, Preference>;
  /** REST APIs whose definition is edited, by logical id. */
  readonly restApis: Map<string, RestDraft>;
  /** HTTP APIs whose definition the transform writes. */
  readonly managedHttpApis: Set<string>;
  /** Names of functions that a REST API calls: another name makes another deployment. */
  readonly functionNames: Map<string, string>;
  readonly code: CodeResolver | undefined;
  readonly known: Known;
  /** True where events go in the order of `OrderedKeys`. */
  readonly ordersEvents: boolean;
  readonly order: () => readonly string[];
  /** References to parameters replaced; mappings are looked up by `lookUp` in addition. */
  readonly resolve: (value: Json) => Json;
  readonly lookUp: (value: Json) => Json;
};

/** Logical ids and resources, in the order in which they came to be; a later one of the same id replaces an earlier one. */
export type Produced = readonly (readonly [string, JsonObject])[];

const OWN = ['DeletionPolicy', 'UpdatePolicy', 'Condition', 'UpdateReplacePolicy', 'Metadata'];
const SHARED = ['Condition', 'DeletionPolicy', 'UpdateReplacePolicy'];

const attributes = (resource: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (resource[name] === undefined ? [] : [[name, resource[name]]])));

/** What the resource itself keeps beside its properties, and what it waits for. */
export const ownAttributes = (resource: JsonObject): JsonObject => ({
  ...(isEmpty(resource['DependsOn']) ? {} : { DependsOn: resource['DependsOn']! }),
  ...keptAttributes(resource),
});

export const keptAttributes = (resource: JsonObject): JsonObject => attributes(resource, OWN);

/** What is handed on to everything that is made for the resource. */
export const sharedAttributes = (resource: JsonObject): JsonObject => attributes(resource, SHARED);

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** A resource whose absent and null properties are left out. */
export const made = (
  type: string,
  attributesOf: JsonObject,
  properties: Readonly<Record<string, Json | undefined>>,
): JsonObject => ({
  Type: type,
  ...attributesOf,
  Properties: Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null),
  ),
});

export const propertiesOf = (resource: Json | undefined): JsonObject =>
  isObject(resource) && isObject(resource['Properties']) ? resource['Properties'] : {};
