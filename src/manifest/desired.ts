import type { ManifestAddress } from '../model/address.js';
import type {
  At,
  BlockReference,
  Controller,
  Desired,
  Override,
  Rollout,
  StackSetOptions,
  TargetSelector,
} from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Partition, StackName } from '../model/identifiers.js';
import { unreachable } from '../model/unreachable.js';
import { error } from './issues.js';
import type { DeployableManifest } from './parse.js';
import { foreignRegions, regionsOf } from './regions.js';
import type { ServerlessApplicationManifest } from './schema/serverless-application.js';
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
  const desired: Desired = {
    address,
    kind: manifest.kind,
    name: metadata.name,
    description: metadata.description ?? '',
    labels: metadata.labels ?? {},
    controls: metadata.controls ?? [],
    block: block.value,
    driver: manifest.kind === 'StackSet' ? 'stack-set' : 'stack',
    stackSet: manifest.kind === 'StackSet' ? stackSetOf(manifest.spec) : null,
    rollout: rolloutOf(spec.rollout),
    targets,
    parameters: spec.parameters ?? {},
    overrides,
    acknowledge: spec.acknowledge ?? [],
    stackName: (spec.stackName ?? `${controller.name}-${metadata.name}`) as StackName,
    tags: spec.tags ?? {},
    terminationProtection: manifest.kind === 'StackSet' ? false : (manifest.spec.terminationProtection ?? false),
    deletion: spec.deletion ?? 'delete',
    driftRespond: spec.drift?.respond ?? 'report',
    adopt: spec.adopt ?? false,
    suspend: spec.suspend === undefined ? null : { ...spec.suspend, until: spec.suspend.until ?? null },
    at,
  };
  return { desired, diagnostics };
}

type Block = { readonly value: BlockReference | null; readonly diagnostics: readonly Diagnostic[] };

function blockOf(manifest: DeployableManifest, at: At, partition: Partition): Block {
  switch (manifest.kind) {
    case 'StackSet':
    case 'Stack':
      return { value: { type: 'template', path: manifest.spec.template }, diagnostics: [] };
    case 'ServerlessApplication':
      return applicationOf(manifest.spec, at, partition);
    default:
      return unreachable(manifest);
  }
}

type PerPartition = string | Partial<Record<Partition, string>>;

function applicationOf(spec: ServerlessApplicationManifest['spec'], at: At, partition: Partition): Block {
  const inPartition = (value: PerPartition): string | undefined =>
    typeof value === 'string' ? value : value[partition];
  const application = inPartition(spec.application);
  const version = inPartition(spec.version);
  const absent = [...(application === undefined ? ['application'] : []), ...(version === undefined ? ['version'] : [])];
  const diagnostics = absent.map((key) =>
    error('EK2011', `${key} says nothing for the partition ${partition}`, `add ${partition} to it`, at('spec', key)),
  );
  if (application === undefined || version === undefined) return { value: null, diagnostics };
  const owner = application.split(':')[1];
  if (owner !== partition) {
    const message = `the application is one of the partition ${owner}, and the installation is in ${partition}`;
    const place =
      typeof spec.application === 'string' ? at('spec', 'application') : at('spec', 'application', partition);
    return { value: null, diagnostics: [error('EK2011', message, 'write one ARN for each partition', place)] };
  }
  return { value: { type: 'serverless-application', application, version }, diagnostics };
}

function stackSetOf(spec: StackSetManifest['spec']): StackSetOptions {
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
  };
}
