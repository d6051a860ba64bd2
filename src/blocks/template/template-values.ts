import type { Partition, Region } from '../../model/identifiers.js';
import { dnsSuffixOf } from '../../model/partitions.js';
import type { TemplateDocument } from '../../model/template.js';
import { parameterDefinitions } from './template-parameters.js';
import { isMapping, section } from '../../model/template-resources.js';

/** What an expression comes to before anybody deploys the template, or why nobody can say. */
export type KnownText =
  | {
      readonly type: 'known';
      readonly text: string;
      /** Parameters that a manifest may set, on whose defaults the text rests. */
      readonly defaults: readonly string[];
    }
  | { readonly type: 'unknown'; readonly because: string };

export type TemplateValues = { textOf(value: unknown): KnownText };

/** What is known of a deployment besides its template. */
export type Surroundings = {
  readonly partition: Partition;
  /** The Region for whose sake expressions are evaluated. */
  readonly region: Region;
  /** What parameters are given, by name; one that is absent has its default. */
  readonly given: ReadonlyMap<string, KnownText>;
  /** Who gives them: a manifest may give others tomorrow, a template around this one may not. */
  readonly givenBy: 'manifest' | 'parent';
};

/** Far above what any name of an object takes. */
const MAXIMUM_TEXT = 4_096;
const MAXIMUM_DEPTH = 50;
const MAXIMUM_STEPS = 10_000;

/** Text that is written out, and nothing else. */
export const LITERALS: TemplateValues = {
  textOf: (value) =>
    typeof value === 'string'
      ? { type: 'known', text: value, defaults: [] }
      : { type: 'unknown', because: 'it is an expression' },
};

/** Evaluates what does not depend on a resource, on the target's account or on a parameter without a default. Pure and bounded: the template may be a stranger's. */
export function valuesOf(document: TemplateDocument, surroundings: Surroundings): TemplateValues {
  let known: Definitions | undefined;
  const definitions = (): Definitions => (known ??= parameterDefinitions(document).definitions);
  return {
    textOf: (value) => {
      const evaluation = new Evaluation(document, surroundings, definitions);
      try {
        const text = evaluation.parameterText(value);
        return { type: 'known', text, defaults: [...evaluation.defaults].sort() };
      } catch (error) {
        if (!(error instanceof Unknowable)) throw error;
        return { type: 'unknown', because: error.message };
      }
    },
  };
}

/** Thrown inside an evaluation only. */
class Unknowable extends Error {}

type Value = string | readonly string[];
type Definitions = ReturnType<typeof parameterDefinitions>['definitions'];

class Evaluation {
  readonly defaults = new Set<string>();
  #steps = 0;
  #depth = 0;

  constructor(
    private readonly document: TemplateDocument,
    private readonly surroundings: Surroundings,
    private readonly definitions: () => Definitions,
  ) {}

  /** As a stack's parameter takes it: a list joined with commas. */
  parameterText(value: unknown): string {
    const found = this.value(value);
    return typeof found === 'string' ? found : bounded(found.join(','));
  }

  private value(value: unknown): Value {
    this.#steps += 1;
    if (this.#steps > MAXIMUM_STEPS || this.#depth >= MAXIMUM_DEPTH)
      throw new Unknowable('the expression is too large');
    this.#depth += 1;
    try {
      if (Array.isArray(value)) return value.map((item) => this.text(item));
      return isMapping(value) ? this.called(value) : scalar(value);
    } finally {
      this.#depth -= 1;
    }
  }

  private text(value: unknown): string {
    const found = this.value(value);
    if (typeof found !== 'string') throw new Unknowable('a list stands where one text is meant');
    return found;
  }

  private list(value: unknown): readonly string[] {
    const found = this.value(value);
    if (typeof found === 'string') throw new Unknowable('one text stands where a list is meant');
    return found;
  }

  private called(call: { readonly [key: string]: unknown }): Value {
    const [name = '', ...others] = Object.keys(call);
    const argument = call[name];
    if (name === '' || others.length > 0) throw new Unknowable('it is an object');
    switch (name) {
      case 'Ref':
        return this.reference(scalar(argument));
      case 'Fn::Join': {
        const [delimiter, items] = pair(argument, name);
        return bounded(this.list(items).join(this.text(delimiter)));
      }
      case 'Fn::Split': {
        const [delimiter, text] = pair(argument, name);
        return this.text(text).split(this.text(delimiter));
      }
      case 'Fn::Select': {
        const [index, items] = pair(argument, name);
        const item = this.list(items)[Number(this.text(index))];
        if (item === undefined) throw new Unknowable('Fn::Select names an item that the list does not have');
        return item;
      }
      case 'Fn::Sub':
        return this.substituted(argument);
      case 'Fn::FindInMap':
        return this.mapped(argument);
      case 'Fn::If':
        return this.chosen(argument);
      default:
        throw new Unknowable(`${name} is known only when it is deployed`);
    }
  }

  private reference(name: string): Value {
    const { partition, region, given, givenBy } = this.surroundings;
    if (name === 'AWS::Region') return region;
    if (name === 'AWS::Partition') return partition;
    if (name === 'AWS::URLSuffix') return dnsSuffixOf(partition);
    if (name.startsWith('AWS::')) throw new Unknowable(`${name} is known only when it is deployed`);

    const definitions = this.definitions();
    const declared = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (declared === undefined) throw new Unknowable(`${name} is known only when it is deployed`);
    const isList = declared.type === 'CommaDelimitedList' || declared.type.startsWith('List<');
    const told = given.get(name);
    if (told?.type === 'unknown') throw new Unknowable(told.because);
    if (told === undefined && declared.default === null) throw new Unknowable(`parameter ${name} has no default`);
    if (declared.noEcho || declared.type.startsWith('AWS::SSM::'))
      throw new Unknowable(`the value of parameter ${name} is known only when it is deployed`);
    if (told === undefined && givenBy === 'manifest') this.defaults.add(name);
    told?.defaults.forEach((each) => this.defaults.add(each));
    const text = told?.text ?? declared.default!;
    return isList ? text.split(',').map((item) => item.trim()) : text;
  }

  private substituted(argument: unknown): string {
    const [text, variables] = Array.isArray(argument) ? pair(argument, 'Fn::Sub') : [argument, {}];
    if (typeof text !== 'string' || !isMapping(variables)) throw new Unknowable('Fn::Sub has no text');
    return bounded(
      bounded(text).replace(/\$\{([^}]*)\}/g, (_, written: string) => {
        const name = written.trim();
        if (name.startsWith('!')) return `\${${name.slice(1)}}`;
        return Object.hasOwn(variables, name) ? this.text(variables[name]) : this.text({ Ref: name });
      }),
    );
  }

  private mapped(argument: unknown): Value {
    if (!Array.isArray(argument) || argument.length < 3) throw new Unknowable('Fn::FindInMap does not name three keys');
    const keys = argument.slice(0, 3).map((key) => this.text(key));
    let found: unknown = section(this.document, 'Mappings');
    for (const key of keys) found = isMapping(found) && Object.hasOwn(found, key) ? found[key] : undefined;
    const otherwise: unknown = argument[3];
    if (found === undefined && isMapping(otherwise)) return this.value(otherwise['DefaultValue']);
    if (found === undefined) throw new Unknowable(`the mappings have no ${keys.join('.')}`);
    return Array.isArray(found) ? found.map(scalar) : scalar(found);
  }

  private chosen(argument: unknown): Value {
    if (!Array.isArray(argument) || argument.length !== 3) throw new Unknowable('Fn::If does not have two arms');
    const [name, yes, no] = argument as unknown as readonly [unknown, unknown, unknown];
    return this.value(this.holds({ Condition: name }) ? yes : no);
  }

  private holds(condition: unknown): boolean {
    this.#steps += 1;
    if (this.#steps > MAXIMUM_STEPS || this.#depth >= MAXIMUM_DEPTH) throw new Unknowable('the condition is too large');
    if (!isMapping(condition)) throw new Unknowable('it is not a condition');
    const [name = ''] = Object.keys(condition);
    const argument = condition[name];
    this.#depth += 1;
    try {
      if (name === 'Condition') {
        const conditions = section(this.document, 'Conditions');
        const named = scalar(argument);
        if (!Object.hasOwn(conditions, named)) throw new Unknowable(`there is no condition ${named}`);
        return this.holds(conditions[named]);
      }
      const items: readonly unknown[] = Array.isArray(argument) ? argument : [];
      if (name === 'Fn::Equals' && items.length === 2) return this.text(items[0]) === this.text(items[1]);
      if (name === 'Fn::Not' && items.length === 1) return !this.holds(items[0]);
      if (name === 'Fn::And' && items.length > 0) return items.every((item) => this.holds(item));
      if (name === 'Fn::Or' && items.length > 0) return items.some((item) => this.holds(item));
    } finally {
      this.#depth -= 1;
    }
    throw new Unknowable(`the condition ${name} is known only when it is deployed`);
  }
}

function pair(argument: unknown, name: string): readonly [unknown, unknown] {
  if (!Array.isArray(argument) || argument.length !== 2) throw new Unknowable(`${name} does not have two arguments`);
  return argument as unknown as readonly [unknown, unknown];
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return bounded(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Unknowable('it is not a text');
}

function bounded(text: string): string {
  if (text.length > MAXIMUM_TEXT) throw new Unknowable(`it has more than ${MAXIMUM_TEXT} characters`);
  return text;
}
