import { isObject, memberOf, type Json, type JsonObject } from '../json.js';
import { refusedDocument, refusedResource } from '../serverless-refusal.js';
import { isIntrinsic } from './values.js';

/** The properties that the section of a type may hold; `Architectures` of a function replace those of the section. */
const SECTIONS: Readonly<Record<string, string>> = {
  Function:
    'Handler Runtime CodeUri DeadLetterQueue Description MemorySize Timeout VpcConfig Environment Tags PropagateTags Tracing KmsKeyArn AutoPublishAlias AutoPublishAliasAllProperties Layers DeploymentPreference RolePath PermissionsBoundary ReservedConcurrentExecutions ProvisionedConcurrencyConfig AssumeRolePolicyDocument EventInvokeConfig FileSystemConfigs CodeSigningConfigArn Architectures SnapStart EphemeralStorage FunctionUrlConfig RuntimeManagementConfig LoggingConfig RecursiveLoop SourceKMSKeyArn TenancyConfig DurableConfig CapacityProviderConfig FunctionScalingConfig PublishToLatestPublished VersionDeletionPolicy',
  Api: 'Auth Name DefinitionUri CacheClusterEnabled CacheClusterSize MergeDefinitions Variables EndpointConfiguration MethodSettings BinaryMediaTypes MinimumCompressionSize Cors GatewayResponses AccessLogSetting CanarySetting TracingEnabled OpenApiVersion Domain AlwaysDeploy PropagateTags SecurityPolicy EndpointAccessMode',
  HttpApi:
    'Auth AccessLogSettings StageVariables Tags CorsConfiguration DefaultRouteSettings Domain RouteSettings FailOnWarnings PropagateTags',
  SimpleTable: 'SSESpecification',
  StateMachine: 'PropagateTags',
  LayerVersion: 'PublishLambdaVersion',
  CapacityProvider:
    'VpcConfig OperatorRole Tags InstanceRequirements ScalingConfig KmsKeyArn PropagateTags LoggingConfig ManagedResourceTags',
  MicrovmImage:
    'BuildRoleArn BaseImageArn BaseImageVersion Logging EgressNetworkConnectors CpuConfigurations Resources AdditionalOsCapabilities Hooks EnvironmentVariables Tags PropagateTags',
  NetworkConnector: 'OperatorRole Tags PropagateTags',
  WebSocketApi:
    'AccessLogSettings ApiKeySelectionExpression DefaultRouteSettings DisableExecuteApiEndpoint DisableSchemaValidation Domain FailOnWarnings IpAddressType PropagateTags RouteSelectionExpression RouteSettings StageVariables Tags',
};

const quoted = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`;

const refused = (why: string): Error => refusedDocument([`'Globals' section is invalid. ${why}`]);

/** The sections of Globals, by the type that they are for. Refuses sections and properties that Globals cannot hold. */
export function readGlobals(globals: Json | undefined): ReadonlyMap<string, JsonObject> {
  if (globals === undefined) return new Map();
  if (!isObject(globals)) throw refused('It must be a non-empty dictionary');
  const sections = Object.entries(globals).map(([name, properties]) => {
    const supported = memberOf(SECTIONS, name)?.split(' ');
    if (supported === undefined)
      throw refused(
        `'${name}' is not supported. Must be one of the following values - ${quoted(Object.keys(SECTIONS).sort())}`,
      );
    if (!isObject(properties)) throw refused('Value of ${section} must be a dictionary');
    const unknown = Object.keys(properties).find((property) => !supported.includes(property));
    if (unknown !== undefined)
      throw refused(
        `'${unknown}' is not a supported property of '${name}'. Must be one of the following values - ${quoted(supported)}`,
      );
    return [`AWS::Serverless::${name}`, properties] as const;
  });
  return new Map(sections);
}

/** A section without what the resource's `IgnoreGlobals` names. */
export function heeded(logicalId: string, section: JsonObject, ignored: Json | undefined): JsonObject {
  if (ignored === undefined || ignored === null || ignored === '') return section;
  if (ignored === '*') return {};
  const refusal = (what: string): Error =>
    refusedDocument([
      refusedResource(logicalId, `Resource ${logicalId} has invalid resource attribute 'IgnoreGlobals'${what}.`)
        .problem,
    ]);
  if (!Array.isArray(ignored)) throw refusal('');
  const unknown = (ignored as readonly Json[]).find(
    (name) => typeof name !== 'string' || !Object.hasOwn(section, name),
  );
  if (unknown !== undefined)
    throw refusal(` on item '${typeof unknown === 'string' ? unknown : JSON.stringify(unknown)}'`);
  return Object.fromEntries(Object.entries(section).filter(([name]) => !(ignored as readonly Json[]).includes(name)));
}

const REPLACED = new Set(['Architectures']);

/** Mappings merge, lists follow one another, anything else of the resource wins over the section. */
export function mergedGlobals(section: JsonObject, own: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...section };
  for (const [key, value] of Object.entries(own)) {
    const before = memberOf(section, key);
    result[key] = before === undefined || REPLACED.has(key) ? value : merged(before, value);
  }
  return result;
}

function merged(shared: Json, own: Json): Json {
  if (Array.isArray(shared) && Array.isArray(own)) return [...(shared as readonly Json[]), ...(own as readonly Json[])];
  if (isIntrinsic(shared) || isIntrinsic(own)) return own;
  return isObject(shared) && isObject(own) ? mergedMembers(shared, own) : own;
}

function mergedMembers(shared: JsonObject, own: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...shared };
  for (const [key, value] of Object.entries(own)) {
    const before = memberOf(result, key);
    result[key] = before === undefined ? value : merged(before, value);
  }
  return result;
}
