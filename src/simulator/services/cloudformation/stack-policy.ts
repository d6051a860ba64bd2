import { isObject, scalarText, type Json, type JsonObject } from '../../templates/json.js';
import { invalid } from '../../templates/refusal.js';

export type PolicyAction = 'Update:Modify' | 'Update:Replace' | 'Update:Delete';
export type Guarded = { readonly logicalId: string; readonly type: string };

const EFFECTS = ['Allow', 'Deny'];
const ACTION = /^Update:(?:\*|Modify|Replace|Delete)$/;
const LIMIT = 16_384;

/** The policy as it was given, once it is known to be one; refused otherwise. */
export function checkedPolicy(body: string): string {
  if (Buffer.byteLength(body) > LIMIT) throw malformed();
  const statements = statementsOf(body);
  if (statements === undefined || statements.length === 0 || !statements.every(isStatement)) throw malformed();
  return body;
}

/** Why the policy forbids the action on the resource; undefined where it allows it. What no statement allows is forbidden. */
export function policyDenial(policy: string, action: PolicyAction, resource: Guarded): string | undefined {
  const statements = (statementsOf(policy) ?? []).map((statement, at) => ({ statement, number: at + 1 }));
  const matching = statements.filter(({ statement }) => applies(statement, action, resource));
  const denying = matching.find(({ statement }) => statement['Effect'] === 'Deny');
  const target = `[LogicalResourceId/${resource.logicalId}]`;
  if (denying) {
    return `Action denied by stack policy: Statement [#${denying.number}] does not allow [${action}] for resource ${target};`;
  }
  return matching.length > 0
    ? undefined
    : `Action not allowed by stack policy: no statement allows [${action}] for resource ${target};`;
}

function statementsOf(body: string): readonly JsonObject[] | undefined {
  try {
    const { Statement } = JSON.parse(body) as { readonly Statement?: Json };
    const list = Array.isArray(Statement) ? (Statement as readonly Json[]) : [Statement ?? null];
    return list.every(isObject) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isStatement(statement: JsonObject): boolean {
  const actions = texts(statement['Action'] ?? statement['NotAction']);
  return (
    EFFECTS.includes(scalarText(statement['Effect'] ?? '')) &&
    actions.length > 0 &&
    actions.every((action) => ACTION.test(action)) &&
    statement['Principal'] === '*' &&
    texts(statement['Resource'] ?? statement['NotResource']).length > 0
  );
}

function applies(statement: JsonObject, action: PolicyAction, { logicalId, type }: Guarded): boolean {
  const name = `LogicalResourceId/${logicalId}`;
  return (
    included(statement, 'Action', 'NotAction', action) &&
    included(statement, 'Resource', 'NotResource', name) &&
    conditionHolds(statement['Condition'], type)
  );
}

function included(statement: JsonObject, member: string, opposite: string, value: string): boolean {
  const found = statement[member];
  if (found !== undefined) return texts(found).some((pattern) => matches(pattern, value));
  return !texts(statement[opposite]).some((pattern) => matches(pattern, value));
}

/** The one condition that stack policies know: the resource's type. */
function conditionHolds(condition: Json | undefined, type: string): boolean {
  if (!isObject(condition)) return true;
  return Object.values(condition).every(
    (member) => !isObject(member) || texts(member['ResourceType']).some((pattern) => matches(pattern, type)),
  );
}

function texts(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? (value as readonly Json[]) : [value]).map(scalarText);
}

function matches(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(value);
}

function malformed(): Error {
  return invalid('Error validating stack policy: Invalid stack policy');
}
