import { randomBytes } from 'node:crypto';
import type { RunId } from '../model/identifiers.js';

/** Sorts by time, and stays unique where two begin in the same second. */
export function newRunId(now: Date): RunId {
  return `run-${now.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z-${randomBytes(4).toString('hex')}` as RunId;
}
