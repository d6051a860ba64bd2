import type { Address } from '../../model/address.js';
import { deploymentAddress, manifestOf, targetOf } from '../../model/address.js';
import type { CheckBook, StackChecks } from '../../model/checks.js';
import type { DriftMethod } from '../../model/drift.js';
import type { AccountId } from '../../model/identifiers.js';
import { parseTargetKey } from '../../model/target.js';
import { METHOD_WORDS } from '../describe-drift-findings.js';
import { byText, counted, shortTime } from '../describe-wording.js';
import { periodOf } from '../schedule.js';
import { spanWords } from '../describe-age.js';
import { bounded, titled } from './wording.js';
import type { Draft, Found } from './write.js';

/** So many periods may pass before a check that did not come is told. */
const PERIODS = 2;
const SHOWN = 10;

type Overdue = {
  readonly address: Address;
  readonly nested: string | null;
  readonly method: DriftMethod;
  readonly newest: string;
  readonly never: boolean;
};

/** Accounts with stacks whose resources or template nobody has looked at for more than two periods: one notice for each account and day. */
export function overdueNotices(found: Found): readonly Draft[] {
  const { controller, books, now } = found;
  if (controller.drift === null) return [];
  const period = periodOf(controller.drift, now);
  const limit = new Date(now.getTime() - PERIODS * period).toISOString();
  const recorded = recordedTimes(found);
  const accounts = new Map<AccountId, readonly CheckBook[]>();
  for (const book of books) {
    const { account } = parseTargetKey(book.target);
    accounts.set(account, [...(accounts.get(account) ?? []), book]);
  }
  return [...accounts].flatMap(([account, own]) => {
    const late = own
      .flatMap(({ stacks }) => Object.values(stacks).flatMap((stack) => lateness(stack, limit, recorded)))
      .sort((one, other) => byText(one.newest, other.newest) || byText(one.address, other.address));
    const oldest = late[0];
    if (oldest === undefined) return [];
    const all = own.reduce((sum, { stacks }) => sum + Object.keys(stacks).length, 0);
    const age = spanWords(now.getTime() - Date.parse(oldest.newest));
    const more = late.length - SHOWN;
    return [
      {
        about: [account, now.toISOString().slice(0, 10)],
        order: account,
        address: null,
        title: titled(
          `${counted(late.length, 'stack')} of ${String(all)} in account ${account} (${nameOf(own)}) ${late.length === 1 ? 'was' : 'were'} not checked for drift in time, the oldest for ${age}`,
        ),
        lines: [
          `Each is to be checked every ${spanWords(period)}.`,
          'Not checked since:',
          ...late.slice(0, SHOWN).map(lateLine),
          ...(more > 0 ? [`  and ${String(more)} more`] : []),
          '',
          'To see what keeps them waiting:',
          `  evenkeel drift --account ${account}`,
        ].map((line) => bounded(line)),
      },
    ];
  });
}

function nameOf(books: readonly CheckBook[]): string {
  return books[0]?.accountName ?? 'unknown';
}

function lateLine({ address, nested, method, newest, never }: Overdue): string {
  const where = nested === null ? address : `${address}, nested stack ${nested}`;
  return `  ${shortTime(newest)} ${where} (${never ? `${METHOD_WORDS[method]} never came to it; known since then` : METHOD_WORDS[method]})`;
}

/** By both ways of looking, the older one counts; what was never looked at is as old as its deployment. */
function lateness(stack: StackChecks, limit: string, recorded: ReadonlyMap<Address, string>): readonly Overdue[] {
  const { address, nested, detection, template } = stack;
  const since = recorded.get(address) ?? null;
  const looks = Object.entries({ detection, template }).flatMap(([method, check]) => {
    const at = check?.seen ?? check?.at ?? since;
    return at === null
      ? []
      : [{ method: method as DriftMethod, at, never: check === null || check.status === 'NOT_CHECKED' }];
  });
  const oldest = looks.sort((one, other) => byText(one.at, other.at))[0];
  if (oldest === undefined || oldest.at >= limit) return [];
  return [{ address, nested, method: oldest.method, newest: oldest.at, never: oldest.never }];
}

function recordedTimes({ entries }: Found): ReadonlyMap<Address, string> {
  return new Map(
    entries.flatMap(({ address, recorded }) => {
      if (recorded === null) return [];
      const keys = targetOf(address) === null ? (Object.keys(recorded.members) as CheckBook['target'][]) : [];
      const members = keys.map((key) => deploymentAddress(manifestOf(address), parseTargetKey(key)));
      return [address, ...members].map((each) => [each, recorded.at] as const);
    }),
  );
}
