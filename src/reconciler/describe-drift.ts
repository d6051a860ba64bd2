import type { Address, ManifestAddress } from '../model/address.js';
import type { Controller, Desired, IgnoreRule } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document, Line } from '../model/document.js';
import { isOpen } from '../model/drift.js';
import { endOf, hasPassed } from '../model/moment.js';
import { spanWords } from './describe-age.js';
import { diagnosticBlocks } from './describe-diagnostics.js';
import { blockWords } from './describe-drift-block.js';
import { sameDriftBlocks } from './describe-drift-findings.js';
import { driftSections } from './describe-drift-groups.js';
import type { Grouping } from './describe-drift-groups.js';
import { placesIn } from './describe-drift-places.js';
import { driftReport } from './describe-drift-report.js';
import type { DriftReport, FoundDrift, LedgerDrift } from './describe-drift-report.js';
import {
  neverBlocks,
  oldestBlocks,
  passBlocks,
  stateTable,
  unreadableBlocks,
  unreadableData,
} from './describe-drift-summary.js';
import { uncheckedBlocks } from './describe-drift-unchecked.js';
import { withAccountNames } from './describe-names.js';
import { counted, shortTime } from './describe-wording.js';
import { exitOfDiagnostics } from './exit-code.js';
import { EXIT, firstOf } from './outcome.js';
import type { ExitCode } from './outcome.js';
import { periodOf } from './schedule.js';

/** What a person wants to see of drift. */
export type DriftView = {
  readonly facts: LedgerDrift;
  /** Null where no desired state was read: the ledger alone does not know its ignore rules. */
  readonly desired: { readonly controller: Controller; readonly manifests: readonly Desired[] } | null;
  readonly by: Grouping | null;
  /** Names everything, however many there are. */
  readonly all: boolean;
  /** Whether the facts are those of the whole installation. */
  readonly isWhole: boolean;
  readonly now: Date;
  /** Of looking just now; empty where only the ledger was read. */
  readonly diagnostics: readonly Diagnostic[];
};

/** An `ignore` rule that counts no more. */
type Expired = IgnoreRule & { readonly manifest: ManifestAddress };

/** How many accounts are named before the rest is only counted: fewer than in a plan, because nothing is done to them. */
const NAMED_ACCOUNTS = 10;
/** How many differences are written out before the rest is only counted. */
const WRITTEN = 50;

/** Where deployments differ from what was made of them, what could not be looked at, and what is no longer accepted. */
export function describeDrift(view: DriftView): Document {
  const { facts, desired, now, diagnostics } = view;
  const report = driftReport(facts, view.isWhole, believedSince(desired?.controller ?? null, now));
  const expired = expiredRules(desired?.manifests ?? [], now);
  const places = placesIn(facts.books);
  const open = report.findings.filter(({ finding }) => isOpen(finding));
  const accepted = report.findings.filter(({ finding }) => !isOpen(finding));
  const limit = view.all ? Infinity : NAMED_ACCOUNTS;
  const isNothing =
    !view.isWhole && report.deployments === 0 && report.findings.length === 0 && facts.books.every(isReadable);
  const blocks: readonly Block[] = [
    {
      type: 'paragraph',
      line: isNothing ? NOTHING_STANDS : verdictLine(report, open, accepted, expired),
    },
    ...(isNothing ? [] : neverBlocks(facts, desired?.controller ?? null)),
    ...(report.deployments === 0 ? [] : [stateTable(report)]),
    ...passBlocks(facts.pass, now, view.isWhole),
    ...oldestBlocks(report, now),
    ...unreadableBlocks(facts.books),
    ...findingBlocks(open, view, 'Drift'),
    ...hintBlocks(open),
    ...unexplainedBlocks(report.unexplained),
    ...findingBlocks(accepted, { ...view, by: null }, 'Accepted'),
    ...uncheckedBlocks(report, limit, now),
    ...expiredBlocks(expired, now),
    ...diagnosticBlocks(diagnostics),
  ];
  return {
    blocks: withAccountNames(blocks, places.accountNames),
    data: {
      schemaVersion: 1,
      deployments: report.deployments,
      states: report.states,
      pass: facts.pass,
      oldestChecks: report.oldest,
      inPart: report.inPart,
      unreadable: unreadableData(facts.books),
      findings: report.findings.map((found) => ({
        ...found,
        accountName: places.accountNames[accountOf(found.address)] ?? null,
        unitPath: places.unitPathOf(found.address),
      })),
      unexplained: report.unexplained,
      unchecked: report.unchecked,
      expiredRules: desired === null ? null : expired,
      diagnostics,
    },
  };
}

/** What the shell is told: open drift, or a rule that has expired. What was not checked is shown, and no drift. */
export function driftExitCode({ facts, desired, now, diagnostics }: DriftView): ExitCode {
  const { findings, unexplained } = driftReport(facts);
  const isDrifted = findings.some(({ finding }) => isOpen(finding)) || unexplained.length > 0;
  const isExpired = expiredRules(desired?.manifests ?? [], now).length > 0;
  return firstOf([exitOfDiagnostics(diagnostics), ...(isDrifted || isExpired ? [EXIT.changes] : [])]);
}

/** So many periods may pass before a look is no longer believed: that of a notice of overdue checks, too. */
const PERIODS = 2;

function believedSince(controller: Pick<Controller, 'drift'> | null, now: Date): string | null {
  if (controller?.drift == null) return null;
  return new Date(now.getTime() - PERIODS * periodOf(controller.drift, now)).toISOString();
}

const NOTHING_STANDS: Line = [
  { text: 'Nothing stands there, as far as the ledger knows', tone: 'strong' },
  ': evenkeel history says what became of a deployment.',
];

function isReadable({ unreadable }: LedgerDrift['books'][number]): boolean {
  return unreadable === undefined;
}

function accountOf(address: Address): string {
  return address.slice(address.indexOf('@') + 1).slice(0, 12);
}

function expiredRules(manifests: readonly Desired[], now: Date): readonly Expired[] {
  return manifests.flatMap(({ address, driftIgnore }) =>
    driftIgnore.filter(({ expires }) => hasPassed(expires, now)).map((rule) => ({ ...rule, manifest: address })),
  );
}

function verdictLine(
  { deployments, inPart, unexplained }: DriftReport,
  open: readonly FoundDrift[],
  accepted: readonly FoundDrift[],
  expired: readonly Expired[],
): Line {
  const drifted = new Set([...open.map(({ address }) => address), ...unexplained]).size;
  const contested = open.filter(({ finding }) => finding.contestedSince !== null).length;
  const findings = [
    ...(open.length > 0 ? [counted(open.length, 'open finding')] : []),
    ...(contested > 0 ? [`${String(contested)} contested`] : []),
    ...(accepted.length > 0 ? [`${String(accepted.length)} accepted`] : []),
    ...(expired.length > 0 ? [counted(expired.length, 'expired rule')] : []),
  ];
  return [
    {
      text: drifted === 0 ? 'No drift is known' : `Drift at ${counted(drifted, 'address', 'addresses')}`,
      tone: drifted === 0 ? 'strong' : 'bad',
    },
    `${findings.length === 0 ? '' : `: ${findings.join(', ')}`}. ${counted(deployments, 'deployment is', 'deployments are')} known`,
    ...(inPart === 0
      ? ['.']
      : [
          ', and ',
          {
            text: inPart === deployments ? 'none is checked in full' : `${String(inPart)} not checked in full`,
            tone: 'warn' as const,
          },
          '.',
        ]),
  ];
}

function hintBlocks([first]: readonly FoundDrift[]): readonly Block[] {
  if (first === undefined) return [];
  return [
    { type: 'paragraph', line: [{ text: 'Where the first one comes from:', tone: 'muted' }] },
    { type: 'code', language: 'sh', text: `evenkeel explain ${first.address}` },
  ];
}

function findingBlocks(findings: readonly FoundDrift[], view: DriftView, heading: string): readonly Block[] {
  if (findings.length === 0) return [];
  const manifests = new Map(view.desired?.manifests.map((manifest) => [manifest.address, manifest]));
  const sections = driftSections(findings, view.by, {
    places: placesIn(view.facts.books),
    now: view.now,
    blockOf: (address) => {
      const manifest = manifests.get(address);
      return manifest === undefined ? address : blockWords(manifest.block);
    },
  });
  const limit = view.all ? Infinity : NAMED_ACCOUNTS;
  let left = view.all ? Infinity : WRITTEN;
  const blocks: Block[] = [];
  for (const section of sections) {
    const written = section.same.slice(0, left);
    if (written.length === 0) continue;
    left -= written.length;
    blocks.push({ type: 'heading', text: section.heading ?? heading });
    blocks.push(...written.flatMap((same) => sameDriftBlocks(same, limit)));
  }
  const hidden = view.all ? 0 : sections.reduce((sum, { same }) => sum + same.length, 0) - (WRITTEN - left);
  if (hidden > 0)
    blocks.push({
      type: 'paragraph',
      line: [{ text: `and ${counted(hidden, 'more difference')}; --all shows them`, tone: 'warn' }],
    });
  return blocks;
}

/** Rows that an interrupted run, or an older Evenkeel, left. */
function unexplainedBlocks(addresses: readonly Address[]): readonly Block[] {
  if (addresses.length === 0) return [];
  const named = addresses.slice(0, NAMED_ACCOUNTS);
  const more = addresses.length - named.length;
  return [
    { type: 'heading', text: 'DRIFTED, and no finding says how: evenkeel plan does' },
    { type: 'list', items: [...named, ...(more > 0 ? [`and ${String(more)} more`] : [])] },
  ];
}

function expiredBlocks(expired: readonly Expired[], now: Date): readonly Block[] {
  if (expired.length === 0) return [];
  return [
    { type: 'heading', text: 'Expired ignore rules: renew or remove them' },
    {
      type: 'list',
      items: expired.map(({ manifest, resource, path, reason, expires, place }) => [
        { text: `${place.file}:${String(place.line)}`, tone: 'strong' },
        ` ${manifest}: ${resource} ${path} (${reason}) expired `,
        { text: `${shortTime(expires!)}, ${spanWords(now.getTime() - endOf(expires!))} ago`, tone: 'bad' },
      ]),
    },
  ];
}
