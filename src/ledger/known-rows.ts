import { manifestOf, type Address, type ManifestAddress } from '../model/address.js';
import { digestOf } from '../model/canonical.js';
import type { Sha256 } from '../model/identifiers.js';
import type { SyncStatus } from '../model/recorded.js';
import { isNothing, NO_MEMBER, type Member, type Role } from './row-items.js';
import type { RowState } from './rows.js';

export type KnownRow = RowState & {
  readonly role: Role;
  readonly vacant: boolean;
  /** Of what a member's row says; it tells whether the row must be written again. */
  readonly memberSha256: Sha256 | null;
};

/**
 * What this process last read or wrote of each row, so that a write need not read first. It may be wrong: every write is
 * conditional, and what turns out wrong is forgotten and read again.
 */
export type KnownRows = {
  /** Undefined where it is not known whether there is such a row; null where there is none. */
  get(address: Address): KnownRow | null | undefined;
  /** Every row of a manifest; null where not all of them are known. */
  ofManifest(manifest: ManifestAddress): ReadonlyMap<Address, KnownRow> | null;
  set(address: Address, row: KnownRow): void;
  /** Replaces what is known of a manifest by a complete listing. */
  replace(manifest: ManifestAddress, rows: ReadonlyMap<Address, KnownRow>): void;
  forget(manifest: ManifestAddress): void;
  /** From here on, a manifest of which nothing is known has no rows: all of them have been listed. */
  listed(): void;
};

export function createKnownRows(): KnownRows {
  const manifests = new Map<ManifestAddress, { readonly rows: Map<Address, KnownRow>; complete: boolean }>();
  let allListed = false;
  const of = (manifest: ManifestAddress) =>
    manifests.get(manifest) ?? { rows: new Map<Address, KnownRow>(), complete: allListed };
  return {
    get(address) {
      const { rows, complete } = of(manifestOf(address));
      return rows.get(address) ?? (complete ? null : undefined);
    },
    ofManifest(manifest) {
      const { rows, complete } = of(manifest);
      return complete ? rows : null;
    },
    set(address, row) {
      const manifest = of(manifestOf(address));
      manifest.rows.set(address, row);
      manifests.set(manifestOf(address), manifest);
    },
    replace(manifest, rows) {
      manifests.set(manifest, { rows: new Map(rows), complete: true });
    },
    forget(manifest) {
      manifests.set(manifest, { rows: new Map(), complete: false });
    },
    listed() {
      allListed = true;
    },
  };
}

const NO_MEMBER_SHA256 = digestOf(NO_MEMBER);

/** Of a member and the sync that its row shows; null where the row shows none. */
export function memberDigest(member: Member, sync: SyncStatus | null): Sha256 {
  return isNothing(member) ? NO_MEMBER_SHA256 : digestOf({ member, sync });
}
