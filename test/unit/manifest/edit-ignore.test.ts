import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { addIgnoreRule } from '../../../src/manifest/edit-ignore.js';
import type { NewRule } from '../../../src/manifest/edit-ignore.js';

const RULE = { resource: 'Queue', path: '/VisibilityTimeout', reason: 'set by its owner', expires: '2027-01-31' };
const NEW: NewRule = { kind: 'Stack', name: 'queue', rule: RULE };
const BEFORE = 'apiVersion: evenkeel/v1\nkind: Stack\nmetadata: { name: queue }\n';

function textOf(text: string, change: NewRule = NEW): string {
  const edited = addIgnoreRule(text, change);
  return edited.type === 'edited' ? edited.text : `refused: ${edited.path.join('.')} ${edited.reason}`;
}

describe('where no rule can be added, the reason is given', () => {
  it.each([
    ['another manifest', BEFORE.replace('queue', 'other') + 'spec: { template: x }\n', ' is not in the file'],
    [
      'a spec by an alias',
      'kind: Stack\nmetadata: { name: queue, x: &s { a: b } }\nspec: *s\n',
      'spec is written by an alias',
    ],
    ['drift by an alias', `${BEFORE}spec:\n  tags: &d {}\n  drift: *d\n`, 'spec.drift is written by an alias'],
    ['nothing after drift', `${BEFORE}spec:\n  drift:\n`, 'spec.drift is empty'],
    ['nothing after ignore', `${BEFORE}spec:\n  drift:\n    ignore:\n`, 'spec.drift.ignore is empty'],
    [
      'rules by an alias',
      `${BEFORE}x: &r []\nspec:\n  drift: { ignore: *r }\n`,
      'spec.drift.ignore is written by an alias',
    ],
    [
      'rules that are used elsewhere',
      `${BEFORE}spec:\n  drift:\n    ignore: &r\n      - { resource: A, path: /B, reason: c }\n  others: *r\n`,
      'spec.drift.ignore is written in a way that another rule cannot be added to',
    ],
  ])('%s', (_, text, reason) => {
    expect(textOf(text)).toBe(`refused: ${reason}`);
  });
});

const LAYOUTS: readonly (readonly [string, string])[] = [
  ['no drift yet', 'spec:\n  template: x # ours\n# the end\n'],
  ['no end of line at the end', 'spec:\n  template: x'],
  ['a block of text at the end', 'spec:\n  description: |\n    one\n    two\n'],
  ['drift that says how to respond', 'spec:\n  drift:\n    respond: revert # always\n\n  # then\n  deletion: retain\n'],
  [
    'rules in lines',
    'spec:\n  drift:\n    ignore:\n      - resource: A\n        path: /B\n        reason: c # why\n      # more\n  tags: {}\n',
  ],
  [
    'rules that are not indented',
    'spec:\n  drift:\n    ignore:\n    - resource: A\n      path: /B\n      reason: >-\n        c\n\n  tags: {}\n',
  ],
  [
    'a rule on each line',
    'spec:\n  drift:\n    ignore:\n      - { resource: A, path: /B, reason: c } # one\n\n---\nkind: Stack\n',
  ],
  ['everything on one line', 'spec: { template: x }\n'],
  ['drift on one line', 'spec:\n  drift: { respond: revert } # always\n'],
  ['no rules on one line', 'spec:\n  drift: { ignore: [ ] }\n'],
  ['drift that says nothing', 'spec:\n  drift: {}\n'],
  ['rules on one line', 'spec:\n  drift: { ignore: [{ resource: A, path: /B, reason: c }], respond: report }\n'],
  [
    'rules on lines of their own',
    'spec:\n  drift:\n    ignore: [\n      { resource: A, path: /B, reason: c }, # one\n    ]\n',
  ],
  [
    'a comma at the end',
    'spec: { template: x, drift: { ignore: [\n  { resource: A, path: /B, reason: c },\n  ] }, }\n',
  ],
];

describe('the rule is added and nothing else is changed', () => {
  it('in every layout', async () => {
    const added = LAYOUTS.map(([name, spec]) => `## ${name}\n${textOf(BEFORE + spec).slice(BEFORE.length)}`);
    await expect(added.join('\n')).toMatchFileSnapshot('golden/added-rules.txt');
  });

  it.each(LAYOUTS)('%s', (_, spec) => {
    const text = textOf(BEFORE + spec);
    const read = parseDocument(text.split('---')[0]!).toJS() as { spec: { drift: { ignore: object[] } } };
    expect(read.spec.drift.ignore.at(-1)).toEqual(RULE);
    // What was there is there still, in its order.
    let at = 0;
    for (const character of BEFORE + spec) at = text.indexOf(character, at) + 1;
    expect(at).toBeGreaterThan(0);
  });

  it('in its document of several, with line ends and a byte order mark', () => {
    const other = `${BEFORE.replace('queue', 'other')}spec:\n  template: x\n`;
    const text = `\ufeff---\n${other}---\n${BEFORE}spec:\n  template: x\n`.replaceAll('\n', '\r\n');
    expect(textOf(text)).toBe(
      `${text}  drift:\r\n    ignore:\r\n      - resource: Queue\r\n        path: /VisibilityTimeout\r\n        reason: set by its owner\r\n        expires: 2027-01-31\r\n`,
    );
  });
});

const layouts = [
  'spec:\n  template: x\n',
  'spec:\n  drift:\n    ignore:\n      - { resource: A, path: /B, reason: c }\n',
  'spec:\n  drift:\n    ignore:\n      - resource: A\n        path: /B\n        reason: c\n  tags: {}\n',
  'spec: { template: x }\n',
  'spec:\n  drift: { ignore: [] }\n',
];

it('any reason, any name and any path come back as they were given, in every layout', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(...'\'"#:,-?[]{}&*!|>%@`\\~ \n\t\r\u0085\u2028\ufeff\u007f'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 30,
  });
  const words = fc.constantFrom(
    'true',
    'null',
    '~',
    'no',
    '012',
    '1e3',
    '.inf',
    '2027-01-31',
    '- a',
    'a: b',
    'a #b',
    '---',
    '...',
  );
  const expires = fc.option(fc.constantFrom('2027-01-31', '2027-01-31T18:00:00Z'));
  fc.assert(
    fc.property(
      fc.constantFrom(...layouts),
      fc.oneof(text, words),
      fc.oneof(text, words),
      expires,
      (layout, reason, path, until) => {
        const rule = { resource: 'AWS::CloudFormation::Stack', path, reason, expires: until };
        const edited = addIgnoreRule(BEFORE + layout, { ...NEW, rule });
        if (edited.type === 'refused') throw new Error(edited.reason);
        const read = parseDocument(edited.text).toJS() as { spec: { drift: { ignore: object[] } } };
        expect(read.spec.drift.ignore.at(-1)).toEqual({ ...rule, ...(until === null ? { expires: undefined } : {}) });
      },
    ),
    { numRuns: 500 },
  );
});
