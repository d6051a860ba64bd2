import { parseAddress } from '../model/address.js';
import type { Block, Line } from '../model/document.js';
import type { RolloutPlan, WavePlan } from '../model/plan.js';
import { counted } from './describe-wording.js';

/** How each rollout goes, wave by wave, in the numbers that it comes to: 25 % of three accounts is one. */
export function rolloutBlocks(rollouts: readonly RolloutPlan[]): readonly Block[] {
  return rollouts.flatMap(({ manifest, waves }): Block[] => [
    { type: 'paragraph', line: [{ text: manifest, tone: 'strong' }] },
    { type: 'list', items: waves.map((wave) => waveLine(wave, waves.length === 1 && wave.wave === 0)) },
  ]);
}

function waveLine({ wave, deployments, accounts, atOnce, tolerated }: WavePlan, isOnly: boolean): Line {
  const which = isOnly ? '' : `wave ${String(wave + 1)}: `;
  const stop =
    tolerated === null
      ? 'a failure stops no other'
      : tolerated === 0
        ? 'stops at the first failure'
        : `stops at failure ${String(tolerated + 1)}`;
  return [
    `${which}${counted(deployments, 'deployment')} in ${counted(accounts, 'account')}, ${String(atOnce)} at once, `,
    { text: stop, tone: 'muted' },
  ];
}

/** `after Stack/first` and what else a change waits for; nothing where it waits for nobody. */
export function afterLine(dependsOn: readonly string[]): readonly Line[] {
  if (dependsOn.length === 0) return [];
  const manifests = [...new Set(dependsOn.map((address) => parseAddress(address)?.manifest ?? address))];
  const named = dependsOn.length === 1 ? dependsOn : manifests;
  return [[{ text: `after ${named.join(', ')}`, tone: 'muted' }]];
}
