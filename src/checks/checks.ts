import type { Artifact } from '../model/artifact.js';
import type { Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { TemplateCheck } from '../model/template-check.js';
import { checkBoundaries } from './boundary-check.js';
import { placed } from './finding.js';
import { checkIgnoreRules } from './ignore-check.js';
import { checkNames } from './name-check.js';
import { checkPartition } from './partition-check.js';
import { checkRuntimes } from './runtime-check.js';
import { checkServices } from './service-check.js';
import { standingOf } from './subject.js';
import type { Subject } from './subject.js';
import { templatesOf } from './templates.js';

/** What AWS would refuse of the templates themselves, where they go. Pure; grows with what differs between targets, not with targets. */
export function checkTemplates(input: TemplateCheck): readonly Diagnostic[] {
  const standing = input.entries === null ? null : standingOf(input.entries);
  return reaching(input).flatMap(({ desired, artifact }) => {
    const subject: Subject = {
      controller: input.controller,
      desired,
      artifact,
      templates: templatesOf(artifact),
      deployments: input.deployments?.get(desired.address) ?? null,
      standing: standing === null ? null : (standing.get(desired.address) ?? new Map()),
      now: input.now,
    };
    const found = placed(subject, [
      ...checkRuntimes(subject),
      ...checkPartition(subject),
      ...checkServices(subject),
      ...checkNames(subject),
      ...checkBoundaries(subject),
    ]);
    return [...found, ...checkIgnoreRules(subject)];
  });
}

/** Whose artifact stands nowhere yet, as far as anybody has asked. */
export function unrecorded(
  input: TemplateCheck,
): readonly { readonly desired: Desired; readonly artifact: Artifact }[] {
  const standing = standingOf(input.entries ?? []);
  return reaching(input).filter(
    ({ desired, artifact }) => ![...(standing.get(desired.address)?.values() ?? [])].includes(artifact.sha256),
  );
}

/** What has no target is deployed nowhere, so that nothing of it is refused. */
function reaching({ desired, artifacts, deployments }: TemplateCheck) {
  return desired.flatMap((each) => {
    const artifact = artifacts.get(each.address);
    const isAnywhere = deployments === null || (deployments.get(each.address) ?? []).length > 0;
    return artifact !== undefined && isAnywhere ? [{ desired: each, artifact }] : [];
  });
}
