import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { processContext } from '../../src/cli/process-context.js';
import { runProgram } from '../../src/cli/program.js';
import { EXIT } from '../../src/reconciler/outcome.js';

let cwd: string;
afterEach(() => rm(cwd, { recursive: true, force: true }));

type Told = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** The demo as it is told at a time of day: whose turn it is to be looked at depends on it. */
async function demoAt(time: string): Promise<Told> {
  cwd = await mkdtemp(join(tmpdir(), 'evenkeel-demo-'));
  const written = { stdout: '', stderr: '' };
  const output = (stream: keyof typeof written) => ({
    isTTY: false,
    columns: 100,
    write: (text: string) => {
      written[stream] += text;
      return true;
    },
  });
  const context = processContext(new AbortController().signal);
  const code = await runProgram(['demo'], {
    ...context,
    cwd,
    env: {},
    stdout: output('stdout'),
    stderr: output('stderr'),
    clock: { ...context.clock, now: () => new Date(time) },
  });
  return { code, ...written };
}

describe('the demo', () => {
  it.each(['2026-11-23T04:10:00Z', '2026-11-23T17:23:00Z'])(
    'comes to its end, told at %s',
    async (time) => {
      const { code, stdout, stderr } = await demoAt(time);
      expect({ code, mistakes: stderr.match(/a mistake of ours.*/) }).toEqual({ code: EXIT.done, mistakes: null });
      expect(stdout).toContain('evenkeel drift detect');
    },
    180_000,
  );
});
