import { closest } from 'fastest-levenshtein';
import type { Account, Organization } from '../model/organization.js';
import type { Partition, Region } from '../model/identifiers.js';
import { parseOutputReference } from '../model/output-reference.js';
import { unreachable } from '../model/unreachable.js';
import { dnsSuffixOf } from '../model/partitions.js';

const TARGET_FACTS = ['account.id', 'account.name', 'region'] as const;
const SHARED_FACTS = ['partition', 'dnsSuffix', 'organization.id', 'managementAccount.id'] as const;
const NAMES = [...TARGET_FACTS, ...SHARED_FACTS] as const;
type TargetFact = (typeof TARGET_FACTS)[number];
type SharedFact = (typeof SHARED_FACTS)[number];

/** A fact that a value refers to. */
export type Fact =
  | { readonly type: 'target'; readonly name: TargetFact }
  | { readonly type: 'shared'; readonly name: SharedFact }
  | { readonly type: 'tag'; readonly key: string };

/** A stretch of a value: as written, or something that is filled in. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reference'; readonly fact: Fact; readonly written: string }
  | { readonly type: 'output'; readonly written: string }
  | { readonly type: 'unknown'; readonly written: string };

/** What is the same at every target of an installation. */
export type SharedFacts = {
  readonly partition: Partition;
  readonly organization: Pick<Organization, 'id' | 'managementAccountId'>;
};

/** What is known about one target. */
export type Facts = SharedFacts & { readonly account: Account; readonly region: Region };

export type Resolved =
  { readonly type: 'resolved'; readonly value: string } | { readonly type: 'missing-tag'; readonly key: string };

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;

/** A value taken apart at its references. `$${` is an escaped `${`; `{{resolve:…}}` is CloudFormation's own and stays text. */
export function partsOf(value: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of value.matchAll(REFERENCE)) {
    parts.push({ type: 'text', text: value.slice(end, match.index) });
    parts.push(match[0] === '$${' ? { type: 'text', text: '${' } : part(match[0], match[1] ?? '', match[2] === '}'));
    end = match.index + match[0].length;
  }
  parts.push({ type: 'text', text: value.slice(end) });
  return parts.filter((piece) => piece.type !== 'text' || piece.text !== '');
}

function part(written: string, inside: string, closed: boolean): Part {
  if (!closed) return { type: 'unknown', written };
  if (inside.startsWith('outputs.')) return { type: 'output', written };
  if (inside.startsWith('account.tags.') && inside.length > 'account.tags.'.length) {
    return { type: 'reference', fact: { type: 'tag', key: inside.slice('account.tags.'.length) }, written };
  }
  const target = TARGET_FACTS.find((name) => name === inside);
  if (target !== undefined) return { type: 'reference', fact: { type: 'target', name: target }, written };
  const shared = SHARED_FACTS.find((name) => name === inside);
  if (shared !== undefined) return { type: 'reference', fact: { type: 'shared', name: shared }, written };
  return { type: 'unknown', written };
}

/** The nearest reference that exists, for a remedy. */
export function nearestReference(written: string): string {
  return `\${${closest(written.replace(/[${}]/g, ''), NAMES)}}`;
}

/** Whether a value can differ between two targets of one installation. */
export function differsByTarget(parts: readonly Part[]): boolean {
  return parts.some(
    (part) =>
      (part.type === 'reference' && part.fact.type !== 'shared') ||
      (part.type === 'output' && parseOutputReference(part.written)?.source.type === 'same'),
  );
}

export function usesOutputs(parts: readonly Part[]): boolean {
  return parts.some((part) => part.type === 'output');
}

export function usesTags(parts: readonly Part[]): boolean {
  return parts.some((part) => part.type === 'reference' && part.fact.type === 'tag');
}

/** The value that serves every target; null where there is no such value. */
export function resolveShared(parts: readonly Part[], facts: SharedFacts): string | null {
  if (differsByTarget(parts)) return null;
  return parts
    .map((part) =>
      part.type === 'reference' && part.fact.type === 'shared' ? sharedFact(part.fact.name, facts) : textOf(part),
    )
    .join('');
}

/** The value at one target. What is not a known reference was diagnosed with the manifest, and stays as written. */
export function resolveParts(parts: readonly Part[], facts: Facts): Resolved {
  let value = '';
  for (const part of parts) {
    if (part.type !== 'reference') value += textOf(part);
    else if (part.fact.type === 'shared') value += sharedFact(part.fact.name, facts);
    else if (part.fact.type === 'target') value += targetFact(part.fact.name, facts);
    else {
      const tag = tagOf(facts.account, part.fact.key);
      if (tag === undefined) return { type: 'missing-tag', key: part.fact.key };
      value += tag;
    }
  }
  return { type: 'resolved', value };
}

const textOf = (part: Part): string => (part.type === 'text' ? part.text : part.written);

/** An account's tag; undefined where it has none of that key. Tags that were never read are a fault of ours, not of the account. */
export function tagOf(account: Account, key: string): string | undefined {
  if (account.tags === null) throw new Error(`the tags of account ${account.id} are wanted and were not read`);
  return Object.hasOwn(account.tags, key) ? account.tags[key] : undefined;
}

function targetFact(name: TargetFact, facts: Facts): string {
  switch (name) {
    case 'account.id':
      return facts.account.id;
    case 'account.name':
      return facts.account.name;
    case 'region':
      return facts.region;
    default:
      return unreachable(name);
  }
}

function sharedFact(name: SharedFact, facts: SharedFacts): string {
  switch (name) {
    case 'partition':
      return facts.partition;
    case 'dnsSuffix':
      return dnsSuffixOf(facts.partition);
    case 'organization.id':
      return facts.organization.id;
    case 'managementAccount.id':
      return facts.organization.managementAccountId;
    default:
      return unreachable(name);
  }
}
