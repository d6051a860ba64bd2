import { isOpen } from '../../model/drift.js';
import type { Unit } from '../units.js';
import { loadRevertability } from './revertable.js';
import { unrevertableKey } from './reverts.js';
import type { Unrevertable } from './reverts.js';

/** What CloudFormation cannot put right of what the manifests want put right; schemas are loaded only where there is such drift. */
export async function unrevertableAmong(units: readonly Unit[]): Promise<Unrevertable> {
  const findings = units.flatMap(({ subject, desired, entry }) =>
    desired?.driftRespond === 'revert' && subject.driver === 'stack'
      ? (entry?.drift.findings ?? [])
          .filter((finding) => finding.layer === 'resource' && isOpen(finding))
          .map((finding) => ({ address: subject.address, finding }))
      : [],
  );
  if (findings.length === 0) return new Map();
  const reasonAgainst = await loadRevertability();
  return new Map(
    findings.flatMap(({ address, finding }) => {
      const reason = reasonAgainst({ ...finding, within: 'stack' });
      return reason === null ? [] : [[unrevertableKey(address, finding), reason] as const];
    }),
  );
}
