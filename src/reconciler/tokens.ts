import type { Address } from '../model/address.js';
import { digestOf } from '../model/canonical.js';
import type { Sha256, Token } from '../model/identifiers.js';
import type { Change } from '../model/plan.js';
import type { Entry } from '../model/recorded.js';
import type { Unit } from './units.js';

/** What the unit is to become, whatever it is now: the same intent is the same step, tried again. */
export function intentOf(unit: Unit, change: Change): Sha256 {
  return digestOf({
    action: change.action,
    settings: unit.wanted?.settings ?? null,
    artifact: unit.wanted?.artifact.sha256 ?? null,
  });
}

export type Attempt = { readonly token: Token; readonly attempt: number };

/**
 * The token of a step. One that was begun and never ended keeps its token, so that a call repeated after a crash is the same call;
 * one that ended gets a new one, because the entry's version moved.
 */
export function attemptOf(installation: string, address: Address, entry: Entry | null, intent: Sha256): Attempt {
  const step = entry?.step ?? { type: 'idle' as const };
  if (step.type === 'in-doubt' && step.intentSha256 === intent) return { token: step.token, attempt: step.attempt };
  const attempt = step.type === 'failed' && step.intentSha256 === intent ? step.attempt + 1 : 1;
  const digest = digestOf({ installation, address, intent, version: entry?.version ?? 0 });
  return { token: `ek-${digest.slice(0, 40)}` as Token, attempt };
}

/** How often a schedule tries the same intent again before it leaves it to a person. */
export const ATTEMPTS = 3;

export function isExhausted(unit: Unit, change: Change): boolean {
  const step = unit.entry?.step;
  return step?.type === 'failed' && step.attempt >= ATTEMPTS && step.intentSha256 === intentOf(unit, change);
}
