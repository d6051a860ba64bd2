import { isCheckable, WRITE_ONLY } from './drift-checkable.js';
import { differencesBelow, pointer } from './property-differences.js';
import { failsOn, type LiveResource, type ResourceDrift } from './stack.js';

/** Compares what stands there with what the template says, as of that time. */
export function resourceDrift(resource: LiveResource, at: Date): ResourceDrift {
  const { type, properties, actual, metadata } = resource;
  const nothing = { at, actual: undefined, differences: [] };
  if (!isCheckable(type)) return { ...nothing, status: 'NOT_CHECKED' };
  if (failsOn(metadata, 'read')) {
    const reason = `Failed to detect drift on resource [${resource.logicalId}]: Access Denied`;
    return { ...nothing, status: 'UNKNOWN', reason };
  }
  if (actual === 'deleted') return { ...nothing, status: 'DELETED' };
  const differences = Object.entries(properties)
    .filter(([name]) => WRITE_ONLY.get(type)?.has(name) !== true)
    .flatMap(([name, expected]) => differencesBelow(`/${pointer(name)}`, expected, actual[name]));
  return { status: differences.length > 0 ? 'MODIFIED' : 'IN_SYNC', at, actual, differences };
}

/** True for what counts as drift of a stack. */
export function isDrifted(drift: ResourceDrift | undefined): boolean {
  return drift?.status === 'MODIFIED' || drift?.status === 'DELETED';
}
