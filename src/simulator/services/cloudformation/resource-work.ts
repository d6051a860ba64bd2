import { AwsError } from '../../kernel/contract.js';
import { evaluateObject, type Scope } from '../../templates/intrinsics.js';
import type { JsonObject } from '../../templates/json.js';
import { refusedProperties } from '../../templates/resource-check.js';
import { resourceSpec } from '../../templates/resource-spec.js';
import type { ResourceDefinition } from '../../templates/definition.js';
import { changedProperties } from './changed-properties.js';
import { fixedProperties, unansweredToken } from './custom-resources.js';
import { reconciledAfter } from './drift-comparison.js';
import { subjectOf, type Environment } from './environment.js';
import { keepResource, recordResource } from './journal.js';
import { givenName } from './resource-names.js';
import { deliberateFailure, dispose, NESTED, provision } from './provisioning.js';
import { registerRole } from './role-registry.js';
import { awaitedSignals, awaitSignals, fixedCondition, type Awaited } from './signals.js';
import { failsOn, type LiveResource, type Stack } from './stack.js';
import type { Done, Step } from './timeline.js';

/** Creates one resource, as the next incarnation of `generation`; `made` hears of it once it stands. */
export function createStep(
  environment: Environment,
  stack: Stack,
  definition: ResourceDefinition,
  scope: () => Scope,
  made: (resource: LiveResource) => void,
): Step {
  const now = (): Date => environment.base.clock.now();
  let resource = blank(definition, now());
  return {
    begin: () => {
      resource = { ...blank(definition, now()), status: 'CREATE_IN_PROGRESS' };
      keepResource(stack, resource);
    },
    finish: (done) => {
      const fail = failer(stack, 'CREATE_FAILED', now, done);
      const evaluated = attempt(() => evaluatedResource(definition, scope()));
      if (typeof evaluated === 'string') return fail(resource, evaluated);
      resource = { ...resource, ...evaluated, actual: evaluated.properties };
      const awaited = attempt(() => awaitedOf(definition, evaluated.properties, scope()));
      if (typeof awaited === 'string') return fail(resource, awaited);
      provision(environment, stack, resource, (physical, failure) => {
        resource = { ...resource, physicalId: physical };
        if (failure !== undefined) return fail(resource, failure);
        if (awaited !== undefined) initiated(stack, resource, now());
        awaitSignals(environment, stack, awaited, (inVain) => {
          if (inVain !== undefined) return fail(resource, inVain);
          resource = { ...resource, status: 'CREATE_COMPLETE', updatedAt: now() };
          keepResource(stack, resource);
          environment.witness.serviceCall(stack, resource, 'create');
          made(resource);
          done();
        });
      });
    },
  };
}

/** Brings one resource to its new definition, in place or by a replacement; quiet where nothing differs after all. */
export function updateStep(
  environment: Environment,
  stack: Stack,
  definition: ResourceDefinition,
  before: LiveResource,
  scope: () => Scope,
  heard: {
    readonly touched: () => void;
    readonly replaced: (next: LiveResource) => void;
    readonly revertsDrift: boolean;
  },
): Step {
  const now = (): Date => environment.base.clock.now();
  return {
    begin: () => keepResource(stack, { ...before, status: 'UPDATE_IN_PROGRESS', reason: undefined, updatedAt: now() }),
    finish: (done) => {
      const fail = failer(stack, 'UPDATE_FAILED', now, done);
      heard.touched();
      const evaluated = attempt(() => evaluatedResource(definition, scope()));
      if (typeof evaluated === 'string') return fail(before, evaluated);
      const next = { ...before, ...evaluated, definition, type: definition.type, reason: undefined, updatedAt: now() };
      const deliberate = failsOn(evaluated.metadata, 'update') ? deliberateFailure('update') : undefined;
      const refused =
        deliberate ??
        refusedProperties(next.type, next.properties) ??
        fixedProperties(before, next) ??
        unansweredToken(environment, stack, next);
      if (refused !== undefined) return fail(before, refused);
      if (mustReplace(before, next)) {
        const awaited = attempt(() => awaitedOf(definition, next.properties, scope()));
        if (typeof awaited === 'string') return fail(before, awaited);
        return replace(environment, stack, before, next, awaited, (created, failure) => {
          if (failure !== undefined) return fail(before, failure);
          heard.replaced(created);
          done();
        });
      }
      const fixed = fixedCondition(next, changedProperties(before.properties, next.properties));
      if (fixed !== undefined) return fail(before, fixed);
      if (before.actual === 'deleted' && changedProperties(before.properties, next.properties).length > 0)
        return fail(before, notFound(before));
      const finish = (): void => {
        const actual = actualAfter(before, next.properties, heard.revertsDrift);
        const updated: LiveResource = { ...next, actual, status: 'UPDATE_COMPLETE', updatedAt: now() };
        keepResource(stack, updated);
        environment.witness.serviceCall(stack, updated, 'update');
        if (updated.type === 'AWS::IAM::Role') registerRole(environment, stack, updated);
        done();
      };
      if (next.type !== NESTED) return finish();
      environment.nested.update(stack, before.physicalId, next.properties, ({ failure }) =>
        failure === undefined ? finish() : fail(before, failure),
      );
    },
  };
}

/** Deletes one resource, or lets it go where its policy says so; `gone` hears of it. */
export function deleteStep(
  environment: Environment,
  stack: Stack,
  resource: LiveResource,
  options: { readonly retain: boolean; readonly listed: boolean; readonly gone: () => void },
): Step {
  const now = (): Date => environment.base.clock.now();
  const say = options.listed ? keepResource : recordResource;
  return {
    begin: () => {
      if (!options.retain)
        say(stack, { ...resource, status: 'DELETE_IN_PROGRESS', reason: undefined, updatedAt: now() });
    },
    finish: (done) => {
      const end = (status: string): void => {
        say(stack, { ...resource, status, reason: undefined, updatedAt: now() });
        if (status === 'DELETE_COMPLETE') environment.witness.serviceCall(stack, resource, 'delete');
        options.gone();
        done();
      };
      if (options.retain) {
        environment.outside.leave(stack, resource);
        return end('DELETE_SKIPPED');
      }
      const fail = (reason: string): void => {
        say(stack, { ...resource, status: 'DELETE_FAILED', reason, updatedAt: now() });
        done({ logicalId: resource.logicalId, reason });
      };
      if (failsOn(resource.metadata, 'delete')) return fail(deliberateFailure('delete'));
      if (resource.type === NESTED) {
        return environment.nested.delete(stack, resource.physicalId, ({ failure }) =>
          failure === undefined ? end('DELETE_COMPLETE') : fail(failure),
        );
      }
      dispose(environment, stack, resource);
      end('DELETE_COMPLETE');
    },
  };
}

/** Puts a resource back to what it was before the update that is rolled back. */
export function restoreStep(environment: Environment, stack: Stack, before: LiveResource, skip: boolean): Step {
  const now = (): Date => environment.base.clock.now();
  const updated = stack.contents?.resources.get(before.logicalId);
  const actual = stack.recovery?.toActual === true ? before.actual : actualRestored(before, updated);
  return {
    begin: () => keepResource(stack, { ...before, status: 'UPDATE_IN_PROGRESS', reason: undefined, updatedAt: now() }),
    finish: (done) => {
      const restored = { ...before, actual, status: 'UPDATE_COMPLETE', reason: undefined, updatedAt: now() };
      const fail = failer(stack, 'UPDATE_FAILED', now, done);
      if (skip) {
        keepResource(stack, restored);
        return done();
      }
      // The definition that refuses updates refuses the one that would bring it back too.
      if (failsOn(before.metadata, 'update')) return fail(before, deliberateFailure('update'));
      if (before.type === 'AWS::IAM::Role') registerRole(environment, stack, before);
      environment.witness.serviceCall(stack, restored, 'update');
      if (before.type !== NESTED) {
        keepResource(stack, restored);
        return done();
      }
      environment.nested.restore(stack, before.physicalId, ({ failure }) => {
        if (failure !== undefined) return fail(before, failure);
        keepResource(stack, restored);
        done();
      });
    },
  };
}

/** True where a change from one state to the other cannot be made in place. */
export function mustReplace(before: LiveResource, next: Pick<LiveResource, 'type' | 'properties'>): boolean {
  if (before.type !== next.type) return true;
  const spec = resourceSpec(next.type);
  return changedProperties(before.properties, next.properties).some(
    (name) => spec?.properties.get(name)?.recreation === 'Always',
  );
}

function replace(
  environment: Environment,
  stack: Stack,
  before: LiveResource,
  next: LiveResource,
  awaited: Awaited | undefined,
  then: (created: LiveResource, failure: string | undefined) => void,
): void {
  const name = givenName(subjectOf(stack, next));
  if (name !== undefined && before.type === next.type && name === givenName(subjectOf(stack, before))) {
    const reason =
      'CloudFormation cannot update a stack when a custom-named resource requires replacing. ' +
      `Rename ${name} and update the stack again.`;
    return then(before, reason);
  }
  const candidate: LiveResource = {
    ...next,
    generation: before.generation + 1,
    actual: next.properties,
    drift: undefined,
    origin: undefined,
  };
  provision(environment, stack, candidate, (physical, failure) => {
    const created: LiveResource = {
      ...candidate,
      physicalId: physical,
      status: 'UPDATE_COMPLETE',
      reason: 'Requested update required the creation of a new physical resource; hence creating one.',
      updatedAt: environment.base.clock.now(),
    };
    if (failure !== undefined) return then(created, failure);
    awaitSignals(environment, stack, awaited, (inVain) => {
      environment.witness.serviceCall(stack, created, 'create');
      if (inVain === undefined) keepResource(stack, created);
      else dispose(environment, stack, created);
      then(created, inVain);
    });
  });
}

/** The resource is made and has its id, and is not complete yet. */
function initiated(stack: Stack, resource: LiveResource, updatedAt: Date): void {
  keepResource(stack, { ...resource, reason: 'Resource creation Initiated', updatedAt });
}

function awaitedOf({ type, policies }: ResourceDefinition, properties: JsonObject, scope: Scope): Awaited | undefined {
  return awaitedSignals(type, properties, evaluateObject(policies, scope));
}

/** What the service answers of a resource that somebody has deleted. */
function notFound({ type, physicalId }: LiveResource): string {
  return `Resource handler returned message: "Resource of type '${type}' with identifier '${physicalId}' was not found." (HandlerErrorCode: NotFound)`;
}

/** An update writes the properties that it changes; what was changed by hand elsewhere in the resource stays. */
function actualAfter(before: LiveResource, after: JsonObject, revertsDrift: boolean): JsonObject | 'deleted' {
  if (before.actual === before.properties) return after;
  if (revertsDrift) return reconciledAfter(before, after);
  if (before.actual === 'deleted') return 'deleted';
  const changed = changedProperties(before.properties, after);
  const kept = Object.entries(before.actual).filter(([name]) => !changed.includes(name));
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(Object.entries(after).filter(([name]) => changed.includes(name))),
  };
}

/** A rollback writes what the template said into the properties that the update had changed; drift elsewhere stays. */
function actualRestored(before: LiveResource, updated: LiveResource | undefined): JsonObject | 'deleted' {
  if (before.actual === 'deleted' || before.actual === before.properties || !updated) return before.actual;
  return actualAfter({ ...before, properties: updated.properties }, before.properties, false);
}

function evaluatedResource(
  definition: ResourceDefinition,
  scope: Scope,
): Pick<LiveResource, 'properties' | 'metadata'> {
  return {
    properties: evaluateObject(definition.properties, scope),
    metadata: evaluateObject(definition.metadata, scope),
  };
}

function blank(definition: ResourceDefinition, at: Date): LiveResource {
  const { logicalId, type } = definition;
  return {
    logicalId,
    type,
    definition,
    physicalId: '',
    generation: 0,
    properties: {},
    metadata: {},
    status: 'CREATE_IN_PROGRESS',
    reason: undefined,
    updatedAt: at,
    actual: {},
    drift: undefined,
  };
}

function failer(stack: Stack, status: string, now: () => Date, done: Done) {
  return (resource: LiveResource, reason: string): void => {
    keepResource(stack, { ...resource, status, reason, updatedAt: now() });
    done({ logicalId: resource.logicalId, reason });
  };
}

function attempt<T>(evaluation: () => T): T | string {
  try {
    return evaluation();
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}
