import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { Aws } from '../aws/contract.js';
import { createTokenBuckets, CLOUDTRAIL_RATES } from '../aws/token-bucket.js';
import type { TokenBuckets } from '../aws/token-bucket.js';
import type { Controller } from '../model/desired.js';
import type { Actor } from '../model/drift.js';
import type { AccountId, Partition, Region } from '../model/identifiers.js';
import { targetKey } from '../model/target.js';
import type { Target, TargetKey } from '../model/target.js';
import type { Clock, Trail } from '../reconciler/ports.js';
import { TRAIL_ACTIONS } from './drift-permissions.js';
import { ask } from './outcomes.js';
import { actorOf } from './trail-event.js';

/** Milliseconds that CloudTrail looks back. */
const REMEMBERED = 90 * 24 * 60 * 60 * 1000;
const PAGE = 50;
/** Reads are events too: whoever changed something is among the newest hundred, or stays unknown. */
const MOST_PAGES = 2;

/** Where global services keep their events. */
const GLOBAL: Partial<Record<Partition, { readonly region: Region; readonly types: RegExp }>> = {
  aws: { region: 'us-east-1' as Region, types: /^AWS::(IAM|CloudFront|Route53|Organizations)::/ },
  'aws-us-gov': { region: 'us-gov-west-1' as Region, types: /^AWS::IAM::/ },
  'aws-cn': { region: 'cn-north-1' as Region, types: /^AWS::IAM::/ },
};

export type TrailParts = {
  readonly aws: Aws;
  readonly clock: Clock;
  readonly roles: Pick<Controller['roles'], 'plan' | 'apply' | 'cloudformation'>;
};

/**
 * CloudTrail's event history, as the plan role of each account, at no more than the rate that CloudTrail allows. An account whose role
 * may not read it is asked once, and a Region that refuses once; whatever fails, nobody is named.
 */
export function createTrail({ aws, clock, roles }: TrailParts): Trail {
  const ourRoles = new Set([roles.plan, roles.apply, ...(roles.cloudformation === null ? [] : [roles.cloudformation])]);
  const buckets = new Map<TargetKey, TokenBuckets>();
  const silent = new Set<AccountId | TargetKey>();

  function bucketOf(target: Target): TokenBuckets {
    const key = targetKey(target);
    const bucket = buckets.get(key) ?? createTokenBuckets(CLOUDTRAIL_RATES, clock);
    buckets.set(key, bucket);
    return bucket;
  }

  const isSilent = (target: Target): boolean => silent.has(target.account) || silent.has(targetKey(target));

  return {
    iamActions: TRAIL_ACTIONS,

    async who({ target: at, name, resourceType, after, before }, signal) {
      const target = { account: at.account, region: regionOf(aws.partition, resourceType ?? null, at.region) };
      const range = rangeOf(after, before);
      if (name === '' || range === null) return null;
      const client = aws.cloudTrail({ type: 'role', account: target.account, role: 'plan' }, target.region);
      let NextToken: string | undefined;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        if (isSilent(target)) return null;
        await bucketOf(target).take('LookupEvents', signal);
        // Whoever waited here beside others need not be refused as well.
        if (isSilent(target)) return null;
        const page = await lookUp(client, { name, ...range, NextToken }, signal);
        if (page.type === 'failed') {
          if (signal.aborted) throw page.failure.error;
          const { kind } = page.failure;
          if (kind === 'access-denied' || kind === 'role-not-assumable') silent.add(target.account);
          if (kind === 'region-disabled') silent.add(targetKey(target));
          return null;
        }
        const actor = newest(page.value.Events ?? [], ourRoles);
        if (actor !== null || !page.value.NextToken) return actor;
        NextToken = page.value.NextToken;
      }
      return null;
    },
  };
}

type Question = {
  readonly name: string;
  readonly StartTime: Date;
  readonly EndTime: Date;
  readonly NextToken: string | undefined;
};

function lookUp(client: CloudTrailClient, { name, ...range }: Question, abortSignal: AbortSignal) {
  return ask(() =>
    client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: name }],
        MaxResults: PAGE,
        ...range,
      }),
      { abortSignal },
    ),
  );
}

/** CloudTrail lists the newest first. */
function newest(events: Parameters<typeof actorOf>[0][], ourRoles: ReadonlySet<string>): Actor | null {
  for (const event of events) {
    const actor = actorOf(event, ourRoles);
    if (actor !== null) return actor;
  }
  return null;
}

/** Null where there is no time between the two. */
function rangeOf(after: string | null, before: string): Pick<Question, 'StartTime' | 'EndTime'> | null {
  const end = Date.parse(before);
  const oldest = end - REMEMBERED;
  // CloudTrail tells whole seconds: what happened in the second of the look before is after it.
  const start = after === null ? oldest : Math.max(Math.floor(Date.parse(after) / 1000) * 1000, oldest);
  return start <= end ? { StartTime: new Date(start), EndTime: new Date(end) } : null;
}

function regionOf(partition: Partition, resourceType: string | null, otherwise: Region): Region {
  const global = GLOBAL[partition];
  return global !== undefined && resourceType !== null && global.types.test(resourceType) ? global.region : otherwise;
}
