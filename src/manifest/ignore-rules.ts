import { STACK_SUBJECT } from '../model/drift.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { endOf } from '../model/moment.js';
import type { ManifestDocument } from './documents.js';
import { error, warning } from './issues.js';
import { itemsOf, valueAt } from './raw.js';
import type { Path } from './raw.js';
import type { Kind } from './schema/kinds.js';
import { IgnoreRule } from './schema/ignore-rule.js';

const EVERYTHING = '/';
/** Settings of a stack that may differ without the stack being another one. */
const OF_A_STACK = /^\/(?:Parameters\/[^/]+|Tags\/[^/]+|RoleARN|EnableTerminationProtection)$/;
/** By these a stack is known to be ours. */
const OWNERSHIP = /^\/Tags\/evenkeel:/;

/** Why drift of it cannot be ignored, and what to do; null where it can. */
export function unignorable(
  resource: string,
  path: string,
): { readonly message: string; readonly remedy: string } | null {
  if (!isStack(resource)) return null;
  if (path === '/Template' || path.startsWith('/Template/'))
    return {
      message: 'a template that differs from the one in Git cannot be ignored: nobody would know what is deployed',
      remedy: 'write what the template is to be in Git, and let a reconcile deploy it',
    };
  if (OWNERSHIP.test(path))
    return { message: `${path.slice('/Tags/'.length)} says whose the stack is`, remedy: 'remove the rule' };
  if (OF_A_STACK.test(path)) return null;
  return {
    message: `${path} is not one setting of a stack`,
    remedy: 'write /Parameters/NAME, /Tags/KEY, /RoleARN or /EnableTerminationProtection',
  };
}

const isStack = (resource: string): boolean => resource === STACK_SUBJECT || resource.endsWith(`.${STACK_SUBJECT}`);

type Rule = { readonly path: Path; readonly rule: IgnoreRule };

/** What is wrong with ignore rules beyond the form of each value, even where other keys have mistakes. */
export function badIgnoreRules(document: ManifestDocument, kind: Kind): readonly Diagnostic[] {
  if (kind === 'Controller') return [];
  const rules = itemsOf(valueAt(document.value, ['spec', 'drift', 'ignore'])).flatMap((value, index): Rule[] => {
    const parsed = IgnoreRule.safeParse(value);
    return parsed.success ? [{ path: ['spec', 'drift', 'ignore', index], rule: parsed.data }] : [];
  });
  return rules.flatMap((each, index) => {
    const place = document.places.at(...each.path, 'path');
    const refused = unignorable(each.rule.resource, each.rule.path);
    if (refused !== null) return [error('EK2016', refused.message, refused.remedy, place)];
    const before = rules.slice(0, index).find(({ rule }) => isRepeated(rule, each.rule));
    const above = rules.find((other) => other !== each && isAbove(other.rule, each.rule));
    if (before !== undefined || above !== undefined) return [superfluous(document, each, (before ?? above)!)];
    return each.rule.path === EVERYTHING && each.rule.expires === undefined ? [unbounded(each, place)] : [];
  });
}

function isRepeated(rule: IgnoreRule, other: IgnoreRule): boolean {
  return rule.resource === other.resource && rule.path === other.path;
}

/** Covers all that the other does, and for as long. */
function isAbove(rule: IgnoreRule, other: IgnoreRule): boolean {
  const covers = rule.path !== other.path && (rule.path === EVERYTHING || other.path.startsWith(`${rule.path}/`));
  return rule.resource === other.resource && covers && lasts(rule) >= lasts(other);
}

const lasts = ({ expires }: IgnoreRule): number => (expires === undefined ? Infinity : endOf(expires));

function superfluous({ places }: ManifestDocument, { path, rule }: Rule, other: Rule): Diagnostic {
  const { line, column } = places.at(...other.path);
  const at = `${String(line)}:${String(column)}`;
  const isSame = rule.path === other.rule.path;
  const message = isSame
    ? `${rule.path} of ${rule.resource} is ignored by the rule at ${at} already`
    : `${rule.path} of ${rule.resource} is below ${other.rule.path}, which the rule at ${at} ignores`;
  return warning('EK2017', message, 'keep one of the two rules', places.at(...path, 'path'));
}

/** A whole resource may be left to others for a while; for ever, nobody would notice that it is gone. */
function unbounded({ rule }: Rule, place: Diagnostic['place'] & {}): Diagnostic {
  const message = `everything that happens to ${rule.resource} is ignored for ever, its deletion too`;
  return warning('EK2018', message, 'name the properties that others may change, or add expires', place);
}
