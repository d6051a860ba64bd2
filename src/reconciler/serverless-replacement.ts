import type { ResourceDifference } from '@aws-cdk/cloudformation-diff';

const SERVERLESS = 'AWS::Serverless::';

/** Properties that reach a property which replaces the resource that SAM makes. A layer version never changes: there is another. */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::Serverless::Function': ['FunctionName', 'PackageType'],
  'AWS::Serverless::LayerVersion': [
    'LayerName',
    'Description',
    'ContentUri',
    'CompatibleRuntimes',
    'CompatibleArchitectures',
    'LicenseInfo',
  ],
  'AWS::Serverless::SimpleTable': ['TableName', 'PrimaryKey'],
  'AWS::Serverless::StateMachine': ['Name', 'Type'],
};

/**
 * True where a difference in a serverless resource replaces nothing, whatever its schema says: the schemas of these types
 * say of every property that it replaces, but what CloudFormation updates is the resource that SAM makes of it.
 */
export function updatesInPlace(difference: ResourceDifference): boolean {
  const { oldResourceType, newResourceType, propertyUpdates } = difference;
  if (newResourceType === undefined || newResourceType !== oldResourceType) return false;
  if (!newResourceType.startsWith(SERVERLESS)) return false;
  const replacing = REPLACING[newResourceType] ?? [];
  return !Object.keys(propertyUpdates).some((name) => replacing.includes(name));
}
