import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedLedger } from '../../src/ledger/embedded.js';
import type { Address } from '../../src/model/address.js';
import type { Finding } from '../../src/model/drift.js';
import { APPLY, typed, whereTyped } from '../support/command-line.js';
import type { Ended } from '../support/command-line.js';
import {
  accountId,
  CONTROLLER,
  createWorld,
  queueTemplate,
  smallOrganization,
  stackManifest,
} from '../support/world.js';
import type { World } from '../support/world.js';

const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }] # both';
const MANIFEST = stackManifest('queue', TARGETS);
const FILES = {
  'controller.yaml': CONTROLLER,
  'queue.yaml': MANIFEST,
  'topic.yaml': stackManifest('topic', TARGETS),
  'templates/queue.yaml': queueTemplate(),
};
const [ONE, TWO] = [1, 2].map((n) => `Stack/queue@${accountId(n)}/us-east-1` as Address) as [Address, Address];
const NAMED = '--resource Queue --property /VisibilityTimeout --reason tuned-by-its-owner --path desired-state';

let world: World;
beforeAll(async () => {
  world = await createWorld({
    organization: smallOrganization(2),
    files: FILES,
    startAt: new Date('2026-11-23T12:00:00Z'),
  });
  expect((await typed(world, APPLY)).code).toBe(0);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.write(FILES);
  await findings({ [ONE]: [], [TWO]: [] });
});

const written = (): Promise<string> => readFile(join(world.folder, 'queue.yaml'), 'utf8');

/** What the ledger is to say is open, as a reconcile would have left it. */
async function findings(open: Readonly<Record<Address, readonly Finding[]>>): Promise<void> {
  const ledger = await openEmbeddedLedger({
    folder: join(whereTyped(world), 'ledger'),
    table: 'evenkeel',
    installation: 'evenkeel',
  });
  for (const [address, some] of Object.entries(open) as [Address, readonly Finding[]][]) {
    const entry = (await ledger.entry(address))!;
    await ledger.write({
      ...entry,
      expected: entry.version,
      sync: some.length === 0 ? 'IN_SYNC' : 'DRIFTED',
      drift: { findings: some, reverted: {} },
      events: [],
      memberEvents: [],
    });
  }
  await ledger.close();
}

const at = '2026-11-23T11:00:00.000Z';
const finding = (subject: string, paths: readonly string[], over: Partial<Finding> = {}): Finding => ({
  layer: 'resource',
  subject,
  resourceType: 'AWS::SQS::Queue',
  physicalId: null,
  kind: 'changed',
  differences: paths.map((path) => ({ path, expected: '30', actual: '60' })),
  seenBy: { detection: at },
  firstSeen: at,
  changedAt: at,
  notBefore: null,
  actor: null,
  accepted: null,
  contestedSince: null,
  unrevertable: null,
  ...over,
});

async function nothingWritten(line: string, code: number): Promise<Ended> {
  const ended = await typed(world, `drift accept ${line}`);
  expect(await written()).toBe(MANIFEST);
  expect(`${line}: ${String(ended.code)}`).toBe(`${line}: ${String(code)}`);
  return ended;
}

describe('called wrongly, it says how, and writes nothing', () => {
  it.each([
    [`Queue ${NAMED}`, '"Queue" is not an address'],
    [`Stack/queue ${NAMED} --expires tomorrow`, '"tomorrow" is not a time: write a date such as 2027-01-31'],
    [`Stack/queue ${NAMED} --expires 2026-11-22`, '2026-11-22 has passed: write a later date'],
    [`Stack/queue ${NAMED.replace('--path desired-state', '--revision main')}`, 'leave --revision out'],
    [`Stack/queue ${NAMED} --ledger nowhere`, 'there is no ledger in '],
    ['Stack/queue --resource Queue --property /A', "required option '--reason <text>' not specified"],
  ])('%s', async (line, message) => {
    expect((await nothingWritten(line, 64)).stderr).toContain(message);
  });
});

describe('what cannot be accepted is refused, and nothing is written', () => {
  const refusals = [
    `Stack/qeue ${NAMED}`,
    `Stack/qeue@${accountId(1)}/us-east-1 ${NAMED}`,
    `Stack/queue ${NAMED.replace('Queue', 'My-Queue')}`,
    `Stack/queue ${NAMED.replace('/Vis', 'Vis')}`,
    `Stack/queue ${NAMED.replace('Queue', 'AWS::CloudFormation::Stack').replace('/VisibilityTimeout', '/Template')}`,
    `Stack/queue ${NAMED} --ledger ledger`,
    'Stack/queue --reason why --path desired-state --ledger ledger',
  ];

  it('each with the reason and what to do', async () => {
    const told: string[] = [];
    for (const line of refusals) told.push(`$ drift accept ${line}\n${(await nothingWritten(line, 1)).stdout}`);
    await expect(told.join('\n')).toMatchFileSnapshot('golden/drift-accept-refused.txt');
  });

  it('a rule that is there already', async () => {
    expect((await typed(world, `drift accept Stack/queue ${NAMED}`)).code).toBe(0);
    const before = await written();
    const again = await typed(world, `drift accept Stack/queue ${NAMED.replace('Timeout', 'Timeout/Deeper')}`);
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('/VisibilityTimeout/Deeper of Queue is ignored already (tuned-by-its-owner)');
    expect(again.stdout).toContain('desired-state/queue.yaml:');
    expect(await written()).toBe(before);
  });

  it('that a stack is gone, which no rule hides', async () => {
    const gone = finding('AWS::CloudFormation::Stack', [], { layer: 'instance', kind: 'missing', resourceType: null });
    await findings({ [ONE]: [gone] });
    const ended = await nothingWritten('Stack/queue --reason why --path desired-state --ledger ledger', 1);
    expect(ended.stdout).toContain('EK5047');
  });

  it('that the template of a stack differs, even where it is all that is open', async () => {
    const template = finding('AWS::CloudFormation::Stack', ['/Template'], { layer: 'stack', resourceType: null });
    await findings({ [ONE]: [template] });
    const ended = await nothingWritten('Stack/queue --reason why --path desired-state --ledger ledger', 1);
    expect(ended.stdout).toContain('nobody would know what is deployed');
  });
});

describe('what is named in full is written without asking anybody', () => {
  it('with the lines that came in and what to do with them', async () => {
    world.simulator.calls.reset();
    const ended = await typed(world, `drift accept ${ONE} ${NAMED} --expires 2027-01-31`);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    await expect(ended.stdout).toMatchFileSnapshot('golden/drift-accept.txt');
    expect(await written()).toContain(
      '# both\n  drift:\n    ignore:\n      - resource: Queue\n        path: /VisibilityTimeout\n        reason: tuned-by-its-owner\n        expires: 2027-01-31\n',
    );
    expect(world.simulator.calls.byOperation()).toEqual({});
    expect((await typed(world, 'validate --path desired-state')).code).toBe(0);
  });

  it('and says where it hides nothing', async () => {
    const ended = await typed(world, `drift accept Stack/queue ${NAMED.replace('Timeout', 'Timeouts')}`);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('EK5043');
    expect(ended.stdout).toContain('did you mean /VisibilityTimeout?');
  });

  it('and checked against the ledger where there is one', async () => {
    const both = finding('Queue', ['/DelaySeconds', '/VisibilityTimeout']);
    await findings({ [ONE]: [finding('Queue', ['/VisibilityTimeout'])], [TWO]: [both] });
    const ended = await typed(world, `drift accept Stack/queue ${NAMED} --ledger ledger`);
    expect(ended.code).toBe(0);
    await expect(ended.stdout).toMatchFileSnapshot('golden/drift-accept-checked.txt');
  });
});

describe('what is not named is what the ledger says is open', () => {
  it('where that is one thing, every property of it', async () => {
    await findings({ [TWO]: [finding('Queue', ['/DelaySeconds', '/VisibilityTimeout'])] });
    const ended = await typed(world, `drift accept ${TWO} --reason tuned --path desired-state --ledger ledger`);
    expect(ended.code).toBe(0);
    expect((await written()).match(/path: .*/g)).toEqual(['path: /DelaySeconds', 'path: /VisibilityTimeout']);
  });

  it('a deleted resource, all of it', async () => {
    await findings({ [ONE]: [finding('Queue', [], { kind: 'deleted' })] });
    const ended = await typed(world, `drift accept Stack/queue --reason gone --path desired-state --ledger ledger`);
    expect(ended.code).toBe(0);
    expect(await written()).toContain('path: /\n');
    expect(ended.stdout).toContain('EK2018');
  });

  it('and where that is several, each is shown with the line to type', async () => {
    const accepted = finding('Done', ['/A'], { accepted: { reason: 'x', expires: null } });
    await findings({
      [ONE]: [finding('Queue', ['/VisibilityTimeout']), accepted],
      [TWO]: [finding('Dead', ['/A~1b c'])],
    });
    const line = 'Stack/queue --reason why --expires 2027-01-31 --path desired-state --ledger ledger';
    const ended = await nothingWritten(line, 64);
    await expect(ended.stdout).toMatchFileSnapshot('golden/drift-accept-choose.txt');
    expect((await nothingWritten(`${line} --output json`, 64)).stdout).toContain('"type": "choose"');
    expect((await typed(world, `drift accept ${line} --resource Queue`)).code).toBe(0);
    expect(await written()).toContain('path: /VisibilityTimeout\n');
  });
});
