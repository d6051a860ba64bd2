import { memberOf, isObject, type Json, type JsonObject } from '../json.js';
import { notExpanded, refusedResource, refusedTemplate } from '../serverless-refusal.js';
import { awsPolicy, namedPolicy } from './managed-policies.js';
import { UNWRITTEN_POLICIES } from './policies-of-content.js';
import { policyDocument, type PolicyTemplate } from './policy-template.js';
import { POLICY_TEMPLATES } from './policies.js';
import { asList, ifParts, isGiven, isIntrinsic, isNoValue } from './values.js';
import { made, type Work } from './work.js';

/** A trust policy for one AWS service. */
export const trusted = (service: string): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [service] } }],
});

/** An inline policy of one statement. */
export const inlinePolicy = (name: string, ...statements: readonly Json[]): JsonObject => ({
  PolicyName: name,
  PolicyDocument: { Statement: statements },
});

export const allowed = (action: Json, resource: Json): JsonObject => ({
  Action: action,
  Effect: 'Allow',
  Resource: resource,
});

type Kind = 'managed' | 'document' | 'template' | 'unknown';

function kindOf(policy: Json): Kind {
  if (typeof policy === 'string') return 'managed';
  const parts = ifParts(policy);
  if (parts !== undefined) return kindOfBranches(parts);
  if (isIntrinsic(policy)) return 'managed';
  if (!isObject(policy)) return 'unknown';
  if (policy['Statement'] !== undefined) return 'document';
  const [name, ...others] = Object.keys(policy);
  return name !== undefined &&
    others.length === 0 &&
    (memberOf(POLICY_TEMPLATES, name) !== undefined || UNWRITTEN_POLICIES.has(name))
    ? 'template'
    : 'unknown';
}

function kindOfBranches(parts: readonly Json[]): Kind {
  if (parts.length !== 3) throw refusedTemplate('Fn::If requires 3 arguments');
  const [wanted, otherwise] = [parts[1]!, parts[2]!];
  const [first, second] = [kindOf(wanted), kindOf(otherwise)];
  if (first === second) return first;
  if (isNoValue(wanted)) return second;
  if (isNoValue(otherwise)) return first;
  throw refusedTemplate(
    'Different policy types within the same Fn::If statement is unsupported. Separate different policy types into different Fn::If statements',
  );
}

/** Applies to the value, or to both branches of an `Fn::If` except where they are no value. */
function inBranches(policy: Json, apply: (value: Json) => Json): Json {
  const parts = ifParts(policy);
  if (parts === undefined) return apply(policy);
  return { 'Fn::If': [parts[0]!, ...parts.slice(1).map((part) => (isNoValue(part) ? part : apply(part)))] };
}

function fromTemplate(logicalId: string, policy: Json): Json {
  const [name, values] = Object.entries(policy as JsonObject)[0]!;
  if (UNWRITTEN_POLICIES.has(name)) throw refusedResource(logicalId, notExpanded(`the policy template ${name}`));
  const known: PolicyTemplate = POLICY_TEMPLATES[name]!;
  if (!isObject(values))
    throw refusedResource(logicalId, `Must specify valid parameter values for policy template '${name}'`);
  const missing = known.parameters.filter((parameter) => values[parameter] === undefined);
  if (missing.length > 0)
    throw refusedResource(
      logicalId,
      `Following required parameters of template '${name}' don't have values: [${missing.map((parameter) => `'${parameter}'`).join(', ')}]`,
    );
  return policyDocument(known, values);
}

/** A role's own policies, policy templates written out. A name alone is a managed policy of AWS. */
export function readPolicies(logicalId: string, policies: Json | undefined): readonly Json[] {
  if (!isGiven(policies)) return [];
  return asList(policies).map((policy) => {
    if (kindOf(policy) !== 'template') return policy;
    return inBranches(policy, (branch) => fromTemplate(logicalId, branch));
  });
}

function managedArn(work: Work, logicalId: string, policy: Json): Json {
  if (typeof policy !== 'string') return policy;
  const arn = namedPolicy(work.partition, policy) ?? (policy.startsWith('arn:') ? policy : undefined);
  if (arn === undefined) throw refusedResource(logicalId, notExpanded(`the managed policy name ${policy}`));
  return arn;
}

export type RoleParts = {
  readonly attributes: JsonObject;
  readonly trust: Json;
  /** What the resource needs whatever its own policies say. */
  readonly managed: readonly string[];
  readonly inline: readonly Json[];
  readonly policies: readonly Json[];
  readonly path: Json | undefined;
  readonly boundary: Json | undefined;
  readonly tags: readonly JsonObject[];
};

/** The execution role of a function or state machine that names none; its policies are numbered by their places. */
export function executionRole(work: Work, logicalId: string, parts: RoleParts): JsonObject {
  const managed: Json[] = [...parts.managed];
  const inline: Json[] = [...parts.inline];
  parts.policies.forEach((policy, index) => {
    const kind = kindOf(policy);
    if (kind === 'document') {
      const name = `${logicalId}RolePolicy${index}`;
      inline.push(inBranches(policy, (PolicyDocument) => ({ PolicyName: name, PolicyDocument })));
    } else if (kind === 'managed') {
      const arn = inBranches(policy, (branch) => managedArn(work, logicalId, branch));
      if (!managed.some((other) => JSON.stringify(other) === JSON.stringify(arn))) managed.push(arn);
    } else throw refusedResource(logicalId, `Policy at index ${index} in the 'Policies' property is not valid`);
  });
  return made('AWS::IAM::Role', parts.attributes, {
    AssumeRolePolicyDocument: parts.trust,
    ManagedPolicyArns: managed,
    Path: parts.path,
    Policies: inline.length === 0 ? undefined : inline,
    PermissionsBoundary: parts.boundary,
    Tags: parts.tags,
  });
}

export const xrayPolicy = ({ partition }: Work): string =>
  awsPolicy(partition, partition === 'aws' ? 'AWSXrayWriteOnlyAccess' : 'AWSXRayDaemonWriteAccess');
