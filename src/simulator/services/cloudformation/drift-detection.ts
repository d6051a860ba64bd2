import { isObject, sameValue, scalarText, type Json, type JsonObject } from '../../templates/json.js';
import { invalid } from '../../templates/refusal.js';
import { isOpenType } from '../../templates/resource-spec.js';
import { contentsOf } from './composition.js';
import type { Environment } from './environment.js';
import type { LiveResource, PropertyDifference, ResourceDrift, Stack } from './stack.js';

export type Detection = {
  readonly id: string;
  readonly stackId: string;
  readonly startedAt: Date;
  status: 'DETECTION_IN_PROGRESS' | 'DETECTION_COMPLETE';
  drift: Stack['drift']['status'];
  drifted: number;
};

const CHECKABLE = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

/** Begins to compare what stands with what the template says; only properties that it sets are compared, as AWS does. */
export function startDriftDetection(
  environment: Environment,
  stack: Stack,
  logicalIds: readonly string[] | undefined,
  then: (stack: Stack) => void,
): Detection {
  if (!CHECKABLE.has(stack.status)) {
    throw invalid(`Drift detection cannot be performed on stack [${stack.id}] while it is in ${stack.status} state`);
  }
  const { base } = environment;
  const detection: Detection = {
    id: base.identifiers.uuid(),
    stackId: stack.id,
    startedAt: base.clock.now(),
    status: 'DETECTION_IN_PROGRESS',
    drift: 'UNKNOWN',
    drifted: 0,
  };
  base.clock.after(base.identifiers.between(5, 30, `drift/${stack.id}`), () => {
    const at = base.clock.now();
    const { resources } = contentsOf(environment, stack);
    for (const resource of [...resources.values()]) {
      if (logicalIds && !logicalIds.includes(resource.logicalId)) continue;
      resources.set(resource.logicalId, { ...resource, drift: resourceDrift(resource, at) });
    }
    detection.drifted = [...resources.values()].filter(({ drift }) => isDrifted(drift)).length;
    detection.status = 'DETECTION_COMPLETE';
    detection.drift = detection.drifted > 0 ? 'DRIFTED' : 'IN_SYNC';
    stack.drift = { status: detection.drift, checkedAt: at };
    then(stack);
  });
  return detection;
}

/** True for what counts as drift of a stack. */
export function isDrifted(drift: ResourceDrift | undefined): boolean {
  return drift?.status === 'MODIFIED' || drift?.status === 'DELETED';
}

function resourceDrift(resource: LiveResource, at: Date): ResourceDrift {
  const { properties, actual } = resource;
  if (isOpenType(resource.type)) return { status: 'NOT_CHECKED', at, actual: undefined, differences: [] };
  if (actual === 'deleted') return { status: 'DELETED', at, actual: undefined, differences: [] };
  const differences = Object.entries(properties).flatMap(([name, expected]) =>
    differencesBelow(`/${pointer(name)}`, expected, actual[name]),
  );
  return { status: differences.length > 0 ? 'MODIFIED' : 'IN_SYNC', at, actual, differences };
}

function differencesBelow(path: string, expected: Json, actual: Json | undefined): readonly PropertyDifference[] {
  if (sameValue(expected, actual)) return [];
  if (actual === undefined) return [difference(path, 'REMOVE', expected, null)];
  if (isObject(expected) && isObject(actual)) {
    const both: JsonObject = { ...actual, ...expected };
    return Object.keys(both).flatMap((name) => {
      const below = `${path}/${pointer(name)}`;
      const wanted = expected[name];
      return wanted === undefined
        ? [difference(below, 'ADD', null, actual[name] ?? null)]
        : differencesBelow(below, wanted, actual[name]);
    });
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const [wanted, found] = [expected as readonly Json[], actual as readonly Json[]];
    return Array.from({ length: Math.max(wanted.length, found.length) }, (_, at) => {
      const want = wanted[at];
      return want === undefined
        ? [difference(`${path}/${at}`, 'ADD', null, found[at] ?? null)]
        : differencesBelow(`${path}/${at}`, want, found[at]);
    }).flat();
  }
  return [difference(path, 'NOT_EQUAL', expected, actual)];
}

function difference(
  path: string,
  type: PropertyDifference['DifferenceType'],
  expected: Json,
  actual: Json,
): PropertyDifference {
  return {
    PropertyPath: path,
    ExpectedValue: scalarText(expected),
    ActualValue: scalarText(actual),
    DifferenceType: type,
  };
}

function pointer(name: string): string {
  return name.replace(/~/g, '~0').replace(/\//g, '~1');
}
