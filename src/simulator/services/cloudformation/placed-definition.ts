import { AwsError } from '../../kernel/contract.js';
import type { PlacedStack } from '../../kernel/placed.js';
import type { ParameterDefinition, Template } from '../../templates/definition.js';
import type { ResolvedParameters } from '../../templates/parameters.js';
import { withValues } from '../../templates/filled.js';
import { readTemplate } from '../../templates/reader.js';
import { refusalOf } from './unread.js';
import type { Definition } from './stack.js';

/** The templates of a file by their keys, each read once, when a stack that has it is first looked at. */
export class PlacedTemplates {
  readonly #read = new Map<string, Template | AwsError>();

  constructor(private readonly texts: Readonly<Record<string, string>>) {}

  /** The refusal where the text is not a template that the simulator understands, such as one with somebody's own macro. */
  read(key: string): Template | AwsError {
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const template = understood(this.text(key));
    this.#read.set(key, template);
    return template;
  }

  text(key: string): string {
    const text = this.texts[key];
    if (text === undefined) throw new Error(`the organization file has no template ${key}`);
    return text;
  }
}

function understood(text: string): Template | AwsError {
  try {
    return readTemplate(text);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** What is known of a placed stack's definition: its template where that can be read, else what DescribeStacks showed. */
export function placedDefinition(placed: PlacedStack, templates: PlacedTemplates): Definition {
  const template = templateOf(placed, templates);
  const parameters = placedParameters(placed, template);
  const { description } = placed;
  const filled = withValues(template, parameters);
  return {
    template: description === undefined || description === filled.description ? filled : { ...filled, description },
    parameters,
    tags: Object.entries(placed.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    capabilities: placed.capabilities ?? [],
  };
}

/** Why nothing can be said of what a placed stack holds; undefined where its template is understood. */
export function whyNotKnown({ id, template }: PlacedStack, templates: PlacedTemplates): AwsError | undefined {
  if (typeof template !== 'string') return refusalOf(template);
  const read = templates.read(template);
  return read instanceof AwsError ? notSimulated(id, read) : undefined;
}

/** The refusal to say what is in a stack whose template the simulator has and makes nothing of. */
export function notSimulated(stackId: string, { message }: AwsError): AwsError {
  return new AwsError('NotImplemented', `What ${stackId} holds is not simulated: ${message}`, 501);
}

function templateOf(placed: PlacedStack, templates: PlacedTemplates): Template {
  const { template } = placed;
  if (typeof template === 'string') {
    const read = templates.read(template);
    return read instanceof AwsError ? opaque(placed, () => templates.text(template)) : read;
  }
  return opaque(placed, () => {
    throw refusalOf(template);
  });
}

/** A template of which only the text is known, or not even that: it has no resources to change, and the outputs that were seen. */
function opaque(placed: PlacedStack, text: () => string): Template {
  return {
    get text() {
      return text();
    },
    get processed() {
      return text();
    },
    partition: 'aws',
    description: placed.description,
    version: undefined,
    metadata: undefined,
    transforms: [],
    parameters: new Map(
      Object.entries(placed.parameters ?? {}).map(([name, value]) => [name, declaration(name, value)]),
    ),
    mappings: {},
    conditions: {},
    rules: [],
    resources: new Map(),
    outputs: (placed.outputs ?? []).map(({ key, value, description, exportName }) => ({
      name: key,
      value,
      description,
      condition: undefined,
      exportName,
    })),
    capabilities: [],
    capabilitiesReason: undefined,
  };
}

/** Exactly those that were seen. Nothing is checked: they were accepted once, and a NoEcho value is not known. */
function placedParameters({ parameters = {}, resolved = {} }: PlacedStack, template: Template): ResolvedParameters {
  return new Map(
    Object.entries(parameters).map(([key, value]) => {
      const definition = template.parameters.get(key) ?? declaration(key, value);
      return [key, { key, value, resolved: resolved[key] ?? value, definition }];
    }),
  );
}

function declaration(name: string, value: string): ParameterDefinition {
  return {
    name,
    type: 'String',
    default: undefined,
    description: undefined,
    noEcho: value === '****',
    allowedValues: undefined,
    allowedPattern: undefined,
    constraintDescription: undefined,
    minLength: undefined,
    maxLength: undefined,
    minValue: undefined,
    maxValue: undefined,
  };
}
