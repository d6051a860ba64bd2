import pLimit from 'p-limit';
import { canonicalJson } from '../../model/canonical.js';
import { LockRefusal } from '../lock/lock-refusal.js';
import type { Location, ObjectReference } from '../lock/object-references.js';

/** Of one building block. */
export const MAXIMUM_OBJECTS = 500;
const MAXIMUM_BYTES = 512 * 1024 * 1024;
const AT_ONCE = 6;

/** Which reference an object is fetched for. */
export type Asker = { readonly name: string; readonly holds: ObjectReference['holds'] };
export type FetchObject = (location: Location, asker: Asker) => Promise<Uint8Array>;

/** An object that several references name is fetched once, and only a few at the same time. Rejects with a LockRefusal where there is more than can be kept. */
export function onceEach(fetchObject: FetchObject): FetchObject {
  const known = new Map<string, Promise<Uint8Array>>();
  const limit = pLimit(AT_ONCE);
  let total = 0;
  const fetchOnce = async (location: Location, asker: Asker): Promise<Uint8Array> => {
    const bytes = await fetchObject(location, asker);
    total += bytes.length;
    if (total > MAXIMUM_BYTES) throw tooMuch(`refers to objects of more than ${MAXIMUM_BYTES} bytes in all`);
    return bytes;
  };
  return (location, asker) => {
    const id = canonicalJson({ ...location, holds: asker.holds });
    const before = known.get(id);
    if (before !== undefined) return before;
    if (known.size >= MAXIMUM_OBJECTS) return Promise.reject(tooMuch(`refers to more than ${MAXIMUM_OBJECTS} objects`));
    const fetching = limit(() => fetchOnce(location, asker));
    known.set(id, fetching);
    return fetching;
  };
}

export function tooMuch(what: string): LockRefusal {
  return new LockRefusal('EK4026', 'template', `the template ${what}`, 'ask the publisher of the building block');
}
