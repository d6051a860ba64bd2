import { isObject, type Json, type JsonObject } from '../json.js';
import { notExpanded, refusedResource } from '../serverless-refusal.js';
import type { Authorizer } from './api-authorizer.js';
import { applyAuth } from './api-auth.js';
import { applyCors } from './api-cors.js';
import { applyMediaTypes } from './api-definition.js';
import { applyEndpoint, definitionOf, deploymentOf } from './api-deployment.js';
import { applyGatewayResponses } from './api-responses.js';
import { jsonMember, toJson } from './definition.js';
import { namedId } from './identity.js';
import { checkProperties, picked, shapes } from './properties.js';
import { resolvedValue, type RestDraft } from './rest-draft.js';
import { isGiven, ref, sub, tagList } from './values.js';
import { made, ownAttributes, sharedAttributes, type Produced, type Work } from './work.js';

const SHAPES = shapes({
  'string|map': 'Name StageName* DefinitionUri EndpointConfiguration Cors Policy',
  map: 'Tags DefinitionBody Variables Auth GatewayResponses AccessLogSetting CanarySetting Models Domain',
  boolean: 'PropagateTags CacheClusterEnabled TracingEnabled FailOnWarnings DisableExecuteApiEndpoint',
  'boolean!': 'MergeDefinitions AlwaysDeploy',
  string: 'CacheClusterSize OpenApiVersion Description Mode ApiKeySourceType SecurityPolicy EndpointAccessMode',
  list: 'MethodSettings BinaryMediaTypes',
  integer: 'MinimumCompressionSize',
});

/** Expanded by AWS alone; a deployment for every transform could not be foreseen at all. */
const NOT_YET = ['Domain', 'Models', 'MergeDefinitions', 'AlwaysDeploy'];

/** A REST API with its deployment, its stage and what its authorizers may be called by. */
export function expandApi(work: Work, logicalId: string, resource: JsonObject, draft: RestDraft): Produced {
  const properties = toJson(draft.properties) as JsonObject;
  checkProperties(logicalId, 'AWS::Serverless::Api', properties, SHAPES);
  const unread = NOT_YET.find((property) => isGiven(properties[property]));
  if (unread !== undefined) throw refusedResource(logicalId, notExpanded(`the property ${unread}`));
  for (const name of ['BinaryMediaTypes', 'Auth']) {
    const value = draft.properties.get(name);
    if (value !== undefined) draft.properties.set(name, resolvedValue(value, work.known));
  }
  checkSource(logicalId, properties);
  applyCors(logicalId, draft);
  const authorizers = applyAuth(work.partition, logicalId, draft);
  applyGatewayResponses(logicalId, draft);
  applyMediaTypes(draft);
  applyEndpoint(logicalId, draft);
  const definition = definitionOf(logicalId, draft);
  const attributes = sharedAttributes(resource);
  const deployment = deploymentOf(work, logicalId, draft, definition.value);
  const stageId = stageIdOf(logicalId, properties['StageName']);
  const tags = properties['Tags'];
  const propagated = isGiven(properties['PropagateTags']) && isGiven(tags) ? tagList(tags) : undefined;
  return [
    [
      logicalId,
      made('AWS::ApiGateway::RestApi', ownAttributes(resource), {
        ...definition.property,
        ...picked(properties, 'MinimumCompressionSize'),
        BinaryMediaTypes: jsonMember(draft.properties, 'BinaryMediaTypes'),
        ...endpoint(work, logicalId, properties['EndpointConfiguration']),
        ...picked(
          Object.fromEntries(Object.entries(properties).filter(([, value]) => isGiven(value))),
          'FailOnWarnings Name Description Mode ApiKeySourceType Policy SecurityPolicy EndpointAccessMode',
        ),
        Tags: propagated,
      }),
    ],
    [
      deployment.id,
      made('AWS::ApiGateway::Deployment', attributes, {
        RestApiId: ref(logicalId),
        Description: deployment.description,
        StageName: isGiven(properties['OpenApiVersion']) ? undefined : 'Stage',
      }),
    ],
    [
      stageId,
      made('AWS::ApiGateway::Stage', attributes, {
        RestApiId: ref(logicalId),
        DeploymentId: ref(deployment.id),
        ...picked(
          properties,
          'StageName CacheClusterEnabled CacheClusterSize Variables MethodSettings AccessLogSetting CanarySetting TracingEnabled',
        ),
        Tags: tags === undefined || tags === null ? undefined : tagList(tags),
      }),
    ],
    ...authorizerPermissions(work, logicalId, attributes, authorizers),
  ];
}

function checkSource(logicalId: string, properties: JsonObject): void {
  if (isGiven(properties['DefinitionUri']) && isGiven(properties['DefinitionBody']))
    throw refusedResource(logicalId, "Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.");
  const version = properties['OpenApiVersion'];
  if (isGiven(version) && !/^[2-3](\.\d)(\.\d)?$/.test(typeof version === 'string' ? version : JSON.stringify(version)))
    throw refusedResource(logicalId, "The OpenApiVersion value must be of the format '3.0.0'.");
}

function stageIdOf(logicalId: string, stage: Json | undefined): string {
  const name = typeof stage === 'string' ? stage : '';
  if (/^[\p{L}\p{N}]+$/u.test(name)) return `${logicalId}${name}Stage`;
  return name === '' ? `${logicalId}Stage` : namedId(`${logicalId}Stage`, name);
}

/** Where the API can be reached; outside the partition `aws` there are no edge-optimized ones. */
function endpoint(work: Work, logicalId: string, written: Json | undefined): JsonObject {
  const value = isGiven(written) ? written : work.partition === 'aws' ? undefined : 'REGIONAL';
  if (value === undefined) return {};
  if (!isObject(value) || !isGiven(value['Type']))
    return { EndpointConfiguration: { Types: [value] }, Parameters: { endpointConfigurationTypes: value } };
  const { Type, VPCEndpointIds, VpcEndpointIds, IpAddressType } = value;
  if (VPCEndpointIds !== undefined && VpcEndpointIds !== undefined)
    throw refusedResource(
      logicalId,
      "'VPCEndpointIds' and 'VpcEndpointIds' cannot be used together in EndpointConfiguration.",
    );
  const ids = VPCEndpointIds ?? VpcEndpointIds;
  return {
    Parameters: { endpointConfigurationTypes: Type },
    EndpointConfiguration: {
      Types: [Type],
      ...(ids === undefined ? {} : { VpcEndpointIds: ids }),
      ...(IpAddressType === undefined ? {} : { IpAddressType }),
    },
  };
}

function authorizerPermissions(
  work: Work,
  logicalId: string,
  attributes: JsonObject,
  authorizers: ReadonlyMap<string, Authorizer>,
): Produced {
  const SourceArn = sub(
    `arn:${work.partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${__ApiId__}/authorizers/*`,
    { __ApiId__: ref(logicalId) },
  );
  return [...authorizers].flatMap(([name, { functionArn, permitted }]) =>
    !permitted || !isGiven(functionArn)
      ? []
      : [
          [
            `${logicalId}${name}AuthorizerPermission`,
            made('AWS::Lambda::Permission', attributes, {
              Action: 'lambda:InvokeFunction',
              FunctionName: functionArn,
              Principal: 'apigateway.amazonaws.com',
              SourceArn,
            }),
          ] as const,
        ],
  );
}
