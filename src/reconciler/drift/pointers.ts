import type { Difference } from '../../model/drift.js';
import { shortenDifference } from '../../model/drift-redaction.js';
import type { Field } from '../../model/plan.js';

const SECTIONS: readonly (readonly [prefix: string, pointer: string])[] = [
  ['parameters.', '/Parameters/'],
  ['tags.', '/Tags/'],
];
const WHOLE: Readonly<Record<string, string>> = {
  template: '/Template',
  tags: '/Tags',
  status: '/StackStatus',
  'options.roleArn': '/RoleARN',
  'options.terminationProtection': '/EnableTerminationProtection',
};

/** A plan's path as the JSON pointer by which CloudFormation's own words name the same: `parameters.X` is `/Parameters/X`. */
export function pointerOf(path: string): string {
  const whole = WHOLE[path];
  if (whole !== undefined) return whole;
  for (const [prefix, pointer] of SECTIONS)
    if (path.startsWith(prefix)) return `${pointer}${escaped(path.slice(prefix.length))}`;
  return path.startsWith('options.') ? `/${escaped(path.slice('options.'.length))}` : `/${escaped(path)}`;
}

/** The fields of a plan that would put it right: what stands is before, what should be is after. */
export function differencesOf(fields: readonly Field[]): readonly Difference[] {
  return fields
    .map(({ path, before, after }) => shortenDifference({ path: pointerOf(path), expected: after, actual: before }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
