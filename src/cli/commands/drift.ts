import { manifestOf, parseAddress, targetOf } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import type { Desired } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import { ACCOUNT_ID } from '../../model/identifiers.js';
import { nearest } from '../../model/nearest.js';
import { parseTargetKey, targetKey } from '../../model/target.js';
import type { TargetKey } from '../../model/target.js';
import type { LedgerSession } from '../../installation/session.js';
import { describeDrift, driftExitCode } from '../../reconciler/describe-drift.js';
import type { Grouping } from '../../reconciler/describe-drift-groups.js';
import { placesIn } from '../../reconciler/describe-drift-places.js';
import { narrowed } from '../../reconciler/describe-drift-report.js';
import type { LedgerDrift } from '../../reconciler/describe-drift-report.js';
import { knownAddresses } from '../../reconciler/describe-ledger.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { locatedDesired } from '../located.js';
import { withReading } from '../opening.js';
import type { Reading } from '../opening.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

export type DriftOptions = PrintOptions &
  SourceOptions &
  LedgerOptions & {
    readonly by?: Grouping;
    /** An id, or a name. */
    readonly account?: string;
    readonly address?: string;
    readonly all: boolean;
  };

/** Where deployments differ from what was made of them, as the ledger knows it; AWS itself is not asked. */
export async function run(options: DriftOptions, context: Context): Promise<ExitCode> {
  if (options.address !== undefined && parseAddress(options.address) === null)
    throw new UsageError(
      `"${options.address}" is not an address: write Kind/name or Kind/name@account/region, such as Stack/guardrails@111122223333/us-east-1`,
    );
  return withReading(options, context, (reading) => showDrift(reading, options, context, []));
}

/** Prints what the ledger knows of drift, narrowed as was asked, and answers what the shell is told. */
export async function showDrift(
  { ledger, session, folder }: Reading,
  options: DriftOptions,
  context: Context,
  diagnostics: readonly Diagnostic[],
): Promise<ExitCode> {
  const facts = await ledger.drift();
  const isMeant = await meant(options, facts, ledger);
  const manifests = session === null ? null : locatedDesired(session.desired, folder);
  const view = {
    facts: isMeant === null ? facts : narrowed(facts, isMeant.at, isMeant.in),
    desired:
      session === null || manifests === null
        ? null
        : { controller: session.controller, manifests: manifests.filter((each) => isOf(each, options)) },
    by: options.by ?? null,
    all: options.all,
    isWhole: isMeant === null,
    now: context.clock.now(),
    diagnostics,
  };
  print(describeDrift(view), options, context);
  return driftExitCode(view);
}

/** A rule holds at every deployment of its manifest: narrowed to an account, it is still a rule there. */
function isOf({ address }: Desired, options: DriftOptions): boolean {
  return options.address === undefined || manifestOf(options.address as Address) === address;
}

/** Which addresses, and which accounts and Regions, are asked for. */
type Meant = { readonly at: (address: Address) => boolean; readonly in: (target: TargetKey) => boolean };

/** Null where everything is meant. What is not known at all is mistyped: it must not read as being in order. */
async function meant(
  { account, address }: DriftOptions,
  facts: LedgerDrift,
  ledger: LedgerSession,
): Promise<Meant | null> {
  if (account === undefined && address === undefined) return null;
  const id = account === undefined ? null : accountCalled(account, facts);
  const isMeant = (each: Address): boolean =>
    (id === null || targetOf(each)?.account === id) &&
    (address === undefined || each === address || manifestOf(each) === address);
  const place = address === undefined ? null : targetOf(address as Address);
  const isMeantPlace = (target: TargetKey): boolean =>
    (id === null || parseTargetKey(target).account === id) && (place === null || targetKey(place) === target);
  const both: Meant = { at: isMeant, in: isMeantPlace };
  const named = [
    ...facts.rows.map((row) => row.address),
    ...facts.books.flatMap((book) => Object.values(book.stacks).map((stack) => stack.address)),
  ];
  if (named.some(isMeant)) return both;
  const known = knownAddresses((await ledger.status()).entries);
  if (known.some(isMeant)) return both;
  const near =
    address === undefined ? null : nearest(address, [...new Set(known.flatMap((each) => [each, manifestOf(each)]))]);
  const what = [...(address === undefined ? [] : [address]), ...(id === null ? [] : [`account ${id}`])].join(' in ');
  throw new UsageError(
    `the ledger knows nothing of ${what}${near === null || near === address ? ': evenkeel status shows what is recorded' : `: did you mean ${near}?`}`,
  );
}

function accountCalled(account: string, { books }: LedgerDrift): string {
  if (ACCOUNT_ID.test(account)) return account;
  const { accountNames } = placesIn(books);
  const ids = Object.keys(accountNames).filter((id) => accountNames[id] === account);
  if (ids.length === 1) return ids[0]!;
  if (ids.length > 1) throw new UsageError(`${ids.join(' and ')} are both called "${account}": write the id`);
  const near = nearest(account, Object.values(accountNames));
  throw new UsageError(
    `no account is known that is called "${account}": ${near === null ? 'write its id' : `did you mean ${near}?`}`,
  );
}
