import { isObject, type Json, type JsonObject } from '../json.js';
import { Authored, Dictionary, fromJson } from './definition.js';
import { tableOrder } from './event-order.js';
import type { ApiFamily } from './implicit-api.js';
import { edit, implicitRestDraft, type RestDraft } from './rest-draft.js';
import { isDefinition } from './swagger.js';

export const REST_TYPE = 'AWS::Serverless::Api';
const SHARED = 'ServerlessRestApi';

/** REST APIs: their definitions are drafts beside the resources. */
export function restFamily(authored: Map<string, JsonObject>, drafts: Map<string, RestDraft>): ApiFamily {
  const before = { resource: authored.get(SHARED), draft: drafts.get(SHARED) };
  return {
    eventType: 'Api',
    resourceType: REST_TYPE,
    idProperty: 'RestApiId',
    implicitId: SHARED,
    inOrder: tableOrder,
    complete: (properties) => properties,
    create: () => {
      authored.set(SHARED, { Type: REST_TYPE });
      drafts.set(SHARED, implicitRestDraft());
    },
    remove: () => {
      authored.delete(SHARED);
      drafts.delete(SHARED);
      if (before.resource !== undefined) authored.set(SHARED, before.resource);
      if (before.draft !== undefined) drafts.set(SHARED, before.draft);
    },
    addPath: (apiId, path, method) => {
      const draft = drafts.get(apiId);
      if (draft?.managed !== true || !isDefinition(draft.properties.get('DefinitionBody'))) return;
      edit(draft, (editor) => editor.addPath(new Authored(path), new Authored(method)));
    },
    note: () => undefined,
    underConditions: (of) => {
      for (const [apiId, draft] of drafts) {
        if (!draft.managed) continue;
        edit(draft, (editor) => {
          for (const path of editor.pathNames()) {
            const condition = of(apiId, path);
            if (condition !== undefined)
              editor.makePathConditional(path, condition.combined ? condition.name : new Authored(condition.name));
          }
        });
      }
    },
    tag: (tags) => {
      const { properties } = drafts.get(SHARED)!;
      (properties.ensure('Tags', new Dictionary()) as Dictionary).update(fromJson(tags) as Dictionary);
      properties.set('PropagateTags', true);
    },
    setAttributes: (attributes) => authored.set(SHARED, { ...authored.get(SHARED), ...attributes }),
  };
}

/** An API that says that it is written in OpenAPI 3, where the transform writes it. */
export function nameVersion(draft: RestDraft): void {
  const written = draft.properties.get('OpenApiVersion');
  const body = draft.properties.get('DefinitionBody');
  if (written === undefined || written === null || !draft.managed || !(body instanceof Dictionary)) return;
  const version = typeof written === 'number' ? String(written) : written;
  const text = version instanceof Authored ? version.text : version;
  if (typeof text !== 'string' || !/^3(\.\d)(\.\d)?$/.test(text)) return;
  draft.properties.set('OpenApiVersion', version);
  body.set('openapi', version);
  if (body.has('swagger')) body.remove('swagger');
}

export const isRestApi = (resource: Json | undefined): boolean => isObject(resource) && resource['Type'] === REST_TYPE;
