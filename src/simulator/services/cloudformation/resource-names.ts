import { nameProperty, type ResourceSubject } from '../../templates/resource-identity.js';
import { isOpenType, resourceSpec } from '../../templates/resource-spec.js';

/** Names that were given to resources, each where it must be unique: buckets everywhere, IAM in the account, the rest in the Region or in what they belong to. */
export class ResourceNames {
  readonly #owners = new Map<string, string>();

  /** Claims the name that the subject was given, if any. Answers the owner's StackId where somebody else holds it. */
  claim(subject: ResourceSubject): { readonly name: string; readonly owner: string } | undefined {
    const key = claimOf(subject);
    if (key === undefined) return undefined;
    const owner = this.#owners.get(key.key);
    if (owner !== undefined) return { name: key.name, owner };
    this.#owners.set(key.key, subject.place.stackId);
    return undefined;
  }

  release(subject: ResourceSubject): void {
    const key = claimOf(subject);
    if (key && this.#owners.get(key.key) === subject.place.stackId) this.#owners.delete(key.key);
  }
}

/** The name that the template gave; undefined where CloudFormation makes one up, or where the type needs none. */
export function givenName({ type, properties }: ResourceSubject): string | undefined {
  if (isOpenType(type)) return undefined;
  const property = nameProperty(type);
  const value = property === undefined ? undefined : properties[property];
  return typeof value === 'string' ? value : undefined;
}

function claimOf(subject: ResourceSubject): { readonly key: string; readonly name: string } | undefined {
  const name = givenName(subject);
  if (name === undefined) return undefined;
  const { type, place } = subject;
  const scope =
    type === 'AWS::S3::Bucket'
      ? ''
      : type.startsWith('AWS::IAM::')
        ? place.accountId
        : `${place.accountId}/${place.region}`;
  return { key: [type, scope, ...owners(subject), name].join('|'), name };
}

/** What the resource cannot be moved out of, such as the function of an alias: another one may have the same name in it. */
function owners({ type, properties }: ResourceSubject): readonly string[] {
  const spec = resourceSpec(type);
  const own = nameProperty(type);
  return [...(spec?.properties ?? [])].flatMap(([name, { required, recreation }]) => {
    const value = properties[name];
    const owns =
      spec?.identifiers.includes(name) || (required && recreation === 'Always' && /(Name|Id|Arn)$/.test(name));
    return name !== own && owns && typeof value === 'string' ? [`${name}=${value}`] : [];
  });
}
