import { AwsError } from '../kernel/contract.js';
import { invalid } from './refusal.js';
import { entriesOf, isObject, memberOf, type Json, type JsonObject } from './json.js';

export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

const OF_RESOURCES = [
  'Fn::Base64',
  'Fn::Cidr',
  'Fn::FindInMap',
  'Fn::GetAtt',
  'Fn::GetAZs',
  'Fn::If',
  'Fn::ImportValue',
  'Fn::Join',
  'Fn::Select',
  'Fn::Split',
  'Fn::Sub',
  'Fn::Transform',
];
const OF_CONDITIONS = ['Fn::And', 'Fn::Equals', 'Fn::Not', 'Fn::Or'];
const OF_EXTENSIONS = ['Fn::ForEach', 'Fn::Length', 'Fn::ToJsonString'];
const SECTIONS = ['Conditions', 'Resources', 'Outputs'];
/** What AWS would run and the simulator cannot, with the reason. */
const FOREIGN: Readonly<Record<string, string>> = {
  'Fn::Transform': 'The simulator runs no macros, so it cannot carry out Fn::Transform.',
  'Fn::ForEach': 'The simulator does not unroll Fn::ForEach.',
};

/**
 * Refuses functions that CloudFormation does not have, wherever they stand, and conditions of too few or too many parts. What
 * exists in AWS and is not simulated answers NotImplemented, so that nobody takes a guess for AWS's answer.
 */
export function checkFunctions(document: JsonObject, transforms: readonly string[]): void {
  const extended = transforms.includes(LANGUAGE_EXTENSIONS);
  const known = new Set([...OF_RESOURCES, ...OF_CONDITIONS, ...(extended ? OF_EXTENSIONS : [])]);
  checkOutputs(document['Outputs']);
  for (const section of SECTIONS) visit(document[section], (name, argument) => check(name, argument, known, extended));
}

/** A condition decides; it is no text that could be put out. */
function checkOutputs(outputs: Json | undefined): void {
  for (const [, output] of entriesOf(outputs)) {
    const value = isObject(output) ? output['Value'] : undefined;
    if (isObject(value) && OF_CONDITIONS.includes(Object.keys(value)[0] ?? ''))
      throw invalid('Template format error: The Value field of every Outputs member must evaluate to a String.');
  }
}

/** What each function says of an argument that it cannot use. */
export function wrongArgument(name: string): AwsError {
  return invalid(
    `Template error: ${memberOf(REQUIREMENTS, name) ?? `every ${name} object has arguments of another kind`}`,
  );
}

const REQUIREMENTS: Readonly<Record<string, string>> = {
  'Fn::And': 'every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.',
  'Fn::Or': 'every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.',
  'Fn::Not': 'every Fn::Not object requires one boolean parameter.',
  'Fn::Equals': 'every Fn::Equals object requires a list of 2 string parameters.',
  'Fn::Base64': 'every Fn::Base64 object must have a String-typed value.',
  'Fn::FindInMap':
    'every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value',
  'Fn::GetAtt':
    'every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
  'Fn::Join':
    'every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a ' +
    'function that returns a list of strings (such as Fn::GetAZs) to be joined.',
  'Fn::Select': 'Fn::Select requires a list argument with two elements: an integer index and a list',
  'Fn::Split':
    'every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function ' +
    'that returns a string to be split.',
  'Fn::Sub':
    "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and " +
    'an optional second argument to specify a mapping of values to replace in the string',
};

function check(name: string, argument: Json, known: ReadonlySet<string>, extended: boolean): void {
  const family = name.split('::').slice(0, 2).join('::');
  if (!known.has(family)) {
    const supported = [...known].sort().join(', ');
    throw invalid(`Template error: Encountered unsupported function: ${name} Supported functions are: [${supported}]`);
  }
  const foreign = memberOf(FOREIGN, family);
  if (foreign !== undefined) throw new AwsError('NotImplemented', foreign, 501);
  const parts = Array.isArray(argument) ? argument.length : 1;
  if ((name === 'Fn::And' || name === 'Fn::Or') && (parts < 2 || parts > 10)) throw wrongArgument(name);
  if (name === 'Fn::Equals' && parts !== 2) throw wrongArgument(name);
  if (name === 'Fn::Not' && parts !== 1) throw wrongArgument(name);
  if (name === 'Fn::FindInMap' && parts !== 3 && !(extended && parts === 4)) throw wrongArgument(name);
}

function visit(value: Json | undefined, seen: (name: string, argument: Json) => void): void {
  if (Array.isArray(value)) return (value as readonly Json[]).forEach((item) => visit(item, seen));
  if (!isObject(value)) return;
  const entries = Object.entries(value);
  for (const [key, item] of entries) {
    if (key.startsWith('Fn::')) {
      seen(key, item);
      if (entries.length > 1) throw invalid(`Template error: ${key} must be the only key of its object`);
    }
    visit(item, seen);
  }
}
