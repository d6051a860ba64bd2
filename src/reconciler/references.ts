import type { Address } from '../model/address.js';
import type { Deployment, ValuePart } from '../model/desired.js';
import type { Refusal } from '../model/plan.js';
import type { ParameterValue, Settings } from '../model/settings.js';
import type { Wanted } from '../model/step.js';
import { targetKey } from '../model/target.js';
import type { TargetKey } from '../model/target.js';
import { whereOf } from './needs.js';
import type { Drivers } from './ports.js';
import type { Unit } from './units.js';

/** What is known of one output of one deployment: its value; that something changes it first; or why it is not there. */
export type Output =
  | { readonly type: 'known'; readonly value: string }
  | { readonly type: 'pending' }
  | { readonly type: 'missing'; readonly why: string };

/** Outputs by where they stand. */
export type Outputs = {
  /** Of one deployment. */
  readonly at: (address: Address, output: string) => Output;
  /** Addresses of all deployments of a manifest, in the order in which their values are joined. */
  readonly every: (manifest: Address) => readonly Address[];
};

export type Resolved = {
  readonly unit: Unit;
  /** Why it cannot be changed for want of an output; null where nothing is missing. */
  readonly refusal: Refusal | null;
};

/** CloudFormation's limit for a parameter's value. */
const MOST_VALUE_BYTES = 4096;

/** A unit with what is known of its references put into its settings; what is changed first is `pending` in them. */
export function resolveReferences(unit: Unit, outputs: Outputs, drivers: Drivers): Resolved {
  const { desired, wanted } = unit;
  if (desired === null || wanted === null || !refers(unit)) return { unit, refusal: null };
  const resolved = wanted.deployments.map((deployment) => resolveAt(deployment, outputs));
  const problems = [...new Set(resolved.flatMap(({ missing }) => missing))];
  if (problems.length > 0) return { unit, refusal: refusalOf(unit, problems) };

  const driver = drivers.get(desired.driver)!;
  const deployments = resolved.map(({ deployment }) => deployment);
  const settings = driver.settings(desired, wanted.artifact, deployments);
  const pending = resolved.flatMap(({ deployment, pending: values }) =>
    Object.entries(values).map(([name, value]) => ({ deployment, name, value })),
  );
  return {
    unit: {
      ...unit,
      wanted: {
        ...wanted,
        deployments,
        settings: withPending(settings, pending, standIns(wanted, driver.grain), driver.grain),
      },
    },
    refusal: null,
  };
}

/** Whether any value of the unit is made of outputs. */
export function refers({ wanted }: Unit): boolean {
  return wanted !== null && wanted.deployments.some(({ references }) => Object.keys(references).length > 0);
}

/** Whether something of it is not known before something else has been changed. */
export function isPending({ wanted }: Unit): boolean {
  if (wanted === null) return false;
  const { parameters, members } = wanted.settings;
  return [parameters, ...Object.values(members).map((member) => member.parameters)].some((values) =>
    Object.values(values).some(({ type }) => type === 'pending'),
  );
}

type Pending = Extract<ParameterValue, { readonly type: 'pending' }>;
type ResolvedDeployment = {
  readonly deployment: Deployment;
  readonly pending: Readonly<Record<string, Pending>>;
  readonly missing: readonly string[];
};

function resolveAt(deployment: Deployment, outputs: Outputs): ResolvedDeployment {
  const parameters: Record<string, string> = { ...deployment.parameters };
  const pending: Record<string, Pending> = {};
  const missing: string[] = [];
  for (const [name, parts] of Object.entries(deployment.references)) {
    const pieces = parts.map((part) => pieceOf(part, deployment, outputs));
    const gone = pieces.flatMap((piece) => (piece.type === 'missing' ? [piece.why] : []));
    const after = pieces.flatMap((piece) => (piece.type === 'pending' ? [piece.after] : []));
    const value = pieces.map((piece) => (piece.type === 'known' ? piece.value : '')).join('');
    if (gone.length > 0) missing.push(...gone);
    else if (after.length > 0) pending[name] = { type: 'pending', after: [...new Set(after)].sort() };
    else if (Buffer.byteLength(value) > MOST_VALUE_BYTES)
      missing.push(
        `the value of ${name} would have ${Buffer.byteLength(value)} bytes, and CloudFormation takes ${MOST_VALUE_BYTES}`,
      );
    else parameters[name] = value;
  }
  return { deployment: { ...deployment, parameters }, pending, missing };
}

type Piece =
  | { readonly type: 'known'; readonly value: string }
  | { readonly type: 'pending'; readonly after: Address }
  | { readonly type: 'missing'; readonly why: string };

function pieceOf(part: ValuePart, deployment: Deployment, outputs: Outputs): Piece {
  if (part.type === 'text') return { type: 'known', value: part.text };
  const { reference } = part;
  const where = whereOf(reference, deployment);
  const addresses = reference.source.type === 'every' ? outputs.every(where) : [where];
  const found = addresses.map((address) => outputs.at(address, reference.output));
  const missing = found.find((output) => output.type === 'missing');
  if (missing?.type === 'missing') return { type: 'missing', why: `${reference.written}: ${missing.why}` };
  if (found.some(({ type }) => type === 'pending')) return { type: 'pending', after: where };
  return { type: 'known', value: found.map((output) => (output.type === 'known' ? output.value : '')).join(',') };
}

const MOST_NAMED = 3;

function refusalOf(unit: Unit, problems: readonly string[]): Refusal {
  const named = problems.slice(0, MOST_NAMED).join('; ');
  const more = problems.length - MOST_NAMED;
  return {
    code: 'EK6028',
    address: unit.subject.address,
    message: `it waits for outputs: ${named}${more > 0 ? `; and ${more} more` : ''}`,
    remedy: 'see to the deployment that the reference names, then reconcile again; nothing else waits for it',
  };
}

type PendingValue = { readonly deployment: Deployment; readonly name: string; readonly value: Pending };

/** What a stack set's instance overrides is pending there; what all share, and what stands in for a default that there is not, is pending in the set. */
function withPending(
  settings: Settings,
  pending: readonly PendingValue[],
  standIn: ReadonlySet<string>,
  grain: 'deployment' | 'manifest',
): Settings {
  if (pending.length === 0) return settings;
  const parameters: Record<string, ParameterValue> = { ...settings.parameters };
  const members: Record<TargetKey, Wanted['settings']['members'][TargetKey]> = { ...settings.members };
  for (const { deployment, name, value } of pending) {
    const key = targetKey(deployment.target);
    const isOverride = grain === 'manifest' && deployment.overridden.includes(name);
    if (!isOverride || standIn.has(name)) parameters[name] = value;
    if (isOverride) members[key] = { parameters: { ...members[key]?.parameters, [name]: value } };
  }
  return { ...settings, parameters, members };
}

/** Parameters that every instance overrides and that have no default: the set takes the value of one of the instances. */
function standIns({ artifact, deployments }: Wanted, grain: 'deployment' | 'manifest'): ReadonlySet<string> {
  if (grain === 'deployment') return new Set();
  const shared = new Set(
    deployments.flatMap(({ parameters, overridden }) =>
      Object.keys(parameters).filter((name) => !overridden.includes(name)),
    ),
  );
  const names = Object.entries(artifact.parameters).flatMap(([name, { default: said }]) =>
    said === null ? [name] : [],
  );
  return new Set(names.filter((name) => !shared.has(name)));
}
