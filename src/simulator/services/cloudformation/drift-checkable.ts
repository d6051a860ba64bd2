import { isOpenType, resourceSpec } from '../../templates/resource-spec.js';

/** Types with an identifier that CloudFormation can nevertheless neither read nor import. */
const UNREADABLE = new Set([
  'AWS::CloudWatch::InsightRule',
  'AWS::EC2::EIPAssociation',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::IAM::UserToGroupAddition',
  'AWS::Route53::RecordSetGroup',
  'AWS::S3ObjectLambda::AccessPointPolicy',
]);

/** Properties that a read of the resource does not give back, of the types that building blocks use. */
export const WRITE_ONLY: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['AWS::SecretsManager::Secret', new Set(['SecretString', 'GenerateSecretString'])],
  ['AWS::RDS::DBInstance', new Set(['MasterUserPassword'])],
  ['AWS::RDS::DBCluster', new Set(['MasterUserPassword'])],
  ['AWS::Redshift::Cluster', new Set(['MasterUserPassword'])],
  ['AWS::IAM::User', new Set(['LoginProfile'])],
  ['AWS::Lambda::Function', new Set(['Code', 'SnapStart'])],
  ['AWS::Lambda::LayerVersion', new Set(['Content'])],
  ['AWS::SSM::Parameter', new Set(['Tags', 'Description', 'Policies', 'Tier', 'AllowedPattern'])],
]);

/** True where drift can be detected and a resource imported: custom resources and CloudFormation's own have nobody who could read them. */
export function isCheckable(type: string): boolean {
  if (isOpenType(type) || UNREADABLE.has(type)) return false;
  return (resourceSpec(type)?.primaryIdentifier.length ?? 0) > 0;
}
