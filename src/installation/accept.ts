import { addIgnoreRule } from '../manifest/edit-ignore.js';
import { unignorable } from '../manifest/ignore-rules.js';
import { IgnoreRule as RuleForm } from '../manifest/schema/ignore-rule.js';
import { parseAddress } from '../model/address.js';
import { canonicalJson } from '../model/canonical.js';
import type { Desired } from '../model/desired.js';
import { hasErrors } from '../model/diagnostic.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';
import { nearest } from '../model/nearest.js';
import type { AcceptedRule, AcceptOutcome, ChangedLine, OpenDrift } from '../reconciler/describe-accept.js';
import { ruleFor } from '../reconciler/drift/rules.js';
import type { Clock, LedgerRow } from '../reconciler/ports.js';
import { coveredBy, openAt } from './accept-open.js';
import { desiredStateOf } from './desired-state.js';
import type { DesiredState } from './desired-state.js';
import { writeFiles } from './lock.js';
import type { AcceptWish, Source } from './session.js';
import { mistakesIn } from './validate.js';

export type Accepting = {
  readonly state: DesiredState;
  readonly source: Source;
  readonly clock: Clock;
  /** What the ledger knows not to be in sync. */
  readonly rows: () => Promise<readonly LedgerRow[]>;
};

/** Writes ignore rules into a manifest, or nothing at all; nothing is accepted before somebody has merged that. */
export async function accept(wish: AcceptWish, on: Accepting): Promise<AcceptOutcome> {
  const { state, source } = on;
  const desired = state.desired.find(({ address }) => address === parseAddress(wish.address)?.manifest);
  if (desired === undefined) return refused(unknownAddress(wish, state));
  const isNamed = wish.resource !== null && wish.property !== null;
  const rows = isNamed && !wish.check ? null : await on.rows();
  const open = rows === null ? [] : openAt(rows, wish.address);

  const chosen = isNamed ? [{ resource: wish.resource, path: wish.property }] : chosenFrom(meant(open, wish));
  if (chosen === null) return { type: 'choose', address: wish.address, open: meant(open, wish), diagnostics: [] };
  if (chosen.length === 0) return refused(nothingOpen(wish, open));
  const rules = chosen.map((each) => ({ ...each, reason: wish.reason, expires: wish.expires }));
  const mistake = rules.flatMap((rule) => mistakeOf(rule, desired, on.clock.now()) ?? [])[0];
  if (mistake !== undefined) return refused(mistake);
  const covered = rows === null ? null : coveredBy(rows, wish.address, rules);
  if (covered?.addresses.length === 0) return refused(nothingOpen(wish, open));

  const edited = edit(desired, rules, state);
  if (edited.type === 'refused') return refused(edited.diagnostic);
  if (hasErrors(edited.state.diagnostics)) return { type: 'refused', diagnostics: edited.state.diagnostics };
  const bytes = new TextEncoder().encode(edited.after);
  if (source.type === 'folder') await writeFiles(source.path, { write: new Map([[edited.file, bytes]]), remove: [] });
  return {
    type: 'accepted',
    manifest: desired.address,
    file: edited.file,
    rules,
    lines: changedLines(edited.before, edited.after),
    covered,
    diagnostics: newFindings(state, edited.state),
  };
}

function meant(open: readonly OpenDrift[], { resource, property }: AcceptWish): readonly OpenDrift[] {
  return open
    .filter(({ subject }) => resource === null || subject === resource)
    .map((each) => ({ ...each, paths: each.paths.filter((path) => property === null || path === property) }))
    .filter(({ paths }) => paths.length > 0);
}

type Chosen = Pick<AcceptedRule, 'resource' | 'path'>;

/** All paths of the only subject there is; null where somebody must choose. */
function chosenFrom(open: readonly OpenDrift[]): readonly Chosen[] | null {
  if (open.length > 1) return null;
  return open.flatMap(({ subject, paths }) => paths.map((path) => ({ resource: subject, path })));
}

/** Why the manifest cannot have this rule; null where it can. */
function mistakeOf(rule: AcceptedRule, desired: Desired, now: Date): Diagnostic | null {
  const { resource, path, reason, expires } = rule;
  const form = RuleForm.safeParse({ resource, path, reason, ...(expires === null ? {} : { expires }) });
  const issue = form.error?.issues[0];
  if (issue !== undefined) {
    const key = String(issue.path[0]);
    return problem('EK2003', desired, `the ${key} of the rule does not fit`, issue.message);
  }
  const refusal = unignorable(resource, path);
  if (refusal !== null) return problem('EK2016', desired, refusal.message, refusal.remedy);
  const standing = ruleFor(desired.driftIgnore, resource, path, now);
  if (standing === null) return null;
  const message = `${path} of ${resource} is ignored already (${standing.reason})`;
  return {
    ...problem('EK2017', desired, message, 'commit that rule, or change it by hand'),
    place: standing.place,
  };
}

type Edited =
  | {
      readonly type: 'edited';
      readonly file: string;
      readonly before: string;
      readonly after: string;
      readonly state: DesiredState;
    }
  | { readonly type: 'refused'; readonly diagnostic: Diagnostic };

function edit(desired: Desired, rules: readonly AcceptedRule[], state: DesiredState): Edited {
  const { kind, name } = desired;
  const { file } = desired.at('spec');
  // With the byte order mark, where there is one, so that it stays.
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(state.files.files.get(file));
  let after = before;
  for (const rule of rules) {
    const edited = addIgnoreRule(after, { kind, name, rule });
    if (edited.type === 'refused') {
      const what = edited.path.length === 0 ? desired.address : edited.path.join('.');
      const remedy = `write it by hand under spec.drift.ignore: ${JSON.stringify(rule)}`;
      const place = desired.at(...edited.path);
      return {
        type: 'refused',
        diagnostic: { ...problem('EK2019', desired, `${what} ${edited.reason}`, remedy), place },
      };
    }
    after = edited.text;
  }
  const files = { ...state.files, files: new Map([...state.files.files, [file, new TextEncoder().encode(after)]]) };
  return { type: 'edited', file, before, after, state: desiredStateOf(files, state.controller!.name) };
}

const CONTEXT = 2;

/** What came in and went, with the lines around it. */
function changedLines(before: string, after: string): readonly ChangedLine[] {
  const [old, young] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && old[head] === young[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < young.length - head && old.at(-1 - tail) === young.at(-1 - tail)) tail += 1;
  const told = (sign: ChangedLine['sign'], lines: readonly string[]): readonly ChangedLine[] =>
    lines.map((text) => ({ sign, text }));
  return [
    ...told(' ', old.slice(Math.max(0, head - CONTEXT), head)),
    ...told('-', old.slice(head, old.length - tail)),
    ...told('+', young.slice(head, young.length - tail)),
    ...told(' ', old.slice(old.length - tail, old.length - tail + CONTEXT)),
  ];
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** What is said of the desired state now and was not before: that a rule hides nothing, for one. */
function newFindings(was: DesiredState, is: DesiredState): readonly Diagnostic[] {
  const keyOf = ({ code, address, message }: Diagnostic): string => canonicalJson([code, address ?? null, message]);
  const known = new Set(mistakesIn(was).map(keyOf));
  return mistakesIn(is).filter((each) => !known.has(keyOf(each)));
}

function refused(diagnostic: Diagnostic): AcceptOutcome {
  return { type: 'refused', diagnostics: [diagnostic] };
}

function unknownAddress({ address }: AcceptWish, { desired }: DesiredState): Diagnostic {
  const [manifest, target] = address.split('@');
  const near = nearest(
    manifest!,
    desired.map((each) => each.address),
  );
  const at = target === undefined ? '' : `@${target}`;
  return {
    code: 'EK5046',
    severity: 'error',
    message: `no manifest has the address ${manifest!}, so there is nowhere to write the rule`,
    remedy: near === null ? '`evenkeel drift` shows the addresses that drift' : `did you mean ${near}${at}?`,
  };
}

function nothingOpen({ address, resource, property }: AcceptWish, open: readonly OpenDrift[]): Diagnostic {
  const known = open.flatMap(({ subject, paths }) => paths.map((path) => `${subject} ${path}`));
  const wanted = [resource, property].filter((each) => each !== null).join(' ');
  const near = wanted === '' ? null : nearest(wanted, known);
  const all = known.length === 0 ? '' : `; ${String(known.length)} other differences are`;
  return {
    code: 'EK5047',
    severity: 'error',
    address: address,
    message: `the ledger knows no open drift ${wanted === '' ? '' : `of ${wanted} `}that a rule could accept here${all}`,
    remedy:
      near === null
        ? `evenkeel drift --address ${address} shows what is open; with --resource and --property, and without --ledger, a rule is written all the same`
        : `did you mean ${near}?`,
  };
}

function problem(code: DiagnosticCode, { address }: Desired, message: string, remedy: string): Diagnostic {
  return { code, severity: 'error', address, message, remedy };
}
