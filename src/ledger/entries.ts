import pLimit from 'p-limit';
import { deploymentAddress, manifestOf, targetOf, type Address, type ManifestAddress } from '../model/address.js';
import type { Entry, HistoryHead, SyncStatus } from '../model/recorded.js';
import { parseTargetKey, targetKey, type TargetKey } from '../model/target.js';
import { LedgerConflict, type EntryWrite, type Written } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import type { Happening } from './history-chain.js';
import { manifestPartition, rowKey, type ItemKey } from './keys.js';
import { createKnownRows, memberDigest, type KnownRow } from './known-rows.js';
import { LedgerError } from './ledger-error.js';
import type { Registry } from './registry.js';
import {
  addressOf,
  entryOf,
  blankUnitItem,
  isVacant,
  memberItem,
  memberOf,
  memberSync,
  NO_MEMBER,
  quietMemberSync,
  roleOf,
  splitRecord,
  unitItem,
  unitSync,
  type Member,
  type Role,
} from './row-items.js';
import { ANY_GENERATION, expectRow, moveRow, NO_ROW, stateOf } from './rows.js';
import type { Item, Table } from './table.js';

const CONCURRENCY = 16;

type MemberEvent = EntryWrite['memberEvents'][number];
type Row = ItemKey & Item;

/** A member's row that a write must move: because the record says something else of it, or because something happened to it. */
type MemberMove = {
  readonly address: Address;
  readonly part: Member;
  readonly events: readonly MemberEvent[];
  readonly row: KnownRow | null;
  readonly sync: SyncStatus;
};

export interface Entries {
  inventory(): Promise<readonly Entry[]>;
  /** Null where there is none; a member is no entry of its own. */
  entry(address: Address): Promise<Entry | null>;
  write(write: EntryWrite): Promise<Written>;
}

export function openEntries(table: Table, bodies: Bodies, registry: Registry): Entries {
  const known = createKnownRows();
  const limit = pLimit(CONCURRENCY);

  async function readManifest(manifest: ManifestAddress): Promise<readonly Entry[]> {
    const items = await table.all(manifestPartition(manifest));
    const members = new Map<TargetKey, Member>();
    const rows = new Map<Address, KnownRow>();
    for (const item of items) {
      if (roleOf(item) === 'member') {
        const part = await memberOf(bodies, item);
        rows.set(addressOf(item), knownRow(item, part));
        if (!isVacant(item)) members.set(targetKey(targetOf(addressOf(item))!), part);
      } else rows.set(addressOf(item), knownRow(item, null));
    }
    known.replace(manifest, rows);
    const units = items.filter((item) => roleOf(item) === 'unit');
    return Promise.all(units.map((item) => entryOf(bodies, item, addressOf(item) === manifest ? members : new Map())));
  }

  async function unitRow(write: EntryWrite): Promise<KnownRow | null> {
    const remembered = known.get(write.address);
    if (remembered !== undefined && stands(remembered, write.expected)) return remembered;
    const item = await table.get(rowKey(write.address));
    const row = item === null ? null : knownRow(item, roleOf(item) === 'member' ? await memberOf(bodies, item) : null);
    if (stands(row, write.expected)) return row;
    throw new LedgerConflict(
      `${write.address} moved since it was read: version ${row?.version ?? 0}, and this writer read ${write.expected}`,
    );
  }

  async function memberRows(manifest: ManifestAddress): Promise<ReadonlyMap<Address, KnownRow>> {
    const remembered = known.ofManifest(manifest);
    if (remembered !== null) return remembered;
    await readManifest(manifest);
    return known.ofManifest(manifest)!;
  }

  async function memberMoves(
    write: EntryWrite,
    wanted: ReadonlyMap<TargetKey, Member>,
  ): Promise<readonly MemberMove[]> {
    const manifest = manifestOf(write.address);
    const rows = await memberRows(manifest);
    const quiet = quietMemberSync(write);
    const parts = new Map<Address, Member>(
      [...wanted].map(([target, part]) => [deploymentAddress(manifest, parseTargetKey(target)), part]),
    );
    const touched = new Set<Address>([...parts.keys(), ...write.memberEvents.map((event) => event.address)]);
    for (const [address, row] of rows) if (row.role === 'member' && !row.vacant) touched.add(address);
    return [...touched]
      .map((address) => ({
        address,
        part: parts.get(address) ?? NO_MEMBER,
        events: write.memberEvents.filter((event) => event.address === address),
        row: rows.get(address) ?? null,
        sync: memberSync(parts.get(address) ?? NO_MEMBER, quiet),
      }))
      .filter(
        ({ events, part, sync, row }) =>
          events.length > 0 || memberDigest(part, sync) !== (row?.memberSha256 ?? memberDigest(NO_MEMBER, null)),
      );
  }

  /** The row says what is new with the last event: after a crash between two of them the write comes again, and none is left out. */
  async function steps(
    happenings: readonly Happening[],
    item: Row,
    place: Parameters<typeof expectRow>[1],
    blank: () => Promise<Row>,
  ): Promise<readonly { readonly happening: Happening | null; readonly row: Row }[]> {
    if (happenings.length === 0) return [{ happening: null, row: item }];
    const before = happenings.length === 1 ? item : ((await expectRow(table, place)) ?? (await blank()));
    return happenings.map((happening, index) => ({
      happening,
      row: index === happenings.length - 1 ? item : before,
    }));
  }

  async function moveMember(write: EntryWrite, move: MemberMove): Promise<HistoryHead | null> {
    if (move.row?.role === 'unit' && !move.row.vacant) {
      throw new LedgerError(
        `${move.address} is recorded as a deployment of its own: it must be deleted or forgotten before ${write.address} can cover it`,
      );
    }
    let state = move.row ?? NO_ROW;
    const item = await memberItem(bodies, move.address, move.part, { at: write.recorded?.at, quiet: move.sync });
    const fence = fenceOf(write, move.row, 'member');
    const blank = () => memberItem(bodies, move.address, NO_MEMBER, { at: undefined, quiet: move.sync });
    const place = { address: move.address, known: state, fence };
    for (const { happening, row } of await steps(move.events, item, place, blank))
      state = await moveRow(table, bodies, {
        address: move.address,
        known: state,
        generation: write.generation,
        fence,
        item: row,
        blank,
        happening,
      });
    known.set(move.address, {
      ...state,
      role: 'member',
      vacant: isVacant(item),
      memberSha256: memberDigest(move.part, move.sync),
    });
    return move.events.length === 0 ? null : state.head;
  }

  async function moveMembers(
    write: EntryWrite,
    unit: KnownRow | null,
    wanted: ReadonlyMap<TargetKey, Member>,
  ): Promise<readonly HistoryHead[]> {
    const moves = await memberMoves(write, wanted);
    if (moves.length === 0) return [];
    await expectRow(table, { address: write.address, known: unit ?? NO_ROW, fence: write.generation });
    const results = await Promise.allSettled(moves.map((move) => limit(() => moveMember(write, move))));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
  }

  async function move(write: EntryWrite): Promise<Written> {
    const unit = await unitRow(write);
    const { common, members } = splitRecord(write);
    const isSet = targetOf(write.address) === null;
    const memberHeads = isSet ? await moveMembers(write, unit, members) : [];
    if (!isSet && (members.size > 0 || write.memberEvents.length > 0))
      throw new LedgerError(`${write.address} is one deployment and cannot have members`);
    const item = await unitItem(bodies, write, common);
    let state = unit ?? NO_ROW;
    const fence = fenceOf(write, unit, 'unit');
    const blank = () => blankUnitItem(bodies, write.address);
    for (const { happening, row } of await steps(
      write.events,
      item,
      { address: write.address, known: state, fence },
      blank,
    ))
      state = await moveRow(table, bodies, {
        address: write.address,
        known: state,
        generation: write.generation,
        fence,
        item: row,
        blank,
        happening,
      });
    known.set(write.address, { ...state, role: 'unit', vacant: isVacant(item), memberSha256: null });
    return {
      address: write.address,
      recorded: write.recorded,
      step: write.step,
      sync: write.sync,
      drift: write.drift,
      memberDrift: write.memberDrift,
      generation: write.generation,
      version: state.version,
      historyHead: state.head,
      heads: [...memberHeads, ...(write.events.length === 0 || state.head === null ? [] : [state.head])],
    };
  }

  return {
    async inventory() {
      const manifests = await registry.manifests();
      const entries = await Promise.all(manifests.map((manifest) => limit(() => readManifest(manifest))));
      known.listed();
      return entries.flat();
    },
    async entry(address) {
      const item = await table.get(rowKey(address));
      if (item === null || roleOf(item) === 'member') return null;
      if (targetOf(address) !== null) return entryOf(bodies, item, new Map());
      return (await readManifest(manifestOf(address))).find((entry) => entry.address === address) ?? null;
    },
    async write(given) {
      const write = { ...given, sync: unitSync(given) };
      await registry.register(manifestOf(write.address));
      try {
        return await move(write);
      } catch (error) {
        // How far it came is not known here, so nothing that was known before is trusted any more.
        known.forget(manifestOf(write.address));
        throw error;
      }
    },
  };
}

/** Whether a row is what a writer read. One that expects none may take over the row of a member that is gone. */
function stands(row: KnownRow | null, expected: number): boolean {
  const vacated = row?.role === 'member' && row.vacant;
  return (row === null || vacated ? 0 : row.version) === expected;
}

/** What becomes another kind of row is written under another lease than before. */
function fenceOf(write: EntryWrite, row: KnownRow | null, role: Role): number {
  return row === null || row.role === role ? write.generation : ANY_GENERATION;
}

function knownRow(item: Item, part: Member | null): KnownRow {
  return {
    ...stateOf(item),
    role: roleOf(item),
    vacant: isVacant(item),
    memberSha256: part === null ? null : memberDigest(part, (item['sync'] as SyncStatus | undefined) ?? null),
  };
}
