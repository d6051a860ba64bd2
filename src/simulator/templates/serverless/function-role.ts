import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { awsPolicy } from './managed-policies.js';
import { executionRole, readPolicies, trusted, xrayPolicy } from './role.js';
import { createdBy } from './tags.js';
import { conditional, getAtt, ifParts, isGiven, isNoValue, tagList } from './values.js';
import { sharedAttributes, type Work } from './work.js';

/** The role that a function gets where it names none. */
export function executionRoleOf(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  properties: JsonObject,
  outcomes: readonly Json[],
): JsonObject {
  const { AssumeRolePolicyDocument, DeadLetterQueue, Tracing, VpcConfig, Tags } = properties;
  const basic = isGiven(properties['DurableConfig'])
    ? 'AWSLambdaBasicDurableExecutionRolePolicy'
    : 'AWSLambdaBasicExecutionRole';
  const traced = isGiven(Tracing) && work.resolve(Tracing) !== 'Disabled';
  return executionRole(work, logicalId, {
    attributes: sharedAttributes(resource),
    trust: AssumeRolePolicyDocument ?? trusted('lambda.amazonaws.com'),
    managed: [
      awsPolicy(work.partition, `service-role/${basic}`),
      ...(traced ? [xrayPolicy(work)] : []),
      ...(isGiven(VpcConfig) ? [awsPolicy(work.partition, 'service-role/AWSLambdaVPCAccessExecutionRole')] : []),
    ],
    inline: [
      ...(isObject(DeadLetterQueue) && isGiven(DeadLetterQueue) ? [deadLetterPolicy(DeadLetterQueue)] : []),
      ...outcomes,
    ],
    policies: readPolicies(logicalId, properties['Policies']),
    path: properties['RolePath'],
    boundary: properties['PermissionsBoundary'],
    tags: [...createdBy(logicalId, 'lambda', Tags), ...tagList(Tags)],
  });
}

const deadLetterPolicy = ({ Type, TargetArn }: JsonObject): Json => ({
  PolicyName: 'DeadLetterQueuePolicy',
  PolicyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: Type === 'SQS' ? 'sqs:SendMessage' : 'sns:Publish', Resource: TargetArn!, Effect: 'Allow' }],
  },
});

type Placed = { readonly arn: Json; readonly role: JsonObject; readonly made: boolean };

/** Which role the function has: its own, the one that it names, or either where an `Fn::If` names none in one of its branches. */
export function placedRole(work: Work, logicalId: string, written: Json | undefined, role: JsonObject): Placed {
  const own = getAtt(`${logicalId}Role`, 'Arn');
  if (written === undefined || written === null) return { arn: own, role, made: true };
  if (ifParts(written) === undefined) return { arn: written, role, made: false };
  const resolved = work.resolve(written);
  const parts = ifParts(resolved) ?? [];
  if (parts.length !== 3) throw refusedResource(logicalId, "Malformed 'Role' property: Fn::If requires 3 arguments.");
  const [condition, wanted, otherwise] = parts as readonly [string, Json, Json];
  if (isNoValue(wanted) && isNoValue(otherwise)) return { arn: own, role, made: true };
  if (isNoValue(wanted))
    return { arn: conditional(condition, own, otherwise), role: { ...role, Condition: condition }, made: true };
  if (!isNoValue(otherwise)) return { arn: resolved, role, made: false };
  const not = `NOT${condition}`;
  work.conditions[not] = { 'Fn::Not': [{ Condition: condition }] };
  return { arn: conditional(condition, wanted, own), role: { ...role, Condition: not }, made: true };
}
