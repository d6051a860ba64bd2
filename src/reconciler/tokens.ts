import type { Address } from '../model/address.js';
import { digestOf } from '../model/canonical.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';
import type { Sha256, Token } from '../model/identifiers.js';
import type { Entry } from '../model/recorded.js';
import type { Unit } from './units.js';

/** What the unit is to become, whatever it is now and whatever that takes: the same intent is the same step, tried again. */
export function intentOf(unit: Unit): Sha256 {
  return digestOf({
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

/** What a budget is charged for: the same intent is charged once until it has succeeded, however often it is tried, and whatever becomes known meanwhile. */
export function chargeKeyOf(installation: string, unit: Unit): Token {
  const recorded = unit.entry?.recorded ?? null;
  const since = recorded === null ? (unit.entry?.historyHead ?? null) : { run: recorded.run, at: recorded.at };
  const digest = digestOf({
    installation,
    address: unit.subject.address,
    intent: intentOf(withoutOutputs(unit)),
    since,
  });
  return `charge-${digest.slice(0, 40)}` as Token;
}

/** Somebody else's operation, a plan that came out differently, an account or a Region out of reach: gone by the next reconcile, maybe. */
const PASSING: ReadonlySet<DiagnosticCode> = new Set(['EK6008', 'EK6009', 'EK6011', 'EK6018']);

/** Whether a refusal says nothing about the intent, so that it does not count as an attempt. */
export function isPassing(code: DiagnosticCode): boolean {
  return PASSING.has(code);
}

/** How often a schedule tries the same intent again before it leaves it to a person. */
export const ATTEMPTS = 3;

export function isExhausted(unit: Unit): boolean {
  const step = unit.entry?.step;
  return step?.type === 'failed' && step.attempt >= ATTEMPTS && step.intentSha256 === intentOf(unit);
}

/** The unit apart from values that are made of outputs. */
function withoutOutputs(unit: Unit): Unit {
  const { wanted } = unit;
  if (wanted === null) return unit;
  const names = new Set(wanted.deployments.flatMap(({ references }) => Object.keys(references)));
  if (names.size === 0) return unit;
  const { parameters, members } = wanted.settings;
  const given = (values: typeof parameters): typeof parameters =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
  const settings = {
    ...wanted.settings,
    parameters: given(parameters),
    members: Object.fromEntries(
      Object.entries(members).map(([key, member]) => [key, { parameters: given(member.parameters) }]),
    ),
  };
  return { ...unit, wanted: { ...wanted, settings } };
}
