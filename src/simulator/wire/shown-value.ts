/** A value between quotation marks, as AWS's Java writes it: lists in brackets, structures and maps with equals signs. */
export function shownValue(value: unknown): string {
  return `'${text(value)}'`;
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([name, item]) => `${name}=${text(item)}`);
  return `{${entries.join(', ')}}`;
}
