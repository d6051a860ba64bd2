import type { Artifact } from '../model/artifact.js';
import { INLINE_TEMPLATE_BYTES } from '../model/artifact.js';
import type { Capability, Region } from '../model/identifiers.js';
import type { ArtifactStore } from '../reconciler/ports.js';

/** How CloudFormation is given a template: inline where it is small and stands by itself, else from the Region's artifact bucket. */
export async function templateInput(
  artifact: Artifact,
  region: Region,
  store: ArtifactStore,
  signal: AbortSignal,
): Promise<{ TemplateBody: string } | { TemplateURL: string }> {
  if (artifact.objects.length === 0 && Buffer.byteLength(artifact.template) <= INLINE_TEMPLATE_BYTES)
    return { TemplateBody: artifact.template };
  const { templateUrl } = await store.publish(artifact, region, signal);
  return { TemplateURL: templateUrl };
}

/** CloudFormation knows three capabilities; SAR's fourth is asked of the author and told nobody. */
export function cloudFormationCapabilities(artifact: Artifact): Exclude<Capability, 'CAPABILITY_RESOURCE_POLICY'>[] {
  return artifact.requiredCapabilities.filter((capability) => capability !== 'CAPABILITY_RESOURCE_POLICY');
}

/** Values as they were given: CloudFormation itself fills in the template's defaults. */
export function parameterInput(
  values: Readonly<Record<string, string>>,
): { ParameterKey: string; ParameterValue: string }[] {
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}
