import { canonicalJson } from '../model/canonical.js';
import type { ParameterValue, Settings } from '../model/settings.js';

type Parameters = Readonly<Record<string, ParameterValue>>;

/**
 * What an effect has still to bring about. `secrets` are NoEcho parameters whose recorded digest is another one: their value
 * cannot be observed, so an effect that has taken place is not seen in them.
 */
export type Difference = { readonly paths: readonly string[]; readonly secrets: readonly string[] };

export function differenceOf(wanted: Settings, observed: Settings, recorded: Settings | null): Difference {
  const parameters = parameterDifference(wanted.parameters, observed.parameters, recorded?.parameters ?? {});
  return {
    paths: [
      ...(wanted.template === observed.template ? [] : ['template']),
      ...parameters.paths,
      ...(canonicalJson(wanted.tags) === canonicalJson(observed.tags) ? [] : ['tags']),
      ...Object.keys(wanted.options)
        .filter((name) => (wanted.options[name] ?? null) !== (observed.options[name] ?? null))
        .map((name) => `options.${name}`),
    ],
    secrets: parameters.secrets,
  };
}

export function parameterDifference(wanted: Parameters, observed: Parameters, recorded: Parameters): Difference {
  const paths: string[] = [];
  const secrets: string[] = [];
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(observed)])) {
    const [one, other] = [wanted[name], observed[name]];
    if (one?.type === 'noecho' && other?.type === 'noecho') {
      const before = recorded[name];
      if (before?.type === 'noecho' && before.sha256 !== one.sha256) secrets.push(`parameters.${name}`);
    } else if (canonicalJson(one ?? null) !== canonicalJson(other ?? null)) paths.push(`parameters.${name}`);
  }
  return { paths, secrets };
}

export function isNone(difference: Difference): boolean {
  return difference.paths.length === 0 && difference.secrets.length === 0;
}
