import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Output } from '../../../src/cli/context.js';
import { createProgress } from '../../../src/cli/progress.js';
import type { Progress } from '../../../src/reconciler/ports.js';
import { at } from '../render/plans.js';

const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

function memory(isTTY: boolean): { readonly stream: Output; readonly text: () => string } {
  let written = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written += chunk.toString();
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 80 }), text: () => written };
}

const first = at('Stack/log-bucket', 1);
const second = at('Stack/log-bucket', 2);

const RUN: readonly Progress[] = [
  { type: 'discovering', accounts: 0 },
  { type: 'discovering', accounts: 12 },
  { type: 'observing', done: 0, of: 24 },
  { type: 'observing', done: 24, of: 24 },
  { type: 'step-begun', address: first, doing: 'create', total: 2 },
  { type: 'step-begun', address: second, doing: 'create', total: 2 },
  { type: 'step-ended', address: first, result: 'done', detail: '' },
  { type: 'step-ended', address: second, result: 'failed', detail: 'ROLLBACK\u001b[2J_COMPLETE' },
];

describe('progress where there is no terminal', () => {
  it('is a line for each failure, and how it ended', () => {
    const { stream, text } = memory(false);
    const { progress, finish } = createProgress(stream, { tty: false, now: () => 0 });
    RUN.forEach(progress);
    finish();
    expect(text().split('\n')).toEqual([
      'failed Stack/log-bucket@100000000002/us-east-1: ROLLBACK\\u001b[2J_COMPLETE',
      'Applying 2 of 2 changes, 1 failed',
      '',
    ]);
  });

  it('says how far it is every few seconds, and not more often', () => {
    let now = 0;
    const { stream, text } = memory(false);
    const { progress, finish } = createProgress(stream, { tty: false, now: () => now });
    for (let done = 0; done <= 100; done += 1) {
      now = done * 100;
      progress({ type: 'observing', done, of: 100 });
    }
    finish();
    expect(text().trim().split('\n')).toEqual(['Observing 50 of 100', 'Observing 100 of 100']);
  });

  it('is silent where nothing happened', () => {
    const { stream, text } = memory(false);
    createProgress(stream, { tty: false }).finish();
    expect(text()).toBe('');
  });
});

describe('progress on a terminal', () => {
  it('is a bar that says what is running, within the width, and leaves nothing behind', () => {
    const { stream, text } = memory(true);
    const { progress, finish } = createProgress(stream, { tty: true });
    RUN.slice(0, 6).forEach(progress);
    progress({ type: 'step-running', address: first, doing: 'waiting \u001b[31mfor\u0007 CloudFormation' });
    finish();
    const drawn = text();
    expect(drawn).toContain('Discovering the organization');
    expect(drawn).toContain('Observing 0 of 24');
    expect(drawn).toContain(`Applying 0 of 2 changes, ${first}`.slice(0, 50));
    expect(drawn).not.toContain('\u0007');
    const lines = drawn.replace(ESCAPES, '\n').split(/[\r\n]+/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
    expect(drawn).toMatch(/\u001b\[\d*[KGJ]$/);
  });
});
