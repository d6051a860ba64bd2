import type { Call } from '../kernel/contract.js';
import type { Json, JsonObject } from '../templates/json.js';
import { resourcesOf, stackSetsOf, stacksOf, type Reach, type Subject } from './subjects.js';

type Draw = (least: number, most: number) => number;
/** One thing that people do. */
export type Act = {
  readonly operation: string;
  readonly subjects: (reach: Reach) => readonly Subject[];
  readonly carryOut: (reach: Reach, subject: Subject, call: Call, draw: Draw) => unknown;
};

const ALL_CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];

/** Another value of the same kind. */
function otherValue(value: string): string {
  if (/^\d{1,9}$/.test(value)) return String(Number(value) + 1);
  if (value === 'true' || value === 'false') return value === 'true' ? 'false' : 'true';
  return `${value}x`;
}

function otherProperty(value: Json): Json {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? otherValue(value) : 'changed by hand';
}

/** All parameters as they are but one, where there is one. */
function changedParameters(parameters: Readonly<Record<string, string>>, draw: Draw) {
  const keys = Object.keys(parameters);
  const chosen = keys[draw(0, Math.max(0, keys.length - 1))];
  return keys.map((ParameterKey) =>
    ParameterKey === chosen
      ? { ParameterKey, ParameterValue: otherValue(parameters[ParameterKey]!) }
      : { ParameterKey, UsePreviousValue: true },
  );
}

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const changeResource: Act = {
  operation: 'hand:ChangeResource',
  subjects: resourcesOf,
  carryOut: ({ stacks }, { account, region, id, logicalId = '' }, { principal }, draw) => {
    const properties: JsonObject = stacks.resources(account, region, id).get(logicalId) ?? {};
    const names = Object.keys(properties);
    const name = names[draw(0, Math.max(0, names.length - 1))];
    const change =
      name === undefined ? { Description: 'changed by hand' } : { [name]: otherProperty(properties[name]!) };
    stacks.changeResource(account, region, id, logicalId, change, { principal });
  },
};

/** A parameter where there is one, or a tag: whichever the draw says. */
const updateStack: Act = {
  operation: 'cloudformation:UpdateStack',
  subjects: stacksOf,
  carryOut: ({ stacks, cloudFormation }, { account, region, id }, call, draw) => {
    const { parameters, tags } = stacks.find(account, region, id)!;
    const isParameter = Object.keys(parameters).length > 0 && draw(0, 1) === 0;
    const Parameters = isParameter
      ? changedParameters(parameters, draw)
      : Object.keys(parameters).map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true }));
    const Tags = isParameter ? tagList(tags) : tagList({ ...tags, 'changed-by': call.principal.userId });
    const input = { StackName: id, UsePreviousTemplate: true, Parameters, Tags, Capabilities: ALL_CAPABILITIES };
    return cloudFormation['UpdateStack']?.(input, call);
  },
};

/** Whoever names the role that is taken anyway makes it a customized one, which every later update has to name. */
function customizedRole(arn: unknown): { readonly AdministrationRoleARN?: string } {
  const isCustomized = typeof arn === 'string' && !arn.endsWith(':role/AWSCloudFormationStackSetAdministrationRole');
  return isCustomized ? { AdministrationRoleARN: arn } : {};
}

const updateStackSet: Act = {
  operation: 'cloudformation:UpdateStackSet',
  subjects: stackSetsOf,
  carryOut: ({ cloudFormation }, { id }, call, draw) => {
    const { StackSet } = cloudFormation['DescribeStackSet']?.({ StackSetName: id }, call) as {
      readonly StackSet: Readonly<Record<string, unknown>> & {
        readonly Parameters?: readonly { readonly ParameterKey: string; readonly ParameterValue: string }[];
      };
    };
    const values = (StackSet.Parameters ?? []).map(({ ParameterKey, ParameterValue }) => [
      ParameterKey,
      ParameterValue,
    ]);
    const isParameter = values.length > 0 && draw(0, 1) === 0;
    const parameters = Object.fromEntries(values) as Record<string, string>;
    const input = {
      StackSetName: id,
      UsePreviousTemplate: true,
      Description: isParameter ? StackSet['Description'] : `changed by ${call.principal.userId}`,
      Parameters: isParameter
        ? changedParameters(parameters, draw)
        : Object.keys(parameters).map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
      Capabilities: ALL_CAPABILITIES,
      PermissionModel: StackSet['PermissionModel'],
      ...customizedRole(StackSet['AdministrationRoleARN']),
      ExecutionRoleName: StackSet['ExecutionRoleName'],
    };
    return cloudFormation['UpdateStackSet']?.(input, call);
  },
};

const deleteResource: Act = {
  operation: 'hand:DeleteResource',
  subjects: resourcesOf,
  carryOut: ({ stacks }, { account, region, id, logicalId = '' }, { principal }) =>
    stacks.changeResource(account, region, id, logicalId, null, { principal }),
};

const deleteStack: Act = {
  operation: 'cloudformation:DeleteStack',
  subjects: stacksOf,
  carryOut: ({ cloudFormation }, { id }, call) => cloudFormation['DeleteStack']?.({ StackName: id }, call),
};

const updateTerminationProtection: Act = {
  operation: 'cloudformation:UpdateTerminationProtection',
  subjects: stacksOf,
  carryOut: ({ stacks, cloudFormation }, { account, region, id }, call) => {
    const EnableTerminationProtection = !stacks.find(account, region, id)!.terminationProtection;
    return cloudFormation['UpdateTerminationProtection']?.({ StackName: id, EnableTerminationProtection }, call);
  },
};

/** Somebody else's detection, which makes the next one wait. */
const detectStackDrift: Act = {
  operation: 'cloudformation:DetectStackDrift',
  subjects: stacksOf,
  carryOut: ({ cloudFormation }, { id }, call) => cloudFormation['DetectStackDrift']?.({ StackName: id }, call),
};

/** What is done only where it is asked for, or nothing else can be done. */
export const RARE_ACTS: readonly Act[] = [detectStackDrift];

/** What is done more often stands here more often. */
export const ACTS: readonly Act[] = [
  changeResource,
  updateStack,
  updateStackSet,
  changeResource,
  deleteResource,
  updateStack,
  updateTerminationProtection,
  changeResource,
  updateStack,
  updateStackSet,
  deleteStack,
];
