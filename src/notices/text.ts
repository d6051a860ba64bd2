import type { Notice } from '../model/notice.js';
import { visibleText } from '../model/visible-text.js';

/** GitHub takes 65,536 characters of a body, and SNS 256 KiB of a message. */
const LONGEST_TEXT = 60_000;

/** The notice as plain text: for a mail, or a terminal. No character of it moves a cursor or hides another. */
export function plainText({ title, lines }: Notice): string {
  const text = [title, '', ...lines].map(visibleText).join('\n');
  return text.length <= LONGEST_TEXT ? `${text}\n` : `${text.slice(0, LONGEST_TEXT)}…\n`;
}

const MARKER = 'evenkeel:notice:';

/** What an issue is found again by; a reader does not see it. */
export function markerOf(id: string): string {
  return `<!-- ${MARKER}${id.replace(/[^0-9a-z-]/gi, '')} -->`;
}

/**
 * The notice as GitHub's Markdown. All of it stands in one fence, which is longer than any run of backticks inside: what
 * somebody wrote into a resource mentions nobody there, links to nothing, and loads nothing.
 */
export function issueBody(notice: Notice): string {
  const text = plainText(notice);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}${fence}\n\n${markerOf(notice.id)}\n`;
}

const LONGEST_TITLE = 250;

/** GitHub shows a title without markup but for code, and takes 256 characters. */
export function issueTitle(title: string): string {
  const line = visibleText(title).replaceAll('`', "'");
  return line.length <= LONGEST_TITLE ? line : `${line.slice(0, LONGEST_TITLE)}…`;
}
