import type { Deployment, Desired } from '../model/desired.js';
import type { Unknown } from '../model/observed.js';
import type { Snapshot, SnapshotGap, SnapshotStackSets, Unread } from '../model/snapshot.js';
import type { Target } from '../model/target.js';
import { targetKey } from '../model/target.js';
import type { ReadPlace } from './read-stacks.js';
import { UNREADABLE_TEMPLATE } from './unreadable.js';

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
      const { refused, unreadable } = unreadTemplates(place);
      const first = refused[0];
      return [
        ...(first === undefined ? [] : [templateGap(target, first.why, refused.length, isWanted(target))]),
        ...unreadable.map(({ id, why }) => unreadableGap(target, id, why, isWanted(target) && isNamed(wanted, id))),
      ];
    }),
    ...snapshot.stackSets.flatMap((shelf) => stackSetGaps(shelf, wanted.desired)),
  ];
}

/** Only what the desired state needs makes a snapshot a poor one. */
function unknownGap(target: Target, { cause, diagnostic }: Unknown, wanted: boolean): SnapshotGap {
  return { target, cause, wanted, diagnostic: { ...diagnostic, severity: wanted ? 'error' : 'warning' } };
}

/** Those that AWS refused have one reason; those that cannot be read any more have one each. */
function unreadTemplates(place: ReadPlace['place']) {
  const unread = ('stacks' in place ? place.stacks : []).flatMap(({ id, template }) =>
    typeof template === 'string' ? [] : [{ id, why: template }],
  );
  return {
    refused: unread.filter(({ why }) => why.code !== UNREADABLE_TEMPLATE),
    unreadable: unread.filter(({ why }) => why.code === UNREADABLE_TEMPLATE),
  };
}

const isNamed = ({ desired }: Wanted, id: string): boolean =>
  desired.some(({ stackName }) => id.includes(`:stack/${stackName}/`));

function unreadableGap(target: Target, stack: string, { message }: Unread, wanted: boolean): SnapshotGap {
  return {
    target,
    stack,
    cause: 'listing-failed',
    wanted,
    diagnostic: {
      code: 'EK6011',
      severity: wanted ? 'error' : 'warning',
      message: `what ${stack} holds is not known: ${message}`,
      remedy:
        'in its template, write what is not ASCII in quotes or leave it out; the copy has the stack and refuses to say what is in it',
    },
  };
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
