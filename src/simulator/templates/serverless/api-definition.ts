import type { Json } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { Dictionary, fromJson, toJson, type Value } from './definition.js';
import { edit, type RestDraft } from './rest-draft.js';
import { isDefinition, isVersion3 } from './swagger.js';
import { isGiven } from './values.js';

/** A property of an API that says something. */
export const given = (draft: RestDraft, property: string): Value | undefined => {
  const value = draft.properties.get(property);
  return value === undefined || !isGiven(toJson(value)) ? undefined : value;
};

/** Refuses what only an API with a definition in its template can have. */
export function needsDefinition(apiId: string, draft: RestDraft, property: string, what: string): void {
  if (given(draft, 'DefinitionBody') === undefined)
    throw refusedResource(apiId, `${property} works only with inline Swagger specified in 'DefinitionBody' property.`);
  if (!isDefinition(draft.properties.get('DefinitionBody')))
    throw refusedResource(
      apiId,
      `Unable to add ${what} configuration because 'DefinitionBody' does not contain a valid Swagger definition.`,
    );
}

/** Media types as the definition holds them: a slash may be written `~1`. */
export function applyMediaTypes(draft: RestDraft): void {
  const types = given(draft, 'BinaryMediaTypes');
  if (types === undefined || given(draft, 'DefinitionBody') === undefined) return;
  const written = JSON.parse(JSON.stringify(toJson(types)).replaceAll('~1', '/')) as Json;
  edit(draft, (editor) => editor.document.set('x-amazon-apigateway-binary-media-types', fromJson(written)));
}

/** Moves what version 3 of OpenAPI keeps elsewhere, where the definition or the API says that it is version 3. */
export function toVersion3(draft: RestDraft): void {
  const body = draft.properties.get('DefinitionBody');
  if (!(body instanceof Dictionary)) return;
  const swagger = body.get('swagger');
  if (swagger !== undefined && swagger !== null) return;
  if (!isVersion3(draft.properties.get('OpenApiVersion') ?? body.get('openapi'))) return;
  for (const [from, to] of [
    ['securityDefinitions', 'securitySchemes'],
    ['definitions', 'schemas'],
  ] as const) {
    const value = body.get(from);
    if (value === undefined || !isGiven(toJson(value))) continue;
    const before = body.get('components');
    const components = before instanceof Dictionary && before.size > 0 ? before : new Dictionary();
    components.set(to, value);
    body.set('components', components);
    body.remove(from);
  }
  const paths = body.get('paths');
  if (paths instanceof Dictionary) for (const [, item] of paths.all()) preflightToVersion3(item);
}

function preflightToVersion3(item: Value): void {
  const options = item instanceof Dictionary ? item.get('options') : undefined;
  if (!(options instanceof Dictionary)) return;
  for (const name of ['produces', 'consumes']) if (options.has(name)) options.remove(name);
  const answers = options.get('responses');
  const ok = answers instanceof Dictionary ? answers.get('200') : undefined;
  const headers = ok instanceof Dictionary ? ok.get('headers') : undefined;
  if (headers instanceof Dictionary)
    for (const [name, header] of headers.all()) headers.set(name, new Dictionary().set('schema', header));
}
