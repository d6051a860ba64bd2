import { manifestOf, targetOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import { canonicalJson } from '../model/canonical.js';
import type { Difference } from '../model/drift.js';
import { grouped } from '../model/grouped.js';
import type { Target } from '../model/target.js';
import { toldInFacts } from './describe-changes.js';
import type { Places } from './describe-drift-places.js';
import type { FoundDrift } from './describe-drift-report.js';
import { byText } from './describe-wording.js';

export const GROUPINGS = ['account', 'ou', 'block', 'age', 'layer'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** The same difference at several deployments of one manifest. `differences` hold `${account.id}` for what differs by account. */
export type SameDrift = { readonly found: readonly FoundDrift[]; readonly differences: readonly Difference[] };

/** Findings under one heading; without one where nobody asked for any. */
export type DriftSection = { readonly heading: string | null; readonly same: readonly SameDrift[] };

export type GroupContext = {
  readonly places: Places;
  readonly now: Date;
  /** What a manifest deploys, in words; the manifest itself where nobody knows. */
  readonly blockOf: (manifest: ManifestAddress) => string;
};

/** The findings under the headings that were asked for. Headings that have the same below them are one: three hundred accounts are a few lines. */
export function driftSections(
  findings: readonly FoundDrift[],
  by: Grouping | null,
  context: GroupContext,
): readonly DriftSection[] {
  if (by === null) return [{ heading: null, same: sameDrift(findings) }];
  const sections = [...grouped(findings, (found) => headingOf(found, by, context))]
    .sort(([one], [other]) => (by === 'age' ? AGES.indexOf(one) - AGES.indexOf(other) : byText(one, other)))
    .map(([heading, found]) => ({ headings: [heading], found }));
  if (by !== 'account') return sections.map(({ headings, found }) => sectionOf(headings[0]!, found));
  const alike = grouped(sections, ({ found }) => canonicalJson(found.map(sameness).sort()));
  return [...alike.values()].map((those) =>
    sectionOf(
      those.length === 1 ? those[0]!.headings[0]! : `The same in ${String(those.length)} accounts`,
      those.flatMap(({ found }) => found),
    ),
  );
}

function sectionOf(heading: string, found: readonly FoundDrift[]): DriftSection {
  return { heading, same: sameDrift(found) };
}

/** What reads the same wherever it is, largest group first within a manifest. */
export function sameDrift(findings: readonly FoundDrift[]): readonly SameDrift[] {
  return [...grouped(findings, sameness).values()]
    .map((found) => ({
      found,
      differences: found.length === 1 ? found[0]!.finding.differences : differencesInFacts(found),
    }))
    .sort(
      (left, right) =>
        byText(manifestOf(left.found[0]!.address), manifestOf(right.found[0]!.address)) ||
        right.found.length - left.found.length ||
        byText(left.found[0]!.finding.subject, right.found[0]!.finding.subject),
    );
}

export function targetsIn(found: readonly { readonly address: Address }[]): readonly Target[] {
  return found.map(({ address }) => targetOf(address)).filter((target) => target !== null);
}

/** Everything that is said of a finding apart from where, when, and by whom. */
function sameness({ address, finding }: FoundDrift): string {
  const { layer, subject, resourceType, kind, accepted, contestedSince, unrevertable, seenBy } = finding;
  return canonicalJson([
    manifestOf(address),
    targetOf(address) === null,
    layer,
    subject,
    resourceType,
    kind,
    inFacts(finding.differences, address),
    accepted,
    contestedSince !== null,
    unrevertable,
    Object.keys(seenBy).sort(),
  ]);
}

/** As written where all of them write the same. */
function differencesInFacts(found: readonly FoundDrift[]): readonly Difference[] {
  const first = found[0]!;
  const written = canonicalJson(first.finding.differences);
  return found.every(({ finding }) => canonicalJson(finding.differences) === written)
    ? first.finding.differences
    : inFacts(first.finding.differences, first.address);
}

function inFacts(differences: readonly Difference[], address: Address): readonly Difference[] {
  const target = targetOf(address);
  if (target === null) return differences;
  return differences.map(({ path, expected, actual }) => ({
    path: toldInFacts(path, target),
    expected: toldInFacts(expected, target),
    actual: toldInFacts(actual, target),
  }));
}

const DAY = 24 * 60 * 60 * 1000;
const AGES: readonly string[] = [
  'First seen less than a day ago',
  'First seen less than a week ago',
  'First seen less than thirty days ago',
  'First seen thirty days ago or longer',
];

function headingOf({ address, finding }: FoundDrift, by: Grouping, { places, now, blockOf }: GroupContext): string {
  const target = targetOf(address);
  switch (by) {
    case 'account': {
      if (target === null) return 'Definitions of stack sets';
      const name = places.accountNames[target.account];
      return `Account ${target.account}${name === undefined ? '' : ` (${name})`}`;
    }
    case 'ou':
      return target === null
        ? 'Definitions of stack sets'
        : `OU ${places.unitPathOf(address) ?? 'unknown, because the account was not in the tree when it was last checked'}`;
    case 'block':
      return `Building block ${blockOf(manifestOf(address))}`;
    case 'age': {
      const age = now.getTime() - Date.parse(finding.firstSeen);
      return AGES[age < DAY ? 0 : age < 7 * DAY ? 1 : age < 30 * DAY ? 2 : 3]!;
    }
    case 'layer':
      return LAYERS[finding.layer];
  }
}

const LAYERS = {
  stack: 'Stack layer: changed through CloudFormation',
  resource: 'Resource layer: changed behind CloudFormation',
  instance: 'Not there, or not as AWS should have left it',
} as const;
