import { isObject, type Json, type JsonObject } from './json.js';

const SECTIONS: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function': 'Function',
  'AWS::Serverless::SimpleTable': 'SimpleTable',
  'AWS::Serverless::LayerVersion': 'LayerVersion',
};

/** Properties of a resource over those of Globals: mappings merge, lists follow one another, anything else of the resource wins. */
export function withGlobals(globals: JsonObject, type: string, properties: JsonObject): JsonObject {
  const section = SECTIONS[type];
  const shared = section === undefined ? undefined : globals[section];
  return isObject(shared) ? (merged(shared, properties) as JsonObject) : properties;
}

/** An intrinsic is a value, although it looks like a mapping. */
const isIntrinsic = (value: JsonObject): boolean =>
  Object.keys(value).length === 1 && /^(Ref|Fn::.+)$/.test(Object.keys(value)[0]!);

function merged(shared: Json, own: Json): Json {
  if (Array.isArray(shared) && Array.isArray(own)) return [...(shared as readonly Json[]), ...(own as readonly Json[])];
  if (!isObject(shared) || !isObject(own) || isIntrinsic(shared) || isIntrinsic(own)) return own;
  const result: Record<string, Json> = { ...shared };
  for (const [key, value] of Object.entries(own)) {
    const before = result[key];
    result[key] = before === undefined ? value : merged(before, value);
  }
  return result;
}
