import type { Stack } from '@aws-sdk/client-cloudformation';
import { grouped } from '../model/grouped.js';
import type { Detected, SeenStack } from '../model/observed.js';
import { stackCondition } from './stack-condition.js';
import type { Stacks } from './stack-walk.js';

/** A stack that is nested in another, and what leads to it: `Child`, `Child.Grandchild`. */
export type NestedStackSeen = { readonly path: string; readonly stack: Stack };

/** CloudFormation allows far fewer levels. */
const DEEPEST = 50;
/** A part of a name that is this long may have been cut. */
const UNCUT = 50;

/** The stacks that are nested in one, each with what leads to it, which is no other one's; sorted by that. */
export function nestedIn(root: Stack, { nested }: Pick<Stacks, 'nested'>): readonly NestedStackSeen[] {
  const below = nested.get(root.StackId ?? '');
  if (below === undefined) return [];
  const standing = below.filter(({ StackStatus }) => stands(StackStatus));
  const byId = new Map([root, ...standing].map((stack) => [stack.StackId, stack]));
  const names = stepsTo(standing, byId);
  const pathOf = (stack: Stack, depth: number): string => {
    const own = names.get(stack) ?? '';
    const parent = byId.get(stack.ParentId);
    return parent === undefined || parent === root || depth > DEEPEST ? own : `${pathOf(parent, depth + 1)}.${own}`;
  };
  return standing
    .map((stack) => ({ path: pathOf(stack, 0), stack }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** The stack itself, then those nested in it. */
export function seenStacks(root: Stack, nested: readonly NestedStackSeen[]): readonly SeenStack[] {
  return [seen(root, null), ...nested.map(({ path, stack }) => seen(stack, path))];
}

function seen(stack: Stack, nested: string | null): SeenStack {
  return {
    stackId: stack.StackId ?? '',
    stackName: stack.StackName ?? '',
    nested,
    status: stack.StackStatus ?? '',
    updatedAt: (stack.LastUpdatedTime ?? stack.CreationTime)?.toISOString() ?? null,
    detected: detectedOf(stack),
  };
}

const DETECTED: readonly string[] = ['IN_SYNC', 'DRIFTED', 'UNKNOWN', 'NOT_CHECKED'] satisfies Detected['status'][];

function detectedOf({ DriftInformation: drift }: Stack): Detected {
  const status = drift?.StackDriftStatus ?? 'NOT_CHECKED';
  return {
    // A word that AWS has added since says nothing that is known here.
    status: DETECTED.includes(status) ? status : 'UNKNOWN',
    at: drift?.LastCheckTimestamp?.toISOString() ?? null,
  };
}

/** Nothing stands behind a stack that is only under review. */
function stands(status: string | undefined): boolean {
  const condition = stackCondition(status);
  return condition !== null && condition !== 'review';
}

/**
 * The last step to each stack: its logical id, else its name. While a nested stack is replaced, the old one has the same logical id as
 * the new one, and gives way.
 */
function stepsTo(stacks: readonly Stack[], byId: ReadonlyMap<string | undefined, Stack>): ReadonlyMap<Stack, string> {
  const claimed = stacks.map((stack) => ({ stack, id: logicalIdOf(stack, byId.get(stack.ParentId)) }));
  const claims = grouped(claimed, ({ stack, id }) => `${stack.ParentId} ${id}`);
  return new Map(
    claimed.map(({ stack, id }) => {
      const claimants = claims.get(`${stack.ParentId} ${id}`) ?? [];
      const staying = claimants.length > 1 ? claimants.filter((each) => !isLeaving(each.stack)) : claimants;
      const isCertain = staying.length === 1 && staying[0]!.stack === stack;
      return [stack, id !== null && isCertain ? id : (stack.StackName ?? '')] as const;
    }),
  );
}

function isLeaving({ StackStatus }: Stack): boolean {
  return StackStatus?.startsWith('DELETE_') === true;
}

/**
 * A nested stack is called after its parent and its logical id, `<parent>-<LogicalId>-<suffix>`, and each part is cut where it is long.
 * No logical id has hyphens, so it stands between the last two; it is certain where it is shorter than the part before it may have
 * been cut to. Null where it is not.
 */
function logicalIdOf({ StackName = '' }: Stack, parent: Stack | undefined): string | null {
  const [, front, id] = /^(.+)-([A-Za-z0-9]+)-[A-Z0-9]{10,14}$/.exec(StackName) ?? [];
  const name = parent?.StackName;
  if (front === undefined || id === undefined || name === undefined) return null;
  const isUncut = front === name ? id.length < UNCUT : front.length >= UNCUT && id.length < UNCUT;
  return name.startsWith(front) && isUncut ? id : null;
}
