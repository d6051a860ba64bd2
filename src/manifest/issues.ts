import type * as z from 'zod';
import type { Diagnostic, Place } from '../model/diagnostic.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';
import { nearest } from '../model/nearest.js';
import type { ManifestDocument } from './documents.js';
import { pathText, valueAt } from './raw.js';
import type { Path } from './raw.js';
import type { Advice } from './schema/strict.js';

type Issue = z.core.$ZodIssue;

/** zod's findings about one document in our words, each at its place in the file. */
export function diagnosticsOf(document: ManifestDocument, issues: readonly Issue[]): readonly Diagnostic[] {
  // What a whole mapping lacks is often what stands there misspelt.
  const misspelt = new Set(issues.flatMap(({ code, path }) => (code === 'unrecognized_keys' ? [path.join('.')] : [])));
  const told = issues.filter(({ code, path }) => code !== 'custom' || !misspelt.has(path.join('.')));
  return told.flatMap((issue) => describe(document, issue, []));
}

function describe(document: ManifestDocument, issue: Issue, base: Path): readonly Diagnostic[] {
  const path: Path = [...base, ...(issue.path as Path)];
  const value = valueAt(document.value, path);
  const { at, key } = document.places;
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ');
    return issue.keys.map((name) => unknownKey(name, known, path, key(...path, name)));
  }
  if (value === undefined && path.length > 0) return [missing(path, at(...path))];
  if (issue.code === 'invalid_union') {
    const branch = branchFor(issue.errors);
    return branch.flatMap((nested) => describe(document, nested, path));
  }
  if (issue.code === 'invalid_key') {
    const remedy = issue.issues[0]?.message ?? 'write another key';
    return [
      error('EK2003', `${quoted(path.at(-1))} cannot be a key of ${pathText(path.slice(0, -1))}`, remedy, key(...path)),
    ];
  }
  if (issue.code === 'invalid_type') return [wrongType(document, issue.expected, path, value)];
  return [unfit(issue, path, value, at(...path))];
}

/** The branch whose type the value has: its mistakes are further in, or are about the text. */
function branchFor(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const fitting = branches.find(
    (issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  );
  return fitting ?? branches[0] ?? [];
}

function unknownKey(name: string, known: readonly string[], path: Path, place: Place): Diagnostic {
  const near = nearest(name, known);
  const remedy = near === null ? `remove it, or write one of ${known.join(', ')}` : `did you mean ${near}?`;
  return error('EK2001', `${name} is not a key of ${pathText(path)}`, remedy, place);
}

function missing(path: Path, place: Place): Diagnostic {
  const name = String(path.at(-1));
  return error('EK2002', `${name} is missing from ${pathText(path.slice(0, -1))}`, `add ${name}`, place);
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a string',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

function wrongType(document: ManifestDocument, expected: string, path: Path, value: unknown): Diagnostic {
  const place = document.places.at(...path);
  const written = document.places.written(path);
  if (expected === 'string' && written !== null && (typeof value === 'number' || typeof value === 'boolean')) {
    return unquoted(written, value, path, place);
  }
  const wanted = EXPECTED[expected] ?? expected;
  const what = value === null ? 'is empty' : `is ${typeName(value)}`;
  return error('EK2003', `${pathText(path)} ${what}, and ${wanted} is wanted`, `write ${wanted}`, place);
}

function unquoted(written: string, value: number | boolean, path: Path, place: Place): Diagnostic {
  const read = `YAML reads it as the ${typeof value} ${String(value)}`;
  const remedy = `write "${written}"`;
  return path.at(-2) === 'accounts'
    ? error('EK2103', `account ${written} is not quoted, so ${read}`, remedy, place)
    : error('EK2104', `${pathText(path)} takes strings only: ${written} is not quoted, so ${read}`, remedy, place);
}

function unfit(issue: Issue, path: Path, value: unknown, place: Place): Diagnostic {
  const shown = value === null ? `${pathText(path)} is empty` : `${shownAs(value)} does not fit ${pathText(path)}`;
  if (issue.code === 'invalid_value') return error('EK2003', shown, oneOf(value, issue.values.map(String)), place);
  if (issue.code === 'too_small') {
    const message = typeof value === 'number' ? shown : `${pathText(path)} is empty`;
    return error('EK2003', message, atLeast(issue), place);
  }
  if (issue.code === 'too_big') {
    const message = `${pathText(path)} is too ${typeof value === 'number' ? 'large' : 'long'}`;
    return error('EK2003', message, atMost(issue), place);
  }
  const advice = issue.code === 'custom' ? (issue.params as Advice | undefined) : undefined;
  if (advice === undefined) return error('EK2003', shown, issue.message, place);
  return error(advice.code ?? 'EK2003', issue.message, advice.remedy, place);
}

function oneOf(value: unknown, allowed: readonly string[]): string {
  if (allowed.length === 1) return `write ${allowed[0]}`;
  // What was cut short is nearer than what differs by as few letters.
  const written = typeof value === 'string' ? value : '';
  const longer = written === '' ? [] : allowed.filter((each) => each.startsWith(written));
  const near = longer[0] ?? (written === '' ? null : nearest(written, allowed));
  return `${near === null ? 'write' : `did you mean ${near}? Write`} one of ${allowed.join(', ')}`;
}

const unit = (origin: string): string => (origin === 'array' ? ' items' : origin === 'string' ? ' characters' : '');

const atLeast = (issue: Extract<Issue, { code: 'too_small' }>): string =>
  issue.origin === 'number' || issue.origin === 'int'
    ? `write ${String(issue.minimum)} or more`
    : `add at least ${String(issue.minimum) === '1' ? 'one' : String(issue.minimum)}${issue.origin === 'string' ? ' character' : ''}`;

const atMost = (issue: Extract<Issue, { code: 'too_big' }>): string =>
  `write at most ${String(issue.maximum)}${unit(issue.origin)}`;

const typeName = (value: unknown): string =>
  Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a mapping' : `the ${typeof value} ${shownAs(value)}`;

/** At most 80 characters, so that a message stays one line. */
function shownAs(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'a mapping';
  const text = typeof value === 'string' ? quoted(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

const quoted = (value: unknown): string => JSON.stringify(String(value));

/** A mistake in a manifest, at its place. */
export function error(code: DiagnosticCode, message: string, remedy: string, place: Place): Diagnostic {
  return { code, severity: 'error', place, message, remedy };
}

/** What an author should know, at its place. */
export function warning(code: DiagnosticCode, message: string, remedy: string, place: Place): Diagnostic {
  return { code, severity: 'warning', place, message, remedy };
}
