import { allMatch } from './allowed-pattern.js';
import { invalid } from './refusal.js';
import type { ParameterDefinition, Template } from './definition.js';
import { isListParameter, isStored, storedValue } from './parameter-types.js';

/** A parameter as a caller gives it. */
export type GivenParameter =
  { readonly key: string; readonly value: string } | { readonly key: string; readonly usePrevious: true };

/** A parameter with its value: as given, and as `Ref` sees it, which for SSM types is what the store holds. */
export type ResolvedParameter = {
  readonly key: string;
  readonly value: string;
  readonly resolved: string;
  readonly definition: ParameterDefinition;
};

export type ResolvedParameters = ReadonlyMap<string, ResolvedParameter>;

/** Values for all of a template's parameters, or CloudFormation's refusal of what was given. */
export function resolveParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: ResolvedParameters,
): ResolvedParameters {
  const keys = given.map(({ key }) => key);
  const undeclared = keys.filter((key) => !template.parameters.has(key));
  if (undeclared.length > 0) throw invalid(`Parameters: [${undeclared.join(', ')}] do not exist in the template`);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw invalid(`Parameters: [${twice}] must be given once`);
  const byKey = new Map(given.map((parameter) => [parameter.key, parameter]));
  const resolved = new Map<string, ResolvedParameter>();
  const missing: string[] = [];
  const unknown: string[] = [];
  for (const [key, definition] of template.parameters) {
    const value = valueOf(definition, byKey.get(key), previous);
    if (value === undefined) {
      missing.push(key);
      continue;
    }
    const stored = isStored(definition.type) ? storedValue(definition.type, value) : value;
    if (stored === undefined) unknown.push(value);
    else resolved.set(key, { key, value, resolved: stored, definition });
  }
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  if (unknown.length > 0) {
    throw invalid(`Unable to fetch parameters [${unknown.join(',')}] from parameter store for this account.`);
  }
  // A stack that was placed from a file has asterisks for what nobody could see: it fitted once.
  for (const { definition, value } of resolved.values())
    if (!definition.noEcho || value !== '****') checkConstraints(definition, value);
  return resolved;
}

function valueOf(
  definition: ParameterDefinition,
  given: GivenParameter | undefined,
  previous: ResolvedParameters,
): string | undefined {
  if (given === undefined) return definition.default;
  if ('value' in given) return given.value;
  const before = previous.get(given.key);
  if (before) return before.value;
  throw invalid(
    `Invalid input for parameter key ${given.key}. ` +
      'Cannot specify usePreviousValue as true for a parameter key not in the previous template',
  );
}

function checkConstraints(definition: ParameterDefinition, value: string): void {
  const { name, type } = definition;
  const fail = (requirement: string): Error =>
    invalid(
      definition.constraintDescription === undefined
        ? `Parameter '${name}' ${requirement}`
        : `Parameter ${name} failed to satisfy constraint: ${definition.constraintDescription}`,
    );
  if (Buffer.byteLength(value) > 4096) throw invalid(`Parameter '${name}' must contain at most 4096 characters`);
  const numeric = type === 'Number' || type === 'List<Number>';
  const items = isListParameter(type) ? value.split(',').map((item) => item.trim()) : [value];
  if (numeric && items.some((item) => !isNumber(item))) throw invalid(`Parameter '${name}' must be a number.`);
  checkRange(definition, value, numeric, fail);
  if (definition.allowedValues) {
    const allowed = definition.allowedValues;
    if (items.some((item) => !allowed.includes(item))) throw fail('must be one of AllowedValues');
  }
  if (definition.allowedPattern !== undefined && !numeric) {
    if (!allMatch(name, definition.allowedPattern, items))
      throw fail(`must match pattern ${definition.allowedPattern}`);
  }
}

function checkRange(
  { minLength, maxLength, minValue, maxValue }: ParameterDefinition,
  value: string,
  numeric: boolean,
  fail: (requirement: string) => Error,
): void {
  if (minLength !== undefined && value.length < minLength) throw fail(`must contain at least ${minLength} characters`);
  if (maxLength !== undefined && value.length > maxLength) throw fail(`must contain at most ${maxLength} characters`);
  if (!numeric) return;
  if (minValue !== undefined && Number(value) < minValue) throw fail(`must be a number not less than ${minValue}`);
  if (maxValue !== undefined && Number(value) > maxValue) throw fail(`must be a number not greater than ${maxValue}`);
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
