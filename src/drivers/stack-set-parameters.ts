import type { Artifact } from '../model/artifact.js';
import type { Deployment } from '../model/desired.js';
import type { MemberSettings } from '../model/settings.js';
import { targetKey } from '../model/target.js';
import type { TargetKey } from '../model/target.js';
import { wantedParameter } from './stack-settings.js';

type Values = Readonly<Record<string, string>>;

/**
 * What the stack set itself is given: the value that all deployments share, else the template's default. A parameter that every
 * deployment overrides and that has no default still needs a value, which no stack will ever see: that of the first target.
 */
export function setValues(artifact: Artifact, deployments: readonly Deployment[]): Values {
  const ordered = [...deployments].sort((one, other) => (targetKey(one.target) < targetKey(other.target) ? -1 : 1));
  const entries = Object.entries(artifact.parameters).flatMap(([name, definition]) => {
    const shared = ordered.find(
      (deployment) => deployment.parameters[name] !== undefined && !deployment.overridden.includes(name),
    );
    const value =
      shared?.parameters[name] ??
      definition.default ??
      ordered.find((deployment) => deployment.parameters[name] !== undefined)?.parameters[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** What one instance sets differently. */
export function overrideValues(deployment: Deployment): Values {
  return Object.fromEntries(
    [...deployment.overridden]
      .sort()
      .flatMap((name) =>
        deployment.parameters[name] === undefined ? [] : [[name, deployment.parameters[name]] as const],
      ),
  );
}

export function memberSettings(artifact: Artifact, deployment: Deployment): MemberSettings {
  const parameters = Object.entries(overrideValues(deployment)).map(
    ([name, value]) => [name, wantedParameter(artifact.parameters[name]?.noEcho === true, value)] as const,
  );
  return { parameters: Object.fromEntries(parameters) };
}

export function membersOf(
  artifact: Artifact,
  deployments: readonly Deployment[],
): Readonly<Record<TargetKey, MemberSettings>> {
  return Object.fromEntries(
    deployments.map((deployment) => [targetKey(deployment.target), memberSettings(artifact, deployment)]),
  );
}
