import { iamPrincipals } from '../model/iam-principals.js';
import type { IamPrincipal } from '../model/iam-principals.js';
import { ABSENT, decide, evaluate, namesIn } from './expression.js';
import type { Environment } from './expression.js';
import { amend, named } from './finding.js';
import type { Finding } from './finding.js';
import { spotsOf } from './spots.js';
import type { Subject } from './subject.js';
import type { Template } from './templates.js';

/** Roles and users without the permissions boundary that the Controller demands. */
export function checkBoundaries(subject: Subject): readonly Finding[] {
  const demanded = subject.controller.permissionsBoundary;
  if (demanded === null) return [];
  return subject.templates.flatMap((template) =>
    iamPrincipals(template.document).flatMap((principal) => boundaryFindings(subject, template, principal, demanded)),
  );
}

function boundaryFindings(
  subject: Subject,
  template: Template,
  { logicalId, title, condition, boundary, path }: IamPrincipal,
  demanded: string,
): readonly Finding[] {
  const what = named(title.replace(new RegExp(` ?${logicalId}$`), ''), logicalId, template);
  // A name is that of another policy in each account.
  const account = boundary === undefined || demanded.startsWith('arn:') ? [] : [{ Ref: 'AWS::AccountId' }];
  const names = namesIn([boundary, { Condition: condition }, ...account], template.document);
  return spotsOf(subject, template, names).flatMap(({ at, targets }): Finding[] => {
    const isMade = condition === null ? true : decide(condition, template.document, at);
    if (isMade === false) return [];
    const value = boundary === undefined ? ABSENT : evaluate(boundary, template.document, at);
    if (value === arnOf(demanded, at)) return [];
    if (value === null)
      return [
        {
          code: 'EK5038',
          severity: 'warning',
          message: `${what} has a permissions boundary that is known only when it is deployed, and ${demanded} is demanded`,
          remedy: 'look that it comes to the one that is demanded',
          targets,
        },
      ];
    const has = value === ABSENT ? 'no permissions boundary' : `the permissions boundary ${value}`;
    return [
      {
        code: 'EK5037',
        severity: 'error',
        message: `${what} has ${has}, and the Controller demands ${demanded}`,
        remedy:
          value !== ABSENT
            ? amend(subject.desired, `write ${demanded}, or leave PermissionsBoundary out and have it injected`)
            : path === null
              ? amend(subject.desired, 'name a role of your own in DeploymentPreference')
              : `write transform: { permissionsBoundary: ${demanded} }`,
        targets,
      },
    ];
  });
}

function arnOf(boundary: string, { partition, account }: Environment): string {
  return boundary.startsWith('arn:') ? boundary : `arn:${partition}:iam::${account ?? ''}:policy/${boundary}`;
}
