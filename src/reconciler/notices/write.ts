import type { Address } from '../../model/address.js';
import { digestOf } from '../../model/canonical.js';
import type { CheckBook } from '../../model/checks.js';
import type { Controller } from '../../model/desired.js';
import type { RunId } from '../../model/identifiers.js';
import type { Notice, NoticeKind } from '../../model/notice.js';
import type { Entry } from '../../model/recorded.js';
import type { Run } from '../../model/run.js';
import { byText } from '../describe-wording.js';
import { contestedNotices, driftNotices } from './drift-notices.js';
import { overdueNotices } from './overdue-notices.js';
import { stalledNotices } from './stalled-notices.js';
import { titled } from './wording.js';

/** What the ledger says of drift at one unit: an Entry, or what is written over it. */
export type Kept = Pick<Entry, 'address' | 'drift' | 'memberDrift'>;

export type Found = {
  readonly controller: Pick<Controller, 'name' | 'drift'>;
  /** As they were when the pass began. */
  readonly before: readonly Kept[];
  /** As they are now; units that the pass did not move may be left out. */
  readonly after: readonly Kept[];
  /** When the newest pass ended that told what it found; what changed later was told by nobody. Null before the first. */
  readonly since: string | null;
  /** Everything recorded: how old a deployment is that nobody has checked yet. */
  readonly entries: readonly Entry[];
  readonly books: readonly CheckBook[];
  readonly runs: readonly Run[];
  /** This pass's own; null where it changes nothing. */
  readonly run: RunId | null;
  readonly now: Date;
};

/** A notice before it is known whether it is one of too many. */
export type Draft = {
  /** What it is about, whatever is known of it besides: equal for the same notice in every pass. */
  readonly about: unknown;
  /** Notices come in this order. */
  readonly order: string;
  readonly address: Address | null;
  readonly title: string;
  readonly lines: readonly string[];
};

/** How many of a kind one pass gives, before the rest is summed up in one more. */
export const MOST_OF_A_KIND = 50;

/** What a pass has to tell. The same finding gives the same notice, by its id, in every pass and through every controller. */
export function noticesOf(found: Found): readonly Notice[] {
  const day = found.now.toISOString().slice(0, 10);
  return [
    ...ofKind('drift', driftNotices(found), found),
    ...ofKind('contested', contestedNotices(found), found),
    ...ofKind('stalled', stalledNotices(found), found),
    // Accounts fall behind one after the other: their sum is told once a day, however it grows.
    ...ofKind('overdue', overdueNotices(found), found, day),
  ];
}

const REST: Readonly<Record<NoticeKind, { readonly what: string; readonly shownBy: string }>> = {
  drift: { what: 'new findings of drift', shownBy: 'evenkeel drift' },
  contested: { what: 'contested findings', shownBy: 'evenkeel drift' },
  stalled: { what: 'runs that have not ended', shownBy: 'evenkeel status' },
  overdue: { what: 'accounts whose checks are overdue', shownBy: 'evenkeel drift' },
};

/** `set` names the summary's set; where it is not given, that is the findings that it sums up. */
function ofKind(kind: NoticeKind, drafts: readonly Draft[], { controller, now }: Found, set?: string): Notice[] {
  const at = now.toISOString();
  const idOf = (about: unknown): string => digestOf({ installation: controller.name, kind, about });
  const sorted = [...drafts].sort((one, other) => byText(one.order, other.order));
  const notices = sorted.slice(0, MOST_OF_A_KIND).map(({ about, address, title, lines }) => {
    return { id: idOf(about), kind, address, title, lines, at };
  });
  const rest = sorted.slice(MOST_OF_A_KIND);
  if (rest.length === 0) return notices;
  const { what, shownBy } = REST[kind];
  const id = idOf({ rest: set ?? rest.map(({ about }) => idOf(about)).sort(byText) });
  const title = titled(`and ${String(rest.length)} more ${what}`);
  const first = rest.slice(0, 10).map((draft) => `  ${draft.title}`);
  const more = rest.length - first.length;
  const lines = [
    `Besides the ${String(MOST_OF_A_KIND)} that are told one by one:`,
    ...first,
    ...(more === 0 ? [] : [`  and ${String(more)} more`]),
    '',
    'To see them:',
    `  ${shownBy}`,
  ];
  return [...notices, { id, kind, address: null, title, lines, at }];
}
