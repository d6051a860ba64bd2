import type { Field, Shown } from '../model/plan.js';
import type { ParameterValue, Settings } from '../model/settings.js';
import { unreachable } from '../model/unreachable.js';

/** What stands for a NoEcho value wherever it would be shown. */
export const REDACTED = '(NoEcho)';

/**
 * Which fields of a unit differ. Three accounts of it, because a NoEcho value cannot be observed: there the recorded digest
 * answers for what stands in AWS, and without one the field is not checkable and so not a difference.
 */
export function diffSettings(wanted: Settings, observed: Settings, recorded: Settings | null): Field[] {
  return [
    ...(wanted.template === observed.template
      ? []
      : [{ path: 'template', before: short(observed.template), after: short(wanted.template) }]),
    ...diffParameters(wanted.parameters, observed.parameters, recorded?.parameters ?? {}),
    ...diffTexts('tags', wanted.tags, observed.tags),
    ...diffTexts('options', wanted.options, pick(observed.options, Object.keys(wanted.options))),
  ];
}

export function diffParameters(wanted: Parameters, observed: Parameters, recorded: Parameters): Field[] {
  return keysOf(wanted, observed)
    .filter((name) => !sameParameter(wanted[name], observed[name], recorded[name]))
    .map((name) => ({
      path: `parameters.${name}`,
      before: shownParameter(observed[name]),
      after: shownParameter(wanted[name]),
    }));
}

type Parameters = Readonly<Record<string, ParameterValue>>;

function sameParameter(
  wanted: ParameterValue | undefined,
  observed: ParameterValue | undefined,
  recorded: ParameterValue | undefined,
): boolean {
  if (wanted === undefined || observed === undefined) return wanted === observed;
  // What nobody knows yet may come out as anything; what is observed is never pending.
  if (wanted.type === 'pending' || observed.type === 'pending') return false;
  if (wanted.type === 'plain' || observed.type === 'plain')
    return wanted.type === 'plain' && observed.type === 'plain' && wanted.value === observed.value;
  const standing = observed.sha256 ?? (recorded?.type === 'noecho' ? recorded.sha256 : null);
  return standing === null || standing === wanted.sha256;
}

export function shownParameter(value: ParameterValue | undefined): Shown {
  if (value === undefined) return null;
  switch (value.type) {
    case 'plain':
      return value.value;
    case 'noecho':
      return REDACTED;
    case 'pending':
      return `(known after ${value.after.join(', ')})`;
    default:
      return unreachable(value);
  }
}

type Texts = Readonly<Record<string, string | boolean | null>>;

function diffTexts(section: string, wanted: Texts, observed: Texts): Field[] {
  return keysOf(wanted, observed)
    .filter((name) => (wanted[name] ?? null) !== (observed[name] ?? null))
    .map((name) => ({ path: `${section}.${name}`, before: shownText(observed[name]), after: shownText(wanted[name]) }));
}

function shownText(value: string | boolean | null | undefined): Shown {
  return value === undefined || value === null ? null : String(value);
}

function pick(texts: Texts, keys: readonly string[]): Texts {
  return Object.fromEntries(keys.map((key) => [key, texts[key] ?? null]));
}

function keysOf(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

const short = (digest: string): string => digest.slice(0, 12);
