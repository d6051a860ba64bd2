import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { combinedConditions } from './conditions.js';
import { awsPolicy } from './managed-policies.js';
import { trusted } from './role.js';
import { getAtt, ifParts, isGiven, isIntrinsic, isNoValue, ref, tagList } from './values.js';
import { made, type Produced, type Work } from './work.js';

const APPLICATION = 'ServerlessDeploymentApplication';
const SERVICE_ROLE = 'CodeDeployServiceRole';
const CONDITION = 'ServerlessCodeDeployCondition';

const PREDEFINED = new Set([
  'Canary10Percent5Minutes',
  'Canary10Percent10Minutes',
  'Canary10Percent15Minutes',
  'Canary10Percent30Minutes',
  'Linear10PercentEvery1Minute',
  'Linear10PercentEvery2Minutes',
  'Linear10PercentEvery3Minutes',
  'Linear10PercentEvery10Minutes',
  'AllAtOnce',
]);

/** How one function is to be deployed gradually. */
export type Preference = {
  readonly type: Json;
  readonly hooks: JsonObject;
  readonly alarms: Json | undefined;
  readonly role: Json | undefined;
  readonly triggers: Json | undefined;
  readonly condition: Json | undefined;
  readonly tags: JsonObject | undefined;
};

/** A function's preference; undefined where it has none or has it disabled. */
export function readPreference(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  properties: JsonObject,
): Preference | undefined {
  const written = properties['DeploymentPreference'];
  if (!isObject(written) || !isGiven(written)) return undefined;
  const enabled = work.lookUp(written['Enabled'] ?? true);
  const passes = passesCondition(work, logicalId, written['PassthroughCondition']);
  if (enabled === 'false' || enabled === 'False' || !isGiven(enabled)) return undefined;
  const { Type, Hooks, Alarms, Role, TriggerConfigurations } = written;
  if (Type === undefined)
    throw refusedResource(logicalId, "'DeploymentPreference' is missing required Property 'Type'");
  if (Hooks !== undefined && !isObject(Hooks))
    throw refusedResource(logicalId, "'Hooks' property of 'DeploymentPreference' must be a dictionary");
  const tags = properties['Tags'];
  return {
    type: work.lookUp(Type),
    hooks: Hooks ?? {},
    alarms: Alarms,
    role: Role,
    triggers: TriggerConfigurations,
    condition: passes ? resource['Condition'] : undefined,
    tags: isGiven(properties['PropagateTags']) && isObject(tags) && isGiven(tags) ? tags : undefined,
  };
}

function passesCondition(work: Work, logicalId: string, written: Json | undefined): boolean {
  if (written === undefined) return false;
  const value = work.lookUp(written);
  if (value === true || value === 'true' || value === 'True') return true;
  if (value === false || value === 'false' || value === 'False') return false;
  throw refusedResource(
    logicalId,
    isIntrinsic(value)
      ? 'Unsupported intrinsic: the only intrinsic functions supported for property PassthroughCondition are FindInMap and parameter Refs.'
      : 'Invalid value for property PassthroughCondition.',
  );
}

const groupId = (logicalId: string): string => `${logicalId}DeploymentGroup`;

/** How CloudFormation moves the alias: through CodeDeploy. */
export const aliasPolicy = (logicalId: string, { hooks }: Preference): JsonObject => ({
  CodeDeployLambdaAliasUpdate: {
    ApplicationName: ref(APPLICATION),
    DeploymentGroupName: ref(groupId(logicalId)),
    ...(isGiven(hooks['PreTraffic']) ? { BeforeAllowTrafficHook: hooks['PreTraffic'] } : {}),
    ...(isGiven(hooks['PostTraffic']) ? { AfterAllowTrafficHook: hooks['PostTraffic'] } : {}),
  },
});

/** CodeDeploy's share of gradual deployments: one application and role for all functions of a template, a group for each. */
export function deployments(work: Work): Produced {
  const preferences = [...work.preferences.values()];
  if (preferences.length === 0) return [];
  const attributes = sharedCondition(work, preferences);
  const tags = Object.assign({}, ...preferences.map((one) => one.tags)) as JsonObject;
  const Tags = Object.keys(tags).length === 0 ? undefined : tagList(tags);
  const limited = work.partition === 'aws-iso' || work.partition === 'aws-iso-b' ? 'Limited' : '';
  const application = made('AWS::CodeDeploy::Application', attributes, { ComputePlatform: 'Lambda', Tags });
  const role = made('AWS::IAM::Role', attributes, {
    AssumeRolePolicyDocument: trusted('codedeploy.amazonaws.com'),
    ManagedPolicyArns: [awsPolicy(work.partition, `service-role/AWSCodeDeployRoleForLambda${limited}`)],
    Tags,
  });
  return [
    [APPLICATION, application],
    ...(preferences.every((one) => isGiven(one.role)) ? [] : [[SERVICE_ROLE, role] as const]),
    ...[...work.preferences].map(([logicalId, one]) => [groupId(logicalId), group(logicalId, one)] as const),
  ];
}

/** Where all functions stand under conditions, so does what they share. */
function sharedCondition(work: Work, preferences: readonly Preference[]): JsonObject {
  const conditions = [...new Set(preferences.map(({ condition }) => condition))];
  if (!conditions.every((condition) => typeof condition === 'string')) return {};
  if (conditions.length === 1) return { Condition: conditions[0]! };
  Object.assign(work.conditions, combinedConditions(conditions, CONDITION));
  return { Condition: CONDITION };
}

const group = (logicalId: string, { type, alarms, role, triggers, tags, condition }: Preference): JsonObject =>
  made('AWS::CodeDeploy::DeploymentGroup', condition === undefined ? {} : { Condition: condition }, {
    AlarmConfiguration: alarmConfiguration(logicalId, alarms),
    ApplicationName: ref(APPLICATION),
    AutoRollbackConfiguration: {
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
    DeploymentConfigName: configuration(type),
    DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
    ServiceRoleArn: isGiven(role) ? role : getAtt(SERVICE_ROLE, 'Arn'),
    TriggerConfigurations: isGiven(triggers) ? triggers : undefined,
    Tags: tags === undefined ? undefined : tagList(tags),
  });

function alarmConfiguration(logicalId: string, alarms: Json | undefined): Json | undefined {
  if (!isGiven(alarms) || isNoValue(alarms)) return undefined;
  const parts = ifParts(alarms);
  if (parts === undefined) return configuredAlarms(logicalId, alarms);
  if (parts.length !== 3) throw refusedResource(logicalId, 'Fn::If requires 3 arguments');
  return { 'Fn::If': [parts[0]!, ...parts.slice(1).map((part) => configuredAlarms(logicalId, part))] };
}

function configuredAlarms(logicalId: string, alarms: Json): Json {
  if (!Array.isArray(alarms)) throw refusedResource(logicalId, 'Alarms must be a list');
  const list = alarms as readonly Json[];
  return list.length === 0 || isNoValue(list[0]) ? {} : { Enabled: true, Alarms: list.map((Name) => ({ Name })) };
}

/** Lambda's own configurations are named after their types, wherever in the value they stand. */
function configuration(value: Json, key?: string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => configuration(item));
  if (isIntrinsic(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, configuration(item, name)]));
  if (typeof value !== 'string' || !PREDEFINED.has(value)) return value;
  const named = ['CodeDeployDefault.Lambda${ConfigName}', { ConfigName: value }];
  return key === 'Fn::Sub' ? named : { 'Fn::Sub': named };
}
