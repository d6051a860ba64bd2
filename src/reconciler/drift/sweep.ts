import { sha256 } from '../../model/canonical.js';
import { STACK_SUBJECT } from '../../model/drift.js';
import type { Sha256 } from '../../model/identifiers.js';
import type { NestedStack } from '../../model/observed.js';
import type { Field } from '../../model/plan.js';
import type { ParameterValue } from '../../model/settings.js';
import { targetKey } from '../../model/target.js';
import { templateSha256 } from '../../model/template.js';
import { diffParameters, diffSettings } from '../diff.js';
import type { DriftProbe } from '../ports.js';
import type { Asking } from './asking.js';
import type { Books, Outcome } from './books.js';
import type { Look } from './look.js';
import { sawAt } from './looked-at.js';
import { differencesOf } from './pointers.js';
import { refusedCheck } from './refused.js';
import type { Watched } from './watched.js';

export type Swept = {
  readonly looks: readonly Look[];
  readonly outcomes: readonly Outcome[];
  /** How many were not asked after all. */
  readonly waiting: number;
};

/**
 * Reads the template of each stack and holds all of the stack against its record, whatever the walk's fingerprint says: the second
 * method, and the audit of the first. What cannot be read is UNKNOWN, and one that is gone by now is the next walk's business.
 */
export async function sweep(
  due: readonly Watched[],
  books: Books,
  probe: Pick<DriftProbe, 'template'>,
  asking: Asking,
  now: Date,
): Promise<Swept> {
  const digestOf = rememberingDigests();
  const at = now.toISOString();
  const looks: Look[] = [];
  const outcomes: Outcome[] = [];
  let waiting = 0;
  await Promise.all(
    due.map(async (watched) => {
      const { address, target, stack } = watched;
      const answer = await asking.ask(target, (signal) => probe.template({ target, stackId: stack.stackId }, signal));
      if (answer === null) waiting += 1;
      if (answer === null || answer.type === 'gone') return;
      if (answer.type === 'failed') {
        outcomes.push({ watched, template: refusedCheck(answer.diagnostic, at) });
        return;
      }
      const before = sawAt(books.get(targetKey(target))?.stacks[stack.stackId]?.template ?? null, now);
      const differences = differencesOf(fieldsOf(watched, digestOf(answer.text)));
      const sightings =
        differences.length === 0 ? [] : [{ ...subjectOf(watched), kind: 'changed', differences } as const];
      looks.push({ address, nested: stack.nested, layer: 'stack', method: 'template', at, before, sightings });
      const status = differences.length === 0 ? 'IN_SYNC' : 'DRIFTED';
      outcomes.push({ watched, template: { at, status, error: null, notCheckable: notComparable(watched) } });
    }),
  );
  return { looks: looks.sort(byPlace), outcomes, waiting };
}

/** In an order that does not depend on who answered first. */
export function byPlace(one: Look, other: Look): number {
  const [first, second] = [`${one.address} ${one.nested ?? ''}`, `${other.address} ${other.nested ?? ''}`];
  return first < second ? -1 : first > second ? 1 : 0;
}

function subjectOf({ stack }: Watched) {
  const subject = stack.nested === null ? STACK_SUBJECT : `${stack.nested}.${STACK_SUBJECT}`;
  return { layer: 'stack', subject, resourceType: null, physicalId: stack.stackId } as const;
}

/** What stands against what is recorded; `template` is the digest of what stands. Pure. */
function fieldsOf({ unit, seen, target, stack }: Watched, template: Sha256): readonly Field[] {
  const recorded = unit.entry!.recorded!;
  const key = targetKey(target);
  const member = recorded.members[key];
  if (stack.nested !== null) {
    const nested = (member ?? recorded).nested![stack.nested]!;
    return nestedFields(nested, (seen.members[key] ?? seen).nested[stack.nested], template);
  }
  if (member === undefined) return diffSettings(recorded.settings, { ...seen.settings, template }, recorded.settings);
  const { parameters } = member.settings;
  const observed = seen.members[key]!;
  const fields = [
    ...templateField(recorded.settings.template, template),
    ...diffParameters(parameters, observed.settings.parameters, parameters),
    ...observed.strayed.filter(({ path }) => path !== 'template'),
  ];
  // An override that was changed shows on the stack too.
  return [...new Map(fields.map((field) => [field.path, field])).values()];
}

/** The walk says of a nested stack what it read; where it read nothing, only the template is compared. */
function nestedFields(recorded: NestedStack, seen: NestedStack | undefined, template: Sha256): readonly Field[] {
  const fields = templateField(recorded.template, template);
  if (seen === undefined) return fields;
  const role = { path: 'options.roleArn', before: seen.roleArn, after: recorded.roleArn };
  return [
    ...fields,
    ...diffParameters(recorded.parameters, seen.parameters, recorded.parameters),
    ...(seen.roleArn === recorded.roleArn ? [] : [role]),
  ];
}

function templateField(recorded: Sha256, standing: Sha256): readonly Field[] {
  const short = (digest: Sha256): string => digest.slice(0, 12);
  return recorded === standing ? [] : [{ path: 'template', before: short(standing), after: short(recorded) }];
}

/** What no reading shows: values that CloudFormation answers with asterisks, and the stack's policy. */
function notComparable({ unit, target, stack }: Watched): readonly string[] {
  const recorded = unit.entry!.recorded!;
  const member = recorded.members[targetKey(target)];
  const parameters: Readonly<Record<string, ParameterValue>> =
    stack.nested === null
      ? { ...recorded.settings.parameters, ...member?.settings.parameters }
      : (member ?? recorded).nested![stack.nested]!.parameters;
  const secrets = Object.entries(parameters).flatMap(([name, { type }]) =>
    type === 'noecho' ? [`Parameters/${name} (NoEcho)`] : [],
  );
  return [...secrets, 'StackPolicy'].sort();
}

/** Many stacks have one template, and reading it is what a sweep takes longest for. */
function rememberingDigests(): (text: string) => Sha256 {
  const known = new Map<Sha256, Sha256>();
  return (text) => {
    const key = sha256(text);
    const digest = known.get(key) ?? templateSha256(text);
    known.set(key, digest);
    return digest;
  };
}
