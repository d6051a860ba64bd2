import type { WireRequest } from './message.js';
import { formatTimestamp, parseBlob, parseBoolean, parseNumber, parseTimestamp } from './scalar.js';
import type { Member, Shape } from './shape.js';

type Values = Readonly<Record<string, unknown>>;

/** The members that travel outside the body, read from path, query and headers. */
export function boundInput(
  members: readonly Member[],
  request: WireRequest,
  labels: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const member of members) {
    const value = bound(member, request, labels);
    if (value !== undefined) input[member.name] = value;
  }
  return input;
}

function bound(member: Member, request: WireRequest, labels: ReadonlyMap<string, string>): unknown {
  const { binding, shape } = member;
  switch (binding.type) {
    case 'label': {
      const text = labels.get(member.name);
      return text === undefined ? undefined : scalar(shape, text);
    }
    case 'query': {
      const values = request.query.get(binding.name);
      if (values === undefined) return undefined;
      return shape.type === 'list'
        ? values.map((value) => scalar(shape.member, value))
        : scalar(shape, values[0] ?? '');
    }
    case 'header': {
      const text = request.headers[binding.name];
      if (text === undefined) return undefined;
      return shape.type === 'list'
        ? text.split(',').map((value) => scalar(shape.member, value.trim()))
        : scalar(shape, text);
    }
    case 'prefix-headers': {
      const found = Object.entries(request.headers).filter(([name]) => name.startsWith(binding.name));
      return found.length === 0
        ? undefined
        : Object.fromEntries(found.map(([name, value]) => [name.slice(binding.name.length), value]));
    }
    case 'body':
    case 'payload':
    case 'status':
    case 'query-parameters':
      return undefined;
  }
}

/** The members of an output that travel as headers and as the status; the rest belongs into the body. */
export function boundOutput(
  members: readonly Member[],
  output: Values,
  status: number,
): { readonly status: number; readonly headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let answered = status;
  for (const member of members) {
    const value = output[member.name];
    if (value === undefined || value === null) continue;
    const { binding } = member;
    if (binding.type === 'status') answered = Number(value);
    if (binding.type === 'header') headers[binding.name] = headerText(member.shape, value);
    if (binding.type === 'prefix-headers') {
      for (const [name, text] of Object.entries(value as Values))
        headers[binding.name + name.toLowerCase()] = String(text);
    }
  }
  return { status: answered, headers };
}

function headerText(shape: Shape, value: unknown): string {
  if (shape.type === 'timestamp') return formatTimestamp(value, shape.format, 'http-date');
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}

function scalar(shape: Shape, text: string): unknown {
  switch (shape.type) {
    case 'number':
      return parseNumber(text);
    case 'boolean':
      return parseBoolean(text);
    case 'timestamp':
      return parseTimestamp(text);
    case 'blob':
      return parseBlob(text);
    case 'string':
    case 'document':
    case 'unit':
    case 'list':
    case 'map':
    case 'structure':
      return text;
  }
}
