import type { Deployment, Desired } from '../model/desired.js';
import type { Unknown } from '../model/observed.js';
import type { Snapshot, SnapshotGap, SnapshotStackSets, Unread } from '../model/snapshot.js';
import type { Target } from '../model/target.js';
import { targetKey } from '../model/target.js';
import type { ReadPlace } from './read-stacks.js';

/** What the desired state deploys, and so must be seen for a plan. */
export type Wanted = { readonly desired: readonly Desired[]; readonly deployments: readonly Deployment[] };

/** Everything that the snapshot says is not known, each with the reason and what to do. */
export function gapsOf(snapshot: Snapshot, read: readonly ReadPlace[], wanted: Wanted): readonly SnapshotGap[] {
  const targets = new Set(wanted.deployments.map(({ target }) => targetKey(target)));
  const isWanted = (target: Target): boolean => targets.has(targetKey(target));
  return [
    ...read.flatMap(({ place, unknown }): SnapshotGap[] => {
      const target = { account: place.account, region: place.region };
      if (unknown !== null) return [unknownGap(target, unknown, isWanted(target))];
      const { unread, count } = unreadTemplates(place);
      return unread === null ? [] : [templateGap(target, unread, count, isWanted(target))];
    }),
    ...snapshot.stackSets.flatMap((shelf) => stackSetGaps(shelf, wanted.desired)),
  ];
}

/** Only what the desired state needs makes a snapshot a poor one. */
function unknownGap(target: Target, { cause, diagnostic }: Unknown, wanted: boolean): SnapshotGap {
  return { target, cause, wanted, diagnostic: { ...diagnostic, severity: wanted ? 'error' : 'warning' } };
}

function unreadTemplates(place: ReadPlace['place']): { readonly unread: Unread | null; readonly count: number } {
  const unread = ('stacks' in place ? place.stacks : []).flatMap(({ template }) =>
    typeof template === 'string' ? [] : [template],
  );
  return { unread: unread[0] ?? null, count: unread.length };
}

function templateGap(target: Target, { code, message }: Unread, count: number, wanted: boolean): SnapshotGap {
  return {
    target,
    cause: 'listing-failed',
    wanted,
    diagnostic: {
      code: 'EK6011',
      severity: wanted ? 'error' : 'warning',
      message: `the templates of ${count} of the stacks in ${targetKey(target)} could not be read: ${code}: ${message}`,
      remedy: `allow the plan role in account ${target.account} cloudformation:GetTemplate; the stacks are in the snapshot without their templates`,
    },
  };
}

function stackSetGaps(shelf: SnapshotStackSets, desired: readonly Desired[]): readonly SnapshotGap[] {
  const named = desired.filter(({ stackSet }) => stackSet?.callAs === shelf.callAs).map(({ stackName }) => stackName);
  const gap = (wanted: boolean, what: string, { code, message }: Unread): SnapshotGap => ({
    target: null,
    cause: 'listing-failed',
    wanted,
    diagnostic: {
      code: 'EK6011',
      severity: wanted ? 'error' : 'warning',
      message: `${what} could not be read as ${shelf.callAs} in ${shelf.account}/${shelf.region}: ${code}: ${message}`,
      remedy: REMEDIES[shelf.callAs],
    },
  });
  if ('unread' in shelf) return [gap(named.length > 0, 'stack sets', shelf.unread)];
  return shelf.stackSets.flatMap((set) =>
    'unread' in set
      ? [
          gap(
            named.some((name) => name === set.name),
            `the stack set ${set.name}`,
            set.unread,
          ),
        ]
      : [],
  );
}

const REMEDIES: Readonly<Record<SnapshotStackSets['callAs'], string>> = {
  SELF: 'allow the controller cloudformation:ListStackSets, DescribeStackSet, ListStackInstances and DescribeStackInstance',
  DELEGATED_ADMIN:
    "register the controller's account as CloudFormation StackSets' delegated administrator, where service-managed stack sets are used, and allow the controller cloudformation:ListStackSets, DescribeStackSet, ListStackInstances and DescribeStackInstance",
};
