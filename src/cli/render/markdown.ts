import type { Block, Document, Line } from '../../model/document.js';
import { unreachable } from '../../model/unreachable.js';
import { caretLines } from './caret.js';
import { runsOf } from './line-width.js';
import { visibleLines } from './visible-text.js';

/** Lists, tables and runs of diagnostics longer than this are folded away: a comment that scrolls for pages is not read. */
const UNFOLDED = 12;

/** The document as GitHub's Markdown. Nothing from data can mention anybody, link an issue, or become markup. */
export function renderMarkdown(document: Document): string {
  return gathered(document.blocks).map(sectionText).join('\n\n') + '\n';
}

type Section = readonly Block[];

/** Diagnostics that follow each other share one fence. */
function gathered(blocks: readonly Block[]): readonly Section[] {
  const sections: Block[][] = [];
  for (const block of blocks) {
    const last = sections.at(-1);
    if (block.type === 'diagnostic' && last?.[0]?.type === 'diagnostic') last.push(block);
    else sections.push([block]);
  }
  return sections;
}

function sectionText(section: Section): string {
  const block = section[0]!;
  switch (block.type) {
    case 'heading':
      return `### ${escapedLine(block.text)}`;
    case 'paragraph':
      return lineText(block.line);
    case 'list':
      return folded(block.items.length, 'lines', block.items.map((item) => `- ${lineText(item)}`).join('\n'));
    case 'table':
      return folded(block.rows.length, 'rows', tableText(block.columns, block.rows));
    case 'diagnostic': {
      const diagnostics = section.filter((each) => each.type === 'diagnostic').map(({ diagnostic }) => diagnostic);
      const texts = diagnostics.map((diagnostic) =>
        caretLines(diagnostic)
          .map((runs) => runs.map(({ text }) => text).join(''))
          .join('\n'),
      );
      return folded(diagnostics.length, 'findings', fenced('text', texts.join('\n\n')));
    }
    case 'code':
      return fenced(block.language, visibleLines(block.text).join('\n'));
    default:
      return unreachable(block);
  }
}

function folded(count: number, what: string, text: string): string {
  if (count <= UNFOLDED) return text;
  return `<details><summary>${String(count)} ${what}</summary>\n\n${text}\n\n</details>`;
}

function tableText(columns: readonly string[], rows: readonly (readonly Line[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(columns.map(lineText)),
    row(columns.map(() => '---')),
    ...rows.map((cells) => row(columns.map((_, index) => lineText(cells[index] ?? '')))),
  ].join('\n');
}

/** A fence longer than any run of backticks inside it. */
function fenced(language: string, text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language.replace(/[^a-z0-9-]/gi, '')}\n${text}\n${fence}`;
}

function lineText(line: Line): string {
  const text = runsOf(line)
    .map(({ text: run, tone }) => (tone === 'strong' || tone === 'bad' ? emphasised(run) : escaped(run)))
    .join('');
  return escapedStart(text);
}

/** Spaces inside the asterisks would undo the emphasis. */
function emphasised(text: string): string {
  const core = text.trim();
  if (core === '') return text;
  const start = text.indexOf(core);
  return `${text.slice(0, start)}**${escaped(core)}**${text.slice(start + core.length)}`;
}

function escapedLine(text: string): string {
  return escapedStart(
    runsOf(text)
      .map((run) => escaped(run.text))
      .join(''),
  );
}

/** What would make a heading, a list, a rule or a quotation of a line that begins with it. */
function escapedStart(text: string): string {
  return text.replace(/^(\s*)([-+=#]|\d+(?=[.)]))/, (_, space: string, sign: string) =>
    /\d/.test(sign) ? `${space}${sign}\\` : `${space}\\${sign}`,
  );
}

/** An empty comment splits a mention or an issue number for GitHub, and is gone when the text is copied. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@(?=[\w-])/g, '@<!-- -->')
    .replace(/#(?=\d)/g, '#<!-- -->');
}
