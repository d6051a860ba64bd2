import { createArtifactSource } from '../blocks/artifact-source.js';
import { checkTemplateUse } from '../drivers/check.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { readDesiredState } from './desired-state.js';
import type { DesiredState } from './desired-state.js';
import type { Source } from './session.js';

/** Everything that can be known of the desired state without asking anybody: parse, schema, references, lock, templates, parameters. */
export async function validate(options: {
  readonly source: Source;
  readonly installation: string | null;
}): Promise<readonly Diagnostic[]> {
  return mistakesIn(await readDesiredState(options.source, options.installation));
}

/** Every mistake in what was read: one in one file does not hide those in another. */
export function mistakesIn(state: DesiredState): readonly Diagnostic[] {
  if (state.controller === null) return state.diagnostics;
  const { artifactBucket, partition } = state.controller;
  const artifacts = createArtifactSource({ artifactBucket, partition, controllerAccount: null });
  const found = state.desired.flatMap((desired) => {
    const resolved = artifacts.resolve(desired, state.files);
    return [...resolved.diagnostics, ...(resolved.value === null ? [] : checkTemplateUse(desired, resolved.value))];
  });
  return [...state.diagnostics, ...found];
}
