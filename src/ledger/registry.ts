import type { ManifestAddress } from '../model/address.js';
import { MANIFESTS, OWNER_KEY, registryKey } from './keys.js';
import { LedgerError } from './ledger-error.js';
import type { Table } from './table.js';

/** Which manifests ever had an entry, and whose table it is. Two installations that shared one would delete each other's deployments. */
export interface Registry {
  manifests(): Promise<readonly ManifestAddress[]>;
  /** Must come before the first write of a manifest's entries: what is not registered is not listed. */
  register(manifest: ManifestAddress): Promise<void>;
  /** Makes the table this installation's, unless it is another's. */
  claim(): Promise<void>;
}

export function openRegistry(table: Table, installation: string | null): Registry {
  const registered = new Set<string>();
  let claimed = false;

  function refuseOther(owner: unknown): void {
    if (installation === null || owner === installation) return;
    throw new LedgerError(
      `the table ${table.name} is the ledger of the installation ${String(owner)}, and this one is ${String(installation)}: give this Controller manifest a table of its own`,
    );
  }

  async function claim(): Promise<void> {
    if (claimed) return;
    if (installation === null) throw new LedgerError(`the table ${table.name} was opened for reading only`);
    if (!(await table.put({ ...OWNER_KEY, installation }, { type: 'absent' })))
      refuseOther((await table.get(OWNER_KEY))?.['installation']);
    claimed = true;
  }

  return {
    claim,
    async manifests() {
      const items = await table.all(MANIFESTS);
      const owner = items.find((item) => item['sk'] === OWNER_KEY.sk);
      if (owner !== undefined) {
        refuseOther(owner['installation']);
        claimed = true;
      }
      const manifests = items.filter((item) => item !== owner).map((item) => item['sk'] as ManifestAddress);
      for (const manifest of manifests) registered.add(manifest);
      return manifests;
    },
    async register(manifest) {
      if (registered.has(manifest)) return;
      await claim();
      // False means that somebody registered it before, which is as good.
      await table.put(registryKey(manifest), { type: 'absent' });
      registered.add(manifest);
    },
  };
}
