import { fingerprint, fingerprintUuid } from './fingerprint.js';
import { hasAttribute } from './integrity.js';
import type { Json } from './json.js';
import { dnsSuffix } from './pseudo-parameters.js';
import { keyOf, physicalId, resourceArn, resourceName, type ResourceSubject } from './resource-identity.js';
import { resourceSpec, type AttributeKind } from './resource-spec.js';

/** A plausible value of an attribute, always the same for the same resource; undefined where the type does not have it. */
export function attributeValue(subject: ResourceSubject, attribute: string): Json | undefined {
  if (!hasAttribute(subject.type, attribute)) return undefined;
  const spec = resourceSpec(subject.type);
  if (spec?.identifiers.length === 1 && spec.identifiers[0] === attribute) return physicalId(subject);
  const known = specific(subject, attribute);
  if (known !== undefined) return known;
  const given = subject.properties[attribute];
  if (given !== undefined && given !== null) return given;
  return generic(subject, attribute, spec?.attributes.get(attribute) ?? 'text');
}

function specific(subject: ResourceSubject, attribute: string): Json | undefined {
  const { type, place } = subject;
  const suffix = dnsSuffix(place.partition);
  switch (`${type}.${attribute}`) {
    case 'AWS::S3::Bucket.DomainName':
      return `${physicalId(subject)}.s3.${suffix}`;
    case 'AWS::S3::Bucket.RegionalDomainName':
      return `${physicalId(subject)}.s3.${place.region}.${suffix}`;
    case 'AWS::S3::Bucket.DualStackDomainName':
      return `${physicalId(subject)}.s3.dualstack.${place.region}.${suffix}`;
    case 'AWS::S3::Bucket.WebsiteURL':
      return `http://${physicalId(subject)}.s3-website-${place.region}.${suffix}`;
    case 'AWS::IAM::Role.RoleId':
      return `AROA${fingerprint(keyOf(subject), 17, 'upper')}`;
    case 'AWS::IAM::User.Arn':
    case 'AWS::IAM::Role.Arn':
      return resourceArn(subject);
    case 'AWS::DynamoDB::Table.StreamArn':
      return `${resourceArn(subject)}/stream/2026-01-01T00:00:00.000`;
    case 'AWS::Lambda::Version.Version':
      return '1';
    case 'AWS::CloudFront::Distribution.DomainName':
      return `d${fingerprint(keyOf(subject), 13, 'lower')}.cloudfront.net`;
    default:
      return undefined;
  }
}

function generic(subject: ResourceSubject, attribute: string, kind: AttributeKind): Json {
  const key = `${keyOf(subject)}/${attribute}`;
  const last = attribute.split('.').at(-1) ?? attribute;
  switch (kind) {
    case 'number':
      return String(1 + (Number(fingerprint(key, 4, 'digits')) % 1000));
    case 'flag':
      return 'false';
    case 'list':
      return [`${last}-${fingerprint(key, 8, 'hex')}`];
    case 'object':
      return {};
    case 'text':
      return text(subject, attribute, last, key);
  }
}

function text(subject: ResourceSubject, attribute: string, last: string, key: string): string {
  const { place } = subject;
  if (attribute === 'Arn' || attribute === 'ARN') return resourceArn(subject);
  if (attribute === `${resourceSpec(subject.type)?.name ?? ''}Name` || attribute === 'Name')
    return resourceName(subject);
  if (last.endsWith('Arn')) return `${resourceArn(subject)}/${fingerprint(key, 8, 'hex')}`;
  if (/(Endpoint|DomainName|Address|DnsName|Host)$/.test(last)) {
    return `${fingerprint(key, 12, 'lower')}.${place.region}.${dnsSuffix(place.partition)}`;
  }
  if (/(Url|URL|Uri|URI)$/.test(last))
    return `https://${fingerprint(key, 12, 'lower')}.${place.region}.${dnsSuffix(place.partition)}/`;
  if (last.endsWith('Id')) return fingerprint(key, 10, 'lower');
  return last.endsWith('Uuid') ? fingerprintUuid(key) : `${last.toLowerCase()}-${fingerprint(key, 8, 'hex')}`;
}
