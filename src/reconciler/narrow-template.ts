import { parseTemplate } from '../model/template.js';
import type { ParameterValue } from '../model/settings.js';
import { unreachable } from '../model/unreachable.js';
import { shownParameter } from './diff.js';

type Json = unknown;
type Document = Readonly<Record<string, Json>>;
type Values = Readonly<Record<string, ParameterValue>>;

/**
 * A template with its parameters put in and its conditions decided, as far as both are known before anything is deployed:
 * two of them show what a change of parameters does to resources, where two templates alone would not.
 */
export function narrowTemplate(text: string, parameters: Values): Document {
  const parsed = parseTemplate(text);
  if (parsed.type !== 'template') return { Resources: {} };
  const document = parsed.document;
  const narrowing = {
    parameters,
    mappings: recordOf(document['Mappings']),
    conditions: recordOf(document['Conditions']),
  };
  const resources = Object.entries(recordOf(document['Resources'])).flatMap(([logicalId, resource]) => {
    const body = recordOf(resource);
    const condition = body['Condition'];
    const stands = typeof condition !== 'string' || decide({ Condition: condition }, narrowing);
    // What is not known yet may take it away.
    if (stands === false || stands === 'open') return [];
    return [[logicalId, narrow(body, narrowing)] as const];
  });
  // Parameters that are still referred to keep the diff's reader from calling them unknown.
  return {
    ...document,
    Resources: Object.fromEntries(resources),
    Conditions: {},
    Mappings: {},
    Rules: {},
    Outputs: {},
  };
}

type Narrowing = { readonly parameters: Values; readonly mappings: Document; readonly conditions: Document };
const NO_VALUE = Symbol('AWS::NoValue');

function narrow(value: Json, by: Narrowing): Json {
  if (Array.isArray(value)) return value.map((item) => narrow(item, by)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1) {
    const intrinsic = narrowIntrinsic(entries[0]![0], entries[0]![1], by);
    if (intrinsic !== undefined) return intrinsic;
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key, narrow(item, by)] as const).filter(([, item]) => item !== NO_VALUE),
  );
}

/** Undefined where the function stays as it is, its arguments narrowed. */
function narrowIntrinsic(name: string, argument: Json, by: Narrowing): Json {
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue'
        ? NO_VALUE
        : typeof argument === 'string'
          ? plain(by.parameters[argument])
          : undefined;
    case 'Fn::Sub':
      return narrowSub(argument, by);
    case 'Fn::If': {
      if (!Array.isArray(argument) || argument.length !== 3) return undefined;
      const decided = decide({ Condition: argument[0] as Json }, by);
      return typeof decided !== 'boolean' ? undefined : narrow(argument[decided ? 1 : 2] as Json, by);
    }
    case 'Fn::FindInMap': {
      const [map, first, second] = (Array.isArray(argument) ? argument : []).map((item: Json) => narrow(item, by));
      if (typeof map !== 'string' || typeof first !== 'string' || typeof second !== 'string') return undefined;
      return recordOf(recordOf(by.mappings[map])[first])[second];
    }
    case 'Fn::Join': {
      const [separator, parts] = (Array.isArray(argument) ? argument : []) as [Json, Json];
      const narrowed = narrow(parts, by);
      if (
        typeof separator !== 'string' ||
        !Array.isArray(narrowed) ||
        !narrowed.every((part) => typeof part === 'string')
      )
        return undefined;
      return narrowed.join(separator);
    }
    default:
      return undefined;
  }
}

function narrowSub(argument: Json, by: Narrowing): Json {
  const [text, variables] = Array.isArray(argument)
    ? [argument[0] as Json, narrow(argument[1] as Json, by)]
    : [argument, {}];
  if (typeof text !== 'string') return undefined;
  const put = text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => {
    const own = recordOf(variables)[name];
    if (typeof own === 'string') return own;
    return name in recordOf(variables) ? whole : (plain(by.parameters[name]) ?? whole);
  });
  if (!put.includes('${')) return put;
  return Array.isArray(argument) ? { 'Fn::Sub': [put, variables] } : { 'Fn::Sub': put };
}

/** `open` where a value decides that is made of what is changed first; undefined where it cannot be known before deployment. */
type Decision = boolean | 'open' | undefined;

function decide(expression: Json, by: Narrowing, depth = 0): Decision {
  if (depth > 32) return undefined;
  const [name, argument] = Object.entries(recordOf(expression))[0] ?? [];
  const operands = (): Decision[] =>
    Array.isArray(argument) ? argument.map((item: Json) => decide(item, by, depth + 1)) : [];
  switch (name) {
    case 'Condition':
      return typeof argument === 'string' && argument in by.conditions
        ? decide(by.conditions[argument], by, depth + 1)
        : undefined;
    case 'Fn::Equals': {
      const [one, other] = (Array.isArray(argument) ? argument : []).map((item: Json) => narrow(item, by));
      if (isOpen(one, by) || isOpen(other, by)) return 'open';
      return isScalar(one) && isScalar(other) ? String(one) === String(other) : undefined;
    }
    case 'Fn::Not': {
      const [only] = operands();
      return typeof only === 'boolean' ? !only : only;
    }
    case 'Fn::And':
      return together(operands(), true);
    case 'Fn::Or':
      return together(operands(), false);
    case undefined:
    default:
      return undefined;
  }
}

/** One operand that is not `neutral` decides; where none does, any that is open leaves it open. */
function together(operands: readonly Decision[], neutral: boolean): Decision {
  if (operands.includes(!neutral)) return !neutral;
  if (operands.includes('open')) return 'open';
  return operands.every((operand) => operand === neutral) ? neutral : undefined;
}

/** Whether a value that is not known yet has been put into it. */
function isOpen(value: Json, { parameters }: Narrowing): boolean {
  const text = JSON.stringify(value) ?? '';
  return Object.values(parameters).some(
    (each) => each.type === 'pending' && text.includes(JSON.stringify(plain(each)).slice(1, -1)),
  );
}

/** A NoEcho value is stood for by its digest: enough to see that it changes. One that is not known yet differs from all that are. */
function plain(value: ParameterValue | undefined): string | undefined {
  switch (value?.type) {
    case undefined:
      return undefined;
    case 'plain':
      return value.value;
    case 'noecho':
      return value.sha256 ?? undefined;
    case 'pending':
      return shownParameter(value) ?? undefined;
    default:
      return unreachable(value);
  }
}

function isScalar(value: Json): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function recordOf(value: Json): Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Document) : {};
}
