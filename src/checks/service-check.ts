import { decide, evaluate, namesIn } from './expression.js';
import { named } from './finding.js';
import type { Finding } from './finding.js';
import { REACHES, RETIRED } from './service-reach.js';
import type { Reach } from './service-reach.js';
import { spotsOf } from './spots.js';
import { outlookOf } from './subject.js';
import type { Subject } from './subject.js';
import type { Template } from './templates.js';
import type { TemplateResource } from '../model/template-resources.js';

/** Resources of a service that is not in the partition or Region that they go to, or nowhere any more. */
export function checkServices(subject: Subject): readonly Finding[] {
  return subject.templates.flatMap((template) =>
    template.resources.flatMap((resource) => [
      ...REACHES.filter(({ types }) => isOf(resource.type, types)).flatMap((reach) =>
        outOfReach(subject, template, resource, reach),
      ),
      ...retired(subject, template, resource),
    ]),
  );
}

const isOf = (type: string, types: string): boolean => (types.endsWith('::') ? type.startsWith(types) : type === types);

function outOfReach(
  subject: Subject,
  template: Template,
  { logicalId, type, properties, condition }: TemplateResource,
  { when, partitions, regions, remedy }: Reach,
): readonly Finding[] {
  const { partition } = subject.controller;
  const allowed = regions[partition];
  if (partitions.includes(partition) && allowed === undefined) return [];
  const value = when === null ? undefined : properties[when.property];
  const names = new Set([...namesIn([value, { Condition: condition }], template.document), 'AWS::Region']);
  const what = when === null ? type : `${type} with ${when.property} ${when.value}`;
  return spotsOf(subject, template, names).flatMap(({ at, targets }): Finding[] => {
    const isMade = condition === null || decide(condition, template.document, at) === true;
    if (!isMade || (when !== null && evaluate(value, template.document, at) !== when.value)) return [];
    const home = partitions.includes(partition);
    if (home && (at.region === null || allowed!.some((each) => each === at.region))) return [];
    const limit = home
      ? `AWS makes ${what} in ${allowed!.join(' and ')} only, and not in ${at.region ?? ''}`
      : `AWS makes no ${what} in the partition ${partition}`;
    return [
      {
        code: 'EK5033',
        severity: 'error',
        message: `${named('resource', logicalId, template)}: ${limit}`,
        remedy,
        targets,
      },
    ];
  });
}

function retired(subject: Subject, template: Template, { logicalId, type }: TemplateResource): readonly Finding[] {
  const end = RETIRED.find(({ types }) => isOf(type, types));
  if (end === undefined || subject.now.toISOString().slice(0, 10) < end.since) return [];
  return [
    {
      code: 'EK5034',
      severity: outlookOf(subject) === 'creates' ? 'error' : 'warning',
      message: `${named('resource', logicalId, template)} is of ${type}, a service that AWS has shut down on ${end.since}`,
      remedy: `use ${end.instead}`,
      targets: [],
    },
  ];
}
