import { isObject, type Json, type JsonObject } from '../json.js';
import { Authored, Dictionary, fromJson, isPlain, toJson, type Value } from './definition.js';
import { replaced, type Known } from './resolution.js';
import { emptyDefinition, SwaggerEditor } from './swagger.js';
import { isIntrinsic } from './values.js';

/** A REST API before its resources are made: its properties, ordered as its deployment's name needs, and whether SAM writes its definition. */
export type RestDraft = { properties: Dictionary; readonly managed: boolean };

/** An API whose author wrote no definition gets an empty one. */
export function restDraft(properties: JsonObject): RestDraft {
  const made = fromJson(properties) as Dictionary;
  const written = isWritten(properties['DefinitionBody']) || isWritten(properties['DefinitionUri']);
  if (!written) made.set('DefinitionBody', emptyDefinition());
  return { properties: made, managed: !written };
}

/** The API that events without a RestApiId share. */
export const implicitRestDraft = (): RestDraft => ({
  properties: Dictionary.of({ StageName: 'Prod', DefinitionBody: emptyDefinition() }),
  managed: true,
});

const isWritten = (value: Json | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && !(isObject(value) && Object.keys(value).length === 0);

/** Edits the API's definition; what the edit answers is answered. */
export function edit<Result>(draft: RestDraft, change: (editor: SwaggerEditor) => Result): Result {
  const editor = new SwaggerEditor(draft.properties.get('DefinitionBody'));
  const result = change(editor);
  draft.properties.set('DefinitionBody', editor.finished());
  return result;
}

/** Globals under the API's own properties, in the order that this merging gives. */
export function mergeRestGlobals(section: JsonObject, draft: RestDraft): void {
  draft.properties = merged(fromJson(section) as Dictionary, draft.properties);
}

function merged(shared: Dictionary, own: Dictionary): Dictionary {
  const result = shared.copy();
  for (const [key, value] of own.all()) {
    const before = result.get(typeof key === 'string' ? key : key.text);
    result.set(key, before === undefined ? value : mergedValue(before, value));
  }
  return result;
}

function mergedValue(shared: Value, own: Value): Value {
  if (Array.isArray(shared) && Array.isArray(own)) return [...shared, ...own];
  if (!(shared instanceof Dictionary) || !(own instanceof Dictionary)) return own;
  return isIntrinsic(toJson(shared)) || isIntrinsic(toJson(own)) ? own : merged(shared, own);
}

/** References to parameters replaced, in place of what was there, so that nothing is ordered anew. */
export function resolvedValue(value: Value, known: Known): Value {
  if (Array.isArray(value)) return value.map((item) => resolvedValue(item, known));
  if (value instanceof Dictionary) {
    const name = value.size === 1 ? value.get('Ref') : undefined;
    const text = name instanceof Authored ? name.text : name;
    if (typeof text === 'string' && Object.hasOwn(known, text))
      return text.startsWith('AWS::') ? (known[text] as string) : fromJson(known[text]!);
    const template = value.size === 1 ? value.get('Fn::Sub') : undefined;
    for (const [key, item] of value.all()) value.set(key, resolvedValue(item, known));
    if (template instanceof Authored) value.set('Fn::Sub', new Authored(replaced(template.text, known)));
    if (Array.isArray(template) && template[0] instanceof Authored)
      value.set('Fn::Sub', [
        new Authored(replaced(template[0].text, known)),
        ...template.slice(1).map((item) => resolvedValue(item, known)),
      ]);
    return value;
  }
  return isPlain(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolvedValue(item, known)]))
    : value;
}
