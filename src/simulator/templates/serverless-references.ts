import { isObject, type Json } from './json.js';

/** The same document with references to what the transform renamed following their resources. */
export function renameReferences(value: Json, renamed: Readonly<Record<string, string>>): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => renameReferences(item, renamed));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamedMember(key, item, renamed)]));
}

function renamedMember(key: string, item: Json, renamed: Readonly<Record<string, string>>): Json {
  if (key === 'Ref' && typeof item === 'string') return renamed[item] ?? item;
  if (key !== 'Fn::Sub') return renameReferences(item, renamed);
  if (typeof item === 'string') return renamedText(item, renamed);
  if (!Array.isArray(item)) return item;
  const [text, ...variables] = item as readonly Json[];
  return [
    typeof text === 'string' ? renamedText(text, renamed) : (text ?? ''),
    ...variables.map((variable) => renameReferences(variable, renamed)),
  ];
}

const renamedText = (text: string, renamed: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{([^!}][^}]*)\}/g, (whole, name: string) =>
    renamed[name] === undefined ? whole : `\${${renamed[name]}}`,
  );
