import type { Difference, DriftMethod, Finding } from '../../model/drift.js';
import { visibleText } from '../../model/visible-text.js';
import { differenceLine, METHOD_WORDS } from '../describe-drift-findings.js';
import { byText, counted, shortTime } from '../describe-wording.js';

const SHOWN_DIFFERENCES = 20;
const LONGEST_TITLE = 240;
const LONGEST_LINE = 500;

/** One line that no text from elsewhere can break, or make longer than a reader bears. */
export function bounded(text: string, longest = LONGEST_LINE): string {
  const line = visibleText(text);
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}

export function titled(text: string): string {
  return bounded(text, LONGEST_TITLE);
}

/** Expected, then actual, as they are redacted in the model. */
export function differenceLines(differences: readonly Difference[]): readonly string[] {
  if (differences.length === 0) return [];
  const shown = differences.slice(0, SHOWN_DIFFERENCES).map((difference) => {
    const line = differenceLine(difference);
    const spans = typeof line === 'string' ? [line] : line;
    return `  ${spans.map((span) => (typeof span === 'string' ? span : span.text)).join('')}`;
  });
  const more = differences.length - shown.length;
  return ['Expected → actual:', ...shown, ...(more === 0 ? [] : [`  and ${counted(more, 'more difference')}`])];
}

/** How and when it was seen, and who did it. */
export function circumstanceLines(finding: Finding): readonly string[] {
  const { firstSeen, changedAt, notBefore, actor } = finding;
  const seen = (Object.entries(finding.seenBy) as [DriftMethod, string][])
    .sort(([one], [other]) => byText(one, other))
    .map(([method, at]) => `${METHOD_WORDS[method]} (${shortTime(at)})`);
  const since = notBefore === null ? '' : `; it was not so on ${shortTime(notBefore)}`;
  return [
    `First seen: ${shortTime(firstSeen)}${since}`,
    ...(changedAt === firstSeen ? [] : [`As it is now since: ${shortTime(changedAt)}`]),
    ...(seen.length === 0 ? [] : [`Seen by: ${seen.join(', ')}`]),
    actor === null
      ? 'By whom: nobody known'
      : `By whom: ${actor.principal}, with ${actor.event} on ${shortTime(actor.at)}${
          actor.sourceIpAddress === null ? '' : ` from ${actor.sourceIpAddress}`
        } (CloudTrail event ${actor.eventId})`,
  ];
}
