import { isObject, type Json, type JsonObject } from './json.js';
import { POLICY_TEMPLATES } from './serverless-policies.js';
import { refusedResource } from './serverless-refusal.js';

export const managedPolicy = (name: string): Json => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${name}` });

/** A role that one AWS service may assume. */
export const serviceRole = (service: string, properties: JsonObject): JsonObject => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [service] } }],
    },
    ...properties,
  },
});

type Split = { readonly managed: readonly Json[]; readonly inline: readonly JsonObject[] };

/** A function's Policies: names and ARNs of managed ones, documents, and policy templates. */
function split(logicalId: string, policies: Json): Split {
  const managed: Json[] = [];
  const inline: JsonObject[] = [];
  (Array.isArray(policies) ? (policies as readonly Json[]) : [policies]).forEach((policy, index) => {
    const named = (document: Json): number =>
      inline.push({ PolicyName: `${logicalId}RolePolicy${index}`, PolicyDocument: document });
    if (typeof policy === 'string') {
      managed.push(policy.startsWith('arn:') ? policy : managedPolicy(policy));
      return;
    }
    if (!isObject(policy)) throw refusedResource(logicalId, 'Policies must be strings or mappings.');
    if (policy['Statement'] !== undefined) {
      named(policy);
      return;
    }
    const [name, parameters] = Object.entries(policy)[0] ?? [];
    if (name === 'Ref' || name?.startsWith('Fn::') === true) {
      managed.push(policy);
      return;
    }
    const template = name === undefined ? undefined : POLICY_TEMPLATES[name];
    if (template === undefined)
      throw refusedResource(logicalId, `The simulator does not know the policy template ${name}.`);
    named({ Statement: [template(isObject(parameters) ? parameters : {})] });
  });
  return { managed, inline };
}

/** What the function itself needs, whatever its own policies say. */
function implied(properties: JsonObject): readonly Json[] {
  const names = ['service-role/AWSLambdaBasicExecutionRole'];
  if (properties['VpcConfig'] !== undefined) names.push('service-role/AWSLambdaVPCAccessExecutionRole');
  if (properties['Tracing'] === 'Active') names.push('AWSXRayDaemonWriteAccess');
  return names.map(managedPolicy);
}

/** The execution role of a function that names none. */
export function executionRole(logicalId: string, properties: JsonObject): JsonObject {
  const { managed, inline } = split(logicalId, properties['Policies'] ?? []);
  const { PermissionsBoundary, RolePath, AssumeRolePolicyDocument } = properties;
  return serviceRole('lambda.amazonaws.com', {
    ...(AssumeRolePolicyDocument === undefined ? {} : { AssumeRolePolicyDocument }),
    ...(RolePath === undefined ? {} : { Path: RolePath }),
    ManagedPolicyArns: [...implied(properties), ...managed],
    ...(inline.length === 0 ? {} : { Policies: inline }),
    ...(PermissionsBoundary === undefined ? {} : { PermissionsBoundary }),
    Tags: [{ Key: 'lambda:createdBy', Value: 'SAM' }],
  });
}
