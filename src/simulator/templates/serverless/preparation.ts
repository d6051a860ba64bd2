import { entriesOf, isObject, scalarText, type Json, type JsonObject } from '../json.js';
import type { ServerlessContext } from '../serverless.js';
import { hasRestApi, tableOrder } from './event-order.js';
import { heeded, mergedGlobals, readGlobals } from './globals.js';
import { emptyHttpDefinition } from './http-definition.js';
import { httpFamily, HTTP_TYPE } from './http-family.js';
import { collectApiEvents, type ApiFamily, type Owner } from './implicit-api.js';
import { OrderedKeys } from './ordered-keys.js';
import { lookedUp, resolved, type Known } from './resolution.js';
import { mergeRestGlobals, restDraft, type RestDraft } from './rest-draft.js';
import { isRestApi, nameVersion, restFamily, REST_TYPE } from './rest-family.js';
import { isGiven, shown } from './values.js';
import { propertiesOf, type Work } from './work.js';

const PARTITIONS: readonly (readonly [string, string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
];

const partitionOf = (region: string): string => PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';

/** The template before its resources are expanded: APIs have the paths of their events, everything has what Globals gives it. */
export function preparedWork(document: JsonObject, context: ServerlessContext): Work {
  const { Globals, Resources, Conditions, Mappings } = document;
  const authored = new Map(entriesOf(Resources) as readonly (readonly [string, JsonObject])[]);
  const ordered = hasRestApi([...authored.values()]);
  const order = new OrderedKeys();
  for (const id of authored.keys()) order.add(id);
  const conditions: Record<string, Json> = { ...(isObject(Conditions) ? Conditions : {}) };
  const restApis = new Map<string, RestDraft>();
  const managedHttpApis = new Set<string>();
  giveDefinitions(authored, restApis, managedHttpApis);
  const globals = isObject(Globals) ? Globals : {};
  const inOrder = ordered ? tableOrder : (names: readonly string[]): readonly string[] => names;
  const idsInOrder = (): readonly string[] => (ordered ? order.keys() : [...authored.keys()]);
  const families = [restFamily(authored, restApis), httpFamily(authored, managedHttpApis, inOrder)];
  for (const family of families) addApiEvents(family, authored, order, idsInOrder, conditions, globals);
  applyGlobals(Globals, authored, restApis);
  const partition = context.partition ?? partitionOf(context.region ?? '');
  const known = knownValues(document, context, partition);
  const mappings = isObject(Mappings) ? Mappings : {};
  return {
    partition,
    authored,
    conditions,
    preferences: new Map(),
    restApis,
    managedHttpApis,
    functionNames: new Map(),
    code: context.code,
    known,
    ordersEvents: ordered,
    order: idsInOrder,
    resolve: (value) => resolved(value, known),
    lookUp: (value) => lookedUp(resolved(value, known), mappings),
  };
}

/** Whatever is known before anything is deployed. Values are text, as CloudFormation hands them to transforms. */
function knownValues(document: JsonObject, context: ServerlessContext, partition: string): Known {
  const defaults = entriesOf(document['Parameters']).flatMap(([name, definition]) =>
    isObject(definition) && definition['Default'] !== undefined && definition['Default'] !== null
      ? [[name, scalarText(definition['Default'])] as const]
      : [],
  );
  const region = context.region === undefined ? {} : { 'AWS::Region': context.region };
  return { ...region, 'AWS::Partition': partition, ...Object.fromEntries(defaults), ...context.parameters };
}

/** APIs without a definition get one, for their events to write into. */
function giveDefinitions(
  authored: Map<string, JsonObject>,
  restApis: Map<string, RestDraft>,
  managed: Set<string>,
): void {
  for (const [id, resource] of authored) {
    const properties = propertiesOf(resource);
    if (isRestApi(resource)) restApis.set(id, restDraft(properties));
    if (resource['Type'] !== HTTP_TYPE) continue;
    if (isGiven(properties['DefinitionBody']) || isGiven(properties['DefinitionUri'])) continue;
    authored.set(id, { ...resource, Properties: { ...properties, DefinitionBody: emptyHttpDefinition() } });
    managed.add(id);
  }
}

function addApiEvents(
  family: ApiFamily,
  authored: Map<string, JsonObject>,
  order: OrderedKeys,
  idsInOrder: () => readonly string[],
  conditions: Record<string, Json>,
  globals: JsonObject,
): void {
  const types = new Map([...authored].map(([id, { Type }]) => [id, Type]));
  const before = new Set(authored.keys());
  order.add(family.implicitId);
  const owners = idsInOrder().flatMap((id): readonly Owner[] => {
    const resource = authored.get(id);
    const owns =
      resource?.['Type'] === 'AWS::Serverless::Function' || resource?.['Type'] === 'AWS::Serverless::StateMachine';
    return owns ? [{ id, resource }] : [];
  });
  for (const [id, resource] of collectApiEvents(family, owners, types, conditions, globals)) authored.set(id, resource);
  if (!authored.has(family.implicitId) && !before.has(family.implicitId)) order.remove(family.implicitId);
}

function applyGlobals(
  written: Json | undefined,
  authored: Map<string, JsonObject>,
  restApis: ReadonlyMap<string, RestDraft>,
): void {
  const sections = readGlobals(written);
  for (const [id, resource] of authored) {
    const section = sections.get(shown(resource['Type']));
    if (section !== undefined) {
      const shared = heeded(id, section, resource['IgnoreGlobals']);
      const draft = restApis.get(id);
      if (resource['Type'] === REST_TYPE && draft !== undefined) mergeRestGlobals(shared, draft);
      else authored.set(id, { ...resource, Properties: mergedGlobals(shared, propertiesOf(resource)) });
    }
  }
  for (const draft of restApis.values()) nameVersion(draft);
}
