import { rm, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { APPLY, effects, PLAN, recordedIn, typed } from '../support/command-line.js';
import { CONTROLLER, createWorld, queueTemplate, smallOrganization, stackManifest } from '../support/world.js';
import type { World } from '../support/world.js';

/**
 * One installation that stands, and one mistake after another in what it reads. Whatever the mistake: the answer is the same
 * through every command, it says where and what to do, and neither AWS nor the ledger is touched.
 */
const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
const GOOD: Readonly<Record<string, string>> = {
  'controller.yaml': CONTROLLER,
  'queue.yaml': stackManifest('queue', TARGETS),
  'templates/queue.yaml': queueTemplate(),
};

let world: World;
let before: unknown;

beforeAll(async () => {
  world = await createWorld({ organization: smallOrganization(2), files: GOOD });
  expect((await typed(world, APPLY)).code).toBe(0);
  before = await recordedIn(world);
});
afterAll(() => world.close());
beforeEach(() => world.simulator.calls.reset());

type Told = { readonly code: string; readonly at: string | null; readonly remedy: string };

async function isRefused(name: string, told: readonly Told[], offline: 'seen offline' | 'seen in AWS only') {
  const validated = await typed(world, 'validate --path desired-state');
  const planned = await typed(world, PLAN);
  const applied = await typed(world, APPLY);
  const reconciled = await typed(world, APPLY.replace('apply', 'reconcile'));

  expect([planned.code, applied.code, reconciled.code]).toEqual([3, 3, 3]);
  expect(validated.code).toBe(offline === 'seen offline' ? 3 : 0);
  expect([applied.stdout, reconciled.stdout]).toEqual([planned.stdout, planned.stdout]);
  for (const { code, at, remedy } of told) {
    expect(planned.stdout).toContain(`error[${code}]: `);
    if (at !== null) expect(planned.stdout).toContain(`--> desired-state/${at}\n`);
    expect(planned.stdout).toContain(` = ${remedy}`);
  }
  expect(planned.stdout.match(/^error\[/gm)).toHaveLength(told.length);
  expect(planned.stdout + planned.stderr).not.toMatch(/mistake of ours|\n {4}at .*:\d+:\d+/);
  const shown = offline === 'seen offline' ? validated : planned;
  await expect(shown.stdout).toMatchFileSnapshot(`golden/${name.replaceAll(' ', '-')}.txt`);

  expect(effects(world)).toEqual([]);
  expect(await recordedIn(world)).toEqual(before);
}

type Story = readonly [name: string, files: Readonly<Record<string, string>>, ...told: readonly Told[]];
const told = (code: string, at: string | null, remedy: string): Told => ({ code, at, remedy });
const manifest = (spec: string): { readonly 'queue.yaml': string } => ({ 'queue.yaml': stackManifest('queue', spec) });

const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(
    (name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[n]!}`).join(', ')}]`,
  ),
].join('\n');

const WITH_ROLE = queueTemplate().replace(
  'Outputs:',
  "  Role:\n    Type: AWS::IAM::Role\n    Properties: { RoleName: reader, AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } }\nOutputs:",
);

const OFFLINE: readonly Story[] = [
  [
    'not YAML',
    { 'bad.yaml': 'apiVersion: evenkeel/v1\nkind: [Stack\nspec:\n' },
    told('EK1001', 'bad.yaml:3:1', 'correct the YAML'),
  ],
  [
    'two manifests with one address',
    { 'again.yaml': GOOD['queue.yaml']! },
    told('EK2004', 'queue.yaml:3:19', 'rename or remove one of the two'),
  ],
  [
    'an unknown key',
    manifest(`${TARGETS}\nterminationProtecton: true`),
    told('EK2001', 'queue.yaml:7:3', 'did you mean terminationProtection?'),
  ],
  [
    'an unquoted account id',
    manifest('targets: [{ accounts: [012345678901], regions: [us-east-1] }]'),
    told('EK2103', 'queue.yaml:6:26', 'write "012345678901"'),
  ],
  ['a YAML bomb', { 'bomb.yaml': BOMB }, told('EK1005', 'bomb.yaml:1:1', 'write the values out')],
  [
    'a Region that cannot be',
    manifest(TARGETS.replace('us-east-1', 'us-est-1')),
    told('EK2003', 'queue.yaml:6:63', 'write a Region such as us-east-1'),
  ],
  [
    'a kind that is none',
    { 'queue.yaml': GOOD['queue.yaml']!.replace('kind: Stack', 'kind: StackSets') },
    told('EK2005', 'queue.yaml:2:7', 'did you mean StackSet?'),
  ],
  [
    'a parameter that the template lacks',
    manifest(`${TARGETS}\nparameters: { Dely: "5" }`),
    told('EK5010', 'queue.yaml:7:23', 'did you mean Delay?'),
  ],
  [
    'a parameter without a value',
    { 'templates/queue.yaml': queueTemplate().replace(', Default: 0', '') },
    told('EK5011', 'queue.yaml:4:1', 'set Delay under parameters'),
  ],
  [
    'an unacknowledged capability',
    { 'templates/queue.yaml': WITH_ROLE },
    told('EK5015', 'queue.yaml:4:1', 'read what the template may do, then write acknowledge: [CAPABILITY_NAMED_IAM]'),
  ],
  [
    'a template over 1 MB',
    { 'templates/queue.yaml': `${queueTemplate()}# ${'x'.repeat(1_000_000)}\n` },
    told('EK4004', 'templates/queue.yaml:1:1', 'split the template'),
  ],
  [
    'a template that is missing',
    { 'queue.yaml': GOOD['queue.yaml']!.replace('templates/queue', 'templates/qeue') },
    told('EK4001', 'queue.yaml:5:13', 'write "templates/queue.yaml"'),
  ],
  [
    'several mistakes in several files',
    {
      'bad.yaml': 'kind: [\n',
      'other.yaml': stackManifest('Other', TARGETS),
      'queue.yaml': stackManifest('queue', 'targts: []\nparameters: { Delay: 1 }'),
      'third.yaml': stackManifest('third', `${TARGETS}\nparameters: { Dely: "5" }`),
    },
    told('EK1001', 'bad.yaml:1:7', 'correct the YAML'),
    told('EK2003', 'other.yaml:3:19', 'write a lower-case letter'),
    told('EK2002', 'queue.yaml:4:1', 'add targets'),
    told('EK2001', 'queue.yaml:6:3', 'did you mean targets?'),
    told('EK2104', 'queue.yaml:7:24', 'write "1"'),
    told('EK5010', 'third.yaml:7:23', 'did you mean Delay?'),
  ],
  ['no Controller', { 'controller.yaml': '' }, told('EK2009', null, 'add a manifest of kind Controller')],
  [
    'two Controllers',
    { 'second.yaml': CONTROLLER.replace('name: evenkeel', 'name: second') },
    told('EK2010', null, 'name one with --installation, such as --installation evenkeel'),
  ],
];

const ONLINE: readonly Story[] = [
  [
    'an OU that does not exist',
    manifest(TARGETS.replace('Workloads', 'Workload')),
    told('EK3001', 'queue.yaml:6:37', 'did you mean /Workloads/**?'),
  ],
  [
    'a selector that selects nothing',
    manifest('targets: [{ organizationalUnits: [/Workloads/**], tags: { team: [green] }, regions: [us-east-1] }]'),
    told('EK3005', 'queue.yaml:6:13', 'correct its conditions, or remove the selector'),
  ],
  [
    'accounts that do not exist',
    manifest('targets: [{ accounts: ["300000000009", a11], regions: [us-east-1] }]'),
    told('EK3002', 'queue.yaml:6:26', 'correct the id'),
    told('EK3003', 'queue.yaml:6:42', 'did you mean a1?'),
  ],
];

async function withFiles(files: Readonly<Record<string, string>>, story: () => Promise<void>): Promise<void> {
  await world.write(files);
  try {
    await story();
  } finally {
    await world.write(Object.fromEntries(Object.keys(files).map((path) => [path, GOOD[path] ?? null])));
  }
}

describe('a mistake that can be seen without asking AWS', () => {
  for (const [name, files, ...expected] of OFFLINE) {
    it(`${name} is told in full, and changes nothing`, () =>
      withFiles(files, () => isRefused(name, expected, 'seen offline')));
  }

  it('a file of 50 MB is refused by its size, and never read', async () => {
    await withFiles({ 'huge.yaml': 'a: b\n' }, async () => {
      await truncate(join(world.folder, 'huge.yaml'), 50 * 1024 * 1024 + 1);
      const remedy = 'split it, or move it to templates/ if it is a template';
      await isRefused('a file of 50 MB', [told('EK1002', 'huge.yaml:1:1', remedy)], 'seen offline');
    });
  });

  it('a directory loop is not walked', async () => {
    const loop = join(world.folder, 'loop');
    await symlink('.', loop);
    try {
      const remedy = 'put what it points to in its place';
      await isRefused('a directory loop', [told('EK1003', 'loop:1:1', remedy)], 'seen offline');
    } finally {
      await rm(loop);
    }
  });

  it('a template that is a symbolic link is named where it lies and where it is asked for', async () => {
    const template = join(world.folder, 'templates/queue.yaml');
    await rm(template);
    await symlink('/etc/hostname', template);
    try {
      const remedy = 'put what it points to in its place';
      const expected = [told('EK4001', 'queue.yaml:5:13', remedy), told('EK1003', 'templates/queue.yaml:1:1', remedy)];
      await isRefused('a template that is a link', expected, 'seen offline');
    } finally {
      await rm(template);
      await world.write({ 'templates/queue.yaml': GOOD['templates/queue.yaml']! });
    }
  });
});

describe('a mistake that only the organization shows', () => {
  for (const [name, files, ...expected] of ONLINE) {
    it(`${name} is told in full, and changes nothing`, () =>
      withFiles(files, () => isRefused(name, expected, 'seen in AWS only')));
  }
});

const UNBUILT: Readonly<Record<string, string>> = {
  'controller.yaml': `${CONTROLLER}  trust: { branch: main, allowedSigners: allowed_signers }\n`,
};

it('what the format has and this version has not is named wherever it is used, and never ignored', async () => {
  await withFiles(UNBUILT, async () => {
    const unbuilt = told('EK2006', 'controller.yaml:11:3', 'remove it until a version of Evenkeel has it');
    await isRefused('what is not built yet', [unbuilt], 'seen offline');
  });
});

it('two Controllers are told apart by --installation, and a name that is neither is answered with those that are', async () => {
  await withFiles({ 'second.yaml': CONTROLLER.replace('name: evenkeel', 'name: second') }, async () => {
    expect((await typed(world, `${PLAN} --installation evenkeel`)).code).toBe(0);
    const misspelt = await typed(world, `${PLAN} --installation secnd`);
    expect(misspelt.code).toBe(3);
    expect(misspelt.stdout).toContain('no Controller is named secnd; there are evenkeel, second');
    expect(misspelt.stdout).toContain('did you mean --installation second?');
  });
});
