import { AwsError } from '../kernel/contract.js';
import type { Violation, ViolationKind } from './constraint-rule.js';

/** Reason and text of Organizations' InvalidInputException, as its service model explains the reasons. */
const REASONS: Readonly<Record<ViolationKind, readonly [reason: string, message: string]>> = {
  required: ['INPUT_REQUIRED', 'You must include a value for all required parameters.'],
  pattern: ['INVALID_PATTERN', 'You provided a value that does not match the required pattern.'],
  'max-length': ['MAX_LENGTH_EXCEEDED', 'You provided a string parameter that is longer than allowed.'],
  'min-length': ['MIN_LENGTH_EXCEEDED', 'You provided a string parameter that is shorter than allowed.'],
  'max-value': ['MAX_VALUE_EXCEEDED', 'You provided a numeric parameter that has a larger value than allowed.'],
  'min-value': ['MIN_VALUE_EXCEEDED', 'You provided a numeric parameter that has a smaller value than allowed.'],
  enum: ['INVALID_ENUM', 'You specified an invalid value.'],
  'list-member': [
    'INVALID_LIST_MEMBER',
    'You provided a list to a parameter that contains at least one invalid value.',
  ],
  'map-member': ['INVALID_LIST_MEMBER', 'You provided a list to a parameter that contains at least one invalid value.'],
};

const POLICY_TYPES = ['PolicyType', 'EffectivePolicyType'];

/** Organizations names one reason and no member: what is missing first, then lengths and ranges before patterns. */
export function organizationsViolation(violations: readonly Violation[]): AwsError {
  const first = violations.find(({ kind }) => kind === 'required') ?? violations.find(({ kind }) => kind !== 'pattern');
  const { kind, rule } = first ?? violations[0]!;
  const [Reason, message] =
    kind === 'enum' && POLICY_TYPES.includes(rule)
      ? ['INVALID_ENUM_POLICY_TYPE', 'You specified an invalid policy type string.']
      : REASONS[kind];
  return new AwsError('InvalidInputException', message, 400, { Reason });
}
