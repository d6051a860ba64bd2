import { Script } from 'node:vm';
import type { ParameterDefinition } from '../model/artifact.js';

/** A pattern comes from somebody's template: one that backtracks without end is given up. */
const PATTERN_MILLISECONDS = 100;

/** Why a template does not accept a value; null where it does, or where only CloudFormation can tell. */
export function violationOf(value: string, definition: ParameterDefinition): string | null {
  const items = isList(definition.type) ? value.split(',').map((item) => item.trim()) : [value];
  for (const item of items) {
    const violation = itemViolation(item, definition);
    if (violation !== null) return violation;
  }
  return null;
}

function itemViolation(value: string, definition: ParameterDefinition): string | null {
  const { allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue } = definition;
  if (allowedValues !== null && !allowedValues.includes(value)) return `it is not one of ${allowedValues.join(', ')}`;
  if (isNumeric(definition.type)) {
    const number = Number(value);
    if (value.trim() === '' || Number.isNaN(number)) return 'it is not a number';
    if (minValue !== null && number < minValue) return `it is less than ${minValue}`;
    if (maxValue !== null && number > maxValue) return `it is more than ${maxValue}`;
  }
  if (minLength !== null && value.length < minLength) return `it is shorter than ${minLength} characters`;
  if (maxLength !== null && value.length > maxLength) return `it is longer than ${maxLength} characters`;
  if (allowedPattern !== null && matches(allowedPattern, value) === false) return `it does not match ${allowedPattern}`;
  return null;
}

/** Null where the pattern is one of Java's that JavaScript does not read, or takes too long. */
function matches(pattern: string, value: string): boolean | null {
  try {
    return new Script(
      `new RegExp(${JSON.stringify(`^(?:${pattern})$`)}).test(${JSON.stringify(value)})`,
    ).runInThisContext({ timeout: PATTERN_MILLISECONDS }) as boolean;
  } catch {
    return null;
  }
}

const isList = (type: string): boolean => type === 'CommaDelimitedList' || type.startsWith('List<');
const isNumeric = (type: string): boolean => type === 'Number' || type === 'List<Number>';
