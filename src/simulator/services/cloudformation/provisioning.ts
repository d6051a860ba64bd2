import { refusedProperties } from '../../templates/resource-check.js';
import { physicalId } from '../../templates/resource-identity.js';
import { unansweredToken } from './custom-resources.js';
import { subjectOf, type Environment } from './environment.js';
import { givenName } from './resource-names.js';
import { registerRole, roleExists, unregisterRole } from './role-registry.js';
import { failsOn, type LiveResource, type Stack } from './stack.js';

export const NESTED = 'AWS::CloudFormation::Stack';

/** Makes the resource stand; answers its physical id, or why its service refuses. An empty id means that nothing was made. */
export function provision(
  environment: Environment,
  stack: Stack,
  resource: LiveResource,
  then: (physicalId: string, failure: string | undefined) => void,
): void {
  const subject = subjectOf(stack, resource);
  const refused = failsOn(resource.metadata, 'create')
    ? deliberateFailure('create')
    : (refusedProperties(resource.type, resource.properties) ?? unansweredToken(environment, stack, resource));
  if (refused !== undefined) return then('', refused);
  if (resource.type === NESTED) {
    return environment.nested.create(stack, resource.logicalId, resource.properties, ({ stackId, failure }) =>
      then(stackId, failure),
    );
  }
  const name = givenName(subject);
  const taken = environment.names.claim(subject);
  if (taken) return then('', `${taken.name} already exists in stack ${taken.owner}`);
  if (resource.type === 'AWS::IAM::Role') {
    if (name !== undefined && roleExists(environment, stack.place.accountId, name)) {
      environment.names.release(subject);
      return then('', `Resource of type 'AWS::IAM::Role' with identifier '${name}' already exists.`);
    }
    registerRole(environment, stack, resource);
  }
  then(physicalId(subject), undefined);
}

/** Frees what a resource held: its name, and for a role that it can be assumed. */
export function dispose(environment: Environment, stack: Stack, resource: LiveResource): void {
  environment.names.release(subjectOf(stack, resource));
  if (resource.type === 'AWS::IAM::Role') unregisterRole(environment, stack, resource);
}

/** The reason of a failure that the template asked for. */
export function deliberateFailure(moment: 'create' | 'update' | 'delete'): string {
  return `Resource handler returned message: "the template asks this resource to fail at ${moment}" (HandlerErrorCode: GeneralServiceException)`;
}
