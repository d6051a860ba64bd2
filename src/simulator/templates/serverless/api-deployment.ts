import type { Json, JsonObject } from '../json.js';
import { refusedResource, refusedStructure } from '../serverless-refusal.js';
import { toVersion3 } from './api-definition.js';
import { s3Place } from './code.js';
import { Authored, Dictionary, jsonMember, toJson, type Value } from './definition.js';
import { definitionText } from './definition-text.js';
import { digest } from './identity.js';
import { edit, type RestDraft } from './rest-draft.js';
import { isGiven } from './values.js';
import type { Work } from './work.js';

/** Turns the API's own address off, where the definition says where it can be reached instead. */
export function applyEndpoint(logicalId: string, draft: RestDraft): void {
  const disabled = draft.properties.get('DisableExecuteApiEndpoint');
  if (disabled === undefined || disabled === null) return;
  if (!isGiven(jsonMember(draft.properties, 'DefinitionBody')))
    throw refusedResource(logicalId, "DisableExecuteApiEndpoint works only within 'DefinitionBody' property.");
  edit(draft, ({ document }) => {
    if (!isGiven(jsonMember(document, 'openapi'))) {
      disable(document, disabled);
      return;
    }
    const servers = document.get('servers') ?? [new Dictionary()];
    for (const server of Array.isArray(servers) ? servers : []) disable(server, disabled);
    document.set('servers', servers);
  });
}

function disable(holder: Value, disabled: Value): void {
  if (!(holder instanceof Dictionary)) throw refusedStructure('Invalid OpenAPI definition.');
  const name = 'x-amazon-apigateway-endpoint-configuration';
  const before = holder.get(name);
  if (before instanceof Dictionary) before.set('disableExecuteApiEndpoint', disabled);
  else holder.set(name, { disableExecuteApiEndpoint: disabled });
}

/** The definition as the API holds it, and as its deployment is named for it. */
export function definitionOf(
  logicalId: string,
  draft: RestDraft,
): { readonly property: JsonObject; readonly value: Value | undefined } {
  const uri = jsonMember(draft.properties, 'DefinitionUri');
  if (isGiven(uri)) {
    const { Bucket, Key, Version } = s3Place(logicalId, 'DefinitionUri', uri);
    const written = draft.properties.get('DefinitionUri');
    const part = (name: string, value: Json): Value =>
      written instanceof Dictionary ? written.get(name)! : new Authored(value as string);
    const place = new Dictionary().set('Bucket', part('Bucket', Bucket!)).set('Key', part('Key', Key!));
    if (Version !== undefined) place.set('Version', part('Version', Version));
    return { property: { BodyS3Location: toJson(place) }, value: place };
  }
  if (!isGiven(jsonMember(draft.properties, 'DefinitionBody'))) return { property: {}, value: undefined };
  toVersion3(draft);
  const body = draft.properties.get('DefinitionBody')!;
  return { property: { Body: toJson(body) }, value: body };
}

/** Another definition, OpenAPI version or name of a function that the API calls makes another deployment. */
export function deploymentOf(
  work: Work,
  logicalId: string,
  draft: RestDraft,
  definition: Value | undefined,
): { readonly id: string; readonly description: string | undefined } {
  if (definition === undefined) return { id: `${logicalId}Deployment`, description: undefined };
  const version = jsonMember(draft.properties, 'OpenApiVersion');
  const parts = [
    definitionText(definition),
    ...(isGiven(version) ? [typeof version === 'string' ? version : JSON.stringify(version)] : []),
    ...(work.functionNames.has(logicalId) ? [work.functionNames.get(logicalId)!] : []),
  ];
  const hash = digest(parts.join('||'));
  return { id: `${logicalId}Deployment${hash.slice(0, 10)}`, description: `RestApi deployment id: ${hash}` };
}
