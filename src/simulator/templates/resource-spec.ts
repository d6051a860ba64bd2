import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

export type Recreation = 'Always' | 'Conditionally' | 'Never';
export type PropertySpec = { readonly recreation: Recreation; readonly required: boolean };
export type AttributeKind = 'text' | 'number' | 'flag' | 'list' | 'object';

/** What is known of a resource type without calling AWS. */
export type ResourceSpec = {
  readonly type: string;
  readonly name: string;
  /** Names of what `Ref` gives, in order; several are joined with a bar. */
  readonly identifiers: readonly string[];
  /** Names of what tells one resource of the type from another, in order; empty where CloudFormation can neither read nor import it. */
  readonly primaryIdentifier: readonly string[];
  readonly properties: ReadonlyMap<string, PropertySpec>;
  readonly attributes: ReadonlyMap<string, AttributeKind>;
  readonly arnTemplate: string | undefined;
  readonly taggable: boolean;
};

const OPEN_TYPES = ['AWS::CloudFormation::', 'Custom::'];
let known: ReadonlyMap<string, ResourceSpec> | undefined;

/**
 * The specification of a type, or undefined where it has none. The database is read on first use (about 0.7 s) and let go
 * once the few facts that matter here are taken from it, because it holds 180 MB.
 */
export function resourceSpec(type: string): ResourceSpec | undefined {
  known ??= readSpecifications();
  return known.get(type);
}

/** True where a template may use the type: those of the specification, custom resources and CloudFormation's own. */
export function isKnownType(type: string): boolean {
  return isOpenType(type) || resourceSpec(type) !== undefined;
}

/** Custom resources take any property and have any attribute. */
export function isOpenType(type: string): boolean {
  return OPEN_TYPES.some((prefix) => type.startsWith(prefix));
}

function readSpecifications(): ReadonlyMap<string, ResourceSpec> {
  const specifications = new Map<string, ResourceSpec>();
  for (const resource of loadAwsServiceSpecSync().all('resource')) {
    specifications.set(resource.cloudFormationType, {
      type: resource.cloudFormationType,
      name: resource.name,
      primaryIdentifier: resource.primaryIdentifier ?? [],
      identifiers: resource.cfnRefIdentifier ?? resource.primaryIdentifier ?? [],
      properties: new Map(
        Object.entries(resource.properties).map(([name, property]) => [
          name,
          { recreation: recreation(property.causesReplacement), required: property.required === true },
        ]),
      ),
      attributes: new Map(
        Object.entries(resource.attributes).map(([name, attribute]) => [name, attributeKind(attribute.type.type)]),
      ),
      arnTemplate: resource.arnTemplate,
      taggable: resource.tagInformation !== undefined,
    });
  }
  return specifications;
}

function recreation(causesReplacement: 'yes' | 'no' | 'maybe' | undefined): Recreation {
  return causesReplacement === 'yes' ? 'Always' : causesReplacement === 'maybe' ? 'Conditionally' : 'Never';
}

function attributeKind(type: string): AttributeKind {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'flag';
    case 'array':
      return 'list';
    case 'ref':
    case 'json':
    case 'map':
      return 'object';
    default:
      return 'text';
  }
}
