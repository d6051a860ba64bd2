import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedStructure } from '../serverless-refusal.js';
import { conditional, isGiven, isNoValue, shown } from './values.js';

export const INTEGRATION = 'x-amazon-apigateway-integration';
export const ANY_METHOD = 'x-amazon-apigateway-any-method';

/** A mapping that is being edited. */
export type Draft = { [key: string]: Json };

export const emptyHttpDefinition = (): JsonObject => ({
  openapi: '3.0.1',
  info: { version: '1.0', title: { Ref: 'AWS::StackName' } },
  paths: {},
});

/** True for an OpenAPI 3 document with paths, which the transform can edit. */
export const isHttpDefinition = (value: Json | undefined): value is JsonObject =>
  isObject(value) && isObject(value['paths']) && /^3(\.\d)(\.\d)?$/.test(shown(value['openapi']));

/** A copy of the document to edit. */
export function httpDraft(value: Json | undefined): Draft {
  if (!isHttpDefinition(value))
    throw refusedStructure(
      "Invalid OpenApi document. Invalid values or missing keys for 'openapi' or 'paths' in 'DefinitionBody'.",
    );
  return structuredClone<Draft>(value);
}

export const httpMethod = (method: string): string => {
  const lower = method.toLowerCase();
  return lower === 'any' ? ANY_METHOD : lower;
};

/** The value, or both branches of an `Fn::If` except where they are no value. */
function branches(value: Json | undefined): readonly Draft[] {
  if (!isObject(value)) return [];
  const parts = value['Fn::If'];
  if (parts === undefined) return [value];
  if (!Array.isArray(parts)) throw refusedStructure('Value of Fn::If must be a list.');
  return (parts as readonly Json[]).slice(1).filter((part) => isObject(part) && !isNoValue(part)) as Draft[];
}

/** The mappings of methods at a path. */
export const itemsAt = (draft: Draft, path: string): readonly Draft[] => branches((draft['paths'] as Draft)[path]);

/** Definitions of one method at a path that call something. */
export const methodsAt = (draft: Draft, path: string, method: string): readonly Draft[] =>
  itemsAt(draft, path)
    .flatMap((item) => branches(item[httpMethod(method)]))
    .filter((definition) => isGiven(definition[INTEGRATION]));

export function addPath(draft: Draft, path: string, method: string): void {
  const paths = draft['paths'] as Draft;
  paths[path] ??= {};
  for (const item of itemsAt(draft, path)) item[httpMethod(method)] ??= {};
}

export function makePathConditional(draft: Draft, path: string, condition: string): void {
  const paths = draft['paths'] as Draft;
  paths[path] = conditional(condition, paths[path]!);
}

/** True where every branch at the path has the method, with something that it calls. */
export function hasIntegration(draft: Draft, path: string, method: string): boolean {
  const items = itemsAt(draft, path);
  return (
    items.length > 0 &&
    items.every((item) => branches(item[httpMethod(method)]).some((definition) => isGiven(definition[INTEGRATION])))
  );
}

/** Calls a function where a path and a method meet, unless something is called there. */
export function addFunction(draft: Draft, path: string, method: string, uri: Json, condition: Json | undefined): void {
  if (hasIntegration(draft, path, method)) return;
  addPath(draft, path, method);
  const name = httpMethod(method);
  for (const item of itemsAt(draft, path)) {
    const definition: Draft = {
      responses: {},
      ...(item[name] as JsonObject | null),
      [INTEGRATION]: {
        type: 'aws_proxy',
        httpMethod: 'POST',
        payloadFormatVersion: '2.0',
        uri: condition === undefined ? uri : conditional(condition, uri),
      },
      ...(path === '$default' && name === ANY_METHOD ? { isDefaultRoute: true } : {}),
    };
    item[name] = condition === undefined ? definition : conditional(condition, definition);
  }
}
