import type { JsonObject } from './json.js';
import { isOpenType, resourceSpec } from './resource-spec.js';

/** Why the service would turn the properties away, in the words of its resource provider; undefined where it would not. */
export function refusedProperties(type: string, properties: JsonObject): string | undefined {
  const spec = resourceSpec(type);
  if (!spec || isOpenType(type)) return undefined;
  const unsupported = Object.keys(properties).find((name) => !spec.properties.has(name));
  if (unsupported !== undefined) {
    return `Properties validation failed for resource of type ${type} with message: #: extraneous key [${unsupported}] is not permitted`;
  }
  const missing = [...spec.properties].find(([name, { required }]) => required && !Object.hasOwn(properties, name));
  return missing === undefined
    ? undefined
    : `Properties validation failed for resource of type ${type} with message: #: required key [${missing[0]}] not found`;
}
