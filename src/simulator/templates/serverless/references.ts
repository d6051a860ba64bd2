import { isObject, type Json, type JsonObject } from '../json.js';

/** What references mean now: to resources whose logical ids changed, and to parts that are named after a dot. */
export type Renamed = {
  readonly ids: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** The same document with references to what the transform renamed following their resources. */
export function renameReferences(value: Json, renamed: Renamed): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => renameReferences(item, renamed));
  if (!isObject(value)) return value;
  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0) {
    const followed = reference(key, value[key]!, renamed);
    if (followed !== undefined) return followed;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === 'DependsOn' ? waiting(item, renamed) : renameReferences(item, renamed),
    ]),
  );
}

function reference(key: string, argument: Json, renamed: Renamed): JsonObject | undefined {
  if (key === 'Ref' && typeof argument === 'string') {
    const [id = '', part] = argument.split(/\.(.*)/s);
    const target = part === undefined ? renamed.ids[id] : renamed.parts[id]?.[part];
    return target === undefined ? undefined : { Ref: target };
  }
  if (key === 'Fn::GetAtt' && Array.isArray(argument) && argument.every((item) => typeof item === 'string')) {
    const [id, part, ...rest] = (argument as readonly string[]).join('.').split('.');
    const own = renamed.ids[id!];
    if (own !== undefined) return { 'Fn::GetAtt': [own, ...(part === undefined ? [] : [part]), ...rest] };
    const target = part === undefined ? undefined : renamed.parts[id!]?.[part];
    return target === undefined ? undefined : { 'Fn::GetAtt': [target, ...rest] };
  }
  if (key !== 'Fn::Sub') return undefined;
  if (typeof argument === 'string') return { 'Fn::Sub': renamedText(argument, renamed) };
  if (!Array.isArray(argument)) return undefined;
  const [text, ...variables] = argument as readonly Json[];
  return {
    'Fn::Sub': [
      typeof text === 'string' ? renamedText(text, renamed) : (text ?? ''),
      ...variables.map((variable) => renameReferences(variable, renamed)),
    ],
  };
}

const renamedText = (text: string, renamed: Renamed): string =>
  text.replace(/\$\{([A-Za-z0-9.]+)\}/g, (whole, name: string) => {
    const [id, part, ...rest] = name.split('.');
    const own = renamed.ids[id!];
    if (own !== undefined) return `\${${[own, ...(part === undefined ? [] : [part]), ...rest].join('.')}}`;
    const target = part === undefined ? undefined : renamed.parts[id!]?.[part];
    return target === undefined ? whole : `\${${[target, ...rest].join('.')}}`;
  });

function waiting(value: Json, { ids }: Renamed): Json {
  if (typeof value === 'string') return ids[value] ?? value;
  return Array.isArray(value)
    ? (value as readonly Json[]).map((one) => (typeof one === 'string' ? (ids[one] ?? one) : one))
    : value;
}
