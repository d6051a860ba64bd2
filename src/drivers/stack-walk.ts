import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Stack } from '@aws-sdk/client-cloudformation';
import pLimit from 'p-limit';
import type { Aws } from '../aws/contract.js';
import { assumptionRemedy, classify, isRegionRefusal } from '../aws/errors.js';
import { allPages } from '../aws/paging.js';
import { grouped } from '../model/grouped.js';
import type { Unknown } from '../model/observed.js';
import type { Target, TargetKey } from '../model/target.js';
import { targetKey } from '../model/target.js';
import type { Watch } from '../reconciler/ports.js';

const CONCURRENT_WALKS = 16;

/** Every stack of one account and Region: all of them, never a part. */
export type Stacks = {
  readonly type: 'stacks';
  /** By StackId. */
  readonly stacks: ReadonlyMap<string, Stack>;
  /** Nested ones, by the StackId of the stack at the top. */
  readonly nested: ReadonlyMap<string, readonly Stack[]>;
};

/** One listing for each account and Region, whoever asks and however often. */
export type StackWalk = {
  read(target: Target, freshness: Watch['freshness'], signal: AbortSignal): Promise<Stacks | Unknown>;
  /** What was read before counts no more: a new reconcile begins. */
  forget(): void;
};

type Walk = {
  readonly result: Promise<Stacks | Unknown>;
  /** Whether its first page has been asked for: who comes later may have seen something newer. */ begun: boolean;
};

/** `reuse` takes what this reconcile has read already. `poll` reads anew, and whoever polls before the reading begins shares it. */
export function createStackWalk(
  aws: Aws,
  options: { readonly concurrency: number } = { concurrency: CONCURRENT_WALKS },
): StackWalk {
  const limit = pLimit(options.concurrency);
  const latest = new Map<TargetKey, Walk>();

  function start(target: Target, signal: AbortSignal): Walk {
    const key = targetKey(target);
    const walk: Walk = {
      begun: false,
      result: limit(async () => {
        // A turn of the event loop, so that all who poll at this moment are served by this walk.
        await new Promise<void>((resolve) => setImmediate(resolve));
        walk.begun = true;
        return walkStacks(aws, target, signal);
      }),
    };
    latest.set(key, walk);
    walk.result.catch(() => {
      if (latest.get(key) === walk) latest.delete(key);
    });
    return walk;
  }

  return {
    read(target, freshness, signal) {
      const known = latest.get(targetKey(target));
      const usable = known !== undefined && (freshness === 'reuse' || !known.begun);
      return (usable ? known : start(target, signal)).result;
    },
    forget() {
      latest.clear();
    },
  };
}

async function walkStacks(aws: Aws, target: Target, abortSignal: AbortSignal): Promise<Stacks | Unknown> {
  const client = aws.cloudFormation({ type: 'role', account: target.account, role: 'plan' }, target.region);
  try {
    const listed = await allPages<Stack>(async (NextToken) => {
      const page = await client.send(new DescribeStacksCommand({ NextToken }), { abortSignal });
      return { items: page.Stacks, next: page.NextToken };
    });
    const stacks = new Map(
      listed.filter((stack) => stack.StackStatus !== 'DELETE_COMPLETE').map((stack) => [stack.StackId!, stack]),
    );
    const nested = grouped(
      [...stacks.values()].filter(({ RootId, StackId }) => RootId !== undefined && RootId !== StackId),
      ({ RootId }) => RootId!,
    );
    return { type: 'stacks', stacks, nested };
  } catch (error) {
    if (abortSignal.aborted) throw error;
    return unknownOf(error, target);
  }
}

/** Why nothing is known of a target's stacks. */
export function unknownOf(error: unknown, target: Target): Unknown {
  const failure = classify(error);
  const place = `${target.account}/${target.region}`;
  if (failure.kind === 'role-not-assumable') {
    return {
      type: 'unknown',
      cause: 'unreachable',
      diagnostic: {
        code: 'EK6011',
        severity: 'error',
        message: failure.message,
        remedy: assumptionRemedy(
          error,
          `create the role in account ${target.account}, or correct its trust policy: it must name the controller's role and the installation's external id, and allow sts:AssumeRole and sts:SetSourceIdentity`,
        ),
      },
    };
  }
  if (isRegionRefusal(failure)) {
    return {
      type: 'unknown',
      cause: 'region-disabled',
      diagnostic: {
        code: 'EK6018',
        severity: 'error',
        message: `CloudFormation in ${place} refuses the plan role: ${failure.name}: ${failure.message}`,
        remedy: `enable ${target.region} in account ${target.account}, lift the policy that denies it, or leave the Region out of the targets`,
      },
    };
  }
  const remedy =
    failure.kind === 'access-denied'
      ? `allow the plan role in account ${target.account} cloudformation:DescribeStacks and cloudformation:ListStacks`
      : 'run again; nothing is assumed about stacks that were not read';
  return {
    type: 'unknown',
    cause: 'listing-failed',
    diagnostic: {
      code: 'EK6011',
      severity: 'error',
      message: `the stacks of ${place} could not be listed: ${failure.name}: ${failure.message}`,
      remedy,
    },
  };
}
