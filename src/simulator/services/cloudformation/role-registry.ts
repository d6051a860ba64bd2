import { isObject, type Json } from '../../templates/json.js';
import { resourceName } from '../../templates/resource-identity.js';
import { subjectOf, type Environment } from './environment.js';
import type { LiveResource, Stack } from './stack.js';

/** Makes a role of a stack assumable: STS looks for it among the account's roles. */
export function registerRole({ base }: Environment, stack: Stack, resource: LiveResource): void {
  const trust = externalId(resource.properties['AssumeRolePolicyDocument']);
  base.organization.accounts.get(stack.place.accountId)?.roles.set(resourceName(subjectOf(stack, resource)), trust);
}

/** The role is gone with its resource. */
export function unregisterRole({ base }: Environment, stack: Stack, resource: LiveResource): void {
  base.organization.accounts.get(stack.place.accountId)?.roles.delete(resourceName(subjectOf(stack, resource)));
}

/** True where the account already has a role of that name. */
export function roleExists({ base }: Environment, accountId: string, name: string): boolean {
  return base.organization.accounts.get(accountId)?.roles.has(name) === true;
}

function externalId(policy: Json | undefined): string | null {
  if (Array.isArray(policy)) return policy.map(externalId).find((found) => found !== null) ?? null;
  if (!isObject(policy)) return null;
  for (const [key, value] of Object.entries(policy)) {
    if (key.toLowerCase() === 'sts:externalid' && typeof value === 'string') return value;
    const found = externalId(value);
    if (found !== null) return found;
  }
  return null;
}
