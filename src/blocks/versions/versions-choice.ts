import type { Desired } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { DiagnosticCode } from '../../model/diagnostic-codes.js';
import { lineOf } from './newer-versions.js';
import type { Offer } from './versions-offer.js';
import { isOlder, isSameVersion, nearestVersions, writtenLike } from './versions-order.js';

export type Choice =
  | { readonly type: 'version'; readonly from: string; readonly to: string; readonly isDowngrade: boolean }
  | { readonly type: 'already-there'; readonly from: string }
  | { readonly type: 'refused'; readonly from: string | null; readonly diagnostics: readonly Diagnostic[] };

/** To which version an upgrade goes: the one that is asked for where it exists, else the newest. Pure. */
export function chooseVersion(desired: Desired, offer: Offer, to: string | null): Choice {
  const { pinned } = offer;
  const refuse = (code: DiagnosticCode, message: string, remedy: string): Choice => ({
    type: 'refused',
    from: pinned,
    diagnostics: [
      ...offer.diagnostics,
      { code, severity: 'error', address: desired.address, place: desired.at('spec', 'version'), message, remedy },
    ],
  });
  if (pinned === null)
    return refuse(
      'EK4121',
      'the address of the template names no version',
      'name a folder that is a version in template, then run `evenkeel lock`',
    );
  const wanted = to === null ? null : writtenLike(to, pinned);
  if (wanted !== null && isSameVersion(wanted, pinned)) return { type: 'already-there', from: pinned };
  if (wanted !== null && offer.complete && !offer.versions.some((version) => isSameVersion(version, wanted))) {
    const near = nearestVersions(wanted, offer.versions);
    const message = `there is no version ${wanted}${near.length === 0 ? '' : `; the nearest are ${near.join(', ')}`}`;
    return refuse('EK4122', message, near.length === 0 ? 'choose another building block' : 'choose one that exists');
  }
  const line = lineOf(desired, offer);
  const chosen = wanted ?? line.newer[0];
  if (chosen !== undefined)
    return { type: 'version', from: pinned, to: chosen, isDowngrade: isOlder(chosen, pinned) === true };
  if (line.state === 'current') return { type: 'already-there', from: pinned };
  const known = line.newest === null ? 'none is known' : `the newest that is offered is ${line.newest}`;
  const reasons = line.notes.length === 0 ? '' : `: ${line.notes.join('; ')}`;
  return refuse(
    'EK4123',
    `there is no newer version than ${pinned}, and ${known}${reasons}`,
    'name a version with --to, or choose another building block',
  );
}
