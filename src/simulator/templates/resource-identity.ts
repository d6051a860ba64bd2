import { fingerprint, fingerprintUuid } from './fingerprint.js';
import { memberOf, isObject, scalarText, type Json, type JsonObject } from './json.js';
import { dnsSuffix, type Place } from './pseudo-parameters.js';
import { isOpenType, resourceSpec, type ResourceSpec } from './resource-spec.js';

/** A resource that is about to be, or is, in a stack. */
export type ResourceSubject = {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly place: Place;
  /** Counts replacements, so that a replaced resource gets another id. */
  readonly generation: number;
};

const SHORT_ID_PREFIXES: Readonly<Record<string, string>> = {
  'AWS::EC2::VPC': 'vpc',
  'AWS::EC2::Subnet': 'subnet',
  'AWS::EC2::SecurityGroup': 'sg',
  'AWS::EC2::Instance': 'i',
  'AWS::EC2::InternetGateway': 'igw',
  'AWS::EC2::NatGateway': 'nat',
  'AWS::EC2::RouteTable': 'rtb',
  'AWS::EC2::NetworkAcl': 'acl',
  'AWS::EC2::NetworkInterface': 'eni',
  'AWS::EC2::LaunchTemplate': 'lt',
  'AWS::EC2::VPCEndpoint': 'vpce',
  'AWS::EC2::Volume': 'vol',
  'AWS::EC2::FlowLog': 'fl',
  'AWS::EC2::TransitGateway': 'tgw',
};
const LOWER_CASE_NAMES = new Set([
  'AWS::S3::Bucket',
  'AWS::Athena::WorkGroup',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
]);

/** What `Ref` gives and the stack lists as PhysicalResourceId, in the style of the service. */
export function physicalId(subject: ResourceSubject): string {
  const { type, logicalId } = subject;
  const key = keyOf(subject);
  const spec = resourceSpec(type);
  const special = specialId(subject, key);
  if (special !== undefined) return special;
  if (isOpenType(type) || !spec || spec.identifiers.length === 0) return generatedName(subject);
  const prefix = memberOf(SHORT_ID_PREFIXES, type);
  if (prefix !== undefined) return `${prefix}-0${fingerprint(key, 16, 'hex')}`;
  return spec.identifiers.map((name) => identifier(name, subject, spec)).join('|') || logicalId;
}

/** The value of the property that names the resource, or the name that CloudFormation would make up for it. */
export function resourceName(subject: ResourceSubject): string {
  const property = nameProperty(subject.type);
  const given = property === undefined ? undefined : subject.properties[property];
  return typeof given === 'string' || typeof given === 'number' ? String(given) : generatedName(subject);
}

/** The property by which a service tells resources of the type apart; undefined where it lets two have the same. */
export function nameProperty(type: string): string | undefined {
  const spec = resourceSpec(type);
  if (!spec) return undefined;
  const [only, ...others] = spec.identifiers;
  if (only !== undefined && others.length === 0 && spec.properties.has(only) && !spec.attributes.has(only)) return only;
  const candidates = [`${spec.name}Name`, 'Name'];
  return candidates.find((name) => spec.properties.get(name)?.recreation === 'Always' || isArnName(spec, name));
}

/** The ARN that the type's template gives, or one in the common form. */
export function resourceArn(subject: ResourceSubject): string {
  const { type, place } = subject;
  const spec = resourceSpec(type);
  const [, service = '', kind = ''] = type.toLowerCase().split('::');
  if (spec?.arnTemplate === undefined) return `${arnStart(place, service)}:${kind}/${resourceName(subject)}`;
  const arn = spec.arnTemplate.replace(/\$\{(\w+)\}/g, (_, variable: string) => arnVariable(variable, subject));
  return type === 'AWS::Logs::LogGroup' ? `${arn}:*` : arn;
}

/** A key that is the same for the same incarnation of a resource. */
export function keyOf({ place, logicalId, generation }: ResourceSubject): string {
  return `${place.stackId}/${logicalId}/${generation}`;
}

/** Types whose `Ref` is not what their identifiers say. */
function specialId(subject: ResourceSubject, key: string): string | undefined {
  const { type, place, properties, generation } = subject;
  switch (type) {
    case 'AWS::CloudFormation::WaitConditionHandle': {
      const host = `cloudformation-waitcondition-${place.region}.s3.${place.region}.${dnsSuffix(place.partition)}`;
      return `https://${host}/${fingerprintUuid(key)}`;
    }
    case 'AWS::Events::Rule':
      return ruleId(subject);
    case 'AWS::Glue::Database':
      return nameInside(properties['DatabaseInput']) ?? generatedName(subject);
    case 'AWS::Glue::Table':
      return nameInside(properties['TableInput']) ?? generatedName(subject);
    case 'AWS::Lambda::Permission':
      return generatedName(subject);
    case 'AWS::Lambda::Version':
      return `${functionArn(subject)}:${generation + 1}`;
    case 'AWS::Lambda::Alias':
      return `${functionArn(subject)}:${scalarText(properties['Name'] ?? '')}`;
    case 'AWS::Lambda::LayerVersion': {
      const name = properties['LayerName'] === undefined ? generatedName(subject) : scalarText(properties['LayerName']);
      return `${arnStart(place, 'lambda')}:layer:${name}:${generation + 1}`;
    }
    case 'AWS::SecretsManager::Secret':
      return `${arnStart(place, 'secretsmanager')}:secret:${resourceName(subject)}-${fingerprint(key, 6, 'letters')}`;
    default:
      return undefined;
  }
}

function nameInside(input: Json | undefined): string | undefined {
  const name = isObject(input) ? input['Name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function functionArn({ place, properties }: ResourceSubject): string {
  const name = scalarText(properties['FunctionName'] ?? '');
  return name.startsWith('arn:') ? name : `${arnStart(place, 'lambda')}:function:${name}`;
}

function identifier(name: string, subject: ResourceSubject, spec: ResourceSpec): string {
  const given = subject.properties[name];
  if (given !== undefined && given !== null && typeof given !== 'object') return scalarText(given);
  if (name.endsWith('Arn') || name === 'ARN') return resourceArn(subject);
  if (name.endsWith('Url')) return resourceUrl(subject);
  if (spec.attributes.has(name)) return generatedId(name, subject);
  return generatedName(subject);
}

function resourceUrl(subject: ResourceSubject): string {
  const { place, type } = subject;
  const host = `${type.split('::')[1]?.toLowerCase() ?? ''}.${place.region}.${dnsSuffix(place.partition)}`;
  return `https://${host}/${place.accountId}/${resourceName(subject)}`;
}

function generatedId(name: string, subject: ResourceSubject): string {
  const { type, place } = subject;
  const key = `${keyOf(subject)}/${name}`;
  if (type.startsWith('AWS::KMS::')) return fingerprintUuid(key);
  if (type.startsWith('AWS::ApiGateway')) return fingerprint(key, 10, 'lower');
  if (type === 'AWS::CloudFront::Distribution') return `E${fingerprint(key, 13, 'upper')}`;
  if (type === 'AWS::Route53::HostedZone') return `Z${fingerprint(key, 20, 'upper')}`;
  if (type === 'AWS::Cognito::UserPool') return `${place.region}_${fingerprint(key, 9, 'letters')}`;
  if (type === 'AWS::GuardDuty::Detector') return fingerprint(key, 32, 'hex');
  if (name === 'Id') return generatedName(subject);
  return fingerprintUuid(key);
}

function ruleId(subject: ResourceSubject): string {
  const bus = subject.properties['EventBusName'];
  const name = resourceName(subject);
  return typeof bus === 'string' && bus !== 'default' ? `${bus}|${name}` : name;
}

function generatedName(subject: ResourceSubject): string {
  const { place, logicalId, type } = subject;
  const limit = isOpenType(type) ? 128 : type.startsWith('AWS::S3::') ? 63 : 64;
  const suffix = fingerprint(keyOf(subject), 12, 'upper');
  const room = limit - suffix.length - 2;
  const stack = place.stackName.slice(0, Math.max(room - logicalId.length, Math.floor(room / 2)));
  const name = `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
  return LOWER_CASE_NAMES.has(type) ? name.toLowerCase() : name;
}

function arnVariable(variable: string, subject: ResourceSubject): string {
  const { place, type, properties } = subject;
  if (variable === 'Partition') return place.partition;
  if (variable === 'Region') return place.region;
  if (variable === 'Account') return place.accountId;
  if (variable === 'RuleName' && type === 'AWS::Events::Rule') return ruleId(subject).replace('|', '/');
  if (variable.endsWith('NameWithPath')) {
    const path = typeof properties['Path'] === 'string' ? properties['Path'] : '/';
    return `${path.slice(1)}${resourceName(subject)}`;
  }
  if (variable.endsWith('WithoutLeadingSlash')) return resourceName(subject).replace(/^\//, '');
  const given = properties[variable];
  if (typeof given === 'string') return given;
  const spec = resourceSpec(type);
  const identifies = spec?.identifiers.length === 1 && !/(Arn|Url)$/.test(spec.identifiers[0] ?? '');
  if (identifies && /(Id|Identifier)$/.test(variable)) return physicalId(subject);
  return resourceName(subject);
}

function isArnName(spec: ResourceSpec, name: string): boolean {
  return name === `${spec.name}Name` && spec.properties.has(name) && spec.arnTemplate?.includes(`\${${name}}`) === true;
}

function arnStart({ partition, region, accountId }: Place, service: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}`;
}
