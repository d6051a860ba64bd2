import { STACK_SUBJECT } from '../../model/drift.js';
import type { Finding, FindingKind, Sighting } from '../../model/drift.js';
import type { HistoryEvent } from '../../model/recorded.js';

const KIND_WORDS: Readonly<Record<Exclude<FindingKind, 'changed'>, string>> = {
  deleted: 'was deleted',
  missing: 'is not there',
  outdated: 'is OUTDATED',
  inoperable: 'is INOPERABLE',
  suspended: 'is in an account that is suspended or has left',
  unexpected: 'was made by nobody that the ledger knows',
};

/** `Queue (AWS::SQS::Queue)`, `the stack`, `the nested stack Child`. */
export function subjectWords({ subject, resourceType }: Pick<Sighting, 'subject' | 'resourceType'>): string {
  if (subject === STACK_SUBJECT) return 'the stack';
  if (subject.endsWith(STACK_SUBJECT)) return `the nested stack ${subject.slice(0, -STACK_SUBJECT.length - 1)}`;
  return resourceType === null ? subject : `${subject} (${resourceType})`;
}

/** What is the matter, in a few words: `differs in /VisibilityTimeout`. */
export function matterWords({ kind, differences }: Pick<Sighting, 'kind' | 'differences'>): string {
  if (kind !== 'changed') return KIND_WORDS[kind];
  const paths = differences.map(({ path }) => path);
  const named = paths.slice(0, NAMED).join(', ');
  return `differs in ${named}${paths.length > NAMED ? ` and ${String(paths.length - NAMED)} more` : ''}`;
}

const NAMED = 3;

/** One sentence for an event about a finding. */
export function summaryOf(event: HistoryEvent['event'], finding: Finding): string {
  const what = `${subjectWords(finding)} ${matterWords(finding)}`;
  if (event === 'accepted') {
    const until = finding.accepted?.expires == null ? '' : ` until ${finding.accepted.expires}`;
    return `${what}; accepted${until}: ${finding.accepted?.reason ?? ''}`;
  }
  if (event === 'reverted') return `${what}; put right`;
  if (event === 'gone') return `${subjectWords(finding)} is as it should be again`;
  return finding.contestedSince === null ? what : `${what}; left alone, because it was put right three times in a day`;
}
