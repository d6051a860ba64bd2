import type { Address } from '../model/address.js';
import type { LogicalId } from '../model/identifiers.js';
import type { Known, Observation } from '../model/observed.js';
import type { Announced } from '../model/action.js';
import { diffParameters, diffSettings } from './diff.js';
import { narrowTemplate } from './narrow-template.js';
import type { Drivers } from './ports.js';
import { intentOf } from './tokens.js';
import { updatesInPlace } from './serverless-replacement.js';
import type { MemberSettings, Settings } from '../model/settings.js';
import type { TargetKey } from '../model/target.js';
import type { Unit } from './units.js';

/**
 * What CloudFormation would replace and remove in each unit whose template or parameters change, from the resource schemas.
 * One template is read for each distinct one that stands in AWS, not one for each stack; none where nothing changes.
 */
export async function predict(
  units: readonly Unit[],
  observed: ReadonlyMap<Address, Observation>,
  drivers: Drivers,
  signal: AbortSignal,
): Promise<ReadonlyMap<Address, Announced>> {
  const changing = units.flatMap((unit) => {
    const seen = observed.get(unit.subject.address);
    return unit.wanted !== null &&
      seen?.type === 'known' &&
      seen.condition.type === 'settled' &&
      reachesResources(unit, seen)
      ? [{ unit, seen }]
      : [];
  });
  const predictions = new Map<Address, Announced>(units.map((unit) => [unit.subject.address, learned(unit)]));
  const standing = new Map<string, Promise<string | null>>();
  const computed = new Map<string, Announced>();
  for (const { unit, seen } of changing) {
    const { template } = seen.settings;
    const parameters = { ...seen.settings.parameters, ...secretsOf(unit) };
    if (!standing.has(template))
      standing.set(template, drivers.get(unit.subject.driver)!.template(unit.subject, signal));
    const before = await standing.get(template)!;
    if (before === null) continue;
    let announced = learned(unit);
    for (const [standingValues, wantedValues] of valuePairs(unit, seen, parameters)) {
      const { artifact } = unit.wanted!;
      const key = JSON.stringify([template, standingValues, artifact.sha256, wantedValues]);
      if (!computed.has(key))
        computed.set(
          key,
          await compare(narrowTemplate(before, standingValues), narrowTemplate(artifact.template, wantedValues)),
        );
      announced = merge(computed.get(key)!, announced);
    }
    predictions.set(unit.subject.address, announced);
  }
  return predictions;
}

/** NoEcho values cannot be observed; the record knows their digests. */
function secretsOf(unit: Unit): Settings['parameters'] {
  const recorded = Object.entries(unit.entry?.recorded?.settings.parameters ?? {});
  return Object.fromEntries(recorded.filter(([, value]) => value.type === 'noecho'));
}

type Values = Settings['parameters'];

/** What the template is given now and then: by the unit itself, and in each instance of it whose own values change. */
function valuePairs(unit: Unit, seen: Known, standing: Values): readonly (readonly [Values, Values])[] {
  const wanted = unit.wanted!.settings;
  return [
    [standing, wanted.parameters],
    ...movedMembers(unit, seen).map(
      (key) =>
        [
          { ...standing, ...seen.settings.members[key]!.parameters },
          { ...wanted.parameters, ...wanted.members[key]!.parameters },
        ] as const,
    ),
  ];
}

/** Instances that stand, and are to be given other values than they have. */
function movedMembers({ wanted, entry }: Unit, seen: Known): readonly TargetKey[] {
  const members = Object.entries(wanted!.settings.members) as [TargetKey, MemberSettings][];
  return members.flatMap(([key, { parameters }]) => {
    const standing = seen.settings.members[key]?.parameters;
    if (standing === undefined) return [];
    const recorded = entry?.recorded?.members[key]?.settings.parameters ?? {};
    return diffParameters(parameters, standing, recorded).length > 0 ? [key] : [];
  });
}

function reachesResources(unit: Unit, seen: Known): boolean {
  const fields = diffSettings(unit.wanted!.settings, seen.settings, unit.entry?.recorded?.settings ?? null);
  return (
    fields.some((field) => field.path === 'template' || field.path.startsWith('parameters.')) ||
    movedMembers(unit, seen).length > 0
  );
}

/** Loads the schemas only where something changes: they cost more memory than all the rest of a reconcile. */
async function compare(before: object, after: object): Promise<Announced> {
  const { fullDiff, ResourceImpact } = await import('@aws-cdk/cloudformation-diff');
  const replaces: LogicalId[] = [];
  const removes: LogicalId[] = [];
  fullDiff(before, after).resources.forEachDifference((logicalId, difference) => {
    switch (difference.changeImpact) {
      case ResourceImpact.WILL_REPLACE:
      case ResourceImpact.MAY_REPLACE:
        if (!updatesInPlace(difference)) replaces.push(logicalId as LogicalId);
        break;
      case ResourceImpact.WILL_DESTROY:
      case ResourceImpact.WILL_ORPHAN:
        removes.push(logicalId as LogicalId);
        break;
      case ResourceImpact.WILL_UPDATE:
      case ResourceImpact.WILL_CREATE:
      case ResourceImpact.WILL_IMPORT:
      case ResourceImpact.NO_CHANGE:
        break;
    }
  });
  return { replaces: replaces.sort(), removes: removes.sort() };
}

/** A change set that said more than was predicted stopped its change; from then on the plan says it too. */
function learned(unit: Unit): Announced {
  const step = unit.entry?.step;
  const isSame = step?.type === 'failed' && step.intentSha256 === intentOf(unit);
  return isSame ? step.announced : { replaces: [], removes: [] };
}

function merge(one: Announced, other: Announced): Announced {
  const union = (left: readonly LogicalId[], right: readonly LogicalId[]): LogicalId[] =>
    [...new Set([...left, ...right])].sort();
  return { replaces: union(one.replaces, other.replaces), removes: union(one.removes, other.removes) };
}
