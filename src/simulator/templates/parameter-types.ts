const PLAIN = ['String', 'Number', 'CommaDelimitedList', 'List<Number>', 'List<String>'];
/** Names and ids of things in the account; nothing is looked up, because the simulator has none of these services. */
const OF_ACCOUNT = [
  'AWS::EC2::AvailabilityZone::Name',
  'AWS::EC2::Image::Id',
  'AWS::EC2::Instance::Id',
  'AWS::EC2::KeyPair::KeyName',
  'AWS::EC2::SecurityGroup::GroupName',
  'AWS::EC2::SecurityGroup::Id',
  'AWS::EC2::Subnet::Id',
  'AWS::EC2::Volume::Id',
  'AWS::EC2::VPC::Id',
  'AWS::Route53::HostedZone::Id',
];
const VALUES = new Set([...PLAIN, ...OF_ACCOUNT, ...OF_ACCOUNT.map((type) => `List<${type}>`)]);
const SSM_NAME = 'AWS::SSM::Parameter::Name';
const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;

/** True for what a template may declare a parameter to be. */
export function isParameterType(type: string): boolean {
  const inner = SSM_VALUE.exec(type)?.[1];
  return type === SSM_NAME || VALUES.has(inner ?? type);
}

/** True where `Ref` of the parameter is a list. */
export function isListParameter(type: string): boolean {
  const inner = SSM_VALUE.exec(type)?.[1] ?? type;
  return inner === 'CommaDelimitedList' || inner.startsWith('List<');
}

/** True where the value is the name of something in the Systems Manager parameter store. */
export function isStored(type: string): boolean {
  return type === SSM_NAME || SSM_VALUE.test(type);
}

/**
 * What the parameter store holds under a name; undefined where it does not. The simulator's store has what AWS publishes and
 * what `cdk bootstrap` leaves in an account, and the value depends on the name alone, so that it is the same at every update.
 */
export function storedValue(type: string, name: string): string | undefined {
  const bootstrapped = /^\/cdk-bootstrap\/.+\/version$/.test(name);
  if (!bootstrapped && !name.startsWith('/aws/service/')) return undefined;
  if (type === SSM_NAME) return name;
  if (bootstrapped) return '21';
  if (type.includes('AWS::EC2::Image::Id')) return 'ami-0a1b2c3d4e5f67890';
  return `value-of-${name.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^-/, '')}`;
}
