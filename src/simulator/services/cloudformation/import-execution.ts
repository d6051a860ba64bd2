import { openScope } from './composition.js';
import { contentsOf } from './composition.js';
import type { Environment } from './environment.js';
import type { Outside } from './import-outside.js';
import { importStep } from './import-work.js';
import { beginOperation, recordResource, setStatus } from './journal.js';
import { duration, endOperation, failedResources } from './operation-end.js';
import { failsOn, type Definition, type LiveResource, type Stack } from './stack.js';
import { play, type Failure } from './timeline.js';

/** Imports what the definition adds to the stack; where one import fails, those before it are let go again. */
export function startImport(
  environment: Environment,
  stack: Stack,
  definition: Definition,
  options: {
    readonly operationId: string;
    readonly token: string | undefined;
    readonly imports: ReadonlyMap<string, Outside>;
  },
): void {
  const { base } = environment;
  const isNew = stack.status === 'REVIEW_IN_PROGRESS';
  const { resources } = contentsOf(environment, stack);
  const operation = beginOperation(stack, isNew ? 'CREATE_STACK' : 'UPDATE_STACK', options.operationId, options.token);
  const before = stack.definition;
  stack.definition = definition;
  stack.updatedAt = base.clock.now();
  setStatus(stack, 'IMPORT_IN_PROGRESS', base.clock.now(), 'User Initiated');
  const scope = openScope(environment, stack, definition, resources, new Set());
  const imported = [...definition.template.resources.values()].flatMap((planned) => {
    const outside = options.imports.get(planned.logicalId);
    return outside === undefined ? [] : [{ planned, outside }];
  });
  const steps = imported.map(({ planned, outside }) => importStep(environment, stack, planned, outside, () => scope));
  const playing = play(base.clock, duration(environment, stack, 'UPDATE_STACK'), steps, (failure) => {
    if (!failure) return endOperation(environment, stack, 'IMPORT_COMPLETE');
    stack.definition = before;
    rollBack(
      environment,
      stack,
      imported.flatMap(({ planned: { logicalId } }) => resources.get(logicalId) ?? []).reverse(),
      { failure, end: isNew ? 'ROLLBACK_COMPLETE' : 'IMPORT_ROLLBACK_COMPLETE' },
    );
  });
  operation.cancel = () => playing.cancel();
}

/** Lets go of what was imported; it stands outside again, untouched. */
function rollBack(
  environment: Environment,
  stack: Stack,
  resources: readonly LiveResource[],
  { failure, end }: { readonly failure: Failure; readonly end: string },
): void {
  const { base } = environment;
  setStatus(stack, 'IMPORT_ROLLBACK_IN_PROGRESS', base.clock.now(), failedResources('import', [failure]));
  const stuck: Failure[] = [];
  const steps = resources.map((resource) => {
    const say = (status: string): void =>
      recordResource(stack, { ...resource, status, reason: undefined, updatedAt: base.clock.now() });
    return {
      begin: () => say('IMPORT_ROLLBACK_IN_PROGRESS'),
      finish: (done: () => void) => {
        if (failsOn(resource.metadata, 'import-rollback')) {
          say('IMPORT_ROLLBACK_FAILED');
          stuck.push({ logicalId: resource.logicalId, reason: 'it cannot be let go' });
          return done();
        }
        stack.contents?.resources.delete(resource.logicalId);
        if (resource.status === 'UPDATE_COMPLETE') environment.outside.leave(stack, resource);
        say('IMPORT_ROLLBACK_COMPLETE');
        done();
      },
    };
  });
  const playing = play(base.clock, duration(environment, stack, 'ROLLBACK') / 2, steps, () => {
    if (stuck.length > 0) endOperation(environment, stack, 'IMPORT_ROLLBACK_FAILED', failedResources('import', stuck));
    else endOperation(environment, stack, end);
  });
  if (stack.operation) stack.operation.cancel = () => playing.cancel();
}
