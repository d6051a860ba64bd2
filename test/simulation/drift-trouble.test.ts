import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBDocumentClient, DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openEmbeddedLedger } from '../../src/ledger/embedded.js';
import { openEmbeddedDynamoDb } from '../../src/ledger/embedded-dynamodb.js';
import type { Address } from '../../src/model/address.js';
import type { AccountId, RunId } from '../../src/model/identifiers.js';
import type { HistoryEvent } from '../../src/model/recorded.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import type { Report } from '../../src/reconciler/outcome.js';
import { typed } from '../support/command-line.js';
import { accountId, CONTROLLER, createWorld, smallOrganization, stackManifest } from '../support/world.js';
import type { World } from '../support/world.js';
import { receiver } from '../unit/notices/receiver.js';
import type { Received, Receiver } from '../unit/notices/receiver.js';

const A1 = accountId(1);
const A2 = accountId(2);
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NAME = 'evenkeel-janitor';
const AT: Address = `Stack/janitor@${A1}/us-east-1`;
const BOTH = `targets: [{ accounts: ["${A1}", "${A2}"], regions: [us-east-1] }]`;
const ONLY_A1 = `targets: [{ accounts: ["${A1}"], regions: [us-east-1] }]`;
const TWO_QUEUES = `Resources:
  Alpha: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 30 } }
  Beta: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 30 } }
`;

let world: World;
const receivers: Receiver[] = [];
afterEach(async () => {
  await world.close();
  for (const each of receivers.splice(0)) await each.close();
});

const controller = (more = '') => `${CONTROLLER}  schedule: { drift: rate(1 day) }\n${more}`;

/** Deployed, looked at for the first time, and found to be in order. */
async function story(files: Readonly<Record<string, string>>, more = ''): Promise<void> {
  world = await createWorld({
    organization: smallOrganization(4),
    files: { 'controller.yaml': controller(more), 'templates/queue.yaml': TWO_QUEUES, ...files },
  });
  expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
  await pass(15 * MINUTE);
}

async function pass(seconds: number): Promise<Report> {
  world.simulator.world.clock.advance(seconds);
  return world.reconcile();
}

/** A pass each quarter of a day. */
async function days(count: number): Promise<void> {
  for (let quarter = 0; quarter < 4 * count; quarter += 1) await pass(6 * HOUR);
}

/** What a person sees who types a line, without the line breaks of a terminal. */
async function said(line: string): Promise<string> {
  const { stdout, stderr } = await typed(world, line, { columns: 400 });
  return `${stdout}${stderr}`.replace(/\s+/g, ' ');
}
const drift = (): Promise<string> => said('drift --ledger ledger');
const RECONCILE = 'reconcile --path desired-state --allow-path --yes --ledger ledger';

async function metrics(): Promise<ReadonlyMap<string, number>> {
  const { stdout, code } = await typed(world, 'metrics --ledger ledger');
  expect(code).toBe(EXIT.done);
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

async function session<T>(use: (opened: Awaited<ReturnType<World['session']>>) => Promise<T>): Promise<T> {
  const opened = await world.session();
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

const history = (address: Address = AT): Promise<readonly HistoryEvent[]> =>
  session(async (opened) => (await opened.history(address)).toReversed());
const quiet = () => ({ signal: new AbortController().signal, progress: () => undefined });
const detect = () => session((opened) => opened.detectDrift({ type: 'all' }, { wait: true }, quiet()));

const person = (account: string) => ({ accountId: account, role: 'AdministratorAccess', session: 'j.doe' });
function byHand(account: string, resource: string, VisibilityTimeout: number): void {
  const place = { accountId: account, region: 'us-east-1', stack: NAME, resource };
  world.simulator.hands.change(place, { VisibilityTimeout }, person(account));
}
const stackId = (account: string, name = NAME): string =>
  world.simulator.stacks.standing().find((each) => each.accountId === account && each.name === name)!.stackId;
type Trouble = Parameters<World['simulator']['stacks']['disturbDetection']>[3];
const disturb = (account: string, trouble: Trouble): void =>
  world.simulator.stacks.disturbDetection(account, 'us-east-1', stackId(account), trouble);

function refuse(operation: string, account: string, code: string, message: string, service = 'cloudformation'): void {
  const status = code.startsWith('AccessDenied') || code === 'OptInRequired' ? 403 : 400;
  world.simulator.inject({
    service: service as 'cloudformation',
    operation,
    account,
    when: 'before',
    error: { code, status, message },
  });
}

describe('a detection', () => {
  it('that fails half-way counts for what it found, and says what it could not see, of what has drifted too', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    for (const account of [A1, A2]) disturb(account, { type: 'fails-half-way' });
    byHand(A1, 'Alpha', 600);
    byHand(A2, 'Beta', 600);
    await days(1);
    const told = await drift();
    expect(told).toContain(`${AT} (a1): Alpha (AWS::SQS::Queue) differs`);
    expect(told).not.toContain('Beta (AWS::SQS::Queue) differs');
    for (const account of [A1, A2])
      expect(told).toMatch(
        new RegExp(
          `UNKNOWN Stack/janitor@${account}/us-east-1 .a\\d.: drift detection could not look at all of its resources`,
        ),
      );
    expect(told).toContain('Failed to detect drift on resource [Beta]');
    expect(told).toMatch(
      /^Drift at 1 address: 1 open finding\. 2 deployments are known, and none is checked in full\./,
    );
    expect(told).toMatch(/resource 0 1 0 0 1 /);
    expect(await said(`explain ${AT} --ledger ledger`)).toContain('Failed to detect drift on resource [Beta]');
  });

  it('that never finishes is UNKNOWN after its deadline, is begun again, and holds nothing up', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    disturb(A1, { type: 'hangs', seconds: null });
    await days(2);
    const told = await drift();
    expect(told).toMatch(
      new RegExp(`UNKNOWN ${AT} \\(a1\\): drift detection could not .* did not finish within an hour`),
    );
    expect(told).toMatch(/resource 1 0 0 0 1 /);
    expect(await said(`explain ${AT} --ledger ledger`)).toContain('that says little: its resources are UNKNOWN');
    disturb(A1, null);
    await days(2);
    expect(await drift()).toMatch(/resource 2 0 0 0 0 /);
  });

  it('that somebody else has begun is as good as our own', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', ONLY_A1) });
    byHand(A1, 'Alpha', 600);
    world.simulator.stacks.beginDetection(A1, 'us-east-1', stackId(A1));
    expect((await detect()).diagnostics).toEqual([]);
    expect(await drift()).toContain('Alpha (AWS::SQS::Queue) differs');
  });

  it('during which the stack disappears finds it missing, and it is made again and looked at', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    disturb(A1, { type: 'stack-disappears' });
    await days(2);
    const told = (await history()).map(({ event, finding }) => finding?.kind ?? event);
    expect(told.slice(0, 4)).toEqual(['created', 'missing', 'created', 'missing']);
    expect(await drift()).toMatch(/^No drift is known\. 2 deployments are known\. .* resource 2 0 0 0 0 /);
  });

  it('that the role may not begin is said once for all stacks, with what to allow', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH), 'mower.yaml': stackManifest('mower', BOTH) });
    const arn = `arn:aws:sts::${A1}:assumed-role/evenkeel-plan`;
    let session = 0;
    for (const name of [NAME, 'evenkeel-mower'])
      world.simulator.inject({
        service: 'cloudformation',
        operation: 'DetectStackDrift',
        account: A1,
        calls: Array.from({ length: 50 }, (_, index) => 2 * index + 1 + session),
        when: 'before',
        error: {
          code: 'AccessDenied',
          status: 403,
          message: `User: ${arn}/run-${String((session += 1))} is not authorized to perform: cloudformation:DetectStackDrift on resource: ${stackId(A1, name)} because no identity-based policy allows the cloudformation:DetectStackDrift action`,
        },
      });
    world.simulator.calls.reset();
    await days(2);
    const told = await drift();
    expect(told.match(/allow the plan role/g)).toHaveLength(1);
    expect(told).toContain(
      `UNKNOWN Stack/janitor, Stack/mower, 2 deployments: drift detection could not look at all of its resources`,
    );
    expect(told).toContain(`allow the plan role in account ${A1} (a1) cloudformation:DetectStackDrift`);
    expect(told).toContain('because no identity-based policy allows');
    expect(told).toMatch(/resource 2 0 0 0 2 /);
    // Once a day for each stack, refused or not.
    expect(world.calls('cloudformation:DetectStackDrift')).toBeLessThanOrEqual(10);
  });

  it('that is throttled is put off, and counts as no look', { timeout: 120_000 }, async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', ONLY_A1) });
    refuse('DetectStackDrift', A1, 'Throttling', 'Rate exceeded');
    expect(await pass(DAY)).toMatchObject({ exitCode: EXIT.done });
    expect(await drift()).not.toContain('UNKNOWN Stack');
    world.simulator.clearFaults();
    byHand(A1, 'Alpha', 600);
    for (let count = 0; count < 2; count += 1) await pass(15 * MINUTE);
    expect(await drift()).toContain('Alpha (AWS::SQS::Queue) differs');
  });
});

describe('what cannot be asked', () => {
  it('names nobody where CloudTrail refuses, and finds all the same', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    refuse('LookupEvents', A1, 'AccessDeniedException', 'not authorized', 'cloudtrail');
    byHand(A1, 'Alpha', 600);
    expect((await detect()).diagnostics).toEqual([]);
    expect(await drift()).toMatch(/Alpha .* made by nobody known/);
  });

  it('is not counted as good where the Region has been switched off since', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    for (const operation of ['DescribeStacks', 'DetectStackDrift', 'GetTemplate'])
      refuse(operation, A1, 'OptInRequired', 'The Region is not enabled');
    await days(1);
    const told = await drift();
    expect(told).toMatch(/^No drift is known\. 2 deployments are known, and 1 not checked in full\./);
    expect(told).toMatch(/stack 1 0 0 0 1 resource 1 0 0 1 0 /);
    expect(told).toMatch(new RegExp(`NOT_CHECKED ${AT} \\(a1\\): its resources were not checked for \\d+ hours`));
  });

  it('is not believed for ever where the schedule is known', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    world.simulator.world.clock.advance(5 * DAY);
    const told = await said('drift --path desired-state --ledger ledger');
    expect(told).toMatch(/resource 0 0 0 2 0 /);
    expect(told).toContain('its resources were not checked for 5 days');
  });

  it('is an ignore rule that matches nothing: a warning with file and line', async () => {
    const rule = 'drift: { ignore: [{ resource: Alpha, path: /VisibilityTimeoutt, reason: tuned }] }';
    await story({ 'janitor.yaml': stackManifest('janitor', `${rule}\n${BOTH}`) });
    const { diagnostics } = await world.plan();
    expect(diagnostics).toMatchObject([
      {
        code: 'EK5043',
        severity: 'warning',
        place: { file: 'janitor.yaml', line: 6 },
        remedy: 'did you mean /VisibilityTimeout?',
      },
    ]);
  });
});

describe('the first look at what is known', () => {
  it('does not say that a sweep has come by which has not', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    const told = await drift();
    expect(told).toContain('Longest ago: drift detection 15 minutes ago');
    expect(told).not.toContain('the sweep of templates less than a minute ago');
    expect(told).toContain('the stack was not read by the sweep of templates yet');
    const measured = await metrics();
    expect(measured.has('evenkeel_oldest_check_age_seconds{method="template"}')).toBe(false);
    expect(measured.get('evenkeel_oldest_unchecked_age_seconds{method="template"}')).toBe(0);
  });

  it('explains no deployment as in order whose resources nobody has looked at', async () => {
    world = await createWorld({
      organization: smallOrganization(4),
      files: { 'templates/queue.yaml': TWO_QUEUES, 'janitor.yaml': stackManifest('janitor', BOTH) },
    });
    await world.reconcile();
    for (const address of [AT, 'Stack/janitor'])
      expect(await said(`explain ${address} --ledger ledger`)).toContain(
        'No finding is open, and that says little: its resources are NOT_CHECKED.',
      );
  });
});

describe('a clock that jumps a day', () => {
  it('spends no more than the budget, starves nothing, and makes no age negative', { timeout: 60_000 }, async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH), 'mower.yaml': stackManifest('mower', BOTH) });
    await world.write({ 'controller.yaml': controller().replace('budgets: { ', 'budgets: { checks: 2, ') });
    await days(2);
    for (const jump of [DAY, -DAY, -DAY, DAY]) {
      world.simulator.world.clock.jump(jump);
      const jumped = world.simulator.world.clock.now().getTime();
      world.simulator.calls.reset();
      for (let count = 0; count < 3; count += 1) await pass(5 * MINUTE);
      const asked = world.calls('cloudformation:DetectStackDrift') + world.calls('cloudformation:GetTemplate');
      // Two an hour, in two accounts.
      expect(asked).toBeLessThanOrEqual(4);
      for (const [name, value] of await metrics()) expect(value, name).toBeGreaterThanOrEqual(0);
      // The heartbeat moves on, whatever the clock said before.
      const newest = (await metrics()).get('evenkeel_last_pass_timestamp_seconds')!;
      expect(newest * 1000).toBeGreaterThan(jumped);
      expect(await drift()).toContain('Last pass 20');
      expect(await drift()).not.toMatch(/, in \d+ hours, in/);
    }
    byHand(A1, 'Alpha', 600);
    await days(1);
    expect(await drift()).toContain('Alpha (AWS::SQS::Queue) differs');
    expect(await drift()).toMatch(/resource 3 1 0 0 0 /);
  });
});

describe('an item of the ledger that somebody edited', () => {
  type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

  async function table<T>(use: (documents: DynamoDBDocumentClient) => Promise<T>): Promise<T> {
    const database = await openEmbeddedDynamoDb(join(world.ledgerFolder, 'dynamodb'));
    try {
      return await use(DynamoDBDocumentClient.from(database.client));
    } finally {
      await database.close();
    }
  }
  const items = (pk: string): Promise<readonly Item[]> =>
    table(async (documents) => {
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
      return (await documents.send(new QueryCommand({ TableName: 'evenkeel', ...query })))
        .Items as unknown as readonly Item[];
    });
  const put = (Item: Item) => table((documents) => documents.send(new PutCommand({ TableName: 'evenkeel', Item })));
  const remove = ({ pk, sk }: Item) =>
    table((documents) => documents.send(new DeleteCommand({ TableName: 'evenkeel', Key: { pk, sk } })));
  const GARBAGE = ['garbage', '{}', 'null', '{"stacks":{"x":null}}'];

  it.each([...GARBAGE, null])(
    'a book of checks with %s: it is named, left alone, and holds up nobody else',
    async (garbage) => {
      await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
      const [book] = await items('C#checks');
      const body = garbage ?? (book!['body'] as string).replaceAll('2030-', '2029-');
      await put({ ...book!, body });
      byHand(A2, 'Alpha', 600);
      await days(1);
      const { code, stdout, stderr } = await typed(world, RECONCILE);
      expect(code).toBe(EXIT.changes);
      expect(`${stdout}${stderr}`).toContain(`warning[EK6046]`);
      expect((await items('C#checks'))[0]).toEqual({ ...book!, body });
      const verified = await said('ledger verify --ledger ledger');
      expect(verified).toContain(`the checks of ${A1}/us-east-1: it is not what was written: somebody edited it`);
      const told = await drift();
      expect(told).toContain(`nothing is checked, in ${A1}/us-east-1`);
      expect(told).toContain(`Stack/janitor@${A2}/us-east-1 (a2): Alpha (AWS::SQS::Queue) differs`);
      expect(told).toMatch(/resource 0 1 0 1 0 /);
      expect(await said(`drift --account ${A2} --ledger ledger`)).not.toContain('nothing is checked');
      expect(await said('status --ledger ledger')).toContain('nothing is checked');
      await metrics();
      await remove(book!);
      await days(1);
      expect(await drift()).toMatch(/resource 1 1 0 0 0 /);
      expect(await said('ledger verify --ledger ledger')).toContain('The ledger is whole');
    },
  );

  it('a notice that waits: the others are delivered, and it is named', async () => {
    const hook = await listening((_, response) => response.writeHead(isUp ? 200 : 503).end());
    let isUp = false;
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) }, `  notify: [{ webhook: "${hook.url}" }]\n`);
    for (const account of [A1, A2]) byHand(account, 'Alpha', 600);
    await detect();
    const [edited] = await items('O#outgoing');
    await put({ ...edited!, body: 'garbage' });
    isUp = true;
    const before = hook.received.length;
    const { warnings } = await pass(HOUR);
    expect(warnings).toMatchObject([{ code: 'EK6043', message: expect.stringContaining('cannot be told') as string }]);
    expect(told(hook).slice(before)).toMatchObject([{ kind: 'drift' }]);
    expect(told(hook).at(-1)!.id).not.toBe(edited!.sk);
    expect(await items('O#outgoing')).toMatchObject([{ sk: edited!.sk, body: 'garbage' }]);
    expect(await said('ledger verify --ledger ledger')).toContain(
      `the notice ${edited!.sk}: it is not what was written`,
    );
    expect((await typed(world, 'status --ledger ledger')).code).toBe(EXIT.done);
  });

  it('the newest pass: it counts as none, and the next one is written', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    for (const body of GARBAGE) {
      const [newest] = await items('C#pass');
      await put({ ...newest!, body });
      expect(await said('ledger verify --ledger ledger')).toContain('the newest pass: it is not what was written');
      expect((await typed(world, 'drift --ledger ledger')).code).toBe(EXIT.done);
      expect(await pass(HOUR)).toMatchObject({ exitCode: EXIT.done, warnings: [] });
    }
    expect(await said('ledger verify --ledger ledger')).toContain('The ledger is whole');
  });

  it.each(GARBAGE)('a record with %s: nothing is done before somebody has restored it', async (body) => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    const [row] = await items('D#Stack/janitor');
    await put({ ...row!, body });
    const { code, stderr } = await typed(world, RECONCILE);
    expect(code).toBe(EXIT.failed);
    expect(stderr).toMatch(/the item D#Stack\/janitor \d+\/us-east-1|of the item D#Stack\/janitor \d+\/us-east-1/);
    expect(stderr).toContain('somebody edited it');
    expect(stderr).not.toContain('a mistake of ours');
    expect((await items('D#Stack/janitor'))[0]).toEqual({ ...row!, body });
    expect(await said('ledger verify --ledger ledger')).toContain(`${AT}: the entry is not what was written`);
    expect(world.simulator.stacks.standing().filter(({ name }) => name === NAME)).toHaveLength(2);
  });

  it('an event: reconciles go on, and the event is named', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    const [event] = await items(`H#${AT}`);
    await put({ ...event!, body: (event!['body'] as string).replace('created', 'adopted') });
    expect(await pass(HOUR)).toMatchObject({ exitCode: EXIT.done, run: null });
    expect(await said('ledger verify --ledger ledger')).toContain(`${AT} event 1: it is not what was written`);
  });

  it('what the index shows of drift: nobody knows, and it is not in order', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    byHand(A1, 'Alpha', 600);
    await detect();
    const [row] = await items('D#Stack/janitor');
    for (const shown of ['garbage', '{}', 'null', '[]']) {
      await put({ ...row!, drift: shown });
      expect(await drift()).toMatch(/UNKNOWN Stack\/janitor/);
      await metrics();
    }
  });
});

type Told = { readonly id: string; readonly kind: string; readonly title: string; readonly lines: readonly string[] };
const told = ({ received }: Receiver): readonly Told[] => received.map(({ body }) => JSON.parse(body) as Told);

async function listening(
  answer: (request: Received, response: Parameters<Parameters<typeof receiver>[0]>[1]) => unknown,
) {
  const one = await receiver((request, response) => void answer(request, response));
  receivers.push(one);
  return one;
}

describe('a notice', () => {
  it('is kept while the receiver is down, tried with growing pauses, and delivered once when it is back', async () => {
    let isUp = false;
    const hook = await listening((_, response) => response.writeHead(isUp ? 200 : 503).end());
    await story(
      { 'janitor.yaml': stackManifest('janitor', BOTH) },
      `  notify: [{ webhook: "${hook.url}/secret-path" }]\n`,
    );
    byHand(A1, 'Alpha', 600);
    await detect();
    const attempts: number[] = [];
    for (let quarter = 0; quarter < 16; quarter += 1) {
      const before = hook.received.length;
      const report = await pass(15 * MINUTE);
      expect(report).toMatchObject({ exitCode: EXIT.changes, run: null });
      if (hook.received.length > before) attempts.push(quarter);
    }
    const pauses = attempts.slice(1).map((at, index) => at - attempts[index]!);
    expect(pauses.length).toBeGreaterThan(2);
    expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
    const status = await said('status --ledger ledger');
    expect(status).toMatch(/1 notice waits to be delivered, the oldest from \d+ hours ago; the webhook at 127/);
    expect(status).not.toContain('secret-path');
    isUp = true;
    const before = hook.received.length;
    await days(2);
    expect(hook.received.length).toBe(before + 1);
    expect(await said('status --ledger ledger')).not.toContain('waits');
  });

  it('that cannot be delivered is a warning that the shell shows, though there is nothing to do', async () => {
    const hook = await listening((_, response) => response.writeHead(503).end());
    await story(
      { 'janitor.yaml': stackManifest('janitor', BOTH) },
      `  notify: [{ webhook: "${hook.url}" }]\n  heartbeat: "${hook.url}/beat"\n`,
    );
    byHand(A1, 'Alpha', 600);
    await detect();
    world.simulator.world.clock.advance(HOUR);
    const { code, stderr } = await typed(world, RECONCILE);
    expect(code).toBe(EXIT.changes);
    expect(stderr).toContain('warning[EK6040]: 1 notice could not be delivered');
    expect(stderr).toContain('warning[EK6044]: the heartbeat could not be sent: it answered 503');
    expect(stderr).toContain('--> desired-state/controller.yaml:12:');
    expect(stderr).not.toContain('Valid');
  });

  it('whose receiver never answers holds a pass up for no longer than its bound', { timeout: 120_000 }, async () => {
    const hook = await listening(() => undefined);
    await story(
      { 'janitor.yaml': stackManifest('janitor', BOTH), 'mower.yaml': stackManifest('mower', BOTH) },
      `  notify: [{ webhook: "${hook.url}" }]\n`,
    );
    for (const account of [A1, A2]) byHand(account, 'Alpha', 600);
    await session((opened) => opened.detectDrift({ type: 'all' }, { wait: false }, quiet()));
    const begun = Date.now();
    const report = await pass(15 * MINUTE);
    expect(Date.now() - begun).toBeLessThan(20_000);
    expect(report).toMatchObject({ exitCode: EXIT.done, run: null, warnings: [{ code: 'EK6040' }] });
  });

  it('is told once for each finding, whoever finds it and how often, and what is contested as that', async () => {
    const hook = await listening((_, response) => response.writeHead(200).end());
    await story(
      { 'janitor.yaml': stackManifest('janitor', `drift: { respond: revert }\n${BOTH}`) },
      `  notify: [{ webhook: "${hook.url}" }]\n`,
    );
    for (let round = 0; round < 5; round += 1) {
      byHand(A1, 'Alpha', 600 + round);
      await detect();
      await pass(15 * MINUTE);
    }
    await days(1);
    await world.reconcile({ type: 'account', account: A1 as AccountId });
    const kinds = told(hook).map(({ kind }) => kind);
    expect(kinds).toEqual(['drift', 'drift', 'drift', 'contested']);
    expect(new Set(told(hook).map(({ id }) => id)).size).toBe(4);
    const { title, lines } = told(hook).at(-1)!;
    expect(title).toBe(`${AT}: Alpha (AWS::SQS::Queue) is contested: it was put right 3 times and came back`);
    expect(lines.join('\n')).toContain(`Changed back by: arn:aws:sts::${A1}:assumed-role/AdministratorAccess/j.doe`);
    expect(lines.join('\n')).toContain(`  evenkeel explain ${AT}`);
  });

  it('says what was not checked in time, and by what, once a day', async () => {
    const hook = await listening((_, response) => response.writeHead(200).end());
    await story({ 'janitor.yaml': stackManifest('janitor', ONLY_A1) }, `  notify: [{ webhook: "${hook.url}" }]\n`);
    await pass(5 * DAY);
    await pass(MINUTE);
    await pass(MINUTE);
    expect(told(hook)).toMatchObject([
      {
        kind: 'overdue',
        title: `1 stack of 1 in account ${A1} (a1) was not checked for drift in time, the oldest for 5 days`,
      },
    ]);
    expect(told(hook)[0]!.lines.join('\n')).toMatch(new RegExp(`  2030-01-01T00\\S+ ${AT} .drift detection.`));
  });
});

describe('a run that began and never ended', () => {
  it('is told once, and where to look', async () => {
    const hook = await listening((_, response) => response.writeHead(200).end());
    await story({ 'janitor.yaml': stackManifest('janitor', ONLY_A1) }, `  notify: [{ webhook: "${hook.url}" }]\n`);
    const ledger = await openEmbeddedLedger({ folder: world.ledgerFolder, table: 'evenkeel', installation: null });
    const [ended] = await ledger.runs(1);
    const id = 'run-20300101T010000Z-0badcafe' as RunId;
    const startedAt = world.simulator.world.clock.now().toISOString();
    await ledger.startRun({
      ...ended!,
      id,
      startedAt,
      finishedAt: null,
      outcome: null,
      changes: [],
      historyRoot: null,
    });
    await ledger.close();
    await pass(HOUR);
    expect(told(hook)).toEqual([]);
    for (let count = 0; count < 3; count += 1) await pass(HOUR);
    expect(told(hook)).toMatchObject([{ kind: 'stalled', title: `the run ${id} began 3 hours ago and has not ended` }]);
    expect(told(hook)[0]!.lines).toContain('  evenkeel status');
    expect(await said('status --ledger ledger')).toMatch(/run-20300101T010000Z-\S* ?reconcile \S+ not finished/);
  });
});

describe('a pass that may do nothing', () => {
  it('is recorded and told all the same, through the shell', async () => {
    const hook = await listening((_, response) => response.writeHead(200).end());
    const frozen = `  notify: [{ webhook: "${hook.url}" }]\n  freeze: [{ from: 2030-01-02, to: 2030-01-09, reason: year end }]\n`;
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) }, frozen);
    await new CloudFormationClient({
      region: 'us-east-1',
      credentials: world.simulator.hands.signIn(person(A1)),
      requestHandler: world.simulator.requestHandler,
    }).send(new DeleteStackCommand({ StackName: NAME }));
    world.simulator.world.clock.advance(2 * DAY);
    const { code } = await typed(world, RECONCILE);
    expect(code).toBe(EXIT.blocked);
    expect((await history()).at(-1)).toMatchObject({ event: 'appeared', finding: { kind: 'missing' } });
    expect(told(hook).filter(({ kind }) => kind === 'drift')).toMatchObject([
      { title: `${AT}: the stack is not there` },
    ]);
    expect((await metrics()).get('evenkeel_last_pass_timestamp_seconds')! * 1000).toBe(
      world.simulator.world.clock.now().getTime(),
    );
  });
});

describe('a day of passes', () => {
  const MANIFESTS = ['janitor', 'mower', 'sweeper', 'gardener'];
  const EVERYWHERE = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';

  it(
    'takes two calls a stack for checks, evenly spread, and writes what was checked',
    { timeout: 120_000 },
    async () => {
      await story(Object.fromEntries(MANIFESTS.map((name) => [`${name}.yaml`, stackManifest(name, EVERYWHERE)])));
      await days(2);
      const checks = ['DetectStackDrift', 'GetTemplate', 'DescribeStackDriftDetectionStatus', 'ListStackResources'];
      const perPass: number[] = [];
      world.simulator.calls.reset();
      for (let hour = 0; hour < 24; hour += 1) {
        const before = checks.reduce((sum, name) => sum + world.calls(`cloudformation:${name}`), 0);
        await pass(HOUR);
        perPass.push(checks.reduce((sum, name) => sum + world.calls(`cloudformation:${name}`), 0) - before);
      }
      const stacks = 4 * MANIFESTS.length;
      const total = perPass.reduce((sum, calls) => sum + calls, 0);
      expect(total).toBeGreaterThanOrEqual(2 * stacks - 2);
      expect(total).toBeLessThanOrEqual(2.2 * stacks);
      expect(Math.max(...perPass)).toBeLessThanOrEqual(7);
      expect(world.calls('cloudformation:DescribeStackResourceDrifts')).toBe(0);
      // One walk for each account and Region, whatever stands there.
      expect(world.calls('cloudformation:DescribeStacks')).toBe(24 * 4);
    },
  );

  it('is read with one query for all that has drifted, one account, one history', async () => {
    await story(Object.fromEntries(MANIFESTS.map((name) => [`${name}.yaml`, stackManifest(name, EVERYWHERE)])));
    byHand(A1, 'Alpha', 600);
    await detect();
    const sent = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
    const asked = async (line: string): Promise<readonly unknown[]> => {
      sent.mockClear();
      await typed(world, line);
      return sent.mock.calls
        .map(([command]) => command as unknown as { readonly input: { readonly ExpressionAttributeValues?: object } })
        .map(({ input }) => Object.values(input.ExpressionAttributeValues ?? { key: 'C#pass' })[0])
        .filter((pk) => pk !== 'M#manifests' && pk !== 'C#pass')
        .sort();
    };
    try {
      expect(await asked('drift --ledger ledger')).toEqual(['C#checks', 'N#not-in-sync']);
      expect(await asked('drift --account a1 --ledger ledger')).toEqual(['C#checks', 'N#not-in-sync']);
      expect(await asked(`history ${AT} --ledger ledger`)).toEqual([`H#${AT}`, 'W#holds']);
    } finally {
      sent.mockRestore();
    }
  });
});

describe('a view', () => {
  it.each(['ou', 'block', 'account', 'age', 'layer'])('by %s answers with nothing and with one finding', async (by) => {
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH) });
    const line = `drift --path desired-state --ledger ledger --by ${by}`;
    expect((await typed(world, line)).code).toBe(EXIT.done);
    byHand(A1, 'Alpha', 600);
    await detect();
    expect((await typed(world, line)).code).toBe(EXIT.changes);
    expect(await said(line)).toContain(`${AT} (a1): Alpha (AWS::SQS::Queue) differs`);
  });

  it('explains what is gone as gone, a stack and an instance of a stack set', async () => {
    const set = (targets: string) => `apiVersion: evenkeel/v1
kind: StackSet
metadata: { name: queues }
spec:
  template: templates/queue.yaml
  permissionModel: self-managed
  ${targets}
`;
    await story({ 'janitor.yaml': stackManifest('janitor', BOTH), 'set.yaml': set(BOTH) });
    await world.write({ 'janitor.yaml': stackManifest('janitor', ONLY_A1), 'set.yaml': set(ONLY_A1) });
    expect(await pass(HOUR)).toMatchObject({ exitCode: EXIT.done });
    for (const address of [`Stack/janitor@${A2}/us-east-1`, `StackSet/queues@${A2}/us-east-1`]) {
      const explained = await said(`explain ${address} --ledger ledger`);
      expect(explained).toMatch(/nothing: deleted 2030-\S+ by run-/);
      expect(explained).toContain('Nothing stands that could drift.');
    }
    expect(await said(`drift --address Stack/janitor@${A2}/us-east-1 --ledger ledger`)).toMatch(
      /^Nothing stands there/,
    );
    expect(await said(`drift --account ${A1} --ledger ledger`)).not.toContain('it saw all of');
  });
});
