import { manifestOf, parseAddress, targetOf } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import type { Desired } from '../../model/desired.js';
import { nearest } from '../../model/nearest.js';
import type { Entry, HistoryEvent } from '../../model/recorded.js';
import { targetKey } from '../../model/target.js';
import type { LedgerSession, Session } from '../../installation/session.js';
import { placesIn } from '../../reconciler/describe-drift-places.js';
import { driftReport, narrowed } from '../../reconciler/describe-drift-report.js';
import { describeExplanation, statesAt } from '../../reconciler/describe-explain.js';
import type { Explanation } from '../../reconciler/describe-explain.js';
import { knownAddresses } from '../../reconciler/describe-ledger.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { LedgerRow } from '../../reconciler/ports.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { locatedDesired } from '../located.js';
import { withReading } from '../opening.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

export type ExplainOptions = PrintOptions & SourceOptions & LedgerOptions & { readonly address: string };

/** From the stack in AWS back to the line in Git, and who changed it by hand; AWS itself is not asked. */
export async function run(options: ExplainOptions, context: Context): Promise<ExitCode> {
  if (parseAddress(options.address) === null)
    throw new UsageError(
      `"${options.address}" is not an address: write Kind/name or Kind/name@account/region, such as Stack/guardrails@111122223333/us-east-1`,
    );
  const address = options.address as Address;
  return withReading(options, context, async ({ ledger, session, folder }) => {
    const found = await standingAt(address, ledger, session?.desired ?? []);
    const recorded = found.entry?.recorded ?? null;
    const states = statesAt(address, found.entry, found.below);
    const [facts, run, events, git] = await Promise.all([
      ledger.drift(),
      recorded === null ? null : ledger.run(recorded.run),
      eventsAt(address, found.entry, ledger),
      inGit(address, found.entry, session),
    ]);
    const sync = found.entry?.sync ?? 'NOT_CHECKED';
    const rows = states.map(([at, drift]): LedgerRow => ({
      address: at,
      role: 'unit',
      sync,
      status: 'deployed',
      at: '',
      drift,
    }));
    const isMeant = (at: Address): boolean =>
      at === address || (targetOf(address) === null && manifestOf(at) === manifestOf(address));
    const { findings, ...checks } = driftReport(narrowed({ ...facts, rows }, isMeant), false);
    const document = describeExplanation({
      ...found,
      address,
      events,
      run,
      findings,
      checks,
      places: placesIn(facts.books),
      git: git?.desired == null ? git : { ...git, desired: locatedDesired([git.desired], folder)[0]! },
      now: context.clock.now(),
    });
    print(document, options, context);
    return EXIT.done;
  });
}

/** The entry that an address is part of, or those of a manifest; what neither the ledger nor Git knows is mistyped. */
async function standingAt(
  address: Address,
  ledger: LedgerSession,
  desired: readonly Desired[],
): Promise<Pick<Explanation, 'entry' | 'below'>> {
  const manifest = manifestOf(address);
  const own = await ledger.entry(address);
  if (own !== null) return { entry: own, below: [] };
  const target = targetOf(address);
  const set = target === null ? null : await ledger.entry(manifest);
  if (set !== null && target !== null && isMember(set, targetKey(target))) return { entry: set, below: [] };
  const { entries } = await ledger.status();
  const below = target === null ? entries.filter((entry) => manifestOf(entry.address) === manifest) : [];
  if (below.length > 0 || (target === null && desired.some((each) => each.address === manifest)))
    return { entry: null, below };
  // What stood there once is worth explaining too.
  if (target !== null && (await ledger.history(address)).length > 0) return { entry: set, below: [] };
  const known = knownAddresses(entries).flatMap((each) => [each, manifestOf(each)]);
  const near = nearest(address, [...new Set([...known, ...desired.map((each) => each.address)])]);
  throw new UsageError(
    `the ledger knows nothing of ${address}: ${near === null ? 'evenkeel status shows what is recorded' : `did you mean ${near}?`}`,
  );
}

function isMember({ recorded, memberDrift }: Entry, key: ReturnType<typeof targetKey>): boolean {
  return recorded?.members[key] !== undefined || memberDrift[key] !== undefined;
}

/** Its own history, and where it has none what happened to the stack set that it belongs to. */
async function eventsAt(
  address: Address,
  entry: Entry | null,
  ledger: LedgerSession,
): Promise<readonly HistoryEvent[]> {
  const own = await ledger.history(address);
  return own.length > 0 || entry === null || entry.address === address ? own : ledger.history(entry.address);
}

async function inGit(address: Address, entry: Entry | null, session: Session | null): Promise<Explanation['git']> {
  if (session === null) return null;
  const desired = session.desired.find((each) => each.address === manifestOf(address)) ?? null;
  const revision = entry?.recorded?.revision;
  if (desired === null || revision === undefined) return { desired, commit: null };
  return { desired, commit: await session.commitOf(desired.at('metadata', 'name').file, revision) };
}
