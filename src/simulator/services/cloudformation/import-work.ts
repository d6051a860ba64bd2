import { evaluateObject, type Scope } from '../../templates/intrinsics.js';
import type { ResourceDefinition } from '../../templates/definition.js';
import type { Environment } from './environment.js';
import { areaOf } from './environment.js';
import type { Outside } from './import-outside.js';
import { keepResource } from './journal.js';
import { registerRole } from './role-registry.js';
import { failsOn, type LiveResource, type Stack } from './stack.js';
import type { Step } from './timeline.js';

const STARTED = 'Resource import started.';
const COMPLETED = 'Resource import completed.';
const TAGGED = 'Apply stack-level tags to imported resource if applicable.';

/** Takes a resource that stands outside into the stack, as it is: what the template says of it is not compared. */
export function importStep(
  environment: Environment,
  stack: Stack,
  definition: ResourceDefinition,
  outside: Outside,
  scope: () => Scope,
): Step {
  const now = (): Date => environment.base.clock.now();
  const say = (resource: LiveResource, status: string, reason?: string): void =>
    keepResource(stack, { ...resource, status, reason, updatedAt: now() });
  const blank = (): LiveResource => ({
    logicalId: definition.logicalId,
    type: definition.type,
    definition,
    physicalId: outside.physicalId,
    generation: 0,
    properties: {},
    metadata: {},
    status: 'IMPORT_IN_PROGRESS',
    reason: STARTED,
    updatedAt: now(),
    actual: outside.actual,
    drift: undefined,
    origin: outside.origin,
  });
  return {
    begin: () => say(blank(), 'IMPORT_IN_PROGRESS', STARTED),
    finish: (done) => {
      const properties = evaluateObject(definition.properties, scope());
      const metadata = evaluateObject(definition.metadata, scope());
      const resource: LiveResource = { ...blank(), properties, metadata };
      const reason = failsOn(metadata, 'import')
        ? 'Resource handler returned message: "the template asks this resource to fail at import" (HandlerErrorCode: GeneralServiceException)'
        : importProblem(environment, stack, outside);
      if (reason !== undefined) {
        say(resource, 'IMPORT_FAILED', reason);
        return done({ logicalId: definition.logicalId, reason });
      }
      environment.outside.adopt(stack, outside);
      if (resource.type === 'AWS::IAM::Role') registerRole(environment, stack, resource);
      say(resource, 'IMPORT_COMPLETE', COMPLETED);
      say(resource, 'UPDATE_IN_PROGRESS', TAGGED);
      say(resource, 'UPDATE_COMPLETE');
      done();
    },
  };
}

/** Why what was to be imported cannot be, in CloudFormation's words; undefined where it can. */
export function importProblem(
  environment: Environment,
  stack: Stack,
  { type, physicalId }: Pick<Outside, 'type' | 'physicalId'>,
): string | undefined {
  if (environment.outside.find(stack, type, physicalId)) return undefined;
  const owner = areaOf(environment, stack).all.find(
    ({ status, contents }) =>
      status !== 'DELETE_COMPLETE' &&
      [...(contents?.resources.values() ?? [])].some(
        (resource) => resource.type === type && resource.physicalId === physicalId && resource.actual !== 'deleted',
      ),
  );
  return owner === undefined
    ? `Resource of type '${type}' with identifier '${physicalId}' was not found.`
    : `${physicalId} already exists in stack ${owner.id}`;
}
