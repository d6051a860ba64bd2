import type { Template } from './definition.js';
import { resolveParameters, type GivenParameter, type ResolvedParameters } from './parameters.js';
import { readTemplate } from './reader.js';
import { SERVERLESS } from './transforms.js';

export type Filled = { readonly template: Template; readonly parameters: ResolvedParameters };

/** A template with values for its parameters, or CloudFormation's refusal of them. */
export function filled(template: Template, given: readonly GivenParameter[], previous: ResolvedParameters): Filled {
  const parameters = resolveParameters(template, given, previous);
  return { template: withValues(template, parameters), parameters };
}

/** The serverless transform looks at the parameters' values, so what it makes is theirs; any other template is the same for all values. */
export function withValues(template: Template, parameters: ResolvedParameters): Template {
  if (!template.transforms.includes(SERVERLESS) || parameters.size === 0) return template;
  const values = [...parameters.values()].map(({ key, resolved }): [string, string] => [key, resolved]);
  const { text, partition } = template;
  return readTemplate(text, { partition, parameters: Object.fromEntries(values) });
}
