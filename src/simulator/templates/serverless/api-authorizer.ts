import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { Authored, Dictionary, jsonMember, toJson, type Value } from './definition.js';
import { isGiven, shown } from './values.js';

/** An authorizer of a REST API. */
export type Authorizer = {
  readonly scopes: Value;
  readonly scheme: Dictionary;
  /** The function that decides, and whether the API is given leave to call it. */
  readonly functionArn: Json | undefined;
  readonly permitted: boolean;
};

const PARTS = [
  ['Headers', 'method.request.header.'],
  ['QueryStrings', 'method.request.querystring.'],
  ['StageVariables', 'stageVariables.'],
  ['Context', 'context.'],
] as const;

/** The caller's own signature. */
export const iamAuthorizer = (): Authorizer => ({
  scopes: [],
  scheme: new Dictionary()
    .set('type', 'apiKey')
    .set('name', 'Authorization')
    .set('in', 'header')
    .set('x-amazon-apigateway-authtype', 'awsSigv4'),
  functionArn: undefined,
  permitted: false,
});

/** A user pool or a function that decides about requests. */
export function readAuthorizer(partition: string, apiId: string, name: string, written: Value): Authorizer {
  if (!(written instanceof Dictionary))
    throw refusedResource(apiId, `Property 'Auth.Authorizers.${name}' should be a map.`);
  const read = (property: string): Json | undefined => jsonMember(written, property);
  const payload = read('FunctionPayloadType') ?? undefined;
  const scopes = read('AuthorizationScopes');
  const withoutPermission = read('DisableFunctionDefaultPermissions');
  check(apiId, name, { payload, identity: read('Identity'), scopes, withoutPermission });
  const byPool = isGiven(read('UserPoolArn'));
  const kind = byPool ? 'pool' : payload === 'REQUEST' ? 'request' : 'token';
  return {
    scopes: written.get('AuthorizationScopes') ?? [],
    scheme: scheme(partition, apiId, name, written, kind),
    functionArn: byPool ? undefined : (read('FunctionArn') ?? undefined),
    permitted: withoutPermission !== true,
  };
}

function check(
  apiId: string,
  name: string,
  { payload, identity, scopes, withoutPermission }: Readonly<Record<string, Json | undefined>>,
): void {
  if (payload !== undefined && payload !== 'TOKEN' && payload !== 'REQUEST')
    throw refusedResource(apiId, `${name} Authorizer has invalid 'FunctionPayloadType': ${shown(payload)}.`);
  if (isGiven(identity) && !isObject(identity))
    throw refusedResource(
      apiId,
      'Auth.Authorizers.<Authorizer>.Identity must be a dict (LambdaTokenAuthorizationIdentity, LambdaRequestAuthorizationIdentity or CognitoAuthorizationIdentity).',
    );
  if (payload === 'REQUEST' && lacksSource(isObject(identity) ? identity : {}))
    throw refusedResource(
      apiId,
      `${name} Authorizer must specify Identity with at least one of Headers, QueryStrings, StageVariables, or Context.`,
    );
  if (scopes !== undefined && scopes !== null && !Array.isArray(scopes))
    throw refusedResource(apiId, `Property 'Authorizers.${name}.AuthorizationScopes' should be a list.`);
  if (withoutPermission !== undefined && withoutPermission !== null && typeof withoutPermission !== 'boolean')
    throw refusedResource(
      apiId,
      `Property 'Authorizers.${name}.DisableFunctionDefaultPermissions' should be a boolean.`,
    );
}

function lacksSource(identity: JsonObject): boolean {
  const lacks = PARTS.every(([part]) => !isGiven(identity[part]));
  const seconds = identity['ReauthorizeEvery'];
  const ttl = typeof seconds === 'number' || typeof seconds === 'string' ? Number(seconds) : Number.NaN;
  return Number.isInteger(ttl) ? ttl > 0 && lacks : lacks;
}

function scheme(
  partition: string,
  apiId: string,
  name: string,
  written: Dictionary,
  kind: 'pool' | 'request' | 'token',
): Dictionary {
  const identity = written.get('Identity');
  const part = (property: string): Value | undefined => {
    const value = identity instanceof Dictionary ? identity.get(property) : undefined;
    return value === undefined || value === null ? undefined : value;
  };
  const header = part('Header');
  const made = new Dictionary()
    .set('type', 'apiKey')
    .set(
      'name',
      kind === 'request' ? 'Unused' : header !== undefined && isGiven(toJson(header)) ? header : 'Authorization',
    )
    .set('in', 'header')
    .set('x-amazon-apigateway-authtype', kind === 'pool' ? 'cognito_user_pools' : 'custom');
  const authorizer = new Dictionary().set('type', kind === 'pool' ? 'cognito_user_pools' : kind);
  made.set('x-amazon-apigateway-authorizer', authorizer);
  if (kind === 'pool') {
    const arns = written.get('UserPoolArn')!;
    authorizer.set('providerARNs', Array.isArray(arns) ? arns : [arns]);
  } else {
    const role = written.get('FunctionInvokeRole');
    const every = part('ReauthorizeEvery');
    authorizer.set('authorizerUri', {
      'Fn::Sub': [
        `arn:${partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${__FunctionArn__}/invocations`,
        { __FunctionArn__: written.get('FunctionArn') ?? null },
      ],
    });
    if (every !== undefined) authorizer.set('authorizerResultTtlInSeconds', every);
    if (role !== undefined && isGiven(toJson(role)) && toJson(role) !== 'NONE')
      authorizer.set('authorizerCredentials', role);
    const source = kind === 'request' ? identitySource(apiId, name, identity) : '';
    if (source !== '') authorizer.set('identitySource', new Authored(source));
  }
  const expression = part('ValidationExpression');
  if (kind !== 'request' && expression !== undefined && isGiven(toJson(expression)))
    authorizer.set('identityValidationExpression', expression);
  return made;
}

function identitySource(apiId: string, name: string, identity: Value | undefined): string {
  return PARTS.flatMap(([part, prefix]) => {
    const values = jsonMember(identity, part);
    if (!isGiven(values)) return [];
    const path = `Auth.Authorizers.${name}.Identity.${part}`;
    if (!Array.isArray(values)) throw refusedResource(apiId, `Property '${path}' should be a list.`);
    return (values as readonly Json[]).map((value, at) => {
      if (typeof value === 'string') return `${prefix}${value}`;
      throw refusedResource(apiId, `Property '${path}[${at}]' should be a string.`);
    });
  }).join(', ');
}
