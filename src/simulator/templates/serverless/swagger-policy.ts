import { refusedStructure } from '../serverless-refusal.js';
import { Authored, Dictionary, membersOf, textOf, toJson, type Value } from './definition.js';
import { ANY_METHOD, type SwaggerEditor } from './swagger.js';
import { shown } from './values.js';

const ACTION = 'execute-api:Invoke';
const VARIABLE = /{([a-zA-Z0-9._-]+|[a-zA-Z0-9._-]+\+|proxy\+)}/g;

/** A path as permissions write it: its variables stand for anything. */
export const withoutVariables = (path: string): string => path.replace(VARIABLE, '*');

const listed = (value: Value): Value[] => (Array.isArray(value) ? value : [value]);

/** Who may call the methods at a path, as the API's or an event's resource policy says. */
export function addResourcePolicy(editor: SwaggerEditor, policy: Dictionary, path: string, stage: Value): void {
  const resources = methodResources(editor, path, stage);
  for (const [name, effect] of [
    ['AwsAccountWhitelist', 'Allow'],
    ['AwsAccountBlacklist', 'Deny'],
  ] as const) {
    const accounts = policy.get(name);
    if (!isFilled(accounts)) continue;
    if (!Array.isArray(accounts) && membersOf(accounts).length === 0)
      throw refusedStructure(`Type of '${shown(toJson(accounts))}' must be a list or dictionary`);
    allowAccounts(editor, listed(accounts), effect, resources);
  }
  for (const [name, operator] of [
    ['IpRangeWhitelist', 'NotIpAddress'],
    ['IpRangeBlacklist', 'IpAddress'],
  ] as const) {
    const ranges = policy.get(name);
    if (isFilled(ranges)) denyWhere(editor, { [operator]: { 'aws:SourceIp': listed(ranges) } }, resources);
  }
  for (const [list, operator] of [
    ['Blacklist', 'StringEquals'],
    ['Whitelist', 'StringNotEquals'],
  ] as const) {
    const networks = networksOf(policy, list);
    if (networks.size > 0) denyWhere(editor, { [operator]: networks }, resources);
  }
  editor.keepPolicy();
}

export function addCustomStatements(editor: SwaggerEditor, statements: Value): void {
  editor.policy.set('Version', '2012-10-17');
  const before = editor.policy.get('Statement');
  if (before === undefined || before === null) editor.policy.set('Statement', statements);
  else {
    const known = listed(before);
    const added = listed(statements).filter((one) => !holds(known, one));
    editor.policy.set('Statement', [...known, ...added]);
  }
  editor.keepPolicy();
}

function methodResources(editor: SwaggerEditor, path: string, stage: Value): Value[] {
  const methods = editor.pathItems(path).flatMap((item) => item.all().map(([name]) => name));
  return methods.map((name) => {
    const method = textOf(name).toLowerCase();
    const shown = method === ANY_METHOD || method === 'any' ? '*' : textOf(name).toUpperCase();
    const text = `execute-api:/\${__Stage__}/${shown}${withoutVariables(path)}`;
    return { 'Fn::Sub': [new Authored(text), { __Stage__: stage }] };
  });
}

const statement = (effect: string, resources: Value[], principal: Value): Dictionary =>
  new Dictionary().set('Effect', effect).set('Action', ACTION).set('Resource', resources).set('Principal', principal);

function allowAccounts(editor: SwaggerEditor, accounts: Value[], effect: string, resources: Value[]): void {
  editor.policy.set('Version', '2012-10-17');
  const one = statement(effect, resources, Dictionary.of({ AWS: accounts }));
  const before = editor.policy.get('Statement');
  editor.policy.set('Statement', before === undefined || before === null ? one : [...listed(before), one]);
}

/** Everybody may call, except where the condition holds. */
function denyWhere(editor: SwaggerEditor, condition: Value, resources: Value[]): void {
  editor.policy.set('Version', '2012-10-17');
  const both = [statement('Allow', resources, '*'), statement('Deny', resources, '*').set('Condition', condition)];
  const before = editor.policy.get('Statement');
  if (before === undefined || before === null) editor.policy.set('Statement', both);
  else {
    const known = listed(before);
    editor.policy.set('Statement', [...known, ...both.filter((one) => !holds(known, one))]);
  }
}

function networksOf(policy: Dictionary, list: 'Blacklist' | 'Whitelist'): Dictionary {
  const written = policy.get(`SourceVpc${list}`);
  const names = Array.isArray(written) ? written : [];
  if (!names.every((name) => name instanceof Authored || typeof name === 'string'))
    throw refusedStructure(
      `SourceVpc${list} must be a list of strings. Use IntrinsicVpc${list} instead for values that use Intrinsic Functions`,
    );
  const beginning = (prefix: string): Value[] => names.filter((name) => textOf(name).startsWith(prefix));
  const intrinsic = (name: string): Value[] => {
    const value = policy.get(name);
    return Array.isArray(value) ? value : [];
  };
  const made = new Dictionary();
  for (const [key, values] of [
    ['aws:SourceVpc', [...beginning('vpc-'), ...intrinsic(`IntrinsicVpc${list}`)]],
    ['aws:SourceVpce', [...beginning('vpce-'), ...intrinsic(`IntrinsicVpce${list}`)]],
  ] as const)
    if (values.length > 0) made.set(key, [...values]);
  return made;
}

const holds = (known: readonly Value[], one: Value): boolean =>
  known.some((other) => JSON.stringify(toJson(other)) === JSON.stringify(toJson(one)));

const isFilled = (value: Value | undefined): value is Value =>
  value instanceof Authored
    ? value.text !== ''
    : Array.isArray(value)
      ? value.length > 0
      : value !== undefined && value !== null && (value instanceof Dictionary ? membersOf(value).length > 0 : true);
