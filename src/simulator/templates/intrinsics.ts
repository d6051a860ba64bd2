import { addressBlocks, isWhole } from './address-blocks.js';
import { invalid } from './refusal.js';
import { wrongArgument } from './functions.js';
import { entriesOf, isObject, memberOf, sameValue, scalarText, type Json, type JsonObject } from './json.js';
import { isListParameter } from './parameter-types.js';
import type { ResolvedParameters } from './parameters.js';
import { isPseudoParameter, pseudoParameter, type Place } from './pseudo-parameters.js';
import { attributeTarget, conditionsIn } from './references.js';
import { substitutionPieces } from './substitution.js';
import type { Template } from './definition.js';

/** Stands in a prediction for a value that only the operation itself will know; nothing can be said of its parts. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** What a value may refer to, and how that is answered. */
export type Scope = {
  readonly template: Template;
  readonly parameters: ResolvedParameters;
  readonly place: Place;
  /** Conditions already decided; filled by the evaluator. */
  readonly decided: Map<string, boolean>;
  /** `Ref` of a resource, and its attributes; undefined where no such resource is in the stack. */
  readonly reference: (logicalId: string) => Json | undefined;
  readonly attribute: (logicalId: string, attribute: string) => Json | undefined;
  readonly imported: (exportName: string) => string;
};

/** The value with all functions carried out; undefined for `AWS::NoValue`. Throws with CloudFormation's text where one fails. */
export function evaluate(value: Json, scope: Scope): Json | undefined {
  if (Array.isArray(value)) return evaluateList(value, scope);
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const name = keys.length === 1 ? keys[0] : undefined;
  if (name === 'Ref' || name?.startsWith('Fn::') || (name === 'Condition' && typeof value[name] === 'string')) {
    return apply(name, value[name] as Json, scope);
  }
  return evaluateObject(value, scope);
}

/** The mapping with all functions carried out; keys whose value is `AWS::NoValue` are gone. */
export function evaluateObject(value: JsonObject, scope: Scope): JsonObject {
  const result: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const evaluated = evaluate(item, scope);
    if (evaluated !== undefined) result.push([key, evaluated]);
  }
  return Object.fromEntries(result);
}

/** Whether a named condition holds. */
export function holds(condition: string, scope: Scope): boolean {
  const { decided, template } = scope;
  // A condition comes after those that it names: in a long row of them, one inside of the other would be too deep.
  const open = [condition];
  for (let name = open.at(-1); name !== undefined; name = open.at(-1)) {
    const body = memberOf(template.conditions, name);
    if (body === undefined) throw invalid(`Template error: unresolved condition dependency ${name} in Fn::If`);
    const before = decided.has(name) ? [] : conditionsIn(body).filter((other) => !decided.has(other));
    open.push(...before);
    if (before.length > 0) continue;
    if (!decided.has(name)) decided.set(name, truth(evaluate(body, scope)));
    open.pop();
  }
  return decided.get(condition)!;
}

function evaluateList(values: readonly Json[], scope: Scope): readonly Json[] {
  return values.map((item) => evaluate(item, scope)).filter((item) => item !== undefined);
}

function apply(name: string, argument: Json, scope: Scope): Json | undefined {
  switch (name) {
    case 'Ref':
      return reference(scalarText(argument), scope);
    case 'Condition':
      return holds(scalarText(argument), scope);
    case 'Fn::GetAtt':
      return attribute(argument, scope);
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::If':
      return choose(argument, scope);
    case 'Fn::Join':
      return join(argument, scope);
    case 'Fn::Select':
      return select(argument, scope);
    case 'Fn::Split':
      return split(argument, scope);
    case 'Fn::FindInMap':
      return findInMap(argument, scope);
    case 'Fn::Equals': {
      const [left, right] = listArgument(name, argument, scope);
      return sameValue(left, right);
    }
    case 'Fn::And':
      return listArgument(name, argument, scope).every(truth);
    case 'Fn::Or':
      return listArgument(name, argument, scope).some(truth);
    case 'Fn::Not':
      return !truth(listArgument(name, argument, scope)[0]);
    case 'Fn::Contains': {
      const [list, item] = listArgument(name, argument, scope);
      return Array.isArray(list) && list.some((candidate) => sameValue(candidate, item));
    }
    case 'Fn::EachMemberEquals': {
      const [list, item] = listArgument(name, argument, scope);
      return Array.isArray(list) && list.every((candidate) => sameValue(candidate, item));
    }
    case 'Fn::EachMemberIn': {
      const [list, allowed] = listArgument(name, argument, scope);
      if (!Array.isArray(list) || !Array.isArray(allowed)) throw wrongArgument(name);
      return list.every((candidate) => allowed.some((item) => sameValue(item, candidate)));
    }
    case 'Fn::Base64':
      return Buffer.from(stringArgument(name, evaluate(argument, scope))).toString('base64');
    case 'Fn::Cidr': {
      const [block, count, bits] = listArgument(name, argument, scope);
      const [blocks, hostBits] = [Number(count), Number(bits ?? 8)];
      if (isUnknown(block) && isWhole(blocks, 1, 256)) return Array<string>(blocks).fill(KNOWN_AFTER_APPLY);
      return addressBlocks(scalarText(block ?? ''), blocks, hostBits);
    }
    case 'Fn::GetAZs': {
      const region = evaluate(argument, scope);
      // Of another Region than the stack's, CloudFormation knows none.
      if (region !== '' && region !== scope.place.region) return [];
      return ['a', 'b', 'c'].map((zone) => `${scope.place.region}${zone}`);
    }
    case 'Fn::ImportValue':
      return scope.imported(stringArgument(name, evaluate(argument, scope)));
    case 'Fn::Length': {
      const list = evaluate(argument, scope);
      if (!Array.isArray(list)) throw wrongArgument(name);
      return list.length;
    }
    case 'Fn::ToJsonString':
      return JSON.stringify(evaluate(argument, scope) ?? null);
    default:
      throw invalid(`Template error: unsupported intrinsic function ${name}`);
  }
}

function reference(name: string, scope: Scope): Json | undefined {
  if (name === 'AWS::NoValue') return undefined;
  if (isPseudoParameter(name)) return pseudoParameter(name as Exclude<typeof name, 'AWS::NoValue'>, scope.place);
  const parameter = scope.parameters.get(name);
  if (parameter) {
    if (!isListParameter(parameter.definition.type)) return parameter.resolved;
    return parameter.resolved === '' ? [] : parameter.resolved.split(',').map((item) => item.trim());
  }
  return scope.reference(name) ?? unresolved(name);
}

function attribute(argument: Json, scope: Scope): Json {
  const [name, path] = attributeTarget(argument) ?? [];
  if (name === undefined || path === undefined) throw wrongArgument('Fn::GetAtt');
  const attributeName = stringArgument('Fn::GetAtt', evaluate(path, scope));
  return scope.attribute(name, attributeName) ?? unresolved(name);
}

function unresolved(name: string): never {
  throw invalid(
    `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
  );
}

function substitute(argument: Json, scope: Scope): string {
  const [pattern, variables] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument];
  if (typeof pattern !== 'string') throw wrongArgument('Fn::Sub');
  const local = new Map(entriesOf(variables).map(([key, value]) => [key, evaluate(value, scope)]));
  return substitutionPieces(pattern)
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      const value = local.has(piece.name)
        ? local.get(piece.name)
        : piece.name.includes('.')
          ? attribute(piece.name, scope)
          : reference(piece.name, scope);
      return stringArgument('Fn::Sub', value);
    })
    .join('');
}

function choose(argument: Json, scope: Scope): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 3) throw wrongArgument('Fn::If');
  const [condition, then, otherwise] = argument as unknown as readonly [Json, Json, Json];
  return evaluate(holds(scalarText(condition), scope) ? then : otherwise, scope);
}

function join(argument: Json, scope: Scope): string {
  const [separator, list] = listArgument('Fn::Join', argument, scope);
  if (typeof separator !== 'string' || !Array.isArray(list)) throw wrongArgument('Fn::Join');
  return list.map((item: Json) => stringArgument('Fn::Join', item)).join(separator);
}

function select(argument: Json, scope: Scope): Json {
  const [index, list] = listArgument('Fn::Select', argument, scope);
  if (!Array.isArray(list)) throw wrongArgument('Fn::Select');
  const item = list[Number(index)] as Json | undefined;
  if (item === undefined && list.some(isUnknown)) return KNOWN_AFTER_APPLY;
  if (item === undefined)
    throw invalid(`Template error: Fn::Select cannot select nonexistent value at index ${scalarText(index ?? '')}`);
  return item;
}

function split(argument: Json, scope: Scope): readonly string[] {
  const [separator, text] = listArgument('Fn::Split', argument, scope);
  if (typeof separator !== 'string' || typeof text !== 'string') throw wrongArgument('Fn::Split');
  return isUnknown(text) ? [KNOWN_AFTER_APPLY] : text.split(separator);
}

function findInMap(argument: Json, scope: Scope): Json {
  const [map, first, second, options] = listArgument('Fn::FindInMap', argument, scope);
  const keys = [map, first, second].map((key) => scalarText(key ?? ''));
  let found: Json | undefined = scope.template.mappings;
  for (const key of keys) found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  if (found !== undefined) return found;
  if (isObject(options) && options['DefaultValue'] !== undefined) return options['DefaultValue'];
  throw invalid(`Template error: Unable to get mapping for ${keys.join('::')}`);
}

function listArgument(name: string, argument: Json, scope: Scope): readonly Json[] {
  const list = evaluate(argument, scope);
  if (!Array.isArray(list)) throw wrongArgument(name);
  return list as readonly Json[];
}

function stringArgument(name: string, value: Json | undefined): string {
  if (value === undefined || value === null || typeof value === 'object') throw wrongArgument(name);
  return scalarText(value);
}

function isUnknown(value: Json | undefined): boolean {
  return typeof value === 'string' && value.includes(KNOWN_AFTER_APPLY);
}

function truth(value: Json | undefined): boolean {
  return value === true || value === 'true';
}
