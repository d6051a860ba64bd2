import { invalid } from './refusal.js';

/** What `Fn::Cidr` gives: `count` consecutive blocks of the given size in the address block; IPv4 and IPv6. */
export function addressBlocks(block: string, count: number, hostBits: number): readonly string[] {
  const refusal = invalid(`Template error: Fn::Cidr: cannot take ${count} blocks of ${hostBits} bits from ${block}`);
  const [address = '', prefix = '', ...others] = block.split('/');
  const width = address.includes(':') ? 128 : 32;
  const base = width === 32 ? fromV4(address) : fromV6(address);
  const prefixBits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
  if (base === undefined || others.length > 0 || !isWhole(prefixBits, 0, width)) throw refusal;
  if (!isWhole(count, 1, 256) || !isWhole(hostBits, 1, width)) throw refusal;
  const size = 1n << BigInt(hostBits);
  const room = 1n << BigInt(width - prefixBits);
  if (size * BigInt(count) > room) throw refusal;
  const network = base - (base % room);
  return Array.from({ length: count }, (_, at) => {
    const start = network + size * BigInt(at);
    return `${width === 32 ? toV4(start) : toV6(start)}/${width - hostBits}`;
  });
}

/** True for a whole number between the two, which are in. */
export function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function fromV4(address: string): bigint | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function toV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

function fromV6(address: string): bigint | undefined {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = groups(tail ?? '');
  const fill = tail === undefined ? 0 : 8 - left.length - right.length;
  const all = [...left, ...Array.from({ length: Math.max(fill, 0) }, () => '0'), ...right];
  if (all.length !== 8 || all.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

function toV6(value: bigint): string {
  return Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(':');
}
