import { manifestOf, targetOf, type Address, type ManifestAddress } from '../model/address.js';
import type { AccountId, RunId, Sha256 } from '../model/identifiers.js';
import { targetKey, type TargetKey } from '../model/target.js';

/** Where an item stands in the table. */
export type ItemKey = { readonly pk: string; readonly sk: string };

/** The sort key of an item that is alone in its partition, and of a stack set beside its instances. */
export const ALONE = '-';

/** The indexes, by what they answer. DynamoDB wants three characters at least. */
export const INDEX = {
  account: { name: 'by-account', pk: 'gsi1pk', sk: 'gsi1sk' },
  notInSync: { name: 'not-in-sync', pk: 'gsi2pk', sk: 'gsi2sk' },
  day: { name: 'by-day', pk: 'gsi3pk', sk: 'gsi3sk' },
} as const;
export type Index = (typeof INDEX)[keyof typeof INDEX];

/** Every item of a manifest: its deployments, or a stack set with its instances. */
export function manifestPartition(manifest: ManifestAddress): string {
  return `D#${manifest}`;
}

export function rowKey(address: Address): ItemKey {
  const target = targetOf(address);
  return { pk: manifestPartition(manifestOf(address)), sk: target === null ? ALONE : targetKey(target) };
}

/** Which manifests there ever were: what makes a strongly consistent listing possible without a Scan. */
export const MANIFESTS = 'M#manifests';
export const OWNER_KEY: ItemKey = { pk: MANIFESTS, sk: '#installation' };

export function registryKey(manifest: ManifestAddress): ItemKey {
  return { pk: MANIFESTS, sk: manifest };
}

export function historyPartition(address: Address): string {
  return `H#${address}`;
}

/** The address whose history a partition is. */
export function addressOfHistory(pk: string): Address {
  return pk.slice('H#'.length) as Address;
}

/** Padded, so that the order of text is the order of numbers. */
export function historyKey(address: Address, sequence: number): ItemKey {
  return { pk: historyPartition(address), sk: String(sequence).padStart(12, '0') };
}

/** An account's deployments. */
export function accountIndexKey(
  account: AccountId,
  address: Address,
): { readonly gsi1pk: string; readonly gsi1sk: Address } {
  return { gsi1pk: accountPartition(account), gsi1sk: address };
}

export function accountPartition(account: AccountId): string {
  return `A#${account}`;
}

/** One partition for all of it: it is small by nature, and whoever asks wants the whole. */
export const NOT_IN_SYNC = 'N#not-in-sync';

export function notInSyncIndexKey(address: Address): { readonly gsi2pk: string; readonly gsi2sk: Address } {
  return { gsi2pk: NOT_IN_SYNC, gsi2sk: address };
}

/** `at` is ISO 8601 in UTC, so its first ten characters are the day. */
export function dayIndexKey(
  at: string,
  address: Address,
  sequence: number,
): { readonly gsi3pk: string; readonly gsi3sk: string } {
  return { gsi3pk: dayPartition(at.slice(0, 10)), gsi3sk: `${at}#${address}#${sequence}` };
}

/** `day` is `2026-11-23`. */
export function dayPartition(day: string): string {
  return `E#${day}`;
}

/** The runs in the order in which they began. */
export const RUNS = 'M#runs';

export function runListKey(startedAt: string, id: RunId): ItemKey {
  return { pk: RUNS, sk: `${startedAt}#${id}` };
}

export function runPartition(id: RunId): string {
  return `R#${id}`;
}

export function runKey(id: RunId): ItemKey {
  return { pk: runPartition(id), sk: ALONE };
}

/** A part of a run is named by its content, so that writing it again changes nothing. */
export function runPartKey(id: RunId, sha256: Sha256): ItemKey {
  return { pk: runPartition(id), sk: `P#${sha256}` };
}

export function leaseKey(name: string): ItemKey {
  return { pk: `L#${name}`, sk: ALONE };
}

export const BUDGET_KEY: ItemKey = { pk: 'B#budget', sk: ALONE };

/** What failed waves hold back. */
export const HOLDS = 'W#holds';

export function holdKey(manifest: ManifestAddress): ItemKey {
  return { pk: HOLDS, sk: manifest };
}

/** When each stack was looked at beyond the walk: one item for each account and Region. */
export const CHECKS = 'C#checks';

export function checkBookKey(target: TargetKey): ItemKey {
  return { pk: CHECKS, sk: target };
}

/** What CloudFormation cannot check of an artifact's resources. */
export function coverageKey(artifact: Sha256): ItemKey {
  return { pk: `C#coverage#${artifact}`, sk: ALONE };
}

/** The newest pass. */
export const PASS_KEY: ItemKey = { pk: 'C#pass', sk: ALONE };

/** Notices that wait in the one partition, and those that were told in the other: the first stays small. */
export const OUTGOING = 'O#outgoing';
export function outgoingKey(id: string): ItemKey {
  return { pk: OUTGOING, sk: id };
}

export function toldKey(id: string): ItemKey {
  return { pk: `O#told#${id}`, sk: ALONE };
}

/** When an item may go, in seconds since 1970. */
export const EXPIRES = 'expires';
