import type { Partition } from '../model/identifiers.js';
import { dnsSuffixOf } from '../model/partitions.js';
import type { TemplateDocument } from '../model/template.js';
import { isMapping, section } from '../model/template-resources.js';

/** What is known of one deployment before it is made; null for what is not. */
export type Environment = {
  readonly partition: Partition;
  readonly account: string | null;
  readonly region: string | null;
  readonly stackName: string | null;
  /** Only those whose values a template uses as they are given: no lists, no names of SSM parameters, no secrets. */
  readonly parameters: Readonly<Record<string, string | null>>;
};

/** `AWS::NoValue`: the property is as good as not written. */
export const ABSENT = Symbol('AWS::NoValue');
/** Text; absent; or null where only a deployment can tell. */
export type Evaluated = string | typeof ABSENT | null;

/** The template may be a stranger's. */
const DEEPEST = 40;
const LONGEST = 4_096;

/** What an expression comes to at one place. Pure, bounded. */
export function evaluate(value: unknown, document: TemplateDocument, at: Environment, depth = 0): Evaluated {
  if (typeof value === 'string') return value.includes('{{resolve:') ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isMapping(value) || depth > DEEPEST) return null;
  const [name = '', ...others] = Object.keys(value);
  if (others.length > 0) return null;
  const argument = value[name];
  const inner = (item: unknown): Evaluated => evaluate(item, document, at, depth + 1);
  switch (name) {
    case 'Ref':
      return typeof argument === 'string' ? valueOf(argument, at) : null;
    case 'Fn::If': {
      if (!isTuple(argument, 3)) return null;
      const holds = decide(argument[0], document, at, depth + 1);
      return holds === null ? null : inner(argument[holds ? 1 : 2]);
    }
    case 'Fn::Join':
      return isTuple(argument, 2) && typeof argument[0] === 'string' && Array.isArray(argument[1])
        ? joined(argument[1].map(inner), argument[0])
        : null;
    case 'Fn::Sub':
      return substituted(argument, at, inner);
    case 'Fn::FindInMap':
      return Array.isArray(argument) ? mapped(argument.slice(0, 3).map(inner), document) : null;
    default:
      return null;
  }
}

/** Whether a condition holds at one place; null where only a deployment can tell. */
export function decide(name: unknown, document: TemplateDocument, at: Environment, depth = 0): boolean | null {
  return holds({ Condition: name }, document, at, depth);
}

/** Neither changes. A condition that others rest on is decided once: they may double at every level. */
const decided = new WeakMap<Environment, WeakMap<TemplateDocument, Map<string, boolean | null>>>();

function decidedAt(at: Environment, document: TemplateDocument): Map<string, boolean | null> {
  const here = decided.get(at) ?? new WeakMap<TemplateDocument, Map<string, boolean | null>>();
  decided.set(at, here);
  const answers = here.get(document) ?? new Map<string, boolean | null>();
  here.set(document, answers);
  return answers;
}

function holds(expression: unknown, document: TemplateDocument, at: Environment, depth: number): boolean | null {
  if (!isMapping(expression) || depth > DEEPEST) return null;
  const [name = ''] = Object.keys(expression);
  const argument = expression[name];
  const operands: readonly unknown[] = Array.isArray(argument) ? argument : [];
  const parts = (): readonly (boolean | null)[] => operands.map((item) => holds(item, document, at, depth + 1));
  switch (name) {
    case 'Condition': {
      const conditions = section(document, 'Conditions');
      if (typeof argument !== 'string' || !Object.hasOwn(conditions, argument)) return null;
      const answers = decidedAt(at, document);
      const known = answers.get(argument);
      if (known !== undefined) return known;
      // Nobody can tell of a condition that rests on itself.
      answers.set(argument, null);
      const answer = holds(conditions[argument], document, at, depth + 1);
      answers.set(argument, answer);
      return answer;
    }
    case 'Fn::Equals': {
      const [one, other] = operands.map((item) => evaluate(item, document, at, depth + 1));
      return typeof one === 'string' && typeof other === 'string' ? one === other : null;
    }
    case 'Fn::Not': {
      const [only = null] = parts();
      return only === null ? null : !only;
    }
    case 'Fn::And': {
      const all = parts();
      return all.includes(false) ? false : all.includes(null) ? null : true;
    }
    case 'Fn::Or': {
      const any = parts();
      return any.includes(true) ? true : any.includes(null) ? null : false;
    }
    default:
      return null;
  }
}

function valueOf(name: string, at: Environment): Evaluated {
  switch (name) {
    case 'AWS::NoValue':
      return ABSENT;
    case 'AWS::AccountId':
      return at.account;
    case 'AWS::Region':
      return at.region;
    case 'AWS::Partition':
      return at.partition;
    case 'AWS::URLSuffix':
      return dnsSuffixOf(at.partition);
    case 'AWS::StackName':
      return at.stackName;
    default:
      return Object.hasOwn(at.parameters, name) ? (at.parameters[name] ?? null) : null;
  }
}

function joined(items: readonly Evaluated[], delimiter: string): string | null {
  const present = items.filter((item) => item !== ABSENT);
  return present.every((item) => item !== null) ? bounded(present.join(delimiter)) : null;
}

/** A name in the text: of the variables given beside it, else a parameter, a pseudo parameter or a resource. */
const VARIABLE = /\$\{([^!}][^}]*)\}/g;

function substituted(argument: unknown, at: Environment, inner: (item: unknown) => Evaluated): string | null {
  const [text, given] = isTuple(argument, 2) ? argument : [argument, {}];
  if (typeof text !== 'string' || !isMapping(given) || text.includes('{{resolve:')) return null;
  let isKnown = true;
  const filled = text.replace(VARIABLE, (_, written: string) => {
    const name = written.trim();
    const value = Object.hasOwn(given, name) ? inner(given[name]) : valueOf(name, at);
    if (typeof value === 'string') return value;
    isKnown = false;
    return '';
  });
  return isKnown ? bounded(filled.replaceAll('${!', '${')) : null;
}

function mapped(keys: readonly Evaluated[], document: TemplateDocument): string | null {
  let found: unknown = section(document, 'Mappings');
  for (const key of keys)
    found = typeof key === 'string' && isMapping(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : null;
}

const bounded = (text: string): string | null => (text.length > LONGEST ? null : text);
const isTuple = (value: unknown, length: number): value is readonly unknown[] =>
  Array.isArray(value) && value.length === length;

/** The names of everything outside the template that an expression, or a condition in it, may depend on. */
export function namesIn(values: readonly unknown[], document: TemplateDocument): ReadonlySet<string> {
  const names = new Set<string>();
  const conditions = section(document, 'Conditions');
  const seen = new Set<string>();
  const condition = (name: unknown): void => {
    if (typeof name !== 'string' || seen.has(name)) return;
    seen.add(name);
    walk(conditions[name], 0);
  };
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
    if (Array.isArray(value)) return value.forEach((item) => walk(item, depth + 1));
    for (const [key, argument] of Object.entries(value)) {
      if (key === 'Ref' && typeof argument === 'string') names.add(argument);
      if (key === 'Condition') condition(argument);
      if (key === 'Fn::If' && Array.isArray(argument)) condition(argument[0]);
      const text: unknown = key === 'Fn::Sub' ? (Array.isArray(argument) ? argument[0] : argument) : undefined;
      if (typeof text === 'string') for (const [, name] of text.matchAll(VARIABLE)) names.add(name!.trim());
      walk(argument, depth + 1);
    }
  };
  values.forEach((value) => walk(value, 0));
  return names;
}

/** The names of the conditions by which the arms of an expression are chosen. */
export function choicesIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const chosen: unknown = key === 'Fn::If' && Array.isArray(inner) ? inner[0] : undefined;
    return [...(typeof chosen === 'string' ? [chosen] : []), ...choicesIn(inner, depth + 1)];
  });
}
