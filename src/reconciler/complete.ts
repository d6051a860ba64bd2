import type { Address } from '../model/address.js';
import type { Observation } from '../model/observed.js';
import type { Change } from '../model/plan.js';
import type { Completed, Job } from './execute.js';
import { outputsNow } from './outputs.js';
import { planUnit } from './plan-unit.js';
import type { Drivers } from './ports.js';
import { isPending, resolveReferences } from './references.js';
import type { Survey } from './survey.js';
import type { IsActive } from './units.js';

type Completing = {
  readonly from: Survey;
  readonly drivers: Drivers;
  readonly isActive: IsActive;
  /** What was seen of a unit after it was changed in this run. */
  readonly seen: (unit: Address) => Observation | undefined;
};

/**
 * A job with what its references came out as, now that what it needs has been changed. Its action and what may be replaced stay as they were
 * promised; a value that came out as it was leaves nothing to do.
 */
export function complete(job: Job, { from, drivers, isActive, seen }: Completing): Completed {
  if (!isPending(job.unit)) return { type: 'complete', job };
  const outputs = outputsNow(from, (unit) => seen(unit) ?? from.observed.get(unit));
  const { unit, refusal } = resolveReferences(job.unit, outputs, drivers);
  if (refusal !== null) return { type: 'skip', why: refusal.message };
  const { replaces, removes, action } = job.change;
  const { change } = planUnit(unit, job.observed, {
    scope: from.plan.scope,
    isActive,
    predicted: { replaces, removes },
    unrevertable: from.unrevertable,
    now: new Date(from.at),
  });
  if (change === null) return { type: 'settled' };
  if (change.action !== action) return { type: 'skip', why: `${change.action} came out where ${action} was planned` };
  const { fields, members } = change;
  const unannounced = beyond(change, job.change);
  if (unannounced !== null) return { type: 'skip', why: `${unannounced} would change too, which was not planned` };
  return { type: 'complete', job: { ...job, unit, change: { ...job.change, fields, members } } };
}

/** What came out and was not planned, by its path or address; null where all of it was. */
function beyond(now: Change, planned: Change): string | null {
  const paths = new Set(planned.fields.map(({ path }) => path));
  const members = new Map(planned.members.map(({ address, action }) => [address, action]));
  return (
    now.fields.find(({ path }) => !paths.has(path))?.path ??
    now.members.find(({ address, action }) => members.get(address) !== action)?.address ??
    null
  );
}
