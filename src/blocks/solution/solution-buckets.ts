import type { TemplateDocument } from '../../model/template.js';
import { bucketAndKey } from '../fetch/s3-address.js';
import { objectPropertiesOf } from '../lock/object-references.js';
import type { Location } from '../lock/object-references.js';
import { isNestedStack } from '../template/template-capabilities.js';
import { isMapping, resourcesOf } from '../../model/template-resources.js';
import type { TemplateValues } from '../template/template-values.js';

/**
 * Logical ids of resources that name a bucket which the template takes its code or nested templates from, in a property that is not known to
 * name an object: a custom resource that copies files from there reads what nobody pinned.
 */
export function namesBucketElsewhere(
  document: TemplateDocument,
  values: TemplateValues,
  locations: readonly Location[],
): readonly string[] {
  const buckets = new Set(locations.flatMap((location) => bucketAndKey(location)?.bucket ?? []));
  if (buckets.size === 0) return [];
  const names = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(names);
    if (isMapping(value) && !isCall(value)) return Object.values(value).some(names);
    const text = values.textOf(value);
    if (text.type === 'known') return isOneOf(buckets, text.text, typeof value === 'string');
    return isMapping(value) && Object.values(value).some(names);
  };
  return resourcesOf(document)
    .filter(({ type, properties }) =>
      Object.entries(properties).some(([name, value]) => !isFollowed(type, name) && names(value)),
    )
    .map(({ logicalId }) => logicalId);
}

/** What names an object, and what is given to a nested template, in which it is looked for again. */
function isFollowed(type: string, property: string): boolean {
  return objectPropertiesOf(type).includes(property) || (isNestedStack(type) && property === 'Parameters');
}

function isCall(value: { readonly [key: string]: unknown }): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0]!.startsWith('Fn::'));
}

/** The bucket itself, a place in it, or, where an expression gives it, the name to which a Region or such is added. */
function isOneOf(buckets: ReadonlySet<string>, text: string, isLiteral: boolean): boolean {
  const place = /^s3:\/\//.test(text) ? text.slice('s3://'.length) : text;
  const bucket = bucketAndKey({ type: 'url', url: text })?.bucket ?? place.split('/', 1)[0]!;
  if (buckets.has(bucket)) return true;
  return !isLiteral && text !== '' && [...buckets].some((each) => each.startsWith(`${text}-`));
}
