import type { Json, JsonObject } from '../json.js';
import { sub } from './values.js';

/** A policy template: the parameters that it needs, and its statements with `{parameter}` where their values go. */
export type PolicyTemplate = { readonly parameters: readonly string[]; readonly statements: readonly Grant[] };

export type Grant = {
  readonly actions: Json;
  readonly resources: string | readonly string[];
  readonly condition?: { readonly operator: string; readonly key: string; readonly value: string };
};

export const template = (parameters: string, ...statements: readonly Grant[]): PolicyTemplate => ({
  parameters: parameters === '' ? [] : parameters.split(' '),
  statements,
});

/**
 * Actions of one service on resources: `*`, a whole ARN in a parameter (`={secretArn}`), one without Region and account (`::…`), or what
 * comes after the account. One resource is written alone unless it is given as a list.
 */
export function grant(service: string, actions: string, ...on: readonly (string | readonly string[])[]): Grant {
  const [first = '*', ...others] = on;
  const resources = others.length === 0 ? first : (on as readonly string[]);
  const place = (resource: string): string =>
    resource === '*'
      ? '*'
      : resource.startsWith('=')
        ? resource.slice(1)
        : `arn:\${AWS::Partition}:${service}:${resource.startsWith('::') ? resource : `\${AWS::Region}:\${AWS::AccountId}:${resource}`}`;
  return {
    actions: actions.split(' ').map((action) => `${service}:${action}`),
    resources: typeof resources === 'string' ? place(resources) : resources.map(place),
  };
}

/** The same grant of its one action, which is written without a list. */
export const single = ({ actions, ...rest }: Grant): Grant => ({ ...rest, actions: (actions as readonly Json[])[0]! });

export const where = (granted: Grant, operator: string, key: string, value: string): Grant => ({
  ...granted,
  condition: { operator, key, value },
});

/** The policy document of a template with these values; they may be intrinsic functions. */
export function policyDocument({ parameters, statements }: PolicyTemplate, values: JsonObject): JsonObject {
  const place = (text: string): Json => {
    const names = [...text.matchAll(/(?<!\$)\{(\w+)\}/g)].map((match) => match[1]!);
    if (names.length === 0) return text.includes('${') ? sub(text) : text;
    const variables = names.map((name) => {
      const parameter = parameters.find((candidate) => candidate.toLowerCase() === name.toLowerCase())!;
      return [name, values[parameter]!] as const;
    });
    return sub(text.replace(/(?<!\$)\{(\w+)\}/g, '${$1}'), Object.fromEntries(variables));
  };
  return {
    Statement: statements.map(({ actions, resources, condition }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: typeof resources === 'string' ? place(resources) : resources.map(place),
      ...(condition === undefined
        ? {}
        : { Condition: { [condition.operator]: { [condition.key]: place(condition.value) } } }),
    })),
  };
}
