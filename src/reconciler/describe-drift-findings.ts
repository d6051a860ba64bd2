import { manifestOf, targetOf } from '../model/address.js';
import type { Block, Line, Tone } from '../model/document.js';
import { DRIFT_METHODS } from '../model/drift.js';
import type { Actor, DriftMethod, Finding, FindingKind } from '../model/drift.js';
import { grouped } from '../model/grouped.js';
import { toldInFacts } from './describe-changes.js';
import type { SameDrift } from './describe-drift-groups.js';
import { targetsIn } from './describe-drift-groups.js';
import type { FoundDrift } from './describe-drift-report.js';
import { compactTargets } from './describe-targets.js';
import { abbreviated, byText, counted, fieldLine, shortTime } from './describe-wording.js';
import { matterWords, subjectWords } from './drift/wording.js';

export const METHOD_WORDS: Readonly<Record<DriftMethod, string>> = {
  walk: 'the walk',
  template: 'the sweep of templates',
  detection: 'drift detection',
};

const KIND_TONES: Readonly<Record<FindingKind, Tone>> = {
  changed: 'change',
  deleted: 'remove',
  missing: 'remove',
  outdated: 'warn',
  inoperable: 'bad',
  suspended: 'warn',
  unexpected: 'warn',
};

const NAMED_DIFFERENCES = 20;
const NAMED_ACTORS = 3;

/** One difference with its particulars below: what, where, how it was seen, by whom it was made, and what becomes of it. */
export function sameDriftBlocks(same: SameDrift, limit: number): readonly Block[] {
  const { found, differences } = same;
  const { finding, address } = found[0]!;
  const { accepted, contestedSince, unrevertable } = finding;
  const targets = targetsIn(found);
  const shown = differences.slice(0, NAMED_DIFFERENCES).map(differenceLine);
  const more = differences.length - shown.length;
  const items: readonly Line[] = [
    ...shown,
    ...(more > 0 ? [[{ text: `and ${counted(more, 'more difference')}`, tone: 'muted' } as const]] : []),
    ...(found.length > 1 ? [`at ${compactTargets(targets, limit)}`] : []),
    seenLine(found),
    ...madeLines(found),
    ...(accepted === null
      ? []
      : [`accepted ${accepted.expires === null ? 'for good' : `until ${accepted.expires}`}: ${accepted.reason}`]),
    ...(contestedSince === null
      ? []
      : [
          [
            { text: 'contested', tone: 'bad' } as const,
            ` since ${shortTime(contestedSince)}: it keeps coming back after it was put right, and is left alone`,
          ],
        ]),
    ...(unrevertable === null ? [] : [`cannot be put right: ${unrevertable}`]),
  ];
  return [
    {
      type: 'paragraph',
      line: [
        { text: accepted === null ? '! ' : '○ ', tone: accepted === null ? 'warn' : 'muted' },
        { text: found.length > 1 ? manifestOf(address) : address, tone: 'strong' },
        found.length > 1 ? `, the same at ${counted(found.length, 'target')}` : '',
        `: ${subjectWords(finding)} `,
        { text: finding.kind === 'changed' ? 'differs' : matterWords(finding), tone: KIND_TONES[finding.kind] },
      ],
    },
    { type: 'list', items },
  ];
}

/** `/VisibilityTimeout: "30" → "45"`: what is expected, and what stands. */
export function differenceLine({ path, expected, actual }: Finding['differences'][number]): Line {
  return fieldLine({ path: path === '' ? '/' : path, before: expected, after: actual });
}

/** The method that saw it first, then the others; when it was last seen where that was another time. */
function seenLine(found: readonly FoundDrift[]): Line {
  const looks = DRIFT_METHODS.flatMap((method) => {
    const firsts = found.flatMap(({ finding }) => finding.seenBy[method] ?? []);
    const lasts = found.flatMap(({ lastSeen }) => lastSeen[method] ?? []);
    if (firsts.length === 0) return [];
    return [{ method, first: earliest(firsts), newest: latest(firsts), last: latest([...firsts, ...lasts]) }];
  });
  const words = looks
    .sort((one, other) => byText(one.first, other.first))
    .map(({ method, first, newest, last }, index) => {
      const span = newest === first ? '' : ` to ${shortTime(newest)}`;
      const lastWords = last === newest ? '' : `, last seen ${shortTime(last)}`;
      return `${index === 0 ? 'first ' : ''}seen ${shortTime(first)}${span} by ${METHOD_WORDS[method]}${lastWords}`;
    });
  return words.join('; ');
}

function madeLines(found: readonly FoundDrift[]): readonly Line[] {
  const known = found.filter(({ finding }) => finding.actor !== null);
  const unknown = found.length - known.length;
  if (known.length > 0) {
    const rest = unknown > 0 ? `; by nobody known at ${counted(unknown, 'target')}` : '';
    return [`made by ${abbreviated(madeBy(known), NAMED_ACTORS)}${rest}`];
  }
  const { notBefore, firstSeen, layer } = found[0]!.finding;
  // What AWS left so was not made by a hand.
  if (layer === 'instance') return [];
  if (found.length > 1 || notBefore === null) return ['made by nobody known'];
  return [`made by nobody known, between ${shortTime(notBefore)} and ${shortTime(firstSeen)}`];
}

/** Everybody once, with the span of their doing: the same role in three hundred accounts is one, with the account written as a fact. */
function madeBy(known: readonly FoundDrift[]): readonly string[] {
  if (known.length === 1) return [actorWords(known[0]!.finding.actor!)];
  const told = known.map(({ address, finding }) => {
    const target = targetOf(address);
    const { principal, event, at } = finding.actor!;
    return { who: principal, fact: target === null ? principal : toldInFacts(principal, target), event, at };
  });
  const isFewer = new Set(told.map(({ fact }) => fact)).size < new Set(told.map(({ who }) => who)).size;
  const groups = grouped(told, ({ who, fact, event }) => `${isFewer ? fact : who} (${event}`);
  return [...groups].map(([words, those]) => {
    const times = those.map(({ at }) => at);
    const [first, last] = [earliest(times), latest(times)];
    return `${words} ${first === last ? `at ${shortTime(first)}` : `from ${shortTime(first)} to ${shortTime(last)}`})`;
  });
}

/** `arn:…/alice (sqs.amazonaws.com:SetQueueAttributes at 2026-…)`. */
export function actorWords({ principal, event, at, sourceIpAddress }: Actor): string {
  return `${principal} (${event} at ${shortTime(at)}${sourceIpAddress === null ? '' : ` from ${sourceIpAddress}`})`;
}

function earliest(times: readonly string[]): string {
  return times.reduce((one, other) => (other < one ? other : one));
}

function latest(times: readonly string[]): string {
  return times.reduce((one, other) => (other > one ? other : one));
}
