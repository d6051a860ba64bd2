import { manifestOf, targetOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import { canonicalJson } from '../model/canonical.js';
import type { Block, Line } from '../model/document.js';
import type { Change, Field, MemberChange } from '../model/plan.js';
import type { Target } from '../model/target.js';
import { afterLine } from './describe-rollouts.js';
import { compactTargets, NAMED_ACCOUNTS } from './describe-targets.js';
import { ACTION_WORDS, byText, counted, fieldLine, REASON_WORDS } from './describe-wording.js';

/** Changes that read the same at every target. `fields` are the first one's, or with `${account.id}` for what differs by account. */
export type ChangeGroup<T extends Change | MemberChange> = {
  readonly changes: readonly T[];
  readonly fields: readonly Field[];
};

/** Everything that is said of a change apart from where: two changes with one key are one line. */
function sameness(change: Change | MemberChange, fields: readonly Field[]): string {
  const resources =
    'members' in change
      ? [
          change.members,
          change.replaces,
          change.removes,
          change.wave,
          change.dependsOn.map(manifestOf),
          change.injected ?? [],
        ]
      : [];
  return canonicalJson([manifestOf(change.address), change.action, change.reason, fields, resources]);
}

/** The value with the target's own account and Region written as the facts they are. */
export function toldInFacts<T extends string | null>(value: T, target: Target): T | string {
  return value === null
    ? value
    : value
        .replaceAll(`@${target.account}/${target.region}`, ' of the same target')
        .replaceAll(target.account, '${account.id}')
        .replaceAll(target.region, '${region}');
}

function inFacts(change: Change | MemberChange): readonly Field[] {
  const target = targetOf(change.address);
  if (target === null) return change.fields;
  const told = (value: string | null): string | null => toldInFacts(value, target);
  return change.fields.map(({ path, before, after }) => ({ path, before: told(before), after: told(after) }));
}

function groupBy<T extends Change | MemberChange>(
  changes: readonly T[],
  fieldsOf: (change: T) => readonly Field[],
): readonly ChangeGroup<T>[] {
  const groups = new Map<string, { changes: T[]; fields: readonly Field[] }>();
  for (const change of changes) {
    const fields = fieldsOf(change);
    const key = sameness(change, fields);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { changes: [change], fields });
    else group.changes.push(change);
  }
  return [...groups.values()].map((group) =>
    group.changes.length === 1 ? { changes: group.changes, fields: group.changes[0]!.fields } : group,
  );
}

/**
 * Changes that are the same wherever they are made, largest group first within a manifest. Values are taken as they stand unless
 * writing account and Region as facts makes fewer groups: one parameter that names each account must not make forty outliers.
 */
export function groupChanges<T extends Change | MemberChange>(changes: readonly T[]): readonly ChangeGroup<T>[] {
  const buckets = new Map<string, T[]>();
  for (const change of changes) {
    const key = `${manifestOf(change.address)} ${change.action} ${change.reason}`;
    buckets.set(key, [...(buckets.get(key) ?? []), change]);
  }
  const groups = [...buckets.values()].flatMap((bucket) => {
    const asWritten = groupBy(bucket, (change) => change.fields);
    const asFacts = groupBy(bucket, inFacts);
    return asFacts.length < asWritten.length ? asFacts : asWritten;
  });
  const manifest = ({ changes: [first] }: ChangeGroup<T>): string => manifestOf(first!.address);
  return groups.sort(
    (left, right) =>
      byText(manifest(left), manifest(right)) ||
      waveOf(left.changes[0]!) - waveOf(right.changes[0]!) ||
      right.changes.length - left.changes.length,
  );
}

const waveOf = (change: Change | MemberChange): number => ('wave' in change ? change.wave : 0);

export function targetsOf(changes: readonly { readonly address: Address }[]): readonly Target[] {
  return changes.map(({ address }) => targetOf(address)).filter((target) => target !== null);
}

/** Every account that a change reaches, its members' included. */
export function accountsOf(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(
    changes.flatMap((change) => targetsOf([change, ...change.members]).map(({ account }) => account as string)),
  );
}

const NAMED_FIELDS = 20;

function fieldLines(fields: readonly Field[]): readonly Line[] {
  const lines = fields.slice(0, NAMED_FIELDS).map(fieldLine);
  const more = fields.length - lines.length;
  return more > 0 ? [...lines, [{ text: `and ${counted(more, 'more field')}`, tone: 'muted' }]] : lines;
}

function memberLine({ changes, fields }: ChangeGroup<MemberChange>): Line {
  const { action, reason } = changes[0]!;
  const limit = action === 'delete' ? Infinity : NAMED_ACCOUNTS;
  const said = fields
    .slice(0, NAMED_FIELDS)
    .flatMap((field, index) => [index === 0 ? '; ' : ', ', ...fieldLine(field)]);
  return [
    ACTION_WORDS[action].symbol,
    ` ${action} ${counted(changes.length, 'instance')}: ${compactTargets(targetsOf(changes), limit)} (${REASON_WORDS[reason]})`,
    ...said,
  ];
}

function headLine({ changes }: ChangeGroup<Change>, waved: ReadonlySet<string>): Line {
  const { address, action, reason, wave } = changes[0]!;
  const { symbol, verb } = ACTION_WORDS[action];
  const one = changes.length === 1;
  return [
    symbol,
    ` ${verb} `,
    { text: one ? address : manifestOf(address), tone: 'strong' },
    one ? '' : `, the same change in ${counted(changes.length, 'target')}`,
    {
      text: ` (${REASON_WORDS[reason]}${targetOf(address) !== null && waved.has(manifestOf(address)) ? `, wave ${String(wave + 1)}` : ''})`,
      tone: 'muted',
    },
  ];
}

/** One group as a line with its particulars below: where, which fields, which resources, which instances. */
export function changeBlocks(group: ChangeGroup<Change>, waved: ReadonlySet<string> = new Set()): readonly Block[] {
  const { changes, fields } = group;
  const { action, replaces, removes, members } = changes[0]!;
  const dependsOn = changes.length === 1 ? changes[0]!.dependsOn : changes[0]!.dependsOn.map(manifestOf);
  const items: readonly Line[] = [
    ...(changes.length > 1
      ? [
          `at ${compactTargets(targetsOf(changes), action === 'delete' || action === 'replace' ? Infinity : NAMED_ACCOUNTS)}`,
        ]
      : []),
    ...fieldLines(fields),
    ...afterLine(dependsOn),
    ...(changes[0]!.injected ?? []).map((line) => `injects ${line}`),
    ...(replaces.length > 0
      ? [
          [
            {
              text: `replaces ${counted(replaces.length, 'resource')} (predicted): ${replaces.join(', ')}`,
              tone: 'remove',
            } as const,
          ],
        ]
      : []),
    ...(removes.length > 0
      ? [[{ text: `removes ${counted(removes.length, 'resource')}: ${removes.join(', ')}`, tone: 'remove' } as const]]
      : []),
    ...groupChanges(members).map(memberLine),
    ...(action === 'forget' ? ['stays in AWS as it is, and leaves the ledger'] : []),
  ];
  return [
    { type: 'paragraph', line: headLine(group, waved) },
    ...(items.length > 0 ? [{ type: 'list', items } as const] : []),
  ];
}
