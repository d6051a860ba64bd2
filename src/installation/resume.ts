import type { ManifestAddress } from '../model/address.js';
import type { Hold } from '../model/hold.js';
import type { Clock, Ledger } from '../reconciler/ports.js';

/** `nothing`: no rollout of it has stopped; `held` names those that have. */
export type Resumed =
  | { readonly type: 'resumed'; readonly hold: Hold }
  | { readonly type: 'nothing'; readonly held: readonly ManifestAddress[] };

/** Lets a rollout go on that a failed wave has stopped; who reads the ledger sees why. */
export async function resume(
  ledger: Ledger,
  manifest: ManifestAddress,
  reason: string,
  clock: Clock,
): Promise<Resumed> {
  const active = (await ledger.holds()).filter(({ resumed }) => resumed === null);
  const hold = active.find((each) => each.manifest === manifest);
  if (hold === undefined) return { type: 'nothing', held: active.map((each) => each.manifest) };
  const resumed: Hold = { ...hold, resumed: { reason, at: clock.now().toISOString() } };
  await ledger.hold(resumed);
  return { type: 'resumed', hold: resumed };
}
