import type { ManifestAddress } from '../model/address.js';
import type {
  At,
  Controller,
  Dependency,
  Desired,
  Override,
  Rollout,
  StackSetOptions,
  TargetSelector,
  Transform,
  WrittenReference,
} from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { StackName } from '../model/identifiers.js';
import { parseOutputReference } from '../model/output-reference.js';
import { blockOf } from './block.js';
import type { DeployableManifest } from './parse.js';
import { partsOf } from './references.js';
import { foreignRegions, regionsOf } from './regions.js';
import type { StackSetManifest } from './schema/stack-set.js';

export const addressOf = (manifest: DeployableManifest): ManifestAddress =>
  `${manifest.kind}/${manifest.metadata.name}`;

export type ResolvedManifest = { readonly desired: Desired | null; readonly diagnostics: readonly Diagnostic[] };

/** A manifest with everything defaulted; null where it is not meant for the partition, and so is simply not this installation's. */
export function desiredOf(manifest: DeployableManifest, at: At, controller: Controller): ResolvedManifest | null {
  const { metadata, spec } = manifest;
  const { partition } = controller;
  // Their zod types are the model's, but for brands and for `undefined` written out.
  const targets = spec.targets as unknown as readonly TargetSelector[];
  const overrides = (spec.overrides ?? []) as unknown as readonly Override[];
  if (!targets.some((target) => target.partitions?.includes(partition) ?? true)) return null;

  const address = addressOf(manifest);
  const block = blockOf(manifest, at, partition);
  const regions = foreignRegions(regionsOf(targets, overrides, partition), partition, at);
  const diagnostics = [...block.diagnostics, ...regions].map((diagnostic) => ({ ...diagnostic, address }));
  if (block.value === null) return { desired: null, diagnostics };
  const driver = driverOf(manifest);
  const desired: Desired = {
    address,
    kind: manifest.kind,
    name: metadata.name,
    description: metadata.description ?? '',
    labels: metadata.labels ?? {},
    controls: metadata.controls ?? [],
    block: block.value,
    driver,
    stackSet: driver === 'stack-set' ? stackSetOf(spec as StackSetSpec) : null,
    rollout: rolloutOf(spec.rollout),
    references: writtenReferences(spec.parameters ?? {}, overrides),
    dependsOn: (spec.dependsOn ?? []).map(dependencyOf),
    targets,
    parameters: spec.parameters ?? {},
    overrides,
    acknowledge: spec.acknowledge ?? [],
    transform: transformOf(spec.transform),
    stackName: (spec.stackName ?? `${controller.name}-${metadata.name}`) as StackName,
    tags: spec.tags ?? {},
    terminationProtection: 'terminationProtection' in spec ? (spec.terminationProtection ?? false) : false,
    deletion: spec.deletion ?? 'delete',
    driftRespond: spec.drift?.respond ?? 'report',
    driftIgnore: (spec.drift?.ignore ?? []).map((rule, index) => ({
      ...rule,
      expires: rule.expires ?? null,
      place: at('spec', 'drift', 'ignore', index),
    })),
    adopt: spec.adopt ?? false,
    suspend: spec.suspend === undefined ? null : { ...spec.suspend, until: spec.suspend.until ?? null },
    at,
  };
  return { desired, diagnostics };
}

function driverOf(manifest: DeployableManifest): Desired['driver'] {
  if (manifest.kind === 'StackSet') return 'stack-set';
  return manifest.kind === 'Stack' ? 'stack' : (manifest.spec.via ?? 'stack');
}

type StackSetSpec = {
  readonly [Key in keyof StackSetManifest['spec']]?: StackSetManifest['spec'][Key] | undefined;
};

/** What only a stack set is told; a bought block that goes by one is self-managed unless it says otherwise. */
function stackSetOf(spec: StackSetSpec): StackSetOptions {
  const { autoDeployment } = spec;
  return {
    permissionModel: spec.permissionModel === 'service-managed' ? 'SERVICE_MANAGED' : 'SELF_MANAGED',
    callAs: spec.callAs === 'delegated-admin' || spec.callAs === 'DELEGATED_ADMIN' ? 'DELEGATED_ADMIN' : 'SELF',
    autoDeployment:
      autoDeployment?.enabled === true
        ? { retainStacksOnAccountRemoval: autoDeployment.retainStacksOnAccountRemoval ?? false }
        : null,
    administrationRoleArn: spec.administrationRoleArn ?? null,
    executionRoleName: spec.executionRoleName ?? null,
  };
}

function rolloutOf(rollout: DeployableManifest['spec']['rollout']): Rollout {
  return {
    maxConcurrent: (rollout?.maxConcurrent ?? null) as Rollout['maxConcurrent'],
    failureTolerance: (rollout?.failureTolerance ?? null) as Rollout['failureTolerance'],
    concurrencyMode: rollout?.concurrencyMode ?? 'soft',
    regionOrder: (rollout?.regionOrder ?? []) as readonly string[] as Rollout['regionOrder'],
    regionConcurrency: rollout?.regionConcurrency ?? 'sequential',
    waves: (rollout?.waves ?? []) as Rollout['waves'],
    stops: rollout?.waves !== undefined || rollout?.failureTolerance !== undefined,
  };
}

function writtenReferences(
  parameters: Desired['parameters'],
  overrides: readonly Override[],
): readonly WrittenReference[] {
  const maps = [
    { path: ['spec', 'parameters'], values: parameters },
    ...overrides.map((override, index) => ({
      path: ['spec', 'overrides', index, 'parameters'],
      values: override.parameters,
    })),
  ];
  return maps.flatMap(({ path, values }) =>
    Object.entries(values).flatMap(([key, text]) =>
      partsOf(text).flatMap((part): WrittenReference[] => {
        const reference = part.type === 'output' ? parseOutputReference(part.written) : null;
        return reference === null ? [] : [{ reference, path: [...path, key] }];
      }),
    ),
  );
}

/** `Kind/name` or `Kind/name@same`, as the schema has checked. */
function dependencyOf(text: string): Dependency {
  const [manifest, where] = text.split('@') as [ManifestAddress, string | undefined];
  return { manifest, at: where === undefined ? 'every-target' : 'same-target' };
}

function transformOf(transform: DeployableManifest['spec']['transform']): Transform | null {
  if (transform === undefined) return null;
  return {
    tags: transform.tags ?? {},
    permissionsBoundary: transform.permissionsBoundary ?? null,
    rolePath: transform.rolePath ?? null,
  };
}
