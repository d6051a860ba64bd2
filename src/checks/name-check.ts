import type { TemplateResource } from '../model/template-resources.js';
import type { Target } from '../model/target.js';
import { unreachable } from '../model/unreachable.js';
import { decide, evaluate, namesIn } from './expression.js';
import { amend, listed, named } from './finding.js';
import type { Finding } from './finding.js';
import { NAME_RULES } from './name-rules.js';
import type { NameRule } from './name-rules.js';
import { spotsOf } from './spots.js';
import type { Spot } from './spots.js';
import type { Subject } from './subject.js';
import type { Template } from './templates.js';

type NamedSpot = { readonly name: string; readonly spot: Spot };

/** Names that are longer than AWS takes once they are filled in, and names that several targets would have to share. */
export function checkNames(subject: Subject): readonly Finding[] {
  return subject.templates.flatMap((template) =>
    template.resources.flatMap((resource) => {
      const rule = NAME_RULES[resource.type];
      if (rule === undefined || resource.properties[rule.property] === undefined) return [];
      const spots = namesAt(subject, template, resource, rule);
      const what = named(rule.noun, resource.logicalId, template);
      return [...tooLong(subject, what, rule, spots), ...repeated(subject, what, rule, spots)];
    }),
  );
}

/** Only where the resource is made and the name is known for certain. */
function namesAt(
  subject: Subject,
  template: Template,
  { properties, condition }: TemplateResource,
  { property }: NameRule,
): readonly NamedSpot[] {
  const names = namesIn([properties[property], { Condition: condition }], template.document);
  return spotsOf(subject, template, names).flatMap((spot) => {
    if (condition !== null && decide(condition, template.document, spot.at) !== true) return [];
    const name = evaluate(properties[property], template.document, spot.at);
    return typeof name === 'string' ? [{ name, spot }] : [];
  });
}

function tooLong(
  subject: Subject,
  what: string,
  { property, longest, noun }: NameRule,
  spots: readonly NamedSpot[],
): readonly Finding[] {
  const longer = spots.filter(({ name }) => name.length > longest);
  const first = longer[0];
  if (first === undefined) return [];
  return [
    {
      code: 'EK5036',
      severity: 'error',
      message: `${what} would be called ${first.name}, ${String(first.name.length)} characters, and AWS takes ${String(longest)} for a ${noun}`,
      remedy: amend(subject.desired, `shorten ${property}, or the parameters that it is made of`),
      targets: longer.flatMap(({ spot }) => spot.targets),
    },
  ];
}

function repeated(subject: Subject, what: string, rule: NameRule, spots: readonly NamedSpot[]): readonly Finding[] {
  if (rule.scope === 'target' || subject.deployments === null || subject.deployments.length < 2) return [];
  const holders = new Map<string, { readonly name: string; readonly targets: Target[] }>();
  for (const { name, spot } of spots) {
    for (const target of spot.targets) {
      // IAM keeps names apart by more than upper and lower case.
      const key = rule.scope === 'account' ? `${target.account} ${name.toLowerCase()}` : name;
      const holder = holders.get(key) ?? { name, targets: [] };
      holder.targets.push(target);
      holders.set(key, holder);
    }
  }
  const clashes = [...holders.values()].filter(({ targets }) => targets.length > 1);
  const first = clashes[0];
  if (first === undefined) return [];
  const { message, remedy } = wordsFor(subject, what, rule, first);
  const more = clashes.length > 1 ? `; ${String(clashes.length - 1)} more of its names are repeated likewise` : '';
  return [{ code: 'EK5035', severity: 'error', message: message + more, remedy, targets: [] }];
}

function wordsFor(
  subject: Subject,
  what: string,
  { scope, property, noun }: NameRule,
  { name, targets }: { readonly name: string; readonly targets: readonly Target[] },
): Pick<Finding, 'message' | 'remedy'> {
  switch (scope) {
    case 'partition':
      return {
        message: `${what} would be called ${name} at ${listed(targets)}, and there can be one ${noun} of a name in all accounts and Regions`,
        remedy: amend(
          subject.desired,
          `leave ${property} out, or write \${AWS::AccountId} and \${AWS::Region} into it`,
        ),
      };
    case 'account':
      return {
        message: `${what} would be called ${name} at ${listed(targets)}, and an account has one ${noun} of a name in all Regions`,
        remedy: `select one Region; or ${amend(subject.desired, `leave ${property} out, or write \${AWS::Region} into it`)}`,
      };
    case 'target':
      throw new Error(`${what} needs no other name`);
    default:
      return unreachable(scope);
  }
}
