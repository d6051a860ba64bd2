import type { Calls } from './desk.js';
import type { Floor } from './floor.js';
import { INPUT } from './input.js';
import type { Outcome } from './reconciler-process.js';

/** Requests by whom they were for: AWS as it is to be kept, and the ledger. */
export type Counts = {
  readonly total: number;
  readonly byOperation: Calls;
  readonly ledger: number;
  readonly ledgerWrites: number;
};

/** One thing that must hold, and what was found. */
export type Limit = { readonly what: string; readonly found: number; readonly most: number; readonly least: number };

const MOST_SECONDS = 5;
const MOST_RSS_MIB = 300;
/** The stack set itself, managed execution, and one operation for each combination of overrides. */
const MOST_CALLS_FOR_A_STACK_SET = 4;
/** The part of the looks that each waiting change would take by itself. */
const MOST_OF_LOOKS_ALONE = 0.3;

const READS = /:(Describe|List|Get|Head|Assume)/;

export function isBroken(limit: Limit): boolean {
  return limit.found > limit.most || limit.found < limit.least;
}

export function limitsOfFirst(calls: Calls, outcome: Outcome): readonly Limit[] {
  const count = (operation: string) => calls[`cloudformation:${operation}`] ?? 0;
  const mutating = Object.entries(calls).filter(
    ([operation]) => operation.startsWith('cloudformation:') && !READS.test(operation),
  );
  const others = mutating.reduce(
    (sum, [operation, times]) => (operation.endsWith(':CreateStack') ? sum : sum + times),
    0,
  );
  return [
    { what: 'changes that failed', found: outcome.failures.length, most: 0, least: 0 },
    { what: 'CreateStack', found: count('CreateStack'), most: INPUT.createdStacks, least: INPUT.createdStacks },
    {
      what: 'other mutating calls',
      found: others,
      most: INPUT.stackSets * MOST_CALLS_FOR_A_STACK_SET,
      least: INPUT.stackSets,
    },
    {
      what: 'DescribeStacks',
      found: count('DescribeStacks'),
      most: Math.floor(outcome.looksAlone * MOST_OF_LOOKS_ALONE),
      least: 1,
    },
  ];
}

export function limitsOfSettled(counts: Counts, floor: Floor, outcome: Outcome): readonly Limit[] {
  return [
    { what: 'failures', found: outcome.failures.length, most: 0, least: 0 },
    { what: 'changes', found: outcome.changes, most: 0, least: 0 },
    {
      what: 'deployments seen as they should be',
      found: outcome.unchanged,
      most: INPUT.deployments,
      least: INPUT.deployments,
    },
    { what: 'calls', found: counts.total, most: floor.total, least: 1 },
    { what: 'writes to the ledger', found: counts.ledgerWrites, most: 0, least: 0 },
    { what: 'seconds', found: round(outcome.seconds), most: MOST_SECONDS, least: 0 },
    { what: 'peak RSS in MiB', found: round(outcome.peakRssMiB), most: MOST_RSS_MIB, least: 0 },
  ];
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
