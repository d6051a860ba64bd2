import { targetOf } from '../../model/address.js';
import type { Desired } from '../../model/desired.js';
import { STACK_SUBJECT } from '../../model/drift.js';
import type { Known, Observation } from '../../model/observed.js';
import type { Field } from '../../model/plan.js';
import type { ParameterValue, Settings } from '../../model/settings.js';
import type { Unit } from '../units.js';
import { pointerOf } from './pointers.js';
import { ruleFor } from './rules.js';

/** Whether the manifest accepts that this field of a stack's own settings differs. */
export function isAccepted(desired: Desired | null, { path }: Field, now: Date): boolean {
  return (
    desired !== null &&
    desired.driftIgnore.length > 0 &&
    ruleFor(desired.driftIgnore, STACK_SUBJECT, pointerOf(path), now) !== null
  );
}

/**
 * The unit with what its manifest accepts of the stack's own settings left as it stands, so that no update writes over it either.
 * `declared` is then what the manifest says, and what is recorded. Of a stack set it is the definition: what an instance is given apart from
 * it is left to the plan.
 */
export function leavingAccepted(unit: Unit, observed: Observation | undefined, now: Date): Unit {
  const { desired, wanted } = unit;
  if (desired === null || wanted === null || desired.driftIgnore.length === 0) return unit;
  if (observed?.type !== 'known' || observed.ownership !== 'ours' || observed.condition.type !== 'settled') return unit;
  const isLeft = (path: string): boolean => isAccepted(desired, { path, before: null, after: null }, now);
  const settings = settingsLeaving(wanted.settings, observed, isLeft);
  const given = Object.entries(settings.parameters).flatMap(([name, value]) =>
    value.type === 'plain' && value !== wanted.settings.parameters[name] ? [[name, value.value] as const] : [],
  );
  const isOneStack = targetOf(unit.subject.address) !== null;
  const deployments = wanted.deployments.map((deployment) => ({
    ...deployment,
    parameters: {
      ...deployment.parameters,
      ...Object.fromEntries(given.filter(([name]) => isOneStack || !deployment.overridden.includes(name))),
    },
  }));
  return { ...unit, declared: wanted.settings, wanted: { ...wanted, settings, deployments } };
}

function settingsLeaving(wanted: Settings, { settings: seen }: Known, isLeft: (path: string) => boolean): Settings {
  const parameters: Record<string, ParameterValue> = { ...wanted.parameters };
  for (const [name, value] of Object.entries(seen.parameters))
    if (value.type === 'plain' && parameters[name]?.type === 'plain' && isLeft(`parameters.${name}`))
      parameters[name] = value;
  const tags: Record<string, string> = {};
  for (const key of new Set([...Object.keys(wanted.tags), ...Object.keys(seen.tags)])) {
    const value = isLeft(`tags.${key}`) ? seen.tags[key] : wanted.tags[key];
    if (value !== undefined) tags[key] = value;
  }
  const options = Object.fromEntries(
    Object.entries(wanted.options).map(([name, value]) => [
      name,
      isLeft(`options.${name}`) ? (seen.options[name] ?? null) : value,
    ]),
  );
  return { ...wanted, parameters, tags, options };
}
