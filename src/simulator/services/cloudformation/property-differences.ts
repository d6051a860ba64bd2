import { isObject, sameValue, scalarText, type Json } from '../../templates/json.js';
import type { PropertyDifference } from './stack.js';

/** Where the value that stands there differs from the expected one, by JSON pointer; only what the template sets is compared. */
export function differencesBelow(
  path: string,
  expected: Json,
  actual: Json | undefined,
): readonly PropertyDifference[] {
  if (sameValue(expected, actual)) return [];
  if (actual === undefined) return [difference(path, 'REMOVE', expected, null)];
  if (isObject(expected) && isObject(actual)) {
    // What the template does not set is not compared; in a list, an element too many is an addition.
    return Object.entries(expected).flatMap(([name, wanted]) =>
      differencesBelow(`${path}/${pointer(name)}`, wanted, actual[name]),
    );
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

/** A name as a step of a JSON pointer. */
export function pointer(name: string): string {
  return name.replace(/~/g, '~0').replace(/\//g, '~1');
}
