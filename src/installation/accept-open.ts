import { manifestOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import { isOpen, STACK_SUBJECT } from '../model/drift.js';
import type { Finding } from '../model/drift.js';
import type { AcceptedRule, Covered, OpenDrift } from '../reconciler/describe-accept.js';
import { covers } from '../reconciler/drift/rules.js';
import type { LedgerRow } from '../reconciler/ports.js';

/** What a rule could accept at an address, or at any deployment of a manifest: by subject, sorted. */
export function openAt(rows: readonly LedgerRow[], address: Address): readonly OpenDrift[] {
  const found = new Map<string, { readonly paths: Set<string>; readonly addresses: Set<Address> }>();
  for (const row of rows.filter((each) => isAt(each.address, address))) {
    for (const finding of row.drift.findings.filter(isAcceptable)) {
      const known = found.get(finding.subject) ?? { paths: new Set(), addresses: new Set() };
      for (const path of pathsOf(finding)) known.paths.add(path);
      known.addresses.add(row.address);
      found.set(finding.subject, known);
    }
  }
  return [...found]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([subject, { paths, addresses }]) => ({
      subject,
      paths: outermost([...paths].sort()),
      addresses: [...addresses].sort(),
    }));
}

/** Where the rules accept what is open, and where something of the same subject stays. */
export function coveredBy(rows: readonly LedgerRow[], address: Address, rules: readonly AcceptedRule[]): Covered {
  const isCovered = (finding: Finding, path: string): boolean =>
    rules.some((rule) => rule.resource === finding.subject && covers(rule.path, path));
  const touched = rows
    .filter((row) => isAt(row.address, manifestOf(address)))
    .map(({ address: at, drift }) => ({
      at,
      findings: drift.findings
        .filter(isAcceptable)
        .filter((finding) => pathsOf(finding).some((path) => isCovered(finding, path))),
    }))
    .filter(({ findings }) => findings.length > 0);
  const inPart = touched.filter(({ findings }) =>
    findings.some((finding) => !pathsOf(finding).every((path) => isCovered(finding, path))),
  );
  return { addresses: touched.map(({ at }) => at).sort(), inPart: inPart.map(({ at }) => at).sort() };
}

function isAt(row: Address, address: Address): boolean {
  return row === address || manifestOf(row) === address;
}

/** That a stack is gone is no difference of values, and no rule hides it. */
function isAcceptable(finding: Finding): boolean {
  return isOpen(finding) && finding.layer !== 'instance';
}

/** What a rule would name; that a resource is gone, only a rule for all of it accepts. */
function pathsOf({ differences, subject }: Finding): readonly string[] {
  const isStack = subject.endsWith(STACK_SUBJECT);
  return differences.length === 0 && !isStack ? ['/'] : differences.map(({ path }) => (path === '' ? '/' : path));
}

function outermost(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && covers(other, path)));
}
