import { memberOf, isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { checkProperties, shapes } from './properties.js';
import { isGiven, tagList } from './values.js';
import { made, ownAttributes, type Produced } from './work.js';

const SHAPES = shapes({
  any: 'PointInTimeRecoverySpecification',
  'map of string': 'PrimaryKey',
  'map of integer|map': 'ProvisionedThroughput',
  'string|map': 'TableName',
  map: 'Tags SSESpecification',
});

const ATTRIBUTE_TYPES: Readonly<Record<string, string>> = { String: 'S', Number: 'N', Binary: 'B' };

/** A table with a key of one attribute. */
export function expandTable(logicalId: string, resource: JsonObject, properties: JsonObject): Produced {
  checkProperties(logicalId, 'AWS::Serverless::SimpleTable', properties, SHAPES);
  const key = primaryKey(logicalId, properties['PrimaryKey']);
  const given = (name: string): Json | undefined => (isGiven(properties[name]) ? properties[name] : undefined);
  const table = made('AWS::DynamoDB::Table', ownAttributes(resource), {
    AttributeDefinitions: [key],
    KeySchema: [{ AttributeName: key['AttributeName']!, KeyType: 'HASH' }],
    PointInTimeRecoverySpecification: given('PointInTimeRecoverySpecification'),
    ProvisionedThroughput: given('ProvisionedThroughput'),
    BillingMode: given('ProvisionedThroughput') === undefined ? 'PAY_PER_REQUEST' : undefined,
    SSESpecification: given('SSESpecification'),
    TableName: given('TableName'),
    Tags: given('Tags') === undefined ? undefined : tagList(properties['Tags']),
  });
  return [[logicalId, table]];
}

function primaryKey(logicalId: string, written: Json | undefined): JsonObject {
  if (!isObject(written) || !isGiven(written)) return { AttributeName: 'id', AttributeType: 'S' };
  for (const name of ['Name', 'Type'])
    if (written[name] === undefined) throw refusedResource(logicalId, `Property 'PrimaryKey.${name}' is required.`);
  const type = written['Type'] as string;
  const short = memberOf(ATTRIBUTE_TYPES, type);
  if (short === undefined) throw refusedResource(logicalId, `Invalid 'Type' "${type}".`);
  return { AttributeName: written['Name']!, AttributeType: short };
}
