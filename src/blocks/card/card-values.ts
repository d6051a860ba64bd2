import { isMapping } from '../../model/template-resources.js';

/** Values of a template are nested no deeper than this by anybody who means well. */
const DEEPEST = 30;

/** A value as a person reads it: intrinsic functions are written as `${…}`, since nobody knows before it is deployed what they give. */
export function readable(value: unknown, depth = 0): string {
  if (depth > DEEPEST) return '…';
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => readable(item, depth + 1)).join(', ');
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isMapping(value)) return '';
  const [name, argument] = onlyEntry(value) ?? ['', null];
  switch (name) {
    case 'Ref':
      return `\${${readable(argument, depth + 1)}}`;
    case 'Fn::Sub':
      return readable(Array.isArray(argument) ? argument[0] : argument, depth + 1);
    case 'Fn::FindInMap':
    case 'Fn::GetAtt':
      return `\${${Array.isArray(argument) ? argument.map((part) => readable(part, depth + 1)).join('.') : readable(argument, depth + 1)}}`;
    case 'Fn::Join':
      return joined(argument, depth + 1);
    case 'Fn::ImportValue':
      return `\${import ${readable(argument, depth + 1)}}`;
    default:
      return name.startsWith('Fn::') ? `\${${name}}` : JSON.stringify(value);
  }
}

/** The items of what may be one or a list, with both sides of every `Fn::If`: who reads wants to know what is possible. */
export function possible(value: unknown, depth = 0): readonly unknown[] {
  if (depth > DEEPEST || value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => possible(item, depth + 1));
  if (!isMapping(value)) return [value];
  const branches = value['Fn::If'];
  if (Array.isArray(branches)) return branches.slice(1).flatMap((branch) => possible(branch, depth + 1));
  return value['Ref'] === 'AWS::NoValue' ? [] : [value];
}

export function readableList(value: unknown): readonly string[] {
  return possible(value).map((item) => readable(item));
}

function joined(argument: unknown, depth: number): string {
  if (!Array.isArray(argument) || !Array.isArray(argument[1])) return '${Fn::Join}';
  return argument[1].map((part) => readable(part, depth + 1)).join(readable(argument[0], depth + 1));
}

function onlyEntry(value: Readonly<Record<string, unknown>>): readonly [string, unknown] | null {
  const entries = Object.entries(value);
  return entries.length === 1 ? entries[0]! : null;
}
