import type { ParameterDefinition } from '../../model/artifact.js';
import type { TemplateDocument } from '../../model/template.js';
import { parameterUses } from './parameter-uses.js';
import { isMapping, section } from '../../model/template-resources.js';
import type { Path } from './place.js';

export type ParameterProblem = { readonly path: Path; readonly message: string };

/** Every parameter, values written as CloudFormation shows them: `3` as "3", `true` as "true", a list joined with commas. */
export function parameterDefinitions(document: TemplateDocument): {
  readonly definitions: Readonly<Record<string, ParameterDefinition>>;
  readonly problems: readonly ParameterProblem[];
} {
  const definitions: [string, ParameterDefinition][] = [];
  const problems: ParameterProblem[] = [];
  const uses = parameterUses(document);
  for (const [name, declared] of Object.entries(section(document, 'Parameters'))) {
    const path = ['Parameters', name];
    if (!isMapping(declared) || typeof declared['Type'] !== 'string') {
      problems.push({ path, message: `parameter ${name} has no Type` });
      continue;
    }
    if ('Default' in declared && shown(declared['Default']) === null)
      problems.push({
        path: [...path, 'Default'],
        message: `the Default of parameter ${name} is neither text, a number, a boolean nor a list of them`,
      });
    const definition: ParameterDefinition = {
      type: declared['Type'],
      default: shown(declared['Default']),
      noEcho: String(declared['NoEcho']).toLowerCase() === 'true',
      description: shown(declared['Description']) ?? '',
      allowedValues: Array.isArray(declared['AllowedValues'])
        ? declared['AllowedValues'].map((value) => shown(value) ?? '')
        : null,
      allowedPattern: shown(declared['AllowedPattern']),
      constraintDescription: shown(declared['ConstraintDescription']),
      minLength: numeric(declared['MinLength']),
      maxLength: numeric(declared['MaxLength']),
      minValue: numeric(declared['MinValue']),
      maxValue: numeric(declared['MaxValue']),
      usedBy: uses.get(name) ?? [],
    };
    definitions.push([name, definition]);
  }
  return { definitions: Object.fromEntries(definitions), problems };
}

function shown(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (!Array.isArray(value)) return null;
  const items = value.map(shown);
  return items.every((item) => item !== null) ? items.join(',') : null;
}

/** Limits may be quoted. */
function numeric(value: unknown): number | null {
  const text = shown(value);
  const number = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
