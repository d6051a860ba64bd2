import { isMapping } from '../../model/template-resources.js';
import type { Mapping, TemplateResource } from '../../model/template-resources.js';
import { TAGGABLE_TYPES } from './taggable-types.js';
import type { Addition } from './transform-additions.js';

type Form = 'list' | 'list-propagated' | 'map';
type Slot = { readonly form: Form; readonly property: string };

const SLOTS: ReadonlyMap<string, Slot> = new Map(
  Object.entries(TAGGABLE_TYPES).flatMap(([key, types]) => {
    const [form, property] = key.split(' ') as [Form, string];
    return types.map((type) => [type, { form, property }] as const);
  }),
);

/** The tags that a resource takes and does not have; none where it takes none, or where only a deployment knows which it has. */
export function tagAdditions(
  { type, properties, path }: TemplateResource,
  common: Mapping,
  tags: Readonly<Record<string, string>>,
): readonly Addition[] {
  const slot = SLOTS.get(type);
  if (slot === undefined) return [];
  const here = [...path, 'Properties', slot.property];
  const written = properties[slot.property];
  const taken = new Set([...keysOf(written), ...keysOf(common[slot.property])]);
  const missing = Object.entries(tags)
    .filter(([key]) => !taken.has(key))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  if (missing.length === 0) return [];
  const items = missing.map(([key, value]) => itemOf(slot.form, key, value));
  switch (slot.form) {
    case 'map':
      if (written === undefined) return [{ path: here, value: Object.fromEntries(missing) }];
      return isMapping(written) && !isComputed(written)
        ? missing.map(([key, value]) => ({ path: [...here, key], value }))
        : [];
    case 'list':
    case 'list-propagated':
      if (written === undefined) return [{ path: here, value: items }];
      return Array.isArray(written)
        ? items.map((value, index) => ({ path: [...here, written.length + index], value }))
        : [];
  }
}

function itemOf(form: Form, key: string, value: string): Mapping {
  return { Key: key, Value: value, ...(form === 'list-propagated' ? { PropagateAtLaunch: true } : {}) };
}

const isComputed = (value: Mapping): boolean =>
  Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));

/** Every key that may be there already, those in the arms of an Fn::If among them. */
function keysOf(written: unknown): readonly string[] {
  if (Array.isArray(written)) return written.flatMap(keysOf);
  if (!isMapping(written)) return [];
  const choice = written['Fn::If'];
  if (Array.isArray(choice)) return choice.slice(1).flatMap(keysOf);
  if (typeof written['Key'] === 'string' && 'Value' in written) return [written['Key']];
  return Object.keys(written);
}
