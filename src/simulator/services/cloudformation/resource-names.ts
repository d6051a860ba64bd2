import { nameProperty, type ResourceSubject } from '../../templates/resource-identity.js';
import { isOpenType } from '../../templates/resource-spec.js';

/** Names that were given to resources, each where it must be unique: buckets everywhere, IAM in the account, the rest in the Region. */
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
  return { key: `${type}|${scope}|${name}`, name };
}
