import { isObject, scalarText, type Json } from './json.js';
import { substitutionPieces } from './substitution.js';

export type Reference =
  | { readonly kind: 'ref'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: string; readonly attribute: string | undefined }
  | { readonly kind: 'condition'; readonly name: string }
  | { readonly kind: 'mapping'; readonly name: string };

/** Everything that a value names, in all branches, taken or not: a template must hold together before anything is known. */
export function referencesIn(value: Json): readonly Reference[] {
  const found: Reference[] = [];
  collect(value, found);
  return found;
}

/** The conditions that a value names. */
export function conditionsIn(value: Json): readonly string[] {
  return referencesIn(value).flatMap((reference) => (reference.kind === 'condition' ? [reference.name] : []));
}

/** `Resource.Attribute` or a list of the two, as `[resource, attribute]`. */
export function attributeTarget(value: Json): readonly [string, Json] | undefined {
  const parts = typeof value === 'string' ? value.split(/\.(.*)/s).slice(0, 2) : value;
  if (!Array.isArray(parts) || parts.length < 2 || typeof parts[0] !== 'string') return undefined;
  const rest = parts.slice(1) as readonly Json[];
  return [parts[0], rest.length === 1 ? (rest[0] as Json) : rest.map(scalarText).join('.')];
}

function collect(value: Json, found: Reference[]): void {
  if (Array.isArray(value)) return value.forEach((item) => collect(item, found));
  if (!isObject(value)) return;
  const keys = Object.keys(value);
  const name = keys.length === 1 ? keys[0] : undefined;
  const argument = name === undefined ? undefined : value[name];
  if (name !== undefined && argument !== undefined && collectFunction(name, argument, found)) return;
  for (const key of keys) collect(value[key] as Json, found);
}

function collectFunction(name: string, argument: Json, found: Reference[]): boolean {
  switch (name) {
    case 'Ref':
      if (typeof argument === 'string') found.push({ kind: 'ref', name: argument });
      return true;
    case 'Condition':
      if (typeof argument !== 'string') return false;
      found.push({ kind: 'condition', name: argument });
      return true;
    case 'Fn::GetAtt': {
      const target = attributeTarget(argument);
      if (!target) return false;
      const [resource, attribute] = target;
      const named = typeof attribute === 'string' ? attribute : undefined;
      found.push({ kind: 'attribute', name: resource, attribute: named });
      if (named === undefined) collect(attribute, found);
      return true;
    }
    case 'Fn::Sub':
      collectSubstitution(argument, found);
      return true;
    case 'Fn::If':
      if (Array.isArray(argument) && typeof argument[0] === 'string') {
        found.push({ kind: 'condition', name: argument[0] });
        collect(argument.slice(1), found);
        return true;
      }
      return false;
    case 'Fn::FindInMap':
      if (Array.isArray(argument) && typeof argument[0] === 'string')
        found.push({ kind: 'mapping', name: argument[0] });
      return false;
    default:
      return false;
  }
}

function collectSubstitution(argument: Json, found: Reference[]): void {
  const [pattern, variables] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument, undefined];
  const local = isObject(variables) ? variables : {};
  collect(Object.values(local), found);
  for (const piece of typeof pattern === 'string' ? substitutionPieces(pattern) : []) {
    if (piece.kind === 'text' || Object.hasOwn(local, piece.name)) continue;
    const dot = piece.name.indexOf('.');
    if (dot < 0) found.push({ kind: 'ref', name: piece.name });
    else found.push({ kind: 'attribute', name: piece.name.slice(0, dot), attribute: piece.name.slice(dot + 1) });
  }
}
