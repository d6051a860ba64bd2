import {
  CreateStackInstancesCommand,
  DeleteStackCommand,
  DeleteStackInstancesCommand,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../src/model/address.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import {
  A1,
  A2,
  AT,
  at,
  DAILY,
  detect,
  entry,
  history,
  isQuiet,
  ledger,
  pass,
  QUARTER,
  REVERT,
  standing,
  story,
  tags,
  tamper,
  template,
  told,
  updateByHand,
  watch,
  world,
} from '../support/drift-story.js';
import { life, setManifest } from '../support/trouble.js';
import { accountId, CONTROLLER, HUB, stackManifest } from '../support/world.js';

afterEach(() => world.close());

describe('putting resources right', () => {
  it('leaves what is contested in the same stack alone, whatever else has drifted', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', `${REVERT}\n${at(A1)}`) });
    for (let round = 0; round < 4; round += 1) {
      tamper('Queue', { VisibilityTimeout: 600 + round });
      await detect();
      await pass();
    }
    expect((await entry()).drift.findings).toMatchObject([{ subject: 'Queue', contestedSince: expect.any(String) }]);
    tamper('Topic', { DisplayName: 'by hand' });
    await detect();
    const report = await pass();
    expect(report.run).toBeNull();
    expect(report.planned.plan!.changes).toEqual([]);
    expect(report.planned.plan!.drift.map(({ cannot }) => cannot)).toEqual([
      expect.stringContaining('three times in a day'),
      expect.stringContaining('whole stack'),
    ]);
    expect(standing('Queue')).toMatchObject({ VisibilityTimeout: 603 });
    await isQuiet();
  });

  it('does not put right what is contested of the stack itself', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', `${REVERT}\n${at(A1)}`) });
    for (let round = 0; round < 4; round += 1) {
      await updateByHand({ Spare: `by hand ${String(round)}` }, { more: { extra: String(round) } });
      await pass();
    }
    expect((await entry()).drift.findings).toMatchObject([{ layer: 'stack', contestedSince: expect.any(String) }]);
    expect((await told()).filter((each) => each.startsWith('reverted'))).toHaveLength(3);
    tamper('Topic', { DisplayName: 'theirs' });
    await detect();
    const report = await pass();
    expect(report.planned.plan!.changes).toEqual([]);
    expect((await history()).filter(({ summary }) => summary.includes('left alone'))).toHaveLength(1);
    await isQuiet();
    expect(world.simulator.world.stacks.find(A1, 'us-east-1', 'evenkeel-janitor')!.tags['extra']).toBe('3');
  });

  it('that would write over drift which nobody has seen yet is given up with the reason, and blocks nothing else', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', `${REVERT}\n${at(A1)}`) });
    tamper('Queue', { VisibilityTimeout: 600 });
    await detect();
    tamper('Topic', { DisplayName: 'since the detection' });
    const report = await pass();
    expect(report.run!.changes).toMatchObject([{ result: 'failed', detail: expect.stringContaining('Topic') }]);
    expect(standing('Queue')).toMatchObject({ VisibilityTimeout: 600 });
    expect((await entry()).drift.findings).toMatchObject([
      { subject: 'Queue', unrevertable: expect.stringContaining('Topic') },
    ]);
    const { planned, run } = await pass();
    expect(run).toBeNull();
    expect(planned.plan!.drift).toMatchObject([{ cannot: expect.stringContaining('Topic') }]);
    await world.write({
      'templates/queue.yaml': template().replace('Delay: {', 'Other: { Type: String, Default: x }\n  Delay: {'),
    });
    expect(await pass()).toMatchObject({ run: { outcome: 'succeeded' } });
    // Once the other is known as well, both are put right together.
    await detect();
    await pass();
    expect(standing('Queue')).toMatchObject({ VisibilityTimeout: 30 });
    expect(standing('Topic')).toMatchObject({ DisplayName: 'janitor' });
  });
});

describe('an account that is suspended', () => {
  it('is a finding of its stacks, until it is not', async () => {
    await story({
      'janitor.yaml': stackManifest('janitor', at(A1, A2)),
      'set.yaml': setManifest('queues', at(A1, A2)),
    });
    const account = world.simulator.world.organization.accounts.get(A1)!;
    account.state = 'SUSPENDED';
    await pass();
    expect(await told()).toEqual(['appeared instance:AWS::CloudFormation::Stack']);
    expect(await told(`StackSet/queues@${A1}/us-east-1`)).toEqual(['appeared instance:AWS::CloudFormation::Stack']);
    await isQuiet();
    account.state = 'ACTIVE';
    await pass();
    expect((await told()).at(-1)).toBe('gone instance:AWS::CloudFormation::Stack');
    expect((await told(`StackSet/queues@${A1}/us-east-1`)).at(-1)).toBe('gone instance:AWS::CloudFormation::Stack');
    await isQuiet();
  });
});

describe('a stack set', () => {
  const SET = 'StackSet/queues';
  const member = (account: string): Address => `StackSet/queues@${account}/us-east-1`;
  const set = (drift: string, spec = ''): Readonly<Record<string, string>> => ({
    'set.yaml': setManifest('queues', `drift: { ${drift} }\n${at(A1, A2)}\n${spec}`),
  });
  const instanceOf = (account: string): string =>
    world.simulator.hands.instanceStack('evenkeel-queues', account, 'us-east-1')!;
  const byHand = (account: string, parameters: Readonly<Record<string, string>>) =>
    updateByHand(parameters, { account, stack: instanceOf(account), address: SET });
  const given = (account: string): unknown =>
    world.simulator.stacks.resources(account, 'us-east-1', instanceOf(account)).get('Queue');

  it('refreshes an instance that somebody updates past it, three times in a day, and then leaves it', async () => {
    await story(set('respond: revert'));
    for (let round = 0; round < 5; round += 1) {
      await byHand(A2, { Delay: String(90 + round) });
      await pass();
    }
    const events = await told(member(A2));
    expect(events.filter((each) => each.startsWith('reverted'))).toHaveLength(3);
    expect((await history(member(A2))).filter(({ summary }) => summary.includes('left alone'))).not.toEqual([]);
    const { plan } = await world.look();
    expect(plan).toMatchObject({ changes: [], drift: [{ address: member(A2), cannot: expect.any(String) }] });
    expect(await told(member(A1))).toEqual([]);
    await isQuiet();
    await byHand(A2, { Delay: '0' });
    await pass();
    expect((await told(member(A2))).at(-1)).toBe('gone stack:AWS::CloudFormation::Stack');
    world.pass(25 * 3600);
    await byHand(A2, { Delay: '7' });
    await pass();
    expect((await told(member(A2))).at(-1)).toBe('reverted stack:AWS::CloudFormation::Stack');
  });

  it('leaves what is accepted in an instance, and says what it cannot put right beside it', async () => {
    const rule = 'ignore: [{ resource: "AWS::CloudFormation::Stack", path: /Parameters/Delay, reason: tuned }]';
    await story(set(`respond: revert, ${rule}`));
    await byHand(A2, { Delay: '9', Spare: 'b' });
    const report = await pass();
    expect(report.run).toBeNull();
    expect(report.planned.plan!.drift).toMatchObject([
      { address: member(A2), fields: [{ path: 'parameters.Spare' }], cannot: expect.stringContaining('accepts') },
    ]);
    await byHand(A2, { Delay: '9', Spare: 'janitor' });
    await pass();
    expect(await world.look()).toMatchObject({ plan: { changes: [], drift: [] } });
    await isQuiet();
    // What reaches every instance says what it writes over.
    await world.write({ 'templates/queue.yaml': template(45) });
    const { planned } = await pass();
    const [change] = planned.plan!.changes;
    expect(change!.members.find(({ address }) => address === member(A2))!.fields).toMatchObject([
      { path: 'parameters.Delay', before: '9' },
    ]);
  });

  const inConsole = async (Delay: string): Promise<void> => {
    await world.by(HUB).send(
      new UpdateStackSetCommand({
        StackSetName: 'evenkeel-queues',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Delay', ParameterValue: Delay }],
        Tags: tags(SET),
      }),
    );
    world.pass(2000);
  };

  it('whose definition drifted is put right within the budget of accounts, and every instance is named', async () => {
    await story({
      ...set('respond: revert'),
      'controller.yaml': DAILY.replace('accounts: 100%', 'accounts: 1'),
    });
    await inConsole('9');
    const report = await pass();
    expect(report).toMatchObject({ exitCode: EXIT.blocked, run: null });
    expect(report.planned.plan!.changes[0]!.members).toMatchObject([
      { address: member(A1), reason: 'drifted' },
      { address: member(A2), reason: 'drifted' },
    ]);
    await world.write({ 'controller.yaml': DAILY });
    expect(await pass()).toMatchObject({ run: { outcome: 'succeeded' } });
    expect(await told(SET)).toEqual([
      'appeared stack:AWS::CloudFormation::Stack',
      'reverted stack:AWS::CloudFormation::Stack',
    ]);
    await isQuiet();
  });

  it('keeps what is accepted of its definition when its template changes', async () => {
    const rule = 'ignore: [{ resource: "AWS::CloudFormation::Stack", path: /Parameters/Delay, reason: tuned }]';
    await story(set(rule));
    await inConsole('9');
    expect(await pass()).toMatchObject({ exitCode: EXIT.done, run: null });
    await isQuiet();
    await world.write({ 'templates/queue.yaml': template(45) });
    expect(await pass()).toMatchObject({ exitCode: EXIT.done, run: { outcome: 'succeeded' } });
    expect(given(A1)).toMatchObject({
      VisibilityTimeout: 45,
      DelaySeconds: expect.toSatisfy((each) => Number(each) === 9),
    });
    expect(await told(SET)).toEqual([
      'appeared stack:AWS::CloudFormation::Stack',
      'accepted stack:AWS::CloudFormation::Stack',
    ]);
    await isQuiet();
  });

  it('shows an instance that nobody made here, until it is gone', async () => {
    await story(set('respond: report'));
    const A3 = accountId(3);
    const where = { StackSetName: 'evenkeel-queues', Accounts: [A3], Regions: ['us-east-1'] };
    await world.by(HUB).send(new CreateStackInstancesCommand(where));
    world.pass(2000);
    await pass();
    expect(await told(member(A3))).toEqual(['appeared instance:AWS::CloudFormation::Stack']);
    await isQuiet();
    await world.by(HUB).send(new DeleteStackInstancesCommand({ ...where, RetainStacks: false }));
    world.pass(2000);
    await pass();
    expect(await told(member(A3))).toEqual([
      'appeared instance:AWS::CloudFormation::Stack',
      'gone instance:AWS::CloudFormation::Stack',
    ]);
    expect(await entry(SET)).toMatchObject({ sync: 'IN_SYNC', memberDrift: {} });
    await isQuiet();
  });

  it('takes the findings of an account that leaves with its instance', async () => {
    await story(set('respond: report'));
    await byHand(A2, { Delay: '9' });
    await pass();
    await world.write({ 'set.yaml': setManifest('queues', at(A1)) });
    expect(await pass()).toMatchObject({ run: { outcome: 'succeeded' } });
    expect((await told(member(A2))).at(-1)).toBe('gone stack:AWS::CloudFormation::Stack');
    expect(await entry(SET)).toMatchObject({ sync: 'IN_SYNC', memberDrift: {} });
    await isQuiet();
  });
});

describe('what has drifted', () => {
  const both = (spec: string) => ({ 'janitor.yaml': stackManifest('janitor', `${spec}\n${at(A1, A2)}`) });

  async function drifted(spec: string): Promise<void> {
    await story(both(spec));
    tamper('Queue', { VisibilityTimeout: 600 });
    await updateByHand({ Delay: '9' });
    await detect();
  }
  const BOTH = ['appeared resource:Queue', 'appeared stack:AWS::CloudFormation::Stack'];

  it('is planned without a write, a lease or a call that changes anything', async () => {
    await drifted(REVERT);
    const being = life(world);
    const { plan } = await (await world.controller(being)).plan({ type: 'all' }, watch());
    expect(plan!.changes).toMatchObject([{ address: AT, reason: 'drifted', reverts: ['Queue'] }]);
    expect(being.effects).toEqual([]);
  });

  it('is not put right while it is frozen, suspended, or over the budget of accounts', async () => {
    await drifted('drift: { respond: report }');
    const isLeft = async (files: Readonly<Record<string, string>>): Promise<void> => {
      await world.write({ ...both(REVERT), 'controller.yaml': DAILY, ...files });
      expect(await pass()).toMatchObject({ run: null });
      expect(standing('Queue')).toMatchObject({
        VisibilityTimeout: 600,
        DelaySeconds: expect.toSatisfy((each) => Number(each) === 9),
      });
    };
    await isLeft({ 'controller.yaml': `${DAILY}  freeze: [{ from: 2029-12-01, to: 2030-02-01, reason: year end }]\n` });
    await isLeft(both(`${REVERT}\nsuspend: { by: j.doe, reason: incident }`));
    await isLeft({ 'controller.yaml': DAILY.replace('accounts: 100%', 'accounts: 0') });
    await isQuiet();
    await world.write({ ...both(REVERT), 'controller.yaml': DAILY });
    expect(await pass()).toMatchObject({ run: { outcome: 'succeeded' } });
    expect(standing('Queue')).toMatchObject({ VisibilityTimeout: 30 });
    await isQuiet();
  });

  it('is still there when its account could not be looked at, or another one was looked at alone', async () => {
    await drifted('drift: { respond: report }');
    expect((await told()).toSorted()).toEqual(BOTH);
    const before = (await entry()).drift;
    const { roles } = world.simulator.world.organization.accounts.get(A1)!;
    const plan = roles.get('evenkeel-plan')!;
    roles.delete('evenkeel-plan');
    await pass(2 * 3600);
    expect(await entry()).toMatchObject({ sync: 'UNKNOWN', drift: { findings: [{}, {}] } });
    roles.set('evenkeel-plan', plan);
    world.pass(QUARTER);
    await world.run(life(world), { type: 'account', account: A2 as never });
    await pass();
    const after = await entry();
    expect(after.sync).toBe('DRIFTED');
    expect(after.drift.findings.map(({ firstSeen }) => firstSeen)).toEqual(
      before.findings.map(({ firstSeen }) => firstSeen),
    );
    expect((await told()).filter((each) => !each.startsWith('changed')).toSorted()).toEqual(BOTH);
  });

  it('and cannot be written because somebody holds the lease is found by the next passes', async () => {
    await story(both('drift: { respond: report }'));
    tamper('Queue', { VisibilityTimeout: 600 });
    const now = world.simulator.world.clock.now();
    const held = await ledger().acquire([`account:${A1}`], 'somebody', 24 * 3600 * 1000, now);
    await (await world.controller()).detectDrift({ type: 'all' }, { wait: false }, watch());
    world.pass(1);
    await updateByHand({ Delay: '9' });
    await pass();
    expect(await told()).toEqual([]);
    if (held.type !== 'acquired') throw new Error('the lease was not free');
    await ledger().release(held.leases, 'somebody');
    // The update by hand has touched the queue, so that what was seen of it before has to be seen anew.
    for (let count = 0; count < 3; count += 1) await pass();
    expect((await told()).filter((each) => !each.startsWith('changed')).toSorted()).toEqual(BOTH);
  });

  it('goes with the stack that somebody deletes, when it is made anew', async () => {
    await story({ ...both('drift: { respond: report }'), 'controller.yaml': CONTROLLER });
    tamper('Queue', { VisibilityTimeout: 600 });
    await detect();
    expect(await told()).toEqual(['appeared resource:Queue']);
    await world.by(A1).send(new DeleteStackCommand({ StackName: 'evenkeel-janitor' }));
    world.pass(700);
    expect(await pass()).toMatchObject({ run: { outcome: 'succeeded' } });
    expect((await entry()).drift.findings).toEqual([]);
    expect((await told()).slice(-2).toSorted()).toEqual([
      'gone instance:AWS::CloudFormation::Stack',
      'gone resource:Queue',
    ]);
    await isQuiet();
  });

  it('and whose stack goes with its manifest, by hand too, is told as gone', async () => {
    await drifted('drift: { respond: report }');
    await world.write({ 'janitor.yaml': stackManifest('janitor', `drift: { respond: report }\n${at(A2)}`) });
    await world.by(A1).send(new DeleteStackCommand({ StackName: 'evenkeel-janitor' }));
    world.pass(700);
    await pass();
    const events = (await told()).filter((each) => !each.startsWith('changed'));
    expect(events.slice(2).toSorted()).toEqual(['gone resource:Queue', 'gone stack:AWS::CloudFormation::Stack']);
    expect((await history()).at(-1)).toBeDefined();
  });

  it('and is contested stays so while the manifest says report, is accepted, and says revert again', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', `${REVERT}\n${at(A1)}`) });
    for (let round = 0; round < 4; round += 1) {
      await updateByHand({ Delay: String(9 + round) });
      await pass();
    }
    const since = (await entry()).drift.findings[0]!.contestedSince;
    expect(since).not.toBeNull();
    const rule = '{ resource: "AWS::CloudFormation::Stack", path: /Parameters/Delay, reason: tuned }';
    for (const spec of ['drift: { respond: report }', `drift: { respond: revert, ignore: [${rule}] }`, REVERT]) {
      await world.write({ 'janitor.yaml': stackManifest('janitor', `${spec}\n${at(A1)}`) });
      expect(await pass()).toMatchObject({ run: null });
      expect((await entry()).drift.findings).toMatchObject([{ contestedSince: since }]);
    }
    expect(standing('Queue')).toMatchObject({ DelaySeconds: expect.toSatisfy((each) => Number(each) === 12) });
    await isQuiet();
  });
});
