import type { At, BlockReference } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Partition } from '../model/identifiers.js';
import { unreachable } from '../model/unreachable.js';
import { error } from './issues.js';
import type { DeployableManifest } from './parse.js';
import type { ServerlessApplicationManifest } from './schema/serverless-application.js';
import type { SolutionManifest } from './schema/solution.js';

export type Block = { readonly value: BlockReference | null; readonly diagnostics: readonly Diagnostic[] };

/** What a manifest deploys in this partition; null where it does not say. */
export function blockOf(manifest: DeployableManifest, at: At, partition: Partition): Block {
  switch (manifest.kind) {
    case 'StackSet':
    case 'Stack':
      return found({ type: 'template', path: manifest.spec.template });
    case 'ServerlessApplication':
      return applicationOf(manifest.spec, at, partition);
    case 'Solution':
      return solutionOf(manifest.spec, at, partition);
    case 'Construct': {
      const { construct, version, props = {} } = manifest.spec;
      return found({ type: 'construct', construct, version, props });
    }
    default:
      return unreachable(manifest);
  }
}

type PerPartition = string | Partial<Record<Partition, string>>;

function applicationOf(spec: ServerlessApplicationManifest['spec'], at: At, partition: Partition): Block {
  const application = inPartition(spec.application, partition);
  const version = inPartition(spec.version, partition);
  const diagnostics = silent({ application, version }, at, partition);
  if (application === undefined || version === undefined) return { value: null, diagnostics };
  const owner = application.split(':')[1];
  if (owner !== partition) {
    const message = `the application is one of the partition ${owner}, and the installation is in ${partition}`;
    const place =
      typeof spec.application === 'string' ? at('spec', 'application') : at('spec', 'application', partition);
    return { value: null, diagnostics: [error('EK2011', message, 'write one ARN for each partition', place)] };
  }
  return found({ type: 'serverless-application', application, version });
}

function solutionOf(spec: SolutionManifest['spec'], at: At, partition: Partition): Block {
  const said = {
    ...(spec.template === undefined ? {} : { template: inPartition(spec.template, partition) }),
    ...(spec.version === undefined ? {} : { version: inPartition(spec.version, partition) }),
  };
  const diagnostics = silent(said, at, partition);
  if (diagnostics.length > 0) return { value: null, diagnostics };
  return found({
    type: 'solution',
    template: said.template ?? null,
    solution: spec.solution ?? null,
    part: spec.part ?? null,
    version: said.version ?? null,
  });
}

function found(value: BlockReference): Block {
  return { value, diagnostics: [] };
}

function inPartition(value: PerPartition, partition: Partition): string | undefined {
  return typeof value === 'string' ? value : value[partition];
}

/** An error for each key that has a value for other partitions only. */
function silent(
  values: Readonly<Record<string, string | undefined>>,
  at: At,
  partition: Partition,
): readonly Diagnostic[] {
  return Object.entries(values)
    .filter(([, value]) => value === undefined)
    .map(([key]) =>
      error('EK2011', `${key} says nothing for the partition ${partition}`, `add ${partition} to it`, at('spec', key)),
    );
}
