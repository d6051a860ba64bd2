import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderJson } from '../../../src/cli/render/json.js';
import { renderMarkdown } from '../../../src/cli/render/markdown.js';
import { renderTerminal } from '../../../src/cli/render/terminal.js';
import { visibleText } from '../../../src/cli/render/visible-text.js';
import type { Block, Document } from '../../../src/model/document.js';

/** The text at every place of a document where data from AWS can stand. */
function documentOf(text: string): Document {
  const blocks: readonly Block[] = [
    { type: 'heading', text },
    { type: 'paragraph', line: text },
    { type: 'list', items: [[{ text, tone: 'bad' }, text]] },
    { type: 'table', columns: [text, 'second'], rows: [[text, [{ text, tone: 'good' }]]] },
    {
      type: 'diagnostic',
      diagnostic: {
        code: 'EK2003',
        severity: 'error',
        message: text,
        remedy: text,
        place: { file: text, line: 3, column: 2, length: 4, source: text },
      },
    },
    { type: 'code', language: text, text },
  ];
  return { blocks, data: { schemaVersion: 1, text } };
}

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
const attack = 'name\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe\r\nPlan 00000000: no changes';
const anything = fc.string({ unit: 'binary', maxLength: 60 });

describe('text that others chose', () => {
  it('reaches a terminal as its escapes, on the line where it belongs', () => {
    expect(visibleText(attack)).toBe(
      'name\\u001b[2J\\u001b]0;owned\\u0007\\u009b31m\\u202egnp.exe\\r\\nPlan 00000000: no changes',
    );
    const paragraph: Document = { blocks: [{ type: 'paragraph', line: attack }], data: { schemaVersion: 1 } };
    expect(renderTerminal(paragraph, { colour: false, width: 200 }).split('\n')).toHaveLength(2);
  });

  it('never carries a control character into any output', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const document = documentOf(text);
        expect(renderTerminal(document, { colour: false, width: 80 })).not.toMatch(CONTROL);
        expect(renderMarkdown(document)).not.toMatch(CONTROL);
        expect(renderJson(document)).not.toMatch(CONTROL);
      }),
    );
  });

  it('adds nothing to the colours of a coloured terminal', () => {
    const escapes = (text: string): readonly string[] => [...text.matchAll(/\u001b[^m]*m?/g)].map(([found]) => found);
    const coloured = renderTerminal(documentOf(attack), { colour: true, width: 80 });
    expect(escapes(coloured).length).toBeGreaterThan(0);
    expect(escapes(coloured).filter((found) => !/^\u001b\[\d+m$/.test(found))).toEqual([]);
  });

  it('comes back from JSON as it was', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(JSON.parse(renderJson(documentOf(text)))).toEqual({ schemaVersion: 1, text });
      }),
    );
  });
});

describe('text in a pull request', () => {
  const paragraph = (text: string): string =>
    renderMarkdown({ blocks: [{ type: 'paragraph', line: text }], data: { schemaVersion: 1 } }).trim();

  it('mentions nobody and links no issue', () => {
    expect(paragraph('ask @security or @org/team about #12')).toBe(
      'ask @<!-- -->security or @<!-- -->org/team about #<!-- -->12',
    );
  });

  it('cannot become markup', () => {
    expect(paragraph('<img src=x> [a](b) `c` *d* _e_ ~f~ g|h & \\')).toBe(
      '&lt;img src=x&gt; \\[a\\](b) \\`c\\` \\*d\\* \\_e\\_ \\~f\\~ g\\|h &amp; \\\\',
    );
  });

  it('cannot begin a heading, a list or a rule', () => {
    expect(['# a', '- a', '+ a', '12. a', '1) a', '=== a'].map(paragraph)).toEqual([
      '\\# a',
      '\\- a',
      '\\+ a',
      '12\\. a',
      '1\\) a',
      '\\=== a',
    ]);
  });

  it('cannot close the fence that it stands in', () => {
    const text = renderMarkdown({
      blocks: [{ type: 'code', language: 'text', text: 'a\n```\n<b>' }],
      data: { schemaVersion: 1 },
    });
    expect(text).toBe('````text\na\n```\n<b>\n````\n');
  });

  it('adds no column to a table', () => {
    const text = renderMarkdown({
      blocks: [{ type: 'table', columns: ['one', 'two'], rows: [['a|b', 'c\nd']] }],
      data: { schemaVersion: 1 },
    });
    expect(text).toBe('| one | two |\n| --- | --- |\n| a\\|b | c\\\\nd |\n');
  });

  it('is folded away where it would scroll for pages', () => {
    const items = Array.from({ length: 13 }, (_, index) => `line ${String(index)}`);
    const text = renderMarkdown({ blocks: [{ type: 'list', items }], data: { schemaVersion: 1 } });
    expect(text).toMatch(/^<details><summary>13 lines<\/summary>\n\n- line 0\n/);
    expect(text).toMatch(/- line 12\n\n<\/details>\n$/);
  });
});
