import type { Diagnostic } from '../model/diagnostic.js';
import type { Region } from '../model/identifiers.js';
import { channelKey, NOTICE_KINDS } from '../model/notice.js';
import type { Channel as ChannelModel } from '../model/notice.js';
import { partitionOf } from '../model/partitions.js';
import type { ManifestDocument } from './documents.js';
import { error } from './issues.js';
import { itemsOf, pathText, valueAt } from './raw.js';
import type { Path } from './raw.js';
import type { Kind } from './schema/kinds.js';
import { Channel } from './schema/notify.js';

const TYPES = ['sns', 'webhook', 'github'] as const;
/** What belongs to one of them only. */
const OWN = { secretEnv: 'webhook', labels: 'github', tokenEnv: 'github', apiUrl: 'github' } as const;

/** A channel with everything defaulted; the rules below have seen that it is of one type. */
export function channelOf({ sns, webhook, secretEnv, github, labels, tokenEnv, apiUrl, on }: Channel): ChannelModel {
  const kinds = on ?? NOTICE_KINDS;
  if (sns !== undefined) return { type: 'sns', topicArn: sns, on: kinds };
  if (webhook !== undefined) return { type: 'webhook', url: webhook, secretEnv: secretEnv ?? null, on: kinds };
  return {
    type: 'github',
    repository: github ?? '',
    labels: labels ?? [],
    tokenEnv: tokenEnv ?? 'GITHUB_TOKEN',
    apiUrl: apiUrl ?? null,
    on: kinds,
  };
}

/** What is wrong with a Controller's channels beyond the form of each value, even where other keys have mistakes. */
export function badChannels(document: ManifestDocument, kind: Kind): readonly Diagnostic[] {
  if (kind !== 'Controller') return [];
  const channels = itemsOf(valueAt(document.value, ['spec', 'notify']));
  const seen = new Map<string, Path>();
  return channels.flatMap((channel, index) => {
    const path: Path = ['spec', 'notify', index];
    if (typeof channel !== 'object' || channel === null || Array.isArray(channel)) return [];
    return [
      ...mixedTypes(document, path, channel),
      ...misfitTopic(document, path, channel),
      ...repeated(document, path, channel, seen),
    ];
  });
}

function mixedTypes(document: ManifestDocument, path: Path, channel: object): readonly Diagnostic[] {
  const types = TYPES.filter((type) => type in channel);
  const { at, key } = document.places;
  if (types.length === 0)
    return [
      error('EK2008', `${pathText(path)} does not say where notices go`, 'add sns, webhook or github', at(...path)),
    ];
  if (types.length > 1) {
    const message = `${pathText(path)} is ${types.join(' and ')} at once`;
    return [error('EK2008', message, 'write one item of the list for each', key(...path, types[1]!))];
  }
  return Object.entries(OWN)
    .filter(([name, type]) => name in channel && type !== types[0])
    .map(([name, type]) =>
      error('EK2008', `${name} is for ${type} only`, `remove it from ${types[0]!}`, key(...path, name)),
    );
}

function misfitTopic(document: ManifestDocument, path: Path, channel: object): readonly Diagnostic[] {
  const topic: unknown = valueAt(channel, ['sns']);
  const home: unknown = valueAt(document.value, ['spec', 'partition']);
  const [, partition, , region] = typeof topic === 'string' ? topic.split(':') : [];
  if (partition === undefined || region === undefined || typeof home !== 'string') return [];
  const place = document.places.at(...path, 'sns');
  if (partition !== home) {
    const message = `the topic is in the partition ${partition}, and the installation in ${home}`;
    return [error('EK2014', message, `name a topic of ${home}`, place)];
  }
  const owner = partitionOf(region as Region);
  if (owner === partition) return [];
  const message = `${region} is a Region of the partition ${owner}, and the topic is said to be in ${partition}`;
  return [error('EK2014', message, 'copy the ARN of the topic as SNS shows it', place)];
}

function repeated(
  document: ManifestDocument,
  path: Path,
  channel: object,
  seen: Map<string, Path>,
): readonly Diagnostic[] {
  const parsed = Channel.safeParse(channel);
  if (!parsed.success || TYPES.filter((type) => type in channel).length !== 1) return [];
  const named = channelOf(parsed.data);
  // A repository is no other one by its capitals.
  const key = named.type === 'github' ? channelKey(named).toLowerCase() : channelKey(named);
  const first = seen.get(key);
  if (first === undefined) {
    seen.set(key, path);
    return [];
  }
  const { line, column } = document.places.at(...first);
  const message = `${pathText(path)} is the same channel as ${pathText(first)} at ${String(line)}:${String(column)}`;
  return [
    error('EK2015', message, 'write it once, with all that it is to be told of in on', document.places.at(...path)),
  ];
}
