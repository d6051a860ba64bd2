import { isObject, type Json, type JsonObject } from '../json.js';
import { notExpanded, refusedResource } from '../serverless-refusal.js';
import { s3Place } from './code.js';
import { HTTP_IAM, readHttpAuthorizer, type HttpAuthorizer } from './http-api-authorizer.js';
import { editedBody } from './http-api-definition.js';
import { isHttpDefinition } from './http-definition.js';
import { namedId } from './identity.js';
import { checkProperties, picked, shapes } from './properties.js';
import { isGiven, ref, sub } from './values.js';
import { made, ownAttributes, sharedAttributes, type Produced, type Work } from './work.js';

const SHAPES = shapes({
  any: 'Name',
  'string|map': 'StageName DefinitionUri',
  map: 'Tags DefinitionBody StageVariables AccessLogSettings DefaultRouteSettings Auth RouteSettings Domain',
  'boolean|map': 'CorsConfiguration',
  boolean: 'PropagateTags FailOnWarnings DisableExecuteApiEndpoint',
  string: 'Description',
});

/** An HTTP API with its stage and what its authorizers may be called by. */
export function expandHttpApi(work: Work, logicalId: string, resource: JsonObject, properties: JsonObject): Produced {
  checkProperties(logicalId, 'AWS::Serverless::HttpApi', properties, SHAPES);
  if (isGiven(properties['Domain'])) throw refusedResource(logicalId, notExpanded('the property Domain'));
  const { DefinitionUri, DefinitionBody, FailOnWarnings } = properties;
  if (isGiven(DefinitionUri) && isGiven(DefinitionBody))
    throw refusedResource(logicalId, "Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.");
  const authorizers = readAuthorizers(work, logicalId, properties);
  const tags = tagsOf(logicalId, properties);
  const body = isGiven(DefinitionBody) ? editedBody(work, logicalId, properties, authorizers, tags) : undefined;
  if (body === undefined) withoutBody(logicalId, properties);
  const attributes = sharedAttributes(resource);
  return [
    [
      logicalId,
      made('AWS::ApiGatewayV2::Api', ownAttributes(resource), {
        Body: body,
        BodyS3Location: body === undefined ? place(logicalId, DefinitionUri) : undefined,
        FailOnWarnings: isGiven(FailOnWarnings) ? FailOnWarnings : undefined,
      }),
    ],
    ...permissions(logicalId, attributes, authorizers),
    stage(logicalId, attributes, properties, tags),
  ];
}

/** The API's tags with the transform's own; none where they cannot be written into a definition. */
function tagsOf(logicalId: string, { Tags, DefinitionBody }: JsonObject): JsonObject | undefined {
  if (isGiven(Tags) && !isGiven(DefinitionBody))
    throw refusedResource(logicalId, "Tags works only with inline OpenApi specified in the 'DefinitionBody' property.");
  if (isGiven(Tags) && !isHttpDefinition(DefinitionBody))
    throw refusedResource(
      logicalId,
      "Unable to add `Tags` because 'DefinitionBody' does not contain a valid OpenApi definition.",
    );
  return isHttpDefinition(DefinitionBody) ? { ...(isObject(Tags) ? Tags : {}), 'httpapi:createdBy': 'SAM' } : undefined;
}

function withoutBody(logicalId: string, properties: JsonObject): void {
  const inline = (what: string, the = ''): Error =>
    refusedResource(logicalId, `${what} works only with inline OpenApi specified in ${the}'DefinitionBody' property.`);
  if (isGiven(properties['CorsConfiguration'])) throw inline('Cors');
  if (isGiven(properties['Auth'])) throw inline('Auth', 'the ');
  if (properties['DisableExecuteApiEndpoint'] !== undefined)
    throw refusedResource(logicalId, "DisableExecuteApiEndpoint works only within 'DefinitionBody' property.");
  if (isGiven(properties['Name'])) throw inline('Name', 'the ');
  if (isGiven(properties['Description'])) throw inline('Description', 'the ');
  if (!isGiven(properties['DefinitionUri']))
    throw refusedResource(
      logicalId,
      "'DefinitionUri' or 'DefinitionBody' are required properties of an 'AWS::Serverless::HttpApi'. Add a value for one of these properties or add a 'HttpApi' event to an 'AWS::Serverless::Function'.",
    );
}

function place(logicalId: string, uri: Json | undefined): JsonObject {
  const { Bucket, Key, Version } = s3Place(logicalId, 'DefinitionUri', uri);
  return { Bucket: Bucket!, Key: Key!, ...(Version === undefined ? {} : { Version }) };
}

function readAuthorizers(
  work: Work,
  logicalId: string,
  { Auth, DefinitionBody }: JsonObject,
): ReadonlyMap<string, HttpAuthorizer> {
  const found = new Map<string, HttpAuthorizer>();
  if (!isObject(Auth) || !isGiven(Auth) || !isGiven(DefinitionBody)) return found;
  const unknown = Object.keys(Auth).some(
    (key) => !['Authorizers', 'DefaultAuthorizer', 'EnableIamAuthorizer'].includes(key),
  );
  if (unknown) throw refusedResource(logicalId, "Invalid value for 'Auth' property");
  if (Auth['EnableIamAuthorizer'] === true) found.set('AWS_IAM', HTTP_IAM);
  const written = Auth['Authorizers'];
  if (!isGiven(written)) return found;
  if (!isObject(written)) throw refusedResource(logicalId, "Property 'Auth.Authorizers' should be a map.");
  for (const [name, one] of Object.entries(written))
    found.set(name, readHttpAuthorizer(work.partition, logicalId, name, one));
  return found;
}

function permissions(
  logicalId: string,
  attributes: JsonObject,
  authorizers: ReadonlyMap<string, HttpAuthorizer>,
): Produced {
  const SourceArn = sub(
    'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*',
    { __ApiId__: ref(logicalId) },
  );
  return [...authorizers].flatMap(([name, { permittedFunction }]) =>
    permittedFunction === undefined
      ? []
      : [
          [
            `${logicalId}${name}AuthorizerPermission`,
            made('AWS::Lambda::Permission', attributes, {
              Action: 'lambda:InvokeFunction',
              FunctionName: permittedFunction,
              Principal: 'apigateway.amazonaws.com',
              SourceArn,
            }),
          ] as const,
        ],
  );
}

function stage(
  logicalId: string,
  attributes: JsonObject,
  properties: JsonObject,
  tags: JsonObject | undefined,
): readonly [string, JsonObject] {
  const given = properties['StageName'];
  const name = isGiven(given) ? given : '$default';
  const text = typeof name === 'string' ? name : '';
  const id = /^[\p{L}\p{N}]+$/u.test(text)
    ? `${logicalId}${text}Stage`
    : text === '$default'
      ? `${logicalId}ApiGatewayDefaultStage`
      : text === ''
        ? `${logicalId}Stage`
        : namedId(`${logicalId}Stage`, text);
  const resource = made('AWS::ApiGatewayV2::Stage', attributes, {
    ApiId: ref(logicalId),
    StageName: name,
    ...picked(properties, 'StageVariables AccessLogSettings DefaultRouteSettings RouteSettings'),
    Tags: tags,
    AutoDeploy: true,
  });
  return [id, resource];
}
