import type { Partition, Region } from './identifiers.js';

export const PARTITIONS = [
  'aws',
  'aws-us-gov',
  'aws-cn',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
] as const satisfies readonly Partition[];

/** What the Regions of each partition but `aws` begin with; AWS gives no Region of `aws` one of these prefixes. */
const REGION_PREFIXES: readonly (readonly [prefix: string, partition: Partition])[] = [
  ['us-gov-', 'aws-us-gov'],
  ['cn-', 'aws-cn'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

const DNS_SUFFIXES: Readonly<Record<Partition, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

/** The partition that a Region belongs to, by its name alone: Regions open more often than this is released. */
export function partitionOf(region: Region): Partition {
  return REGION_PREFIXES.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

export function dnsSuffixOf(partition: Partition): string {
  return DNS_SUFFIXES[partition];
}
