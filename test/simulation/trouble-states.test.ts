import {
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  UpdateStackCommand,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import { createTroubled, life, setManifest } from '../support/trouble.js';
import type { Troubled } from '../support/trouble.js';
import { HUB, accountId, queueTemplate, smallOrganization, stackManifest } from '../support/world.js';

let world: Troubled;
afterEach(() => world.close());

const ONE = accountId(1);
const NAME = 'evenkeel-queue';
const HERE = 'targets: [{ accounts: [a1], regions: [us-east-1] }]';
const EVERYWHERE = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
const OURS = [
  { Key: 'evenkeel:installation', Value: 'evenkeel' },
  { Key: 'evenkeel:address', Value: 'Stack/queue' },
];

/** A queue of that name, which fails at those moments. */
const queue = (name: string, fail: string[] = [], seconds = 30): string => `Resources:
  Queue:
    Type: AWS::SQS::Queue
    Metadata: { Simulator: { Fail: [${fail.join(', ')}] } }
    Properties: { QueueName: ${name}, VisibilityTimeout: ${seconds} }
`;

async function open(template: string, spec = HERE): Promise<void> {
  const files = { 'templates/queue.yaml': template, 'queue.yaml': stackManifest('queue', spec) };
  world = await createTroubled({ organization: smallOrganization(3), files });
}

async function settled(template = queueTemplate(), spec = HERE): Promise<void> {
  await open(template, spec);
  expect((await world.run()).exitCode).toBe(EXIT.done);
}

const template = (text: string) => world.write({ 'templates/queue.yaml': text });
const status = async (): Promise<string[]> => world.everCalled(ONE, /^evenkeel-queue$/);
const aws = () => world.by(ONE);

async function quiet(): Promise<void> {
  const being = life(world);
  expect(await world.run(being)).toMatchObject({ exitCode: EXIT.done, refusals: [] });
  expect(being.effects).toEqual([]);
}

describe('a change that replaces a resource', () => {
  it('is predicted, counted, and stopped beyond the budget', async () => {
    await settled(queue('first'), EVERYWHERE);
    await template(queue('second'));
    const planned = await world.look();
    expect(planned.plan?.changes.map((change) => change.replaces)).toEqual([['Queue'], ['Queue'], ['Queue']]);
    expect(planned.verdict).toMatchObject({ blocks: [{ code: 'EK6002' }] });
    const being = life(world);
    expect(await world.run(being)).toMatchObject({ exitCode: EXIT.blocked, run: null });
    expect(being.effects).toEqual([]);

    // Two are inside it, and then it is spent.
    const two = EVERYWHERE.replace('/Workloads/**', '/Workloads/Prod');
    await world.write({ 'queue.yaml': stackManifest('queue', `${two}\ndeletion: retain`) });
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await template(queue('third'));
    expect(await world.run()).toMatchObject({ exitCode: EXIT.blocked, refusals: [{ code: 'EK6002' }] });
    world.pass(25 * 3600);
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
  });

  it('is stopped where only the change set says so, and planned the next time', async () => {
    await settled(queue('first'));
    await template(queue('second'));
    // What stands cannot be read, so nothing is predicted.
    const error = {
      code: 'AccessDenied',
      message: 'not authorized to perform cloudformation:GetTemplate',
      status: 403,
    };
    world.simulator.inject({ service: 'cloudformation', operation: 'GetTemplate', when: 'before', error });
    const stopped = await world.run();
    expect(stopped.planned.plan?.changes).toMatchObject([{ action: 'update', replaces: [] }]);
    expect(stopped.run?.changes[0]).toMatchObject({
      result: 'failed',
      detail: expect.stringContaining('EK6010') as string,
    });
    expect(await status()).toEqual(['CREATE_COMPLETE']);

    const planned = await world.look();
    expect(planned.plan?.changes).toMatchObject([{ action: 'update', replaces: ['Queue'] }]);
    expect(planned.verdict.budgets).toContainEqual({ name: 'replace', planned: 1, spent: 0, limit: 2 });
    world.simulator.clearFaults();
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
  });
});

it('a parameter that nothing uses is taken as given, and is no drift afterwards', async () => {
  const unused = `Parameters:\n  Unused: { Type: String, Default: a }\n${queue('q')}`;
  await settled(unused);
  await world.write({ 'queue.yaml': stackManifest('queue', `${HERE}\nparameters: { Unused: b }`) });
  expect((await world.run()).exitCode).toBe(EXIT.done);
  await quiet();
});

describe('a stack that fails', () => {
  it('to be created is reported with its reason and created anew, three times; then a person must ask', async () => {
    await open(queue('q', ['create']));
    for (const attempt of [1, 2, 3]) {
      const report = await world.run();
      expect(report.planned.plan?.changes).toMatchObject([{ action: attempt === 1 ? 'create' : 'replace' }]);
      expect(report.run?.changes).toMatchObject([{ result: 'failed' }]);
      expect(report.run?.changes[0]?.detail).toContain('the template asks this resource to fail at create');
      world.pass(25 * 3600);
    }
    expect(await status()).toEqual(['ROLLBACK_COMPLETE', 'DELETE_COMPLETE', 'DELETE_COMPLETE']);
    const being = life(world);
    const given = await world.run(being);
    expect(given).toMatchObject({ exitCode: EXIT.blocked, run: null, refusals: [{ code: 'EK6014' }] });
    expect(given.refusals[0]?.message).toContain('the template asks this resource to fail at create');
    expect(being.effects).toEqual([]);
    expect((await world.run(life(world), { type: 'all' }, 'apply')).run?.changes).toMatchObject([{ result: 'failed' }]);

    // A changed template is another intent.
    await template(queue('q'));
    world.pass(25 * 3600);
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
  });

  it('to be created is deleted when its manifest goes', async () => {
    await open(queue('q', ['create']));
    expect((await world.run()).exitCode).toBe(EXIT.failed);
    await world.write({ 'queue.yaml': null, 'other.yaml': stackManifest('other', HERE) });
    await template(queueTemplate());
    expect((await world.run()).exitCode).toBe(EXIT.done);
    expect(await status()).toEqual(['DELETE_COMPLETE']);
    await quiet();
  });

  it('to be updated is rolled back, reported and tried again with another token', async () => {
    await settled(queue('q'));
    await template(queue('q', ['update'], 60));
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const report = await world.run();
      expect(report.run?.changes[0]?.detail).toContain('the template asks this resource to fail at update');
      expect(await status()).toEqual(['UPDATE_ROLLBACK_COMPLETE']);
    }
    const executed = world.simulator.calls.entries().filter((call) => call.operation === 'ExecuteChangeSet');
    expect(executed).toHaveLength(2);
    await template(queue('q', [], 60));
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
  });

  it('to be updated is left as it was rolled back where Git goes back as well', async () => {
    await settled(queue('q'));
    await template(queue('q', ['update'], 60));
    expect((await world.run()).exitCode).toBe(EXIT.failed);
    await template(queue('q'));
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
    expect(await status()).toEqual(['UPDATE_ROLLBACK_COMPLETE']);
  });

  it('to be deleted needs a person, and is forgotten once it is gone', async () => {
    await settled(queue('q', ['delete']));
    await world.write({ 'queue.yaml': null, 'other.yaml': stackManifest('other', HERE) });
    await world.write({ 'templates/queue.yaml': queueTemplate() });
    const failed = await world.run();
    expect(failed.run?.changes.find((change) => change.action === 'delete')).toMatchObject({ result: 'failed' });
    const refused = await world.run();
    expect(refused).toMatchObject({ exitCode: EXIT.blocked, run: null });
    expect(refused.planned.plan?.refusals).toMatchObject([{ code: 'EK6007', address: `Stack/queue@${ONE}/us-east-1` }]);
    await aws().send(new DeleteStackCommand({ StackName: NAME, RetainResources: ['Queue'] }));
    world.pass(700);
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
    expect((await world.entries()).filter((entry) => entry.recorded !== null)).toHaveLength(1);
  });
});

describe('what only stands in the way for a while is no attempt', () => {
  it('such as a role that is not there', async () => {
    await open(queueTemplate());
    const { roles } = world.simulator.world.organization.accounts.get(ONE)!;
    roles.delete('evenkeel-apply');
    for (let run = 0; run < 4; run += 1)
      expect((await world.run()).run?.changes).toMatchObject([
        { result: 'failed', detail: expect.stringContaining('EK6011') as string },
      ]);
    roles.set('evenkeel-apply', null);
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
  });

  it('such as AWS asking for fewer requests: the step stays open, and goes on', async () => {
    await open(queueTemplate());
    const error = { code: 'ValidationError', message: 'Rate exceeded', status: 400 };
    world.simulator.inject({ service: 'cloudformation', operation: 'CreateStack', when: 'before', error });
    for (let run = 0; run < 4; run += 1)
      expect((await world.run()).run?.changes).toMatchObject([{ result: 'in-doubt' }]);
    world.simulator.clearFaults();
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
  });

  it('such as an answer that was lost: the stack is found, and made once', async () => {
    await open(queueTemplate());
    for (let loses = 1; loses < 12; loses += 1) await world.run(life(world, { loses })).catch(() => undefined);
    world.pass(700);
    expect((await world.run()).exitCode).toBe(EXIT.done);
    expect(await status()).toEqual(['CREATE_COMPLETE']);
    await quiet();
  });

  it('such as a lost answer to a creation whose stack somebody has changed since: it is updated, by a call of its own', async () => {
    await open(queueTemplate());
    world.simulator.inject({ service: 'cloudformation', operation: 'CreateStack', when: 'after', error: 'reset' });
    await world.run();
    world.simulator.clearFaults();
    world.pass(700);
    await aws().send(
      new UpdateStackCommand({
        StackName: NAME,
        UsePreviousTemplate: true,
        Tags: [...OURS, { Key: 'mine', Value: 'x' }],
      }),
    );
    world.pass(700);
    expect(await world.run()).toMatchObject({ exitCode: EXIT.done, run: { changes: [{ result: 'done' }] } });
    await quiet();
  });
});

describe('a stack that is not at rest', () => {
  it('because its rollback failed needs a person, who continues it', async () => {
    // What is rolled back to refuses to be updated, and so to be rolled back to.
    await settled(queue('q', ['update']));
    await template(`${queue('q', [], 60)}  Topic:
    Type: AWS::SNS::Topic
    DependsOn: Queue
    Metadata: { Simulator: { Fail: create } }
`);
    const failed = await world.run();
    expect(failed.run?.changes).toMatchObject([{ result: 'failed' }]);
    expect(await status()).toEqual(['UPDATE_ROLLBACK_FAILED']);
    await template(queue('q', [], 60));
    const being = life(world);
    const refused = await world.run(being);
    expect(refused).toMatchObject({ exitCode: EXIT.blocked, run: null });
    expect(refused.planned.plan?.refusals).toMatchObject([{ code: 'EK6007' }]);
    expect(refused.planned.plan?.refusals[0]?.remedy).toContain('ContinueUpdateRollback');
    // That it is stuck is a finding, which is written once.
    expect(new Set(being.effects)).toEqual(new Set(['dynamodb:PutItem']));
    const again = life(world);
    expect(await world.run(again)).toMatchObject({ exitCode: EXIT.blocked, run: null });
    expect(again.effects).toEqual([]);

    await aws().send(new ContinueUpdateRollbackCommand({ StackName: NAME, ResourcesToSkip: ['Queue'] }));
    world.pass(700);
    expect(await status()).toEqual(['UPDATE_ROLLBACK_COMPLETE']);
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
  });

  it('because somebody changes it is waited for, not touched, and judged by what it is then', async () => {
    await settled();
    await template(queueTemplate(60));
    const Parameters = [{ ParameterKey: 'Delay', ParameterValue: '9' }];
    await aws().send(new UpdateStackCommand({ StackName: NAME, UsePreviousTemplate: true, Parameters }));
    const being = life(world);
    const report = await world.run(being);
    expect(report).toMatchObject({ exitCode: EXIT.blocked, run: null });
    expect(report.planned.plan).toMatchObject({ changes: [], refusals: [{ code: 'EK6008' }] });
    expect(being.effects).toEqual([]);
    world.pass(700);
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
  });

  it('because a change set was never executed holds nothing but its name: it is cleared where it is ours', async () => {
    await open(queueTemplate());
    const ours = {
      StackName: NAME,
      ChangeSetName: 'by-hand',
      ChangeSetType: 'CREATE',
      TemplateBody: queueTemplate(),
    } as const;
    await aws().send(new CreateChangeSetCommand(ours));
    world.pass(60);
    expect(await status()).toEqual(['REVIEW_IN_PROGRESS']);
    const being = life(world);
    expect(await world.run(being)).toMatchObject({ exitCode: EXIT.blocked, run: null });
    expect(being.effects).toEqual([]);

    await aws().send(new DeleteStackCommand({ StackName: NAME }));
    world.pass(60);
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
  });

  it('because its creation failed under our tags is cleared, also where no record knows it', async () => {
    await open(queueTemplate());
    await aws().send(new CreateStackCommand({ StackName: NAME, TemplateBody: queue('q', ['create']), Tags: OURS }));
    world.pass(700);
    expect(await status()).toEqual(['ROLLBACK_COMPLETE']);
    expect((await world.look()).plan?.changes).toMatchObject([{ action: 'replace', reason: 'failed-creation' }]);
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await quiet();
    expect((await status()).toSorted()).toEqual(['CREATE_COMPLETE', 'DELETE_COMPLETE']);
  });

  it("and is somebody else's is never taken for ours, whatever its state", async () => {
    await open(queueTemplate());
    await aws().send(new CreateStackCommand({ StackName: NAME, TemplateBody: queue('q', ['create']) }));
    for (let look = 0; look < 2; look += 1) {
      const being = life(world);
      const report = await world.run(being);
      expect(report).toMatchObject({ exitCode: EXIT.blocked, run: null });
      expect(report.planned.plan?.refusals).toMatchObject([{ code: 'EK6006' }]);
      expect(being.effects).toEqual([]);
      world.pass(700);
    }
  });
});

describe('a ledger that fails at the very end', () => {
  it('loses no word of what was done: the report is there, and the next run finds nothing to do', async () => {
    const error = { code: 'AccessDeniedException', message: 'not authorized', status: 400 };
    const puts = () => world.calls('dynamodb:PutItem');
    await open(queueTemplate());
    world.simulator.calls.reset();
    expect((await world.run()).exitCode).toBe(EXIT.done);
    const written = puts();
    await world.write({ 'queue.yaml': stackManifest('queue', `${HERE}\nparameters: { Delay: "5" }`) });
    // The release of the lease comes last, and before it the end of the run.
    world.simulator.inject({
      service: 'dynamodb',
      operation: 'PutItem',
      when: 'before',
      error,
      calls: [written - 1, written],
    });
    const report = await world.run();
    expect(report.run?.changes).toMatchObject([{ action: 'update', result: 'done' }]);
    expect(report).toMatchObject({ exitCode: EXIT.failed, refusals: [{ code: 'EK6019' }] });
    world.simulator.clearFaults();
    world.pass(700);
    await quiet();
  });
});

describe('a stack whose export somebody uses', () => {
  const exporting = `${queueTemplate()}  Arn: { Value: !GetAtt Queue.Arn, Export: { Name: our-queue } }\n`;
  const importing = 'Resources: { T: { Type: AWS::SNS::Topic, Properties: { DisplayName: !ImportValue our-queue } } }';

  it('is not deleted, says why, and is asked for once', async () => {
    await open(exporting);
    await world.write({
      'templates/other.yaml': queueTemplate(),
      'other.yaml': stackManifest('other', HERE).replace('queue.yaml', 'other.yaml'),
    });
    expect((await world.run()).exitCode).toBe(EXIT.done);
    await aws().send(new CreateStackCommand({ StackName: 'theirs', TemplateBody: importing }));
    world.pass(700);
    await world.write({ 'queue.yaml': null });
    world.simulator.calls.reset();
    const report = await world.run();
    expect(report.run?.changes).toMatchObject([
      { action: 'delete', result: 'failed', detail: expect.stringContaining('our-queue') as string },
    ]);
    expect(world.calls('cloudformation:DeleteStack')).toBe(1);
    expect(await status()).toEqual(['CREATE_COMPLETE']);
  });
});

describe('drift that is only reported', () => {
  const accounts = (...names: string[]) => `targets: [{ accounts: [${names.join(', ')}], regions: [us-east-1] }]`;
  const set = (...names: string[]) => world.write({ 'queue.yaml': setManifest('baseline', accounts(...names)) });

  async function standing(): Promise<void> {
    const files = {
      'templates/queue.yaml': queueTemplate(),
      'queue.yaml': setManifest('baseline', accounts('a1', 'a2')),
    };
    world = await createTroubled({ organization: smallOrganization(3), files });
    expect((await world.run()).exitCode).toBe(EXIT.done);
  }

  it('in a stack set stays reported, and as it is, when instances are added', async () => {
    await standing();
    const Parameters = [{ ParameterKey: 'Delay', ParameterValue: '9' }];
    await world
      .by(HUB)
      .send(new UpdateStackSetCommand({ StackSetName: 'evenkeel-baseline', UsePreviousTemplate: true, Parameters }));
    world.pass(3000);
    await set('a1', 'a2', 'a3');
    for (const run of ['adds', 'does nothing']) {
      const report = await world.run();
      expect(report.run?.changes.map((change) => change.result)).toEqual(run === 'adds' ? ['done'] : undefined);
      expect(report.planned.plan?.drift).toMatchObject([{ address: 'StackSet/baseline' }]);
      expect(report.exitCode).toBe(EXIT.changes);
    }
    expect(world.calls('cloudformation:UpdateStackSet')).toBe(1);
    expect((await world.entries())[0]).toMatchObject({ sync: 'DRIFTED' });
  });

  it('in an instance stays reported, and as it is, when other instances go', async () => {
    await standing();
    const instance = (await world.stacks(ONE, 'us-east-1')).find(({ name }) => name.startsWith('StackSet-'))!;
    const TemplateBody = queueTemplate(99);
    await aws().send(new UpdateStackCommand({ StackName: instance.id, TemplateBody }));
    world.pass(700);
    await set('a1');
    for (const run of ['removes', 'does nothing']) {
      const report = await world.run();
      expect(report.run?.changes.map((change) => change.result)).toEqual(run === 'removes' ? ['done'] : undefined);
      expect(report.planned.plan?.drift).toMatchObject([{ fields: [{ path: 'template' }] }]);
      expect(report.exitCode).toBe(EXIT.changes);
    }
    expect((await world.entries())[0]).toMatchObject({ sync: 'DRIFTED' });
  });
});

describe('drift that is reverted', () => {
  it('takes a customized administration role off a stack set again, which only another role can do', async () => {
    const spec = 'targets: [{ accounts: [a1], regions: [us-east-1] }]\ndrift: { respond: revert }';
    const files = { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': setManifest('baseline', spec) };
    world = await createTroubled({ organization: smallOrganization(3), files });
    expect((await world.run()).exitCode).toBe(EXIT.done);
    world.simulator.world.organization.accounts.get(HUB)!.roles.set('TheirAdministration', null);
    await world.by(HUB).send(
      new UpdateStackSetCommand({
        StackSetName: 'evenkeel-baseline',
        UsePreviousTemplate: true,
        AdministrationRoleARN: `arn:aws:iam::${HUB}:role/TheirAdministration`,
        ExecutionRoleName: 'AWSCloudFormationStackSetExecutionRole',
      }),
    );
    world.pass(3000);
    const report = await world.run();
    expect(report.planned.plan?.changes).toMatchObject([
      { reason: 'drifted', fields: [{ path: 'options.administrationRoleArn', after: null }] },
    ]);
    expect(report.exitCode).toBe(EXIT.done);
    await quiet();
    await world.write({ 'queue.yaml': setManifest('baseline', `${spec}\nparameters: { Delay: "7" }`) });
    expect((await world.run()).exitCode).toBe(EXIT.done);
  });
});

describe('a stored plan', () => {
  const watch = { signal: new AbortController().signal, progress: () => undefined };
  const apply = async (plan: Plan) => (await world.controller()).applyFile(plan, watch);

  async function stored(): Promise<Plan> {
    await settled(queueTemplate(), EVERYWHERE);
    await world.write({ 'queue.yaml': stackManifest('queue', `${EVERYWHERE}\nparameters: { Delay: "5" }`) });
    return (await world.look()).plan!;
  }

  it('is applied, change by change as it says, and once', async () => {
    const plan = await stored();
    const report = await apply(JSON.parse(JSON.stringify(plan)) as Plan);
    expect(report.run?.changes.map((change) => change.result)).toEqual(['done', 'done', 'done']);
    expect(report.exitCode).toBe(EXIT.done);
    const again = await apply(plan);
    expect(again.exitCode).toBe(EXIT.stale);
    await quiet();
  });

  it('leaves out what comes out differently, and adds nothing', async () => {
    const plan = await stored();
    const Parameters = [{ ParameterKey: 'Delay', ParameterValue: '9' }];
    await aws().send(new UpdateStackCommand({ StackName: NAME, UsePreviousTemplate: true, Parameters }));
    world.pass(700);
    await world.by(accountId(3)).send(new DeleteStackCommand({ StackName: NAME }));
    world.pass(700);
    world.simulator.calls.reset();
    const report = await apply(plan);
    expect(report.exitCode).toBe(EXIT.stale);
    expect(report.run?.changes.map(({ address, result }) => [address, result]).toSorted()).toEqual([
      [`Stack/queue@${ONE}/us-east-1`, 'stale'],
      [`Stack/queue@${accountId(2)}/us-east-1`, 'done'],
      [`Stack/queue@${accountId(3)}/us-east-1`, 'stale'],
    ]);
    expect(world.simulator.calls.byOperation()).not.toHaveProperty('cloudformation:CreateStack');
  });

  it('of another revision is stale as a whole', async () => {
    const plan = await stored();
    await world.write({ 'queue.yaml': stackManifest('queue', `${EVERYWHERE}\nparameters: { Delay: "6" }`) });
    const being = life(world);
    const report = await (await world.controller(being)).applyFile(plan, watch);
    expect(report.exitCode).toBe(EXIT.stale);
    expect(being.effects).toEqual([]);
  });
});
