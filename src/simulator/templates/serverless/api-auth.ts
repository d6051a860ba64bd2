import { isObject } from '../json.js';
import { notExpanded, refusedResource, refusedStructure } from '../serverless-refusal.js';
import { iamAuthorizer, readAuthorizer, type Authorizer } from './api-authorizer.js';
import { given, needsDefinition, toVersion3 } from './api-definition.js';
import { Authored, Dictionary, jsonMember, textOf, toJson, type Value } from './definition.js';
import { edit, type RestDraft } from './rest-draft.js';
import { addCustomStatements, addResourcePolicy } from './swagger-policy.js';
import { askForKeys, guardByDefault } from './swagger-security.js';
import { isGiven } from './values.js';

const AUTH = [
  'Authorizers',
  'DefaultAuthorizer',
  'InvokeRole',
  'AddDefaultAuthorizerToCorsPreflight',
  'AddApiKeyRequiredToCorsPreflight',
  'ApiKeyRequired',
  'ResourcePolicy',
  'UsagePlan',
];

/** Guards the API as `Auth` says; answers its authorizers. */
export function applyAuth(partition: string, apiId: string, draft: RestDraft): ReadonlyMap<string, Authorizer> {
  const auth = given(draft, 'Auth');
  if (!(auth instanceof Dictionary)) return new Map();
  if (given(draft, 'DefinitionBody') === undefined) needsDefinition(apiId, draft, 'Auth', 'Auth');
  if (auth.names().some((name) => !AUTH.includes(name)))
    throw refusedResource(apiId, "Invalid value for 'Auth' property");
  needsDefinition(apiId, draft, 'Auth', 'Auth');
  const plan = jsonMember(auth, 'UsagePlan');
  if (plan !== undefined && plan !== null && !(isObject(plan) && plan['CreateUsagePlan'] === 'NONE'))
    throw refusedResource(apiId, notExpanded('the property Auth.UsagePlan'));
  const authorizers = readAuthorizers(partition, apiId, auth);
  const byDefault = auth.get('DefaultAuthorizer');
  const preflight = (name: string): boolean => jsonMember(auth, name) !== false;
  edit(draft, (editor) => {
    for (const [name, { scheme }] of authorizers) editor.security.set(name, scheme);
    if (authorizers.size > 0 && byDefault !== undefined && isGiven(toJson(byDefault))) {
      const name = checkedDefault(apiId, byDefault, authorizers);
      const guards = new Map([...authorizers].map(([key, one]) => [textOf(key), one]));
      guardByDefault(editor, name, guards, preflight('AddDefaultAuthorizerToCorsPreflight'));
    }
    if (isGiven(jsonMember(auth, 'ApiKeyRequired'))) askForKeys(editor, preflight('AddApiKeyRequiredToCorsPreflight'));
    const policy = auth.get('ResourcePolicy');
    if (policy === undefined || !isGiven(toJson(policy))) return;
    if (!(policy instanceof Dictionary))
      throw refusedStructure('ResourcePolicy must be a map (ResourcePolicyStatement).');
    const stage = draft.properties.get('StageName') ?? null;
    for (const path of editor.pathNames()) addResourcePolicy(editor, policy, path, stage);
    const statements = policy.get('CustomStatements');
    if (statements !== undefined && isGiven(toJson(statements))) addCustomStatements(editor, statements);
  });
  toVersion3(draft);
  return new Map([...authorizers].map(([key, one]) => [textOf(key), one]));
}

function readAuthorizers(
  partition: string,
  apiId: string,
  auth: Dictionary,
): ReadonlyMap<Authored | string, Authorizer> {
  const iam = jsonMember(auth, 'DefaultAuthorizer') === 'AWS_IAM';
  const found = new Dictionary();
  const read = new Map<string, Authorizer>();
  if (iam) {
    found.set(auth.get('DefaultAuthorizer') as Authored, true);
    read.set('AWS_IAM', iamAuthorizer());
  }
  const written = auth.get('Authorizers');
  if (written !== undefined && isGiven(toJson(written))) {
    if (!(written instanceof Dictionary)) throw refusedResource(apiId, "Property 'Auth.Authorizers' should be a map.");
    for (const [name, one] of written.all()) {
      found.set(name, true);
      read.set(textOf(name), readAuthorizer(partition, apiId, textOf(name), one));
    }
  }
  return new Map(found.all().map(([name]) => [name, read.get(textOf(name))!]));
}

function checkedDefault(
  apiId: string,
  name: Value,
  authorizers: ReadonlyMap<Authored | string, Authorizer>,
): Authored | string {
  if (!(name instanceof Authored) && typeof name !== 'string')
    throw refusedResource(apiId, 'DefaultAuthorizer is not a string.');
  const known = [...authorizers.keys()].some((one) => textOf(one) === textOf(name));
  if (!known && textOf(name) !== 'AWS_IAM')
    throw refusedResource(
      apiId,
      `Unable to set DefaultAuthorizer because '${textOf(name)}' was not defined in 'Authorizers'.`,
    );
  return name;
}
