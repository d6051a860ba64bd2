import { evaluateObject, type Scope } from '../../templates/intrinsics.js';
import { changedProperties } from './changed-properties.js';
import type { ResourceChange } from './projection.js';
import { NESTED } from './provisioning.js';
import type { Step } from './timeline.js';

/**
 * The step for a change that may turn out to be none: CloudFormation lists whoever refers to a resource that it modifies, and
 * leaves alone, without an event, those for whom nothing has changed in the end.
 */
export function unlessUnchanged(change: ResourceChange, scope: () => Scope, step: Step): Step {
  if (!isUncertain(change)) return step;
  const { before, definition } = change;
  return {
    begin: () => undefined,
    finish: (done) => {
      if (changedProperties(before.properties, evaluateObject(definition.properties, scope())).length === 0)
        return done();
      step.begin();
      step.finish(done);
    },
  };
}

function isUncertain(
  change: ResourceChange,
): change is Extract<ResourceChange, { readonly action: 'Modify' | 'SyncWithActual' }> {
  if (change.action !== 'Modify' || change.definition.type === NESTED) return false;
  return change.details.every(({ evaluation }) => evaluation === 'Dynamic');
}
