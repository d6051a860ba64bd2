import { findEntry } from '../../catalog/catalog.js';
import type { Desired } from '../../model/desired.js';
import { LockRefusal } from '../lock/lock-refusal.js';
import { listVersions } from '../application/serverless-repository.js';
import type { ServerlessApplication } from '../application/serverless-application.js';
import { NOTHING_KNOWN } from './versions-offer.js';
import type { Offer, VersionSession } from './versions-offer.js';

/** Gone, or not shared with whoever asks. */
const UNAVAILABLE: ReadonlySet<string> = new Set(['EK4020', 'EK4022']);

/** Every version that the Serverless Application Repository has of an application. */
export async function offerOfApplication(
  desired: Desired,
  block: ServerlessApplication,
  session: VersionSession,
): Promise<Offer> {
  const known = { ...NOTHING_KNOWN, pinned: block.version };
  const state = findEntry(block.application)?.entry.state ?? { type: 'current' };
  const ending: Offer['ending'] =
    state.type === 'retired'
      ? { type: 'superseded', reason: `retired: ${state.reason}; ${state.instead} takes its place` }
      : null;
  try {
    const versions = await listVersions(block, session);
    return { ...known, versions, complete: true, source: 'publisher', ending };
  } catch (error) {
    if (!(error instanceof LockRefusal)) throw error;
    const { code, key, message, remedy } = error;
    if (UNAVAILABLE.has(code)) return { ...known, ending: ending ?? { type: 'unavailable', reason: message } };
    const place = desired.at('spec', key);
    return { ...known, diagnostics: [{ code, severity: 'error', address: desired.address, place, message, remedy }] };
  }
}
