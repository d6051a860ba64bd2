import { describe, expect, it } from 'vitest';
import { interruptible } from '../../../src/cli/interruption.js';
import { evenkeel } from './memory.js';

const COMMANDS = [
  ['validate'],
  ['targets'],
  ['plan'],
  ['apply'],
  ['reconcile'],
  ['status'],
  ['history'],
  ['lock'],
  ['schema'],
  ['ledger', 'create'],
  ['simulator'],
  ['demo'],
];

describe('a command that was called wrongly', () => {
  it('exits with 64 and suggests the nearest one', async () => {
    const { code, stderr, stdout } = await evenkeel(['plam']);
    expect(code).toBe(64);
    expect(stderr).toContain("unknown command 'plam'");
    expect(stderr).toContain('Did you mean plan?');
    expect(stdout).toBe('');
  });

  it.each([
    [['plan', '--ouput', 'json'], 'Did you mean --output?'],
    [['plan', '--output', 'xml'], 'Allowed choices are table, json, markdown'],
    [['plan', '--account', '1234'], 'An account id has twelve digits.'],
    [['plan', '--path', 'a', '--revision', 'main'], 'cannot be used with'],
    [['plan', 'surplus'], 'too many arguments'],
    [['history'], "missing required argument 'address'"],
    [['simulator', '--speed', '0'], 'It must be a number above zero.'],
    [['simulator', '--port', '1.5'], 'It must be a whole number'],
    [['simulator', '--organization', 'no-such-file.yaml'], 'takes "empty", "demo" or a YAML or JSON file'],
  ])('%j exits with 64 and says why', async (line, why) => {
    const { code, stderr, opened } = await evenkeel(line);
    expect(stderr).toContain(why);
    expect(code).toBe(64);
    expect(opened).toEqual([]);
  });

  it('shows the help on stderr where no command was given', async () => {
    const { code, stderr, stdout } = await evenkeel([]);
    expect(code).toBe(64);
    expect(stderr).toContain('Usage: evenkeel');
    expect(stdout).toBe('');
  });
});

describe('the help', () => {
  it('names every command and every exit code', async () => {
    const { code, stdout } = await evenkeel(['--help']);
    expect(code).toBe(0);
    for (const [command] of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command!}\\b`, 'm'));
    expect(stdout).toMatch(/2 {2}there are changes, or drift/);
  });

  it.each(COMMANDS)('of %s has an example', async (...command) => {
    const { code, stdout } = await evenkeel([...command.filter((word) => word !== undefined), '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  evenkeel ${command.join(' ').trim()}`));
  });

  it('of plan reads the same as ever', async () => {
    await expect((await evenkeel(['plan', '--help'])).stdout).toMatchFileSnapshot('golden/help-plan.txt');
  });

  it('prints the version', async () => {
    expect((await evenkeel(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('an interruption', () => {
  it('first asks to begin nothing new, and only the second ends the process', () => {
    const listeners: (() => void)[] = [];
    const exits: number[] = [];
    let said = '';
    const signal = interruptible({
      on: (event, listener) => event === 'SIGINT' && listeners.push(listener),
      exit: (code) => exits.push(code),
      stderr: { write: (text) => (said += text) },
    });
    expect(signal.aborted).toBe(false);
    listeners[0]!();
    expect(signal.aborted).toBe(true);
    expect(said).toContain('nothing new is begun');
    expect(exits).toEqual([]);
    listeners[0]!();
    expect(exits).toEqual([130]);
  });
});
