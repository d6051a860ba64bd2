import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import { LEASE_TTL } from '../../src/reconciler/execute.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import {
  A1,
  AT,
  at,
  DAILY,
  detect,
  entry,
  history,
  isQuiet,
  ledger,
  open,
  pass,
  QUARTER,
  REVERT,
  standing,
  story,
  tamper,
  told,
  updateByHand,
  world,
} from '../support/drift-story.js';
import { life } from '../support/trouble.js';
import { smallOrganization, stackManifest } from '../support/world.js';

afterEach(() => world.close());

const URL = 'https://nested.s3.us-east-1.amazonaws.com/';
const nesting = (more = '', inner = 'inner.yaml'): string => `Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: ${URL}${inner}, Parameters: { Delay: !Ref Delay } }
  Own:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: 30 }
${more}`;
const INNER = `Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: 30, DelaySeconds: !Ref Delay }
`;

function nestedId(parent = 'evenkeel-janitor'): string {
  return world.simulator.stacks
    .standing()
    .find(({ accountId: id, name }) => id === A1 && name.startsWith(`${parent}-Child-`))!.stackId;
}

async function nestedStory(spec: string): Promise<void> {
  await open({
    organization: smallOrganization(4),
    files: {
      'controller.yaml': DAILY,
      'templates/queue.yaml': nesting(),
      'janitor.yaml': stackManifest('janitor', `acknowledge: [CAPABILITY_AUTO_EXPAND]\n${spec}\n${at(A1)}`),
    },
  });
  for (const [key, text] of Object.entries({ 'inner.yaml': INNER, 'other.yaml': INNER.replace('30', '40') }))
    world.simulator.world.objects.put('nested', key, Buffer.from(text), 'us-east-1');
  expect(await world.run()).toMatchObject({ exitCode: EXIT.done });
  await pass();
}

const OF_CHILD = 'stack:Child.AWS::CloudFormation::Stack';

describe('a nested stack', () => {
  const update = (Delay: string) => updateByHand({ Delay }, { stack: nestedId() });

  it('that somebody updates past its parent is found, told and not touched, and gone when it is put back', async () => {
    await nestedStory('drift: { respond: revert }');
    expect(await told()).toEqual([]);
    await update('9');
    await pass();
    expect(await told()).toEqual([`appeared ${OF_CHILD}`]);
    expect((await history()).at(-1)).toMatchObject({
      summary: 'the nested stack Child differs in /Parameters/Delay',
      fields: [{ path: '/Parameters/Delay', before: '0', after: '9' }],
    });
    await isQuiet();
    await update('0');
    await pass();
    expect(await told()).toEqual([`appeared ${OF_CHILD}`, `gone ${OF_CHILD}`]);
    await isQuiet();
    expect(await entry()).toMatchObject({ sync: 'IN_SYNC' });
  });

  it('whose resource somebody changes is found, and told that it cannot be put right', async () => {
    await nestedStory('drift: { respond: revert }');
    tamper('Child.Queue', { VisibilityTimeout: 600 });
    tamper('Own', { VisibilityTimeout: 600 });
    await detect();
    const report = await pass();
    expect(report.run).toBeNull();
    expect((await told()).toSorted()).toEqual(['appeared resource:Child.Queue', 'appeared resource:Own']);
    expect(report.planned.plan!.drift).toMatchObject([
      { fields: [{ path: 'resources.Child.Queue/VisibilityTimeout' }], cannot: expect.stringContaining('nested') },
      { fields: [{ path: 'resources.Own/VisibilityTimeout' }], cannot: expect.stringContaining('nested') },
    ]);
    tamper('Child.Queue', { VisibilityTimeout: 30 });
    await detect();
    await pass();
    const since = (await told()).slice(2).filter((each) => !each.startsWith('changed'));
    expect(since).toEqual(['gone resource:Child.Queue', 'reverted resource:Own']);
    await isQuiet();
  });

  it('that our own update replaces, adds or takes away is no drift, and takes its findings with it', async () => {
    await nestedStory('drift: { respond: report }');
    await update('9');
    tamper('Child.Queue', { VisibilityTimeout: 600 });
    await detect();
    expect(await told()).toEqual([`appeared ${OF_CHILD}`, 'appeared resource:Child.Queue']);
    await world.write({ 'templates/queue.yaml': nesting().replace('Child:', 'Second:') });
    // What the plan told of as drift is gone with it.
    expect(await pass()).toMatchObject({ exitCode: EXIT.changes, run: { outcome: 'succeeded' } });
    expect((await told()).slice(2).toSorted()).toEqual(['gone resource:Child.Queue', `gone ${OF_CHILD}`]);
    await isQuiet();
    await world.write({ 'templates/queue.yaml': nesting('', 'other.yaml') });
    expect(await pass()).toMatchObject({ exitCode: EXIT.done, run: { outcome: 'succeeded' } });
    await isQuiet();
    expect(await entry()).toMatchObject({ sync: 'IN_SYNC', drift: { findings: [] } });
    expect((await told()).slice(4)).toEqual([]);
  });

  it('that somebody deletes is found as deleted', async () => {
    await nestedStory('drift: { respond: report }');
    await world.by(A1).send(new DeleteStackCommand({ StackName: nestedId() }));
    world.pass(700);
    await pass();
    expect(await told()).toEqual([`appeared ${OF_CHILD}`]);
    await isQuiet();
  });

  it('of a record that was written before nested stacks were is quiet, and is recorded when the stack moves', async () => {
    await nestedStory('drift: { respond: report }');
    const { version, generation, recorded, ...rest } = await entry();
    const { nested, ...before } = recorded!;
    expect(nested).toMatchObject({ Child: { parameters: { Delay: { value: '0' } } } });
    await ledger().write({ ...rest, expected: version, generation, recorded: before, events: [], memberEvents: [] });
    await update('9');
    await isQuiet();
    expect(await told()).toEqual([]);
    await world.write({ 'templates/queue.yaml': nesting().replace('VisibilityTimeout: 30', 'VisibilityTimeout: 31') });
    expect(await pass()).toMatchObject({ run: { outcome: 'succeeded' } });
    expect((await entry()).recorded!.nested).toMatchObject({ Child: {} });
    await isQuiet();
  });
});

describe('a clock that jumps', () => {
  it.each([-86_400, 86_400, -400 * 86_400])(
    'by %i seconds between two passes loses nothing and is quiet',
    async (seconds) => {
      await story({ 'janitor.yaml': stackManifest('janitor', at(A1)) });
      tamper('Topic', { DisplayName: 'by hand' });
      await updateByHand({ Delay: '9' });
      await detect();
      await pass();
      const before = await told();
      expect(before.toSorted()).toEqual(['appeared resource:Topic', 'appeared stack:AWS::CloudFormation::Stack']);
      world.simulator.world.clock.jump(seconds);
      await pass();
      expect(await told()).toEqual(before);
      await updateByHand({ Delay: '10' });
      await pass();
      const last = (await history()).at(-1)!;
      expect(last).toMatchObject({ event: 'changed', finding: { layer: 'stack' } });
      const { notBefore } = (await entry()).drift.findings.find(({ layer }) => layer === 'stack')!;
      expect(notBefore === null || notBefore < last.at).toBe(true);
      await isQuiet();
      world.simulator.world.clock.jump(-seconds);
      await pass();
      await isQuiet();
      expect((await told()).length).toBe(before.length + 1);
    },
  );
});

describe('a controller that dies while it puts drift right', () => {
  const tell = async (n: number): Promise<boolean> => {
    await story({ 'janitor.yaml': stackManifest('janitor', `${REVERT}\n${at(A1)}`) });
    tamper('Queue', { VisibilityTimeout: 600 });
    await detect();
    world.pass(QUARTER);
    const being = life(world, { diesBefore: n });
    const died = await world.run(being).then(
      () => false,
      () => true,
    );
    world.pass(LEASE_TTL / 1000 + 1);
    const report = await world.run();
    expect(report).toMatchObject({ exitCode: EXIT.done, refusals: [] });
    expect(standing('Queue')).toMatchObject({ VisibilityTimeout: 30 });
    await pass();
    expect(await entry()).toMatchObject({ step: { type: 'idle' }, sync: 'IN_SYNC', drift: { findings: [] } });
    // An event that a crash left beyond its row is told again; none is left out.
    expect([...new Set(await told())]).toEqual(['appeared resource:Queue', 'reverted resource:Queue']);
    expect((await entry()).drift.reverted['resource:Queue']).toHaveLength(1);
    expect(
      world.simulator.calls
        .entries()
        .filter(({ operation, outcome }) => operation === 'ExecuteChangeSet' && outcome === 'ok'),
    ).toHaveLength(1);
    await isQuiet();
    await world.close();
    return died;
  };

  it('is finished by the next one, and it is put right once, wherever it dies', async () => {
    let n = 1;
    while (
      await tell(n).catch((error: unknown) => {
        throw new Error(`killed before effect ${String(n)}: ${String(error)}`, { cause: error });
      })
    )
      n += 2;
    expect(n).toBeGreaterThan(5);
  }, 240_000);
});

describe('a revert that fails', () => {
  it('three times is given up with the reason, left to a person, and blocks no other change', async () => {
    await story({ 'janitor.yaml': stackManifest('janitor', `${REVERT}\n${at(A1)}`) });
    tamper('Queue', { VisibilityTimeout: 600 });
    await detect();
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'CreateChangeSet',
      when: 'before',
      calls: [1, 2, 3],
      error: { code: 'ValidationError', status: 400, message: 'Resource type cannot be reverted now' },
    });
    for (let count = 0; count < 3; count += 1) {
      const { run } = await pass();
      expect(run!.changes).toMatchObject([{ result: 'failed', detail: expect.stringContaining('cannot be reverted') }]);
    }
    const { planned, run, refusals } = await pass();
    expect({ run, refusals, changes: planned.plan!.changes }).toEqual({ run: null, refusals: [], changes: [] });
    expect(planned.plan!.drift).toMatchObject([{ cannot: expect.stringMatching(/tried 3 times.*cannot be reverted/) }]);
    expect(await entry()).toMatchObject({ step: { type: 'idle' }, sync: 'DRIFTED' });
    await isQuiet();
    await world.write({ 'janitor.yaml': stackManifest('janitor', `${REVERT}\n${at(A1)}\nparameters: { Delay: "3" }`) });
    expect(await pass()).toMatchObject({ run: { outcome: 'succeeded' } });
    expect(standing('Queue')).toMatchObject({ VisibilityTimeout: 600 });
    // Somebody changes it again: that is another thing, and tried anew.
    tamper('Queue', { VisibilityTimeout: 700 });
    await detect();
    expect(await pass()).toMatchObject({ run: { outcome: 'succeeded' } });
    expect(standing('Queue')).toMatchObject({ VisibilityTimeout: 30 });
  });
});

describe('very much drift', () => {
  it('of one deployment is recorded, bounded and told, and fails no pass', async () => {
    const many = Array.from(
      { length: 400 },
      (_, n) => `  Queue${String(n)}:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Value: "${String(n)}", Description: "before" }
`,
    ).join('');
    await open({
      organization: smallOrganization(2),
      files: {
        'controller.yaml': DAILY,
        'templates/queue.yaml': `Resources:\n${many}`,
        'janitor.yaml': stackManifest('janitor', `drift: { respond: report }\n${at(A1)}`),
      },
    });
    expect(await world.run()).toMatchObject({ exitCode: EXIT.done });
    await pass();
    for (let n = 0; n < 400; n += 1)
      tamper(`Queue${String(n)}`, { Value: 'x'.repeat(10_000), Description: String(n).repeat(3_000) });
    await detect();
    const { findings } = (await entry()).drift;
    expect(findings).toHaveLength(400);
    expect(JSON.stringify(findings).length).toBeLessThan(4_000_000);
    const events = await ledger().history(AT, 1_000);
    expect(events.filter(({ event }) => event === 'appeared')).toHaveLength(400);
    const rows = await ledger().notInSync();
    expect(JSON.stringify(rows).length).toBeLessThan(64 * 1024);
    expect(await pass()).toMatchObject({ exitCode: EXIT.changes });
  }, 120_000);
});
