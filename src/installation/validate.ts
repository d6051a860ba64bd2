import { createArtifactSource } from '../blocks/artifact-source.js';
import { checkTemplateUse } from '../drivers/check.js';
import { checkStackSet } from '../drivers/stack-set-check.js';
import type { Artifact } from '../model/artifact.js';
import type { ManifestAddress } from '../model/address.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { TemplateCheck } from '../model/template-check.js';
import { missingOutputs } from '../reconciler/check-references.js';
import { createChecks } from './checks.js';
import { systemClock } from './clock.js';
import { readDesiredState } from './desired-state.js';
import type { DesiredState } from './desired-state.js';
import type { Environment, Source } from './session.js';

/** Everything that can be known of the desired state without asking anybody: parse, schema, references, lock, templates, parameters, rules. */
export async function validate(options: {
  readonly source: Source;
  readonly installation: string | null;
  readonly env?: Environment;
}): Promise<readonly Diagnostic[]> {
  const state = await readDesiredState(options.source, options.installation);
  const { mistakes, check } = judge(state);
  const advice =
    check === null ? [] : await createChecks(options.env ?? {}).advise(check, new AbortController().signal);
  return [...mistakes, ...advice];
}

/** Every mistake in what was read: one in one file does not hide those in another. */
export function mistakesIn(state: DesiredState): readonly Diagnostic[] {
  return judge(state).mistakes;
}

function judge(state: DesiredState): {
  readonly mistakes: readonly Diagnostic[];
  readonly check: TemplateCheck | null;
} {
  const { controller, desired } = state;
  if (controller === null) return { mistakes: state.diagnostics, check: null };
  const { artifactBucket, partition } = controller;
  const source = createArtifactSource({ artifactBucket, partition, controllerAccount: null });
  const artifacts = new Map<ManifestAddress, Artifact>();
  const found = desired.flatMap((each) => {
    const { value, diagnostics } = source.resolve(each, state.files);
    if (value === null) return diagnostics;
    artifacts.set(each.address, value);
    const refused = each.stackSet === null ? [] : checkStackSet(each, value, [], null);
    return [...diagnostics, ...checkTemplateUse(each, value), ...refused];
  });
  const check = { controller, desired, artifacts, deployments: null, entries: null, now: systemClock.now() };
  const outputs = missingOutputs(desired, artifacts);
  return { mistakes: [...state.diagnostics, ...found, ...outputs, ...createChecks({}).check(check)], check };
}
