import { memberOf } from './json.js';
import type { ResourceDefinition } from './definition.js';

const NAME_OF_IAM_TYPE: Readonly<Record<string, string | null>> = {
  'AWS::IAM::AccessKey': null,
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::GroupPolicy': null,
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': null,
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::RolePolicy': null,
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserPolicy': null,
  'AWS::IAM::UserToGroupAddition': null,
};

/** What a caller must acknowledge before CloudFormation creates these resources, transforms apart. */
export function iamCapability(resources: Iterable<ResourceDefinition>): {
  readonly capability: 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | undefined;
  readonly types: readonly string[];
} {
  const types = new Set<string>();
  let named = false;
  for (const { type, properties } of resources) {
    const nameProperty = memberOf(NAME_OF_IAM_TYPE, type);
    if (nameProperty === undefined) continue;
    types.add(type);
    named ||= nameProperty !== null && Object.hasOwn(properties, nameProperty);
  }
  const capability = types.size === 0 ? undefined : named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
  return { capability, types: [...types] };
}

/** Those of the needed capabilities that were not given; the named one includes the plain one. */
export function missingCapabilities(needed: readonly string[], given: readonly string[]): readonly string[] {
  return needed.filter(
    (capability) =>
      !given.includes(capability) && !(capability === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')),
  );
}
