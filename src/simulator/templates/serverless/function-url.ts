import { memberOf, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { mapping } from './properties.js';
import type { Target } from './target.js';
import { isGiven, isIntrinsic } from './values.js';
import { made, type Produced } from './work.js';

const CORS: Readonly<Record<string, string>> = {
  AllowOrigins: 'list',
  AllowMethods: 'list',
  AllowCredentials: 'bool',
  AllowHeaders: 'list',
  ExposeHeaders: 'list',
  MaxAge: 'int',
};

const isOf = (type: string, value: Json): boolean =>
  type === 'list'
    ? Array.isArray(value)
    : type === 'bool'
      ? typeof value === 'boolean'
      : typeof value === 'number' || typeof value === 'boolean';

/** A function's own address; where it asks for no credentials, everybody may call it through that address. */
export function functionUrl(logicalId: string, target: Target, config: JsonObject): Produced {
  check(logicalId, config);
  const { AuthType, Cors, InvokeMode } = config;
  const address = made('AWS::Lambda::Url', target.attributes, {
    TargetFunctionArn: target.name,
    AuthType,
    Cors: isGiven(Cors) ? Cors : undefined,
    InvokeMode,
  });
  if (AuthType !== 'NONE') return [[`${logicalId}Url`, address]];
  const everybody = (properties: JsonObject): JsonObject =>
    made('AWS::Lambda::Permission', target.attributes, { FunctionName: target.name, Principal: '*', ...properties });
  return [
    [`${logicalId}Url`, address],
    [
      `${logicalId}UrlPublicPermissions`,
      everybody({ Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: AuthType }),
    ],
    [
      `${logicalId}URLInvokeAllowPublicAccess`,
      everybody({ Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }),
    ],
  ];
}

function check(logicalId: string, config: JsonObject): void {
  if (isIntrinsic(config)) return;
  const { AuthType, Cors } = config;
  if (!isIntrinsic(AuthType) && AuthType !== 'AWS_IAM' && AuthType !== 'NONE')
    throw refusedResource(
      logicalId,
      'AuthType is required to configure function property `FunctionUrlConfig`. Please provide either AWS_IAM or NONE.',
    );
  if (!isGiven(Cors) || isIntrinsic(Cors)) return;
  for (const [name, value] of Object.entries(mapping(logicalId, 'FunctionUrlConfig.Cors', Cors))) {
    const type = memberOf(CORS, name);
    if (type === undefined) throw refusedResource(logicalId, `${name} is not a valid property for configuring Cors.`);
    if (!isIntrinsic(value) && !isOf(type, value)) throw refusedResource(logicalId, `${name} must be of type ${type}.`);
  }
}
