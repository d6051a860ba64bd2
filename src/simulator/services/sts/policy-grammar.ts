import { isObject, type Json, type JsonObject } from '../../templates/json.js';

const VERSIONS: readonly Json[] = ['2012-10-17', '2008-10-17'];
const DOCUMENT_KEYS: readonly string[] = ['Version', 'Id', 'Statement'];
const STATEMENT_KEYS: readonly string[] = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
/** Everything, or an action of a service, in which the action may have wildcards. */
const ACTION = /^(?:\*|\*:\*|[A-Za-z0-9-]+:[\w*?-]+)$/;
const RESOURCE = /^(?:\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$/;
const OPERATOR = new RegExp(
  '^(?:Null|(?:ForAllValues:|ForAnyValue:)?(?:' +
    'String(?:Not)?(?:Equals|EqualsIgnoreCase|Like)|' +
    '(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|' +
    'Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like)' +
    ')(?:IfExists)?)$',
);

/** Whether a document says what a policy of permissions may say. What its names mean is not looked at, nor whether they exist. */
export function isPermissionsPolicy(document: Json): boolean {
  if (!isObject(document) || !hasOnly(document, DOCUMENT_KEYS)) return false;
  const { Version, Id, Statement } = document;
  const statements = listed(Statement);
  const ids = statements.flatMap((each) => (isObject(each) && each['Sid'] !== undefined ? [each['Sid']] : []));
  return (
    (Version === undefined || VERSIONS.includes(Version)) &&
    (Id === undefined || typeof Id === 'string') &&
    statements.length > 0 &&
    statements.every(isStatement) &&
    new Set(ids).size === ids.length
  );
}

function isStatement(statement: Json): boolean {
  if (!isObject(statement) || !hasOnly(statement, STATEMENT_KEYS)) return false;
  const { Sid, Effect, Condition } = statement;
  return (
    (Sid === undefined || (typeof Sid === 'string' && /^[A-Za-z0-9]*$/.test(Sid))) &&
    (Effect === 'Allow' || Effect === 'Deny') &&
    hasOneOf(statement, 'Action', 'NotAction', ACTION) &&
    hasOneOf(statement, 'Resource', 'NotResource', RESOURCE) &&
    (Condition === undefined || isCondition(Condition))
  );
}

function hasOneOf(statement: JsonObject, name: string, opposite: string, form: RegExp): boolean {
  if (name in statement === opposite in statement) return false;
  const values = listed(statement[name] ?? statement[opposite]);
  return values.length > 0 && values.every((value) => typeof value === 'string' && form.test(value));
}

/** Operator → key → one value or several. */
const isCondition = (condition: Json): boolean =>
  isObject(condition) &&
  Object.entries(condition).every(
    ([operator, keys]) =>
      OPERATOR.test(operator) &&
      isObject(keys) &&
      Object.values(keys).every((values) => listed(values).every((value) => value !== null && !isStructure(value))),
  );

const isStructure = (value: Json): boolean => typeof value === 'object' && value !== null;

const hasOnly = (object: JsonObject, names: readonly string[]): boolean =>
  Object.keys(object).every((name) => names.includes(name));

/** A policy may leave out the brackets round a single value. */
const listed = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value];
