import { Dictionary, type Authored, type Value } from './definition.js';
import { refusedStructure } from '../serverless-refusal.js';
import type { SwaggerEditor } from './swagger.js';

/** What an authorizer gives to the methods that it guards. */
export type Guards = ReadonlyMap<string, { readonly scopes: Value }>;

const IAM = 'AWS_IAM';
const named = (name: Authored | string, scopes: Value): Dictionary => new Dictionary().set(name, scopes);

function securityOf(definition: Dictionary, path: string, method: string): readonly Dictionary[] {
  const existing = definition.get('security') ?? [];
  if (!Array.isArray(existing))
    throw refusedStructure(`Type of security for path ${path} method ${method} must be a list`);
  return existing.map((one) => {
    if (one instanceof Dictionary) return one;
    throw refusedStructure(`Security for path ${path} method ${method} is not a valid dictionary.`);
  });
}

function secure(editor: SwaggerEditor, definition: Dictionary, security: readonly Dictionary[]): void {
  if (security.length === 0) return;
  definition.set('security', [...security]);
  if (security[0]!.has(IAM) && !editor.security.has(IAM)) editor.security.update(named(IAM, iamScheme()));
}

const iamScheme = (): Dictionary =>
  new Dictionary()
    .set('x-amazon-apigateway-authtype', 'awsSigv4')
    .set('type', 'apiKey')
    .set('name', 'Authorization')
    .set('in', 'header');

function addApiKeyScheme(editor: SwaggerEditor): void {
  if (editor.security.has('api_key')) return;
  const scheme = new Dictionary().set('type', 'apiKey').set('name', 'x-api-key').set('in', 'header');
  editor.security.update(named('api_key', scheme));
}

/** Guards every method that neither has an authorizer nor says NONE. */
export function guardByDefault(
  editor: SwaggerEditor,
  authorizer: Authored | string,
  guards: Guards,
  preflightToo: boolean,
): void {
  const name = typeof authorizer === 'string' ? authorizer : authorizer.text;
  const known = new Set([IAM, ...guards.keys()]);
  const isAuthorizer = (one: Dictionary): boolean => one.names().some((key) => known.has(key));
  for (const path of editor.pathNames()) {
    for (const [method, definition] of editor.allMethodsAt(path)) {
      if (method === 'options' && !preflightToo) continue;
      const existing = securityOf(definition, path, method);
      const own = existing.filter(isAuthorizer);
      const others = existing.filter((one) => !isAuthorizer(one));
      const none = others.findIndex((one) => one.has('NONE'));
      const wanted =
        none >= 0
          ? others.filter((_, at) => at !== none)
          : [...others, ...(own.length > 0 ? own : [named(authorizer, guards.get(name)?.scopes ?? [])])];
      secure(editor, definition, wanted);
    }
  }
}

/** Asks every method for an API key, unless it says that it needs none. */
export function askForKeys(editor: SwaggerEditor, preflightToo: boolean): void {
  addApiKeyScheme(editor);
  for (const path of editor.pathNames()) {
    for (const [method, definition] of editor.allMethodsAt(path)) {
      const existing = securityOf(definition, path, method);
      const others = existing.filter((one) => !one.has('api_key') && !one.has('api_key_false'));
      const refusesKeys = existing.some((one) => one.has('api_key_false'));
      const asks = !(method === 'options' && !preflightToo) && !refusesKeys;
      const security = asks ? [...others, named('api_key', [])] : others;
      if (!same(security, existing)) definition.set('security', security);
    }
  }
}

const same = (left: readonly Dictionary[], right: readonly Dictionary[]): boolean =>
  left.length === right.length && left.every((one, at) => one.names().join() === right[at]!.names().join());

/** Guards one method as its event says. */
export function guardMethod(
  editor: SwaggerEditor,
  path: string,
  method: string,
  authorizer: Authored | string,
  scopes: Value,
): void {
  for (const definition of editor.methodsAt(path, method)) {
    secure(editor, definition, [...securityOf(definition, path, method), named(authorizer, scopes)]);
  }
}

export function keyOfMethod(editor: SwaggerEditor, path: string, method: string, required: boolean): void {
  for (const definition of editor.methodsAt(path, method)) {
    if (required) addApiKeyScheme(editor);
    const wanted = named(required ? 'api_key' : 'api_key_false', []);
    definition.set('security', [...securityOf(definition, path, method), wanted]);
  }
}
