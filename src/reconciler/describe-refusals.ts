import { manifestOf, targetOf } from '../model/address.js';
import type { Block } from '../model/document.js';
import type { Refusal } from '../model/plan.js';
import { refusalBlock } from './describe-diagnostics.js';
import { compactTargets, NAMED_ACCOUNTS } from './describe-targets.js';
import { counted } from './describe-wording.js';

/** What is refused for one reason in many places is said once, with the places below. */
export function refusalBlocks(refusals: readonly Refusal[]): readonly Block[] {
  const groups = new Map<string, Refusal[]>();
  for (const refusal of refusals) {
    const manifest = refusal.address === null ? '' : manifestOf(refusal.address);
    const key = JSON.stringify([manifest, refusal.code, refusal.message, refusal.remedy]);
    groups.set(key, [...(groups.get(key) ?? []), refusal]);
  }
  return [...groups.values()].flatMap((group): Block[] => {
    const first = group[0]!;
    if (group.length === 1) return [refusalBlock(first)];
    const targets = group.flatMap(({ address }) => (address === null ? [] : (targetOf(address) ?? [])));
    return [
      refusalBlock({ ...first, address: manifestOf(first.address!) }),
      { type: 'list', items: [`${counted(group.length, 'deployment')}: ${compactTargets(targets, NAMED_ACCOUNTS)}`] },
    ];
  });
}
