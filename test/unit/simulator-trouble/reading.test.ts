import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TROUBLES } from '../../../src/simulator/kernel/trouble.js';
import {
  checkedTrouble,
  TROUBLE_KINDS,
  troubleFromFile,
  troubleFromText,
} from '../../../src/simulator/trouble/reading.js';
import { evenkeel } from '../cli/memory.js';
import { troubled } from './world.js';

describe('trouble as text', () => {
  it('is a name, pairs, or a name and pairs that go before it', () => {
    expect(troubleFromText('much')).toEqual(TROUBLES.much);
    expect(troubleFromText('throttling=0.05, people=4')).toEqual({ throttling: 0.05, people: 4 });
    expect(troubleFromText('some,people=0')).toEqual({ ...TROUBLES.some, people: 0 });
    expect(troubleFromText('trouble.yaml')).toBe(null);
  });

  it.each([
    [
      'throtling=0.05',
      '"throtling" is no kind of trouble, did you mean throttling? There is throttling, errors, resets',
    ],
    ['elephants=1', '"elephants" is no kind of trouble: There is throttling, errors'],
    ['resets=5', 'resets is 5: it has to be a number from 0 to 1, the share of calls'],
    ['resets=', 'resets is not a number: it has to be a number from 0 to 1'],
    ['resets=often', 'resets is not a number: it has to be a number from 0 to 1'],
    ['people=-1', 'people is -1: it has to be a number from 0 to 3600, deeds in a simulated hour'],
    ['mostInARow=0', 'mostInARow is 0: it has to be a number from 1 to 100, calls'],
    ['resets=0.1,resets=0.2', 'resets is there twice'],
    ['resets=0.1,errors', '"errors" is no pair: write errors=0.05'],
  ])('%s is refused, with what would be right', (text, why) => {
    expect(() => troubleFromText(text)).toThrow(why);
  });
});

describe('trouble in a file', () => {
  it('may be narrowed', () => {
    const text =
      'denied: { rate: 1, operations: ["cloudformation:Describe*"], accounts: ["222222222222"] }\nlateListings: 30\n';
    expect(troubleFromFile(text)).toEqual({
      denied: { rate: 1, operations: ['cloudformation:Describe*'], accounts: ['222222222222'] },
      lateListings: 30,
    });
  });

  it.each([
    ['- throttling', 'it has to map kinds of trouble to numbers'],
    ['throttling: [', 'Flow sequence'],
    ['denied: { accounts: ["222222222222"] }', 'denied needs rate'],
    [
      'denied: { rate: 1, acounts: ["222222222222"] }',
      'did you mean accounts? There is rate, operations, accounts, regions',
    ],
    [
      'denied: { rate: 1, accounts: [222222222222] }',
      'denied.accounts is 222222222222: it has to be a list of texts such as "123456789012", in quotes',
    ],
    [
      'denied: { rate: 1, regions: everywhere }',
      'denied.regions is "everywhere": it has to be a list of texts such as "us-east-1"',
    ],
    [
      'timeouts: { rate: 0.1, milliseconds: 0 }',
      'timeouts.milliseconds is 0: it has to be a number from 1 to 600000, real milliseconds',
    ],
    ['mostInARow: { rate: 1 }', 'mostInARow takes a plain number'],
    ['throttling: "0.05"', 'throttling is "0.05": it has to be a number'],
  ])('%s is refused', (text, why) => {
    expect(() => troubleFromFile(text)).toThrow(why);
  });

  it('is refused with all that is wrong at once', () => {
    expect(() => checkedTrouble({ resets: 2, errors: -1 })).toThrow(/resets is 2.*\nerrors is -1/);
  });
});

describe('a pattern that matches no operation', () => {
  it.each([
    [
      { throttling: { rate: 1, operations: ['cloudformation:DescribeStack'] } },
      'did you mean cloudformation:DescribeStacks?',
    ],
    [
      { people: { rate: 1, operations: ['cloudformation:CreateStack'] } },
      'there is hand:ChangeResource, cloudformation:UpdateStack',
    ],
  ])('is refused, because it would never strike: %j', (trouble, why) => {
    expect(() => troubled({ trouble })).toThrow(why);
  });

  it('is not looked for in DynamoDB, which is a server of its own', () => {
    expect(() => troubled({ trouble: { throttling: { rate: 1, operations: ['dynamodb:PutItem'] } } })).not.toThrow();
  });
});

describe('the command', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-trouble-'));
    await writeFile(join(folder, 'trouble.yaml'), 'resets: 3\n');
    await writeFile(join(folder, 'pattern.yaml'), 'resets: { rate: 0.1, operations: ["s3:GetObjekt"] }\n');
    await writeFile(join(folder, 'organization.yaml'), 'managementAccount: { id: 1 }\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    [['--trouble', 'somme'], '(did you mean some?)'],
    [['--trouble', 'no-such.yaml'], '--trouble takes "none", "some", "much", pairs such as throttling=0.05,people=4'],
    [
      ['--trouble', 'throtling=0.5'],
      '--trouble throtling=0.5: "throtling" is no kind of trouble, did you mean throttling?',
    ],
    [['--trouble', 'trouble.yaml'], '--trouble trouble.yaml: resets is 3: it has to be a number from 0 to 1'],
    [['--trouble', 'pattern.yaml'], 'did you mean s3:GetObject?'],
    [['--organization', 'organization.yaml'], 'managementAccount'],
    [['--from', 'no-such.json'], '--from takes a file that "evenkeel snapshot" wrote; no-such.json cannot be read'],
    [['--from', 'organization.yaml', '--organization', 'demo'], 'cannot be used with'],
  ])('%j exits with 64 and says why', async (options, why) => {
    const { code, stderr } = await evenkeel(['simulator', '--port', '0', ...options], { cwd: folder });
    expect(stderr).toContain(why);
    expect(code).toBe(64);
  });

  it('says that a port is in use, and exits with 1', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as AddressInfo;
    const { code, stderr, stdout } = await evenkeel(['simulator', '--port', String(port)]);
    server.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `error: port ${port} is in use, perhaps by another simulator: give another with --port, or --port 0 for a free one\n`,
    );
  });

  it('explains every kind of trouble in its help', async () => {
    const { stdout } = await evenkeel(['simulator', '--help']);
    for (const kind of TROUBLE_KINDS) expect(stdout).toMatch(new RegExp(`^  ${kind} `, 'm'));
  });
});
