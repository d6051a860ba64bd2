import { isObject, type Json } from '../json.js';
import { OrderedKeys } from './ordered-keys.js';

/** A text that an author wrote; the transform's own texts are plain strings. They differ in how a definition is written out. */
export class Authored {
  constructor(readonly text: string) {}
}

/** A value of a definition that is being edited. Plain mappings are the transform's own small ones; they keep their order. */
export type Value =
  Authored | string | number | boolean | null | Value[] | Dictionary | { readonly [key: string]: Value };

/** A mapping in the order of `OrderedKeys`. */
export class Dictionary {
  private readonly entries = new Map<string, { readonly key: Authored | string; readonly value: Value }>();
  private order = new OrderedKeys();

  static of(members: Readonly<Record<string, Value>>): Dictionary {
    const made = new Dictionary();
    made.order.merge(Object.keys(members));
    for (const [key, value] of Object.entries(members)) made.set(key, value);
    return made;
  }

  get(name: string): Value | undefined {
    return this.entries.get(name)?.value;
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  set(key: Authored | string, value: Value): this {
    const name = textOf(key);
    this.entries.set(name, { key: this.entries.get(name)?.key ?? key, value });
    this.order.add(name);
    return this;
  }

  /** Answers what is there, after it put `value` there if nothing was. */
  ensure(key: Authored | string, value: Value): Value {
    if (!this.has(textOf(key))) this.set(key, value);
    return this.get(textOf(key))!;
  }

  remove(name: string): void {
    this.entries.delete(name);
    this.order.remove(name);
  }

  update(members: Dictionary): void {
    this.order.merge(members.names());
    for (const [key, value] of members.all()) this.set(key, value);
  }

  names(): readonly string[] {
    return this.order.keys();
  }

  all(): readonly (readonly [Authored | string, Value])[] {
    return this.names().map((name) => {
      const { key, value } = this.entries.get(name)!;
      return [key, value] as const;
    });
  }

  /** A copy of this mapping alone, whose order may be another one. */
  copy(): Dictionary {
    const made = new Dictionary();
    made.update(this);
    return made;
  }

  get size(): number {
    return this.entries.size;
  }
}

export const textOf = (key: Authored | string): string => (typeof key === 'string' ? key : key.text);

export const isPlain = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Authored) &&
  !(value instanceof Dictionary);

/** What an author wrote, for editing. */
export function fromJson(json: Json): Value {
  if (typeof json === 'string') return new Authored(json);
  if (Array.isArray(json)) return (json as readonly Json[]).map(fromJson);
  if (!isObject(json)) return json as number | boolean | null;
  const made = new Dictionary();
  for (const [key, value] of Object.entries(json)) made.set(new Authored(key), fromJson(value));
  return made;
}

export function toJson(value: Value): Json {
  if (value instanceof Authored) return value.text;
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Dictionary)
    return Object.fromEntries(value.all().map(([key, item]) => [textOf(key), toJson(item)]));
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)])) : value;
}

/** A deep copy; keys are added anew, which may order them anew, so that the number of copies counts. */
export function copied(value: Value): Value {
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Dictionary) {
    const made = new Dictionary();
    for (const [key, item] of value.all()) made.set(key, copied(item));
    return made;
  }
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)])) : value;
}

/** Members of a mapping of either sort. */
export function membersOf(value: Value | undefined): readonly (readonly [Authored | string, Value])[] {
  if (value instanceof Dictionary) return value.all();
  return isPlain(value) ? Object.entries(value) : [];
}

/** One member; undefined where there is none. */
export function member(value: Value | undefined, name: string): Value | undefined {
  if (value instanceof Dictionary) return value.get(name);
  return isPlain(value) ? value[name] : undefined;
}

/** One member as JSON; undefined where there is none. */
export const jsonMember = (value: Value | undefined, name: string): Json | undefined => {
  const found = member(value, name);
  return found === undefined ? undefined : toJson(found);
};
