import { targetOf } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import { findingKey, isOpen, STACK_SUBJECT } from '../../model/drift.js';
import type { DriftState, Finding } from '../../model/drift.js';
import type { LogicalId } from '../../model/identifiers.js';
import type { DriftFinding, Field } from '../../model/plan.js';
import type { Unit } from '../units.js';
import { isFlapping, nestedOf } from './transitions.js';

/** Why CloudFormation cannot put a finding right, by address and finding key; absent where it can. */
export type Unrevertable = ReadonlyMap<string, string>;

export function unrevertableKey(address: Address, finding: Finding): string {
  return `${address} ${findingKey(finding)}`;
}

/** What is to be done about resources that were changed behind CloudFormation's back: put right, or only told. */
export type Reverts = {
  readonly reverts: readonly LogicalId[];
  readonly fields: readonly Field[];
  readonly drift: readonly DriftFinding[];
};

const CONTESTED = 'it was put right three times in a day, and comes back: whoever changes it must be asked';
const NEIGHBOUR =
  'a drift-aware change set puts a whole stack right, and would undo drift that the manifest accepts there';
const BESIDE_CONTESTED =
  'a drift-aware change set puts a whole stack right, and would undo what is contested there and left alone';

const BESIDE_NESTED =
  'a drift-aware change set reaches the nested stacks too, and would write over what has drifted in them';

/** `isStackLeft`: what differs of the stack's own settings is only told, so that no change set may write them either. */
export function planReverts(
  { subject, desired, entry }: Unit,
  unrevertable: Unrevertable,
  { isStackLeft }: { readonly isStackLeft: boolean },
): Reverts {
  const { address, driver } = subject;
  const findings = ofResources(entry?.drift);
  const open = findings.filter(isOpen);
  if (open.length === 0) return NO_REVERTS;
  if (desired?.driftRespond !== 'revert' || driver !== 'stack' || targetOf(address) === null)
    return { ...NO_REVERTS, drift: [{ address, fields: open.flatMap(fieldsOf) }] };
  const hasAccepted = (entry?.drift.findings ?? []).some(
    (finding) => !isOpen(finding) && (finding.layer === 'resource' || nestedOf(finding.subject) !== null),
  );
  const hasNested = open.some(({ subject: each }) => nestedOf(each) !== null);
  const hasContested = isStackLeft || open.some(({ contestedSince }) => contestedSince !== null);
  const reasonOf = (finding: Finding): string | null => {
    if (finding.contestedSince !== null) return CONTESTED;
    if (finding.unrevertable !== null) return finding.unrevertable;
    if (hasAccepted) return NEIGHBOUR;
    const own = unrevertable.get(unrevertableKey(address, finding));
    return own ?? (hasContested ? BESIDE_CONTESTED : hasNested ? BESIDE_NESTED : null);
  };
  const judged = open.map((finding) => ({ finding, cannot: reasonOf(finding) }));
  const right = judged.filter(({ cannot }) => cannot === null).map(({ finding }) => finding);
  return {
    reverts: right.map(({ subject: id }) => id as LogicalId),
    fields: right.flatMap(fieldsOf),
    drift: judged.flatMap(({ finding, cannot }) =>
      cannot === null ? [] : [{ address, fields: fieldsOf(finding), cannot }],
    ),
  };
}

const NO_REVERTS: Reverts = { reverts: [], fields: [], drift: [] };

const IN_AN_INSTANCE =
  "it is inside a stack set's instance, and a change set of its own would leave its role behind on the stack";

/** What a stack set's instance shows of its resources can only be told. */
export function tellResources(address: Address, state: DriftState | undefined, isReverting: boolean): DriftFinding[] {
  const open = ofResources(state).filter(isOpen);
  if (open.length === 0) return [];
  return [{ address, fields: open.flatMap(fieldsOf), ...(isReverting ? { cannot: IN_AN_INSTANCE } : {}) }];
}

/**
 * Whether what was changed through CloudFormation comes back however often it is put right; then it is told, and left. It would be put
 * right by the pass that finds it, so that how often that was done of late says as much as a finding.
 */
export function contestedStack(state: DriftState | undefined, now: Date): string | null {
  if (state === undefined) return null;
  const isContested = state.findings.some(
    ({ layer, subject, contestedSince }) => layer === 'stack' && subject === STACK_SUBJECT && contestedSince !== null,
  );
  return isContested || isFlapping(state.reverted[OWN] ?? [], now.toISOString()) ? CONTESTED : null;
}

const OWN = findingKey({ layer: 'stack', subject: STACK_SUBJECT });

function ofResources(state: DriftState | undefined): readonly Finding[] {
  return (state?.findings ?? []).filter(({ layer }) => layer === 'resource');
}

/** A plan's fields say what stands, and what will. */
function fieldsOf({ subject, resourceType, differences }: Finding): readonly Field[] {
  if (differences.length === 0) return [{ path: `resources.${subject}`, before: '(deleted)', after: resourceType }];
  return differences.map(({ path, expected, actual }) => ({
    path: `resources.${subject}${path}`,
    before: actual,
    after: expected,
  }));
}
