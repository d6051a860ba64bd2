import { NO_DRIFT } from '../../model/drift.js';
import { targetOf } from '../../model/address.js';
import { targetKey } from '../../model/target.js';
import { nestedOf } from './transitions.js';
import type { Watched } from './watched.js';

/** Subjects of the resources of one stack of which something is known to have drifted. */
export function openSubjects({ unit, target, stack }: Watched): readonly string[] {
  const { entry, subject } = unit;
  const state = targetOf(subject.address) === null ? entry?.memberDrift[targetKey(target)] : entry?.drift;
  return (state ?? NO_DRIFT).findings
    .filter(({ layer, subject: each }) => layer === 'resource' && nestedOf(each) === stack.nested)
    .map((finding) => finding.subject);
}
