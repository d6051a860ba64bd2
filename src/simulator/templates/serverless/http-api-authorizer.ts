import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { isGiven } from './values.js';

/** An authorizer of an HTTP API. */
export type HttpAuthorizer = {
  readonly scopes: Json;
  readonly scheme: JsonObject;
  /** The function that decides, where the API is to be given leave to call it. */
  readonly permittedFunction: Json | undefined;
};

type Kind = 'jwt' | 'request';

const OAUTH = 'OAuth2 Authorizer';
const LAMBDA = 'Lambda Authorizer';

const MEANT_FOR: readonly (readonly [string, Kind, string])[] = [
  ['AuthorizationScopes', 'jwt', OAUTH],
  ['JwtConfiguration', 'jwt', OAUTH],
  ['IdentitySource', 'jwt', `${OAUTH}. For Lambda Authorizer, use the 'Identity' property instead`],
  ['FunctionArn', 'request', LAMBDA],
  ['FunctionInvokeRole', 'request', LAMBDA],
  ['Identity', 'request', LAMBDA],
  ['AuthorizerPayloadFormatVersion', 'request', LAMBDA],
  ['EnableSimpleResponses', 'request', LAMBDA],
  ['EnableFunctionDefaultPermissions', 'request', LAMBDA],
];

const AUTHORIZER = 'x-amazon-apigateway-authorizer';

export const HTTP_IAM: HttpAuthorizer = {
  scopes: [],
  scheme: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
  permittedFunction: undefined,
};

/** A token's issuer or a function that decides about requests. */
export function readHttpAuthorizer(partition: string, apiId: string, name: string, written: Json): HttpAuthorizer {
  if (!isObject(written)) throw refusedResource(apiId, `Property 'Auth.Authorizers.${name}' should be a map.`);
  if (written['OpenIdConnectUrl'] !== undefined)
    throw refusedResource(
      apiId,
      `'OpenIdConnectUrl' is no longer a supported property for authorizer '${name}'. Please refer to the AWS SAM documentation.`,
    );
  const kind: Kind = isGiven(written['JwtConfiguration']) ? 'jwt' : 'request';
  check(apiId, name, kind, written);
  return {
    scopes: written['AuthorizationScopes'] ?? [],
    scheme: kind === 'jwt' ? byToken(written) : byFunction(partition, apiId, name, written),
    permittedFunction: written['EnableFunctionDefaultPermissions'] === true ? written['FunctionArn'] : undefined,
  };
}

function check(apiId: string, name: string, kind: Kind, written: JsonObject): void {
  const { JwtConfiguration, AuthorizationScopes, EnableFunctionDefaultPermissions } = written;
  if (kind === 'jwt' && !isObject(JwtConfiguration))
    throw refusedResource(apiId, "Property 'JwtConfiguration' should be a map.");
  if (AuthorizationScopes !== undefined && AuthorizationScopes !== null && !Array.isArray(AuthorizationScopes))
    throw refusedResource(apiId, 'AuthorizationScopes must be a list.');
  const wrong = MEANT_FOR.find(
    ([property, meant]) => meant !== kind && written[property] !== undefined && written[property] !== null,
  );
  if (wrong !== undefined) throw refusedResource(apiId, `${wrong[0]} is only supported for ${wrong[2]}.`);
  for (const property of kind === 'jwt' ? ['IdentitySource'] : ['FunctionArn', 'AuthorizerPayloadFormatVersion'])
    if (!isGiven(written[property]))
      throw refusedResource(apiId, `${name} ${kind === 'jwt' ? OAUTH : LAMBDA} must define '${property}'.`);
  if (EnableFunctionDefaultPermissions !== undefined && typeof EnableFunctionDefaultPermissions !== 'boolean')
    throw refusedResource(
      apiId,
      `Property 'Authorizers.${name}.EnableFunctionDefaultPermissions' should be a boolean.`,
    );
}

const byToken = (written: JsonObject): JsonObject => ({
  type: 'oauth2',
  [AUTHORIZER]: {
    jwtConfiguration: Object.fromEntries(
      Object.entries(written['JwtConfiguration'] as JsonObject).map(([key, value]) => [key.toLowerCase(), value]),
    ),
    identitySource: written['IdentitySource']!,
    type: 'jwt',
  },
});

function byFunction(partition: string, apiId: string, name: string, written: JsonObject): JsonObject {
  const { FunctionArn, FunctionInvokeRole, Identity, EnableSimpleResponses } = written;
  const identity = isGiven(Identity) ? Identity : undefined;
  if (identity !== undefined && !isObject(identity))
    throw refusedResource(apiId, `Property 'Auth.Authorizers.${name}.Identity' should be a map.`);
  const every = identity?.['ReauthorizeEvery'];
  return {
    type: 'apiKey',
    name: 'Unused',
    in: 'header',
    [AUTHORIZER]: {
      type: 'request',
      authorizerUri: {
        'Fn::Sub': [
          `arn:${partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${__FunctionArn__}/invocations`,
          { __FunctionArn__: FunctionArn! },
        ],
      },
      ...(isGiven(FunctionInvokeRole) && FunctionInvokeRole !== 'NONE'
        ? { authorizerCredentials: FunctionInvokeRole }
        : {}),
      ...(every === undefined || every === null ? {} : { authorizerResultTtlInSeconds: every }),
      ...(identity === undefined ? {} : { identitySource: identitySource(apiId, name, identity) }),
      authorizerPayloadFormatVersion: written['AuthorizerPayloadFormatVersion']!,
      ...(isGiven(EnableSimpleResponses) ? { enableSimpleResponses: EnableSimpleResponses } : {}),
    },
  };
}

const identitySource = (apiId: string, name: string, identity: JsonObject): Json =>
  (
    [
      ['$request.header.', 'Headers'],
      ['$request.querystring.', 'QueryStrings'],
      ['$stageVariables.', 'StageVariables'],
      ['$context.', 'Context'],
    ] as const
  ).flatMap(([prefix, property]) => {
    const values = identity[property];
    if (!isGiven(values)) return [];
    const path = `Authorizers.${name}.Identity.${property}`;
    if (!Array.isArray(values)) throw refusedResource(apiId, `Property '${path}' should be a list.`);
    return (values as readonly Json[]).map((value, at) => {
      if (typeof value === 'string') return `${prefix}${value}`;
      throw refusedResource(apiId, `Property '${path}[${at}]' should be a string.`);
    });
  });
