import type { TemplateDocument } from '../../model/template.js';
import { isMapping, section } from '../../model/template-resources.js';

const PLACEHOLDER = /\$\{([A-Za-z0-9]+)\}/g;

/** Name → logical ids of the resources that name it by Ref or Fn::Sub, in the template's order; conditions are not looked through. */
export function parameterUses(document: TemplateDocument): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  for (const [logicalId, resource] of Object.entries(section(document, 'Resources')))
    for (const name of new Set(namesIn(resource))) uses.set(name, [...(uses.get(name) ?? []), logicalId]);
  return uses;
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return typeof inner === 'string' ? [inner] : [];
    if (key !== 'Fn::Sub') return namesIn(inner);
    const [text, values] = (Array.isArray(inner) ? inner : [inner]) as readonly unknown[];
    const placeholders = typeof text === 'string' ? [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!) : [];
    const own = isMapping(values) ? Object.keys(values) : [];
    return [...placeholders.filter((name) => !own.includes(name)), ...namesIn(values)];
  });
}
