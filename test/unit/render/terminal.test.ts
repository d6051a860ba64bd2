import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wantsColour } from '../../../src/cli/render/colour.js';
import { widthOf } from '../../../src/cli/render/line-width.js';
import { renderTerminal } from '../../../src/cli/render/terminal.js';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import type { Block } from '../../../src/model/document.js';
import { unquotedAccount } from './plans.js';

function shown(block: Block, width = 80): string {
  return renderTerminal({ blocks: [block], data: { schemaVersion: 1 } }, { colour: false, width });
}

describe('a diagnostic on a terminal', () => {
  const at = (place: Partial<NonNullable<Diagnostic['place']>>): string =>
    shown({ type: 'diagnostic', diagnostic: { ...unquotedAccount, place: { ...unquotedAccount.place!, ...place } } });

  it('points at its place with carets, and ends with the remedy', () => {
    expect(shown({ type: 'diagnostic', diagnostic: unquotedAccount })).toBe(
      [
        'error[EK2003]: account 012345678901 is not quoted, so YAML reads it as the number 12345678901',
        '  --> desired-state/security/lambda-janitor.yaml:21:18',
        '21 |       accounts: [012345678901]',
        '   |                  ^^^^^^^^^^^^',
        '   = write "012345678901"',
        '',
      ].join('\n'),
    );
  });

  it('keeps its gutter as wide as the line number', () => {
    expect(at({ line: 7 }).split('\n').slice(1, 4)).toEqual([
      ' --> desired-state/security/lambda-janitor.yaml:7:18',
      '7 |       accounts: [012345678901]',
      '  |                  ^^^^^^^^^^^^',
    ]);
  });

  it('has its carets under the text also after tabs and wide characters', () => {
    const lines = at({ source: '\t名前: bad', column: 6, length: 3 }).split('\n');
    expect(lines[2]).toBe('21 |   名前: bad');
    expect(lines[3]).toBe('   |         ^^^');
  });

  it('shows at least one caret, also past the end of the line', () => {
    expect(at({ source: 'a:', column: 9, length: 0 }).split('\n')[3]).toBe('   |   ^');
  });

  it('shows only what is near the caret of a very long line', () => {
    const source = `${'a'.repeat(5_000)}WRONG${'b'.repeat(5_000)}`;
    const [, , line, carets] = at({ source, column: 5_001, length: 5 }).split('\n');
    expect(line!.length).toBeLessThan(200);
    expect(line!.indexOf('WRONG')).toBe(carets!.indexOf('^^^^^'));
  });

  it('names the address where it has no place', () => {
    const { code, severity, message, remedy } = unquotedAccount;
    const nowhere = { code, severity, message, remedy, address: 'ServerlessApplication/lambda-janitor' as const };
    expect(shown({ type: 'diagnostic', diagnostic: nowhere }).split('\n')[1]).toBe(
      '  --> ServerlessApplication/lambda-janitor',
    );
  });
});

describe('a table on a terminal', () => {
  const wordy = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '/', '名'), maxLength: 120 });

  it('is aligned, with the head first', () => {
    expect(
      shown({
        type: 'table',
        columns: ['manifest', 'n'],
        rows: [
          ['Stack/a', '12'],
          ['StackSet/guardrails', '3'],
        ],
      }),
    ).toBe(['manifest             n', 'Stack/a              12', 'StackSet/guardrails  3', ''].join('\n'));
  });

  it('never overflows, and loses no word', () => {
    const tables = fc.record({
      rows: fc.array(fc.tuple(wordy, wordy, wordy), { minLength: 1, maxLength: 4 }),
      width: fc.integer({ min: 40, max: 140 }),
    });
    fc.assert(
      fc.property(tables, ({ rows, width }) => {
        const text = shown({ type: 'table', columns: ['one', 'two', 'three'], rows }, width);
        expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(width);
        const letters = (from: string): number => [...from].filter((letter) => letter === '名').length;
        expect(letters(text)).toBe(letters(rows.flat().join('')));
      }),
    );
  });

  it('becomes a list where its columns cannot stand side by side', () => {
    const columns = ['one', 'two', 'three', 'four'];
    const row = columns.map((column) => `${column}-is-long-enough`);
    expect(shown({ type: 'table', columns, rows: [row] }, 40)).toBe(
      columns.map((column, index) => `${column}: ${row[index]!}\n`).join('') + '\n',
    );
  });
});

describe('a paragraph on a terminal', () => {
  it('wraps at spaces, with what follows indented', () => {
    expect(shown({ type: 'paragraph', line: 'one two three four five six' }, 20)).toBe(
      'one two three four\n  five six\n',
    );
  });

  it('cuts a word that is longer than a line instead of losing it', () => {
    expect(shown({ type: 'paragraph', line: 'x'.repeat(45) }, 20)).toBe(
      `${'x'.repeat(20)}\n  ${'x'.repeat(18)}\n  ${'x'.repeat(7)}\n`,
    );
  });
});

describe('colour', () => {
  const where = { env: {}, isTerminal: true, forbidden: false };

  it('is for terminals', () => {
    expect(wantsColour(where)).toBe(true);
    expect(wantsColour({ ...where, isTerminal: false })).toBe(false);
    expect(wantsColour({ ...where, env: { TERM: 'dumb' } })).toBe(false);
  });

  it('is forced by FORCE_COLOR, and forbidden by NO_COLOR and --no-color before that', () => {
    expect(wantsColour({ ...where, isTerminal: false, env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(wantsColour({ ...where, env: { FORCE_COLOR: '0' } })).toBe(false);
    expect(wantsColour({ ...where, env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).toBe(false);
    expect(wantsColour({ ...where, env: { FORCE_COLOR: '1' }, forbidden: true })).toBe(false);
    expect(wantsColour({ ...where, env: { NO_COLOR: '' } })).toBe(true);
  });
});
