import { globalsFor } from '../model/iam-principals.js';
import { decide, evaluate, namesIn } from './expression.js';
import { amend, named } from './finding.js';
import type { Finding } from './finding.js';
import { RUNTIME_ENDS, successorOf } from '../model/lambda-schedule.js';
import { spotsOf } from './spots.js';
import { outlookOf } from './subject.js';
import type { Subject } from './subject.js';

const FUNCTIONS: ReadonlySet<string> = new Set(['AWS::Lambda::Function', 'AWS::Serverless::Function']);

/** Runtimes that Lambda no longer creates functions of, and those whose end has been announced. */
export function checkRuntimes(subject: Subject): readonly Finding[] {
  return subject.templates.flatMap((template) =>
    template.resources
      .filter(({ type }) => FUNCTIONS.has(type))
      .flatMap(({ logicalId, type, properties, condition }) => {
        const written = properties['Runtime'] ?? globalsFor(type, template.document)['Runtime'];
        if (written === undefined) return [];
        const what = named('function', logicalId, template);
        const names = namesIn([written, { Condition: condition }], template.document);
        return spotsOf(subject, template, names).flatMap(({ at, targets }) => {
          const isMade = condition === null ? true : decide(condition, template.document, at);
          const runtime = isMade === false ? null : evaluate(written, template.document, at);
          return typeof runtime === 'string'
            ? findingFor(subject, what, runtime).map((each) => ({ ...each, targets }))
            : [];
        });
      }),
  );
}

function findingFor(subject: Subject, what: string, runtime: string): readonly Omit<Finding, 'targets'>[] {
  const end = Object.hasOwn(RUNTIME_ENDS, runtime) ? RUNTIME_ENDS[runtime]! : null;
  const today = subject.now.toISOString().slice(0, 10);
  if (end === null || (today < end.deprecated && today < end.noCreation)) return [];
  const remedy = amend(subject.desired, `write Runtime: ${successorOf(runtime)}`);
  if (end.status === 'announced' || today < end.noCreation)
    return [
      {
        code: 'EK5031',
        severity: 'warning',
        message: `${what} uses ${runtime}, deprecated since ${end.deprecated}: AWS has announced to create no function with it from ${end.noCreation}, and to update none from ${end.noUpdate}`,
        remedy,
      },
    ];
  const since = `${what} uses ${runtime}, with which Lambda creates no function since ${end.noCreation}`;
  switch (outlookOf(subject)) {
    case 'creates':
      return [{ code: 'EK5030', severity: 'error', message: since, remedy }];
    case 'stands':
      return [
        {
          code: 'EK5030',
          severity: 'warning',
          message: `${since}: what stands keeps running${today < end.noUpdate ? '' : ', is not updated any more'}, and cannot be made anew`,
          remedy,
        },
      ];
    case 'unknown':
      return [
        { code: 'EK5030', severity: 'warning', message: `${since}, so that only what stands already can stay`, remedy },
      ];
  }
}
