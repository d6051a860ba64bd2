import { isMapping } from '../model/template-resources.js';
import { choicesIn, decide, namesIn } from './expression.js';
import type { Environment } from './expression.js';
import { amend, named } from './finding.js';
import type { Finding } from './finding.js';
import { spotsOf } from './spots.js';
import type { Subject } from './subject.js';
import type { Template } from './templates.js';

const COMMERCIAL = /\barn:aws:[a-z0-9-]*:[^\s"',]*/;
/** What a person or a program reads, and AWS does not. */
const PROSE: ReadonlySet<string> = new Set([
  'Description',
  'Comment',
  'ZipFile',
  'InlineCode',
  'UserData',
  'BuildSpec',
  'Script',
]);
const DEEPEST = 60;
const LONGEST_SHOWN = 80;

/** ARNs of the partition `aws` in a template that goes to another one. */
export function checkPartition(subject: Subject): readonly Finding[] {
  const { partition } = subject.controller;
  if (partition === 'aws') return [];
  return subject.templates.flatMap((template) =>
    template.resources.flatMap(({ logicalId, type, properties, condition }) => {
      if (!JSON.stringify(properties).includes('arn:aws:')) return [];
      const choices = [condition, ...choicesIn(properties)].map((name) => ({ Condition: name }));
      const names = namesIn(choices, template.document);
      return spotsOf(subject, template, names).flatMap(({ at, targets }): Finding[] => {
        const isMade = condition === null ? true : decide(condition, template.document, at);
        const found = isMade === false ? null : commercialArn(properties, template, at, 0);
        if (found === null) return [];
        return [
          {
            code: 'EK5032',
            severity: 'error',
            message: `${named(type, logicalId, template)} names ${found.slice(0, LONGEST_SHOWN)}, which does not exist in the partition ${partition}`,
            remedy: amend(subject.desired, 'write !Sub "arn:${AWS::Partition}:…"'),
            targets,
          },
        ];
      });
    }),
  );
}

/** The first that is reached there: an arm of an Fn::If that is not chosen is not. */
function commercialArn(value: unknown, template: Template, at: Environment, depth: number): string | null {
  if (typeof value === 'string') return COMMERCIAL.exec(value)?.[0] ?? null;
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return null;
  const choice = isMapping(value) ? value['Fn::If'] : undefined;
  const chosen = Array.isArray(choice) && choice.length === 3 ? decide(choice[0], template.document, at) : null;
  const parts: readonly (readonly [string, unknown])[] =
    chosen !== null ? [['', (choice as readonly unknown[])[chosen ? 1 : 2]]] : Object.entries(value);
  for (const [key, part] of parts) {
    const found = PROSE.has(key) ? null : commercialArn(part, template, at, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
