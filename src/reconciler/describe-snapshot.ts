import { exitOfDiagnostics } from './exit-code.js';
import { hasErrors } from '../model/diagnostic.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document } from '../model/document.js';
import type { Snapshot, SnapshotGap } from '../model/snapshot.js';
import { diagnosticBlocks, tally } from './describe-diagnostics.js';
import { withAccountNames } from './describe-names.js';
import { compactTargets, NAMED_ACCOUNTS } from './describe-targets.js';
import { byText, counted } from './describe-wording.js';
import { EXIT, firstOf } from './outcome.js';
import type { ExitCode } from './outcome.js';

/** How reading an organization ended: no snapshot where the tree could not be read whole. */
export type SnapshotOutcome = {
  readonly snapshot: Snapshot | null;
  readonly gaps: readonly SnapshotGap[];
  readonly diagnostics: readonly Diagnostic[];
};

/** What was read, Region by Region and stack set by stack set, and what was not. */
export function describeSnapshot({ snapshot, gaps, diagnostics }: SnapshotOutcome): Document {
  if (snapshot === null) {
    const verdict = `The organization could not be read: ${tally(diagnostics)}`;
    return {
      blocks: [{ type: 'paragraph', line: [{ text: verdict, tone: 'bad' }] }, ...diagnosticBlocks(diagnostics)],
      data: { schemaVersion: 1, organization: null, diagnostics },
    };
  }
  const counts = countsOf(snapshot);
  const summary =
    `Organization ${snapshot.organizationId}: ${counted(counts.accounts, 'account')} in ${counted(counts.units, 'organizational unit')}, ` +
    `${counted(counts.stacks, 'stack')} with ${counted(counts.templates, 'template')}, ` +
    `${counted(counts.stackSets, 'stack set')} with ${counted(counts.instances, 'instance')}`;
  const blocks: readonly Block[] = [
    { type: 'paragraph', line: [{ text: summary, tone: 'strong' }] },
    ...regionTable(snapshot),
    ...stackSetTable(snapshot),
    ...gapBlocks(gaps),
    ...diagnosticBlocks(diagnostics),
  ];
  const names = Object.fromEntries(
    [snapshot.managementAccount, ...snapshot.accounts].map(({ id, name }) => [id, name]),
  );
  return {
    blocks: withAccountNames(blocks, names),
    data: {
      schemaVersion: 1,
      organization: snapshot.organizationId,
      takenAt: snapshot.takenAt,
      ...counts,
      regions: regionsOf(snapshot),
      gaps,
      diagnostics,
    },
  };
}

/** What the shell is told: only what the desired state needs makes a snapshot a poor one. */
export function snapshotExitCode({ snapshot, gaps, diagnostics }: SnapshotOutcome): ExitCode {
  if (snapshot === null) return hasErrors(diagnostics) ? exitOfDiagnostics(diagnostics) : EXIT.failed;
  const wanted = gaps.filter((gap) => gap.wanted);
  return firstOf([EXIT.done, ...wanted.map(({ cause }) => (cause === 'unreachable' ? EXIT.credentials : EXIT.failed))]);
}

function countsOf(snapshot: Snapshot) {
  const sets = setsOf(snapshot);
  return {
    accounts: snapshot.accounts.length + 1,
    units: snapshot.units.length,
    stacks: snapshot.places.reduce((sum, place) => sum + ('stacks' in place ? place.stacks.length : 0), 0),
    templates: Object.keys(snapshot.templates).length,
    stackSets: sets.length,
    instances: sets.reduce((sum, set) => sum + ('instances' in set ? set.instances.length : 0), 0),
  };
}

function setsOf({ stackSets }: Snapshot) {
  return stackSets.flatMap((shelf) =>
    'stackSets' in shelf ? shelf.stackSets.map((set) => ({ ...set, callAs: shelf.callAs })) : [],
  );
}

type RegionLine = {
  readonly region: string;
  readonly read: number;
  readonly notRead: number;
  readonly stacks: number;
  readonly nested: number;
  readonly underWay: number;
};

function regionsOf({ places }: Snapshot): readonly RegionLine[] {
  const lines = new Map<string, RegionLine>();
  for (const place of places) {
    const { region } = place;
    const line = lines.get(region) ?? { region, read: 0, notRead: 0, stacks: 0, nested: 0, underWay: 0 };
    const stacks = 'stacks' in place ? place.stacks : [];
    lines.set(region, {
      region,
      read: line.read + ('stacks' in place ? 1 : 0),
      notRead: line.notRead + ('stacks' in place ? 0 : 1),
      stacks: line.stacks + stacks.length,
      nested: line.nested + stacks.filter(({ parentId }) => parentId !== undefined).length,
      underWay: line.underWay + stacks.filter(({ status }) => status.endsWith('_IN_PROGRESS')).length,
    });
  }
  return [...lines.values()].sort((one, other) => byText(one.region, other.region));
}

function regionTable(snapshot: Snapshot): readonly Block[] {
  const lines = regionsOf(snapshot);
  if (lines.length === 0) return [];
  return [
    {
      type: 'table',
      columns: ['Region', 'accounts read', 'not read', 'stacks', 'nested', 'under way'],
      rows: lines.map(({ region, read, notRead, stacks, nested, underWay }) => [
        [{ text: region, tone: 'strong' }],
        String(read),
        notRead === 0 ? '0' : [{ text: String(notRead), tone: 'warn' }],
        String(stacks),
        String(nested),
        underWay === 0 ? '0' : [{ text: String(underWay), tone: 'warn' }],
      ]),
    },
  ];
}

function stackSetTable(snapshot: Snapshot): readonly Block[] {
  const sets = setsOf(snapshot);
  if (sets.length === 0) return [];
  return [
    {
      type: 'table',
      columns: ['stack set', 'called as', 'model', 'instances', 'with overrides'],
      rows: sets.map((set) =>
        'instances' in set
          ? [
              [{ text: set.name, tone: 'strong' }],
              set.callAs,
              set.permissionModel,
              String(set.instances.length),
              String(set.instances.filter(({ overrides }) => overrides !== undefined).length),
            ]
          : [[{ text: set.name, tone: 'strong' }], set.callAs, [{ text: 'not read', tone: 'warn' }], '', ''],
      ),
    },
  ];
}

/** One paragraph for each kind of reason, with all that it hides and one of the messages; what the desired state needs comes first. */
function gapBlocks(gaps: readonly SnapshotGap[]): readonly Block[] {
  if (gaps.length === 0) return [];
  const groups = new Map<string, SnapshotGap[]>();
  for (const gap of [...gaps].sort((one, other) => Number(other.wanted) - Number(one.wanted))) {
    const isOfItsOwn = gap.target === null || gap.stack !== undefined;
    const kind = isOfItsOwn ? gap.diagnostic.message : `${gap.cause} ${gap.diagnostic.code}`;
    const key = `${String(gap.wanted)} ${kind}`;
    groups.set(key, [...(groups.get(key) ?? []), gap]);
  }
  return [
    { type: 'heading', text: 'Not read, and unknown in the copy' },
    ...[...groups.values()].flatMap((those): Block[] => {
      const { wanted, diagnostic } = those[0]!;
      const targets = those.flatMap(({ target }) => target ?? []);
      const where = targets.length === 0 ? 'stack sets' : compactTargets(targets, NAMED_ACCOUNTS);
      const others = new Set(those.map((gap) => gap.diagnostic.message)).size - 1;
      return [
        {
          type: 'paragraph',
          line: [
            { text: '? ', tone: 'warn' },
            where,
            wanted ? '; the desired state needs it' : '; the desired state does not need it',
            others === 0 ? '' : `; for example, and ${counted(others, 'time')} more of the kind`,
          ],
        },
        { type: 'diagnostic', diagnostic },
      ];
    }),
  ];
}
