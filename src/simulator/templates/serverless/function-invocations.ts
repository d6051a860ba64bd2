import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { destinationPolicy } from './event-mappings.js';
import { contentHash } from './identity.js';
import type { Published } from './function-version.js';
import { conditional, getAtt, ifParts, isGiven, isNoValue, ref, shown } from './values.js';
import { made, keptAttributes, sharedAttributes, type Produced, type Work } from './work.js';

const TYPES = ['SQS', 'SNS', 'EventBridge', 'Lambda', 'S3Bucket'];

type Destination = { readonly arn: Json; readonly made: Produced; readonly policy: JsonObject | undefined };

/** How asynchronous calls are retried and where their outcomes go, and what the function's role needs for that. */
export function invocations(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  config: JsonObject,
  published: Published | undefined,
): { readonly made: Produced; readonly policies: readonly JsonObject[] } {
  const known = work.resolve(config) as JsonObject;
  const id = `${logicalId}EventInvokeConfig`;
  const outcomes = known['DestinationConfig'];
  if (isGiven(outcomes) && !isObject(outcomes))
    throw refusedResource(logicalId, "Property 'EventInvokeConfig.DestinationConfig' should be a map.");
  const destinations = ['OnSuccess', 'OnFailure'].flatMap((name) => {
    const outcome = isObject(outcomes) ? outcomes[name] : undefined;
    if (outcome === undefined || outcome === null) return [];
    if (!isObject(outcome))
      throw refusedResource(logicalId, `Property 'EventInvokeConfig.DestinationConfig.${name}' should be a map.`);
    return [[name, destination(work, logicalId, resource, outcome, id, `${id}${name}`)] as const];
  });
  const configured = made(
    'AWS::Lambda::EventInvokeConfig',
    { ...(published === undefined ? {} : { DependsOn: [published.aliasId] }), ...keptAttributes(resource) },
    {
      FunctionName: ref(logicalId),
      Qualifier: published?.aliasName ?? '$LATEST',
      DestinationConfig: Object.fromEntries(destinations.map(([name, { arn }]) => [name, { Destination: arn }])),
      MaximumEventAgeInSeconds: known['MaximumEventAgeInSeconds'],
      MaximumRetryAttempts: known['MaximumRetryAttempts'],
    },
  );
  return {
    made: [...destinations.flatMap(([, one]) => one.made), [id, configured]],
    policies: destinations.flatMap(([, { policy }]) => (policy === undefined ? [] : [policy])),
  };
}

/** A destination that is named, or a queue or topic that is made for it, perhaps under a condition. */
function destination(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  outcome: JsonObject,
  configId: string,
  id: string,
): Destination {
  const { Type, Destination: written } = outcome;
  if (typeof Type !== 'string' || !TYPES.includes(Type))
    throw refusedResource(
      logicalId,
      `'Type: ${Type === undefined ? 'None' : shown(Type)}' must be one of [${TYPES.map((type) => `'${type}'`).join(', ')}]`,
    );
  const named = written !== undefined && written !== null;
  const when = named ? whenAbsent(work, configId, written) : undefined;
  if (named && when === undefined) return { arn: written, made: [], policy: destinationPolicy(id, Type, written) };
  if (Type !== 'SQS' && Type !== 'SNS')
    throw refusedResource(logicalId, "Destination is required if Type is not ['SQS', 'SNS']");
  const ownId = `${id}${Type === 'SQS' ? 'Queue' : 'Topic'}`;
  const ownArn = Type === 'SQS' ? getAtt(ownId, 'Arn') : ref(ownId);
  const arn = when === undefined ? ownArn : conditional(when.condition, ownArn, when.otherwise);
  const shared = sharedAttributes(resource);
  const condition = both(work, logicalId, shared['Condition'], when?.condition);
  const attributes = { ...shared, ...(condition === undefined ? {} : { Condition: condition }) };
  const own = made(Type === 'SQS' ? 'AWS::SQS::Queue' : 'AWS::SNS::Topic', attributes, {});
  return { arn, made: [[ownId, own]], policy: destinationPolicy(id, Type, arn) };
}

/** The condition under which an `Fn::If` names no destination, and what it names otherwise. */
function whenAbsent(
  work: Work,
  configId: string,
  written: Json,
): { readonly condition: string; readonly otherwise: Json } | undefined {
  const parts = ifParts(written);
  if (parts === undefined) return undefined;
  if (parts.length !== 3)
    throw refusedResource(configId, "Malformed 'Destination' property: Fn::If requires 3 arguments.");
  const [condition, wanted, otherwise] = parts as readonly [string, Json, Json];
  if (isNoValue(wanted) && isNoValue(otherwise)) return undefined;
  if (isNoValue(wanted)) return { condition, otherwise };
  if (!isNoValue(otherwise)) return undefined;
  const not = `NOT${condition}${contentHash(configId)}`;
  work.conditions[not] = { 'Fn::Not': [{ Condition: condition }] };
  return { condition: not, otherwise: wanted };
}

function both(work: Work, logicalId: string, own: Json | undefined, other: string | undefined): Json | undefined {
  if (own === undefined || other === undefined) return own ?? other;
  const name = `${shown(own)}AND${other}${contentHash(logicalId)}`;
  work.conditions[name] = { 'Fn::And': [{ Condition: { Condition: own } }, { Condition: { Condition: other } }] };
  return name;
}
