import type { Grant, ManagedPolicy } from '../../model/card.js';
import type { TemplateDocument } from '../../model/template.js';
import { possible, readable, readableList } from './card-values.js';
import { isMapping, resourcesOf } from '../../model/template-resources.js';
import type { Mapping, TemplateResource } from '../../model/template-resources.js';

/** Resource type → the property that says who may use it. */
const RESOURCE_POLICIES: ReadonlyMap<string, string> = new Map([
  ['AWS::ApiGateway::RestApi', 'Policy'],
  ['AWS::Backup::BackupVault', 'AccessPolicy'],
  ['AWS::ECR::Repository', 'RepositoryPolicyText'],
  ['AWS::Events::EventBusPolicy', 'Statement'],
  ['AWS::IoT::Policy', 'PolicyDocument'],
  ['AWS::KMS::Key', 'KeyPolicy'],
  ['AWS::Logs::ResourcePolicy', 'PolicyDocument'],
  ['AWS::OpenSearchService::Domain', 'AccessPolicies'],
  ['AWS::S3::BucketPolicy', 'PolicyDocument'],
  ['AWS::SNS::TopicPolicy', 'PolicyDocument'],
  ['AWS::SQS::QueuePolicy', 'PolicyDocument'],
  ['AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy'],
]);

/** Types whose `PolicyDocument` is an identity's. */
const IDENTITY_POLICIES: ReadonlySet<string> = new Set([
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
]);
const LAMBDA_PERMISSIONS: ReadonlySet<string> = new Set([
  'AWS::Lambda::LayerVersionPermission',
  'AWS::Lambda::Permission',
]);

/** Every statement of every policy in the template, in its order. */
export function grantsOf(document: TemplateDocument): readonly Grant[] {
  return resourcesOf(document).flatMap(grantsIn);
}

/** Every policy that is only named. */
export function managedPoliciesOf(document: TemplateDocument): readonly ManagedPolicy[] {
  return resourcesOf(document).flatMap(({ logicalId, type, properties }) => {
    const named = [
      ...readableList(properties['ManagedPolicyArns']),
      ...(isServerless(type) ? possible(properties['Policies']).flatMap(samPolicyName) : []),
    ];
    return named.map((policy) => ({ holder: logicalId, policy }));
  });
}

function grantsIn(resource: TemplateResource): readonly Grant[] {
  const { type, properties } = resource;
  const own = (on: Grant['on'], policy: unknown): readonly Grant[] =>
    statementsOf(policy).map((statement) => grantOf(resource, on, statement));
  const resourcePolicy = RESOURCE_POLICIES.get(type);
  return [
    ...own('trust', properties['AssumeRolePolicyDocument']),
    ...(IDENTITY_POLICIES.has(type) ? own('identity', properties['PolicyDocument']) : []),
    ...possible(properties['Policies']).flatMap((policy) =>
      isMapping(policy) ? own('identity', policy['PolicyDocument'] ?? (isServerless(type) ? policy : null)) : [],
    ),
    ...(resourcePolicy === undefined ? [] : own('resource', properties[resourcePolicy])),
    ...(type === 'AWS::Events::EventBusPolicy' && properties['Statement'] === undefined
      ? [grantOf(resource, 'resource', { ...properties, Effect: 'Allow' })]
      : []),
    ...(LAMBDA_PERMISSIONS.has(type) ? [lambdaPermission(resource)] : []),
  ];
}

function statementsOf(policy: unknown): readonly Mapping[] {
  return possible(policy).flatMap((document) => {
    if (!isMapping(document)) return [];
    const statements = document['Statement'] === undefined ? [document] : possible(document['Statement']);
    return statements.filter(isMapping).filter((statement) => 'Action' in statement || 'NotAction' in statement);
  });
}

function grantOf(resource: TemplateResource, on: Grant['on'], statement: Mapping): Grant {
  const actions = allOrBut(readableList(statement['Action']), readableList(statement['NotAction']));
  const resources = allOrBut(readableList(statement['Resource']), readableList(statement['NotResource']));
  const principals = allOrBut(principalsOf(statement['Principal']), principalsOf(statement['NotPrincipal']));
  return {
    holder: resource.logicalId,
    holderType: resource.type,
    on,
    effect: readable(statement['Effect']) === 'Deny' ? 'Deny' : 'Allow',
    actions,
    resources,
    principals,
    conditioned: isMapping(statement['Condition']),
    wide: wideIn(on, { actions, resources, principals }),
  };
}

/** Lambda's own way of saying who may call a function or use a layer. */
function lambdaPermission(resource: TemplateResource): Grant {
  const { properties } = resource;
  const sources = ['SourceArn', 'SourceAccount', 'EventSourceToken', 'PrincipalOrgID', 'OrganizationId'];
  return {
    ...grantOf(resource, 'resource', {
      Effect: 'Allow',
      Action: properties['Action'],
      Resource: properties['FunctionName'] ?? properties['LayerVersionArn'],
      Principal: properties['Principal'],
    }),
    conditioned: sources.some((name) => properties[name] !== undefined),
  };
}

const BUT = 'everything but ';

function allOrBut(named: readonly string[], spared: readonly string[]): readonly string[] {
  return spared.length === 0 ? named : [`${BUT}${spared.join(', ')}`];
}

function principalsOf(principal: unknown): readonly string[] {
  return possible(principal).flatMap((each) =>
    isMapping(each) && Object.keys(each).every((key) => PRINCIPAL_KINDS.has(key))
      ? Object.values(each).flatMap(readableList)
      : [readable(each)],
  );
}
const PRINCIPAL_KINDS: ReadonlySet<string> = new Set(['AWS', 'CanonicalUser', 'Federated', 'Service']);

/**
 * An ARN with `*` somewhere in it is narrower than everything, and is there for all to see. In a resource's own policy `*` is that
 * resource, and who may assume a role is all that its trust says.
 */
function wideIn(on: Grant['on'], parts: Readonly<Record<Grant['wide'][number], readonly string[]>>): Grant['wide'] {
  const wide: Readonly<Record<Grant['wide'][number], (text: string) => boolean>> = {
    actions: (text) => text.includes('*') || text.startsWith(BUT),
    resources: (text) => text === '*' || text.startsWith(BUT),
    principals: (text) => text === '*' || text.startsWith(BUT),
  };
  return WIDE_PARTS[on].filter((part) => parts[part].some(wide[part]));
}

const WIDE_PARTS: Readonly<Record<Grant['on'], Grant['wide']>> = {
  identity: ['actions', 'resources'],
  resource: ['actions', 'principals'],
  trust: ['principals'],
};

const isServerless = (type: string): boolean => type.startsWith('AWS::Serverless::');

/** SAM takes a policy by its ARN or name, or one of its own patterns: `{ S3ReadPolicy: { … } }`. */
function samPolicyName(policy: unknown): readonly string[] {
  if (!isMapping(policy)) return [readable(policy)];
  if (policy['Statement'] !== undefined || policy['PolicyDocument'] !== undefined) return [];
  const [name] = Object.keys(policy);
  return name === undefined ? [] : [isIntrinsic(name) ? readable(policy) : `SAM policy template ${name}`];
}

const isIntrinsic = (name: string): boolean => name === 'Ref' || name.startsWith('Fn::');
