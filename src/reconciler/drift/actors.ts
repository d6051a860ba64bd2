import pLimit from 'p-limit';
import { targetOf } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import type { Actor, Attribution } from '../../model/drift.js';
import { grouped } from '../../model/grouped.js';
import { targetKey } from '../../model/target.js';
import type { EntryWrite, Trail } from '../ports.js';
import type { Unit } from '../units.js';
import { withoutActor } from './unit-drift.js';
import type { Actors, Question } from './unit-drift.js';

const CONCURRENT_QUESTIONS = 16;
/** CloudTrail answers two questions a second in each account and Region: what came in a flood is not worth minutes. */
const MOST_IN_ONE_PLACE = 20;
const MOST_QUESTIONS = 400;

/** Who did what is to be written; asked only of what is new, and never a reason to wait for long or to fail. */
export async function askActors(
  units: readonly Unit[],
  settlements: readonly Omit<EntryWrite, 'generation'>[],
  by: Attribution,
  trail: Trail | null,
  signal: AbortSignal,
): Promise<Actors> {
  const actors = new Map<Address, Map<string, Actor>>();
  if (trail === null) return actors;
  const laid = new Map(settlements.map((settlement) => [settlement.address, settlement]));
  // What was written before the trail had it is asked for again while it is young.
  const questions = units.flatMap((unit) => {
    const settlement = laid.get(unit.subject.address) ?? null;
    return settlement === null && unit.entry === null ? [] : withoutActor(unit, settlement, by);
  });
  const limit = pLimit(CONCURRENT_QUESTIONS);
  await Promise.all(
    bounded(questions).map(({ address, key, name, resourceType, after }) =>
      limit(async () => {
        const actor = await trail.who({ target: targetOf(address)!, name, resourceType, after, before: by.at }, signal);
        if (actor !== null) actors.set(address, (actors.get(address) ?? new Map<string, Actor>()).set(key, actor));
      }),
    ),
  );
  return actors;
}

function bounded(questions: readonly Question[]): readonly Question[] {
  const places = grouped(questions, ({ address }) => targetKey(targetOf(address)!));
  return [...places.values()].flatMap((some) => some.slice(0, MOST_IN_ONE_PLACE)).slice(0, MOST_QUESTIONS);
}
