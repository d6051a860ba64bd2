import { invalid } from './refusal.js';
import type { ParameterDefinition, Template } from './definition.js';

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

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;

/** Values for all of a template's parameters, or CloudFormation's refusal of what was given. */
export function resolveParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: ResolvedParameters,
): ResolvedParameters {
  const undeclared = given.map(({ key }) => key).filter((key) => !template.parameters.has(key));
  if (undeclared.length > 0) throw invalid(`Parameters: [${undeclared.join(', ')}] do not exist in the template`);
  const byKey = new Map(given.map((parameter) => [parameter.key, parameter]));
  const resolved = new Map<string, ResolvedParameter>();
  const missing: string[] = [];
  for (const [key, definition] of template.parameters) {
    const value = valueOf(definition, byKey.get(key), previous);
    if (value === undefined) missing.push(key);
    else resolved.set(key, { key, value, resolved: storedValue(definition, value), definition });
  }
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  for (const { definition, value } of resolved.values()) checkConstraints(definition, value);
  return resolved;
}

/** True where `Ref` of the parameter is a list. */
export function isListParameter(type: string): boolean {
  const inner = SSM_VALUE.exec(type)?.[1] ?? type;
  return inner === 'CommaDelimitedList' || inner.startsWith('List<');
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

/** The simulator has no parameter store: the stand-in depends on the name alone, so that it is the same at every update. */
function storedValue({ type }: ParameterDefinition, value: string): string {
  const inner = SSM_VALUE.exec(type)?.[1];
  if (inner === undefined) return value;
  if (inner === 'AWS::EC2::Image::Id') return 'ami-0a1b2c3d4e5f67890';
  if (/^\/cdk-bootstrap\/.+\/version$/.test(value)) return '21';
  return `value-of-${value.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^-/, '')}`;
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
    const pattern = new RegExp(`^(?:${definition.allowedPattern})$`);
    if (items.some((item) => !pattern.test(item))) throw fail(`must match pattern ${definition.allowedPattern}`);
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
