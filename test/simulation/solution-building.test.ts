import { CloudFormationClient, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import { validate } from '../../src/installation/installation.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import type { Report } from '../../src/reconciler/outcome.js';
import { accountId, createWorld, smallOrganization } from '../support/world.js';
import type { World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const [A1, A2, A3, A4] = [1, 2, 3, 4].map(accountId) as [string, string, string, string];

/** A queue whose address is an output, and whose delay may follow somebody else's. */
const source = (seconds = 30, output = 'Url'): string => `Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: ${seconds} } }
Outputs:
  ${output}: { Value: !Ref Queue }
`;
/** Whoever is given addresses. */
const consumer = `Parameters:
  Urls: { Type: String, Default: none }
Resources:
  Names: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Urls } }
Outputs:
  Names: { Value: !Ref Names }
`;
const failing = `${consumer.replace('Outputs:', '  Broken: { Type: AWS::SNS::Topic, Metadata: { Simulator: { Fail: create } } }\nOutputs:')}`;

const manifest = (address: string, template: string, spec: string): string => {
  const [kind, name] = address.split('/') as [string, string];
  return `apiVersion: evenkeel/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  template: templates/${template}.yaml
${spec.replace(/^/gm, '  ')}
`;
};
const at = (...accounts: readonly string[]): string =>
  `targets: [{ accounts: [${accounts.map((id) => `"${id}"`).join(', ')}], regions: [us-east-1] }]`;
const templates = {
  'templates/source.yaml': source(),
  'templates/consumer.yaml': consumer,
  'templates/failing.yaml': failing,
};

const results = (report: Report): Readonly<Record<string, string>> =>
  Object.fromEntries((report.run?.changes ?? []).map(({ address, result }) => [address, result]));

function valueAt(stack: string, account: string, name = 'Urls'): string | undefined {
  return world.simulator.stacks.find(account, 'us-east-1', stack)?.parameters[name];
}

async function settled(files: Readonly<Record<string, string>>): Promise<Report> {
  world = await createWorld({ files: { ...templates, ...files } });
  const report = await world.reconcile();
  expect(report).toMatchObject({ exitCode: EXIT.done });
  const again = await world.reconcile();
  expect(again).toMatchObject({ exitCode: EXIT.done, run: null });
  return report;
}

describe('a reference to an output', () => {
  it('in the same target is filled in after what it names is made, in one reconcile', async () => {
    world = await createWorld({
      files: {
        ...templates,
        'a.yaml': manifest('Stack/after', 'consumer', `${at(A1)}\nparameters: { Urls: "\${outputs.Stack/first.Url}" }`),
        'b.yaml': manifest('Stack/first', 'source', at(A1)),
      },
    });
    const { plan } = await world.plan();
    const change = plan!.changes.find(({ address }) => address.startsWith('Stack/after'))!;
    expect(change.dependsOn).toEqual([`Stack/first@${A1}/us-east-1`]);
    expect(change.fields).toEqual([
      { path: 'parameters.Urls', before: null, after: `(known after Stack/first@${A1}/us-east-1)` },
    ]);

    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(valueAt('evenkeel-after', A1)).toMatch(/^https:\/\/sqs\.us-east-1\./);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  });

  it('in another account follows when what it names changes, and is left alone when that comes out as it was', async () => {
    await settled({
      'a.yaml': manifest(
        'Stack/after',
        'consumer',
        `${at(A1)}\nparameters: { Urls: "\${outputs.Stack/first@${A2}/us-east-1.Url}" }`,
      ),
      'b.yaml': manifest('Stack/first', 'source', at(A2)),
    });
    const before = valueAt('evenkeel-after', A1);
    expect(before).toContain(A2);
    world.simulator.calls.reset();
    await world.write({ 'templates/source.yaml': source(60) });
    const report = await world.reconcile();
    expect(report.run?.changes).toMatchObject([
      { address: `Stack/after@${A1}/us-east-1`, result: 'done', detail: 'what it refers to came out as it was' },
      { address: `Stack/first@${A2}/us-east-1`, result: 'done', detail: '' },
    ]);
    expect(world.calls('cloudformation:CreateChangeSet')).toBe(1);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  });

  it('from many is a list in the order of their addresses, and a member that joins is in it', async () => {
    const consumerOf = manifest(
      'Stack/central',
      'consumer',
      `${at(A4)}\nparameters: { Urls: "\${outputs.Stack/member@*.Url}" }`,
    );
    await settled({ 'a.yaml': consumerOf, 'b.yaml': manifest('Stack/member', 'source', at(A1, A2)) });
    expect(
      valueAt('evenkeel-central', A4)!
        .split(',')
        .map((url) => url.split('/')[3]),
    ).toEqual([A1, A2]);
    await world.write({ 'b.yaml': manifest('Stack/member', 'source', at(A1, A2, A3)) });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(valueAt('evenkeel-central', A4)!.split(',')).toHaveLength(3);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  });

  it('from the instances of a stack set, and inside one, goes the same way', async () => {
    await settled({
      'a.yaml': manifest(
        'StackSet/members',
        'consumer',
        `permissionModel: self-managed\n${at(A1, A2)}\nparameters: { Urls: "\${outputs.Stack/first.Url}" }`,
      ),
      'b.yaml': manifest('Stack/first', 'source', at(A1, A2)),
      'c.yaml': manifest(
        'Stack/central',
        'consumer',
        `${at(A4)}\nparameters: { Urls: "\${outputs.StackSet/members@*.Names}" }`,
      ),
    });
    expect(valueAt('evenkeel-central', A4)!.split(',')).toHaveLength(2);
  });

  it('is read outside the one account that a reconcile is narrowed to, and nothing is changed there', async () => {
    await settled({ 'b.yaml': manifest('Stack/first', 'source', at(A2)) });
    await world.write({
      'a.yaml': manifest(
        'Stack/after',
        'consumer',
        `${at(A1)}\nparameters: { Urls: "\${outputs.Stack/first@${A2}/us-east-1.Url}" }`,
      ),
      'templates/source.yaml': source(60),
    });
    const report = await world.reconcile({ type: 'account', account: A1 as never });
    expect(results(report)).toEqual({ [`Stack/after@${A1}/us-east-1`]: 'done' });
    expect(valueAt('evenkeel-after', A1)).toContain(A2);
  });

  it('that the template does not have is known before anybody is asked', async () => {
    world = await createWorld({
      files: {
        ...templates,
        'templates/source.yaml': source(30, 'Address'),
        'a.yaml': manifest(
          'Stack/after',
          'consumer',
          `${at(A1)}\nparameters: { Urls: "\${outputs.Stack/first.Adress}" }`,
        ),
        'b.yaml': manifest('Stack/first', 'source', at(A1)),
      },
    });
    const { plan, diagnostics } = await world.plan();
    expect(plan).toBeNull();
    expect(diagnostics).toMatchObject([{ code: 'EK3012', place: { file: 'a.yaml', line: 7 } }]);
    expect(diagnostics[0]!.remedy).toContain('did you mean Address?');
  });

  it('that a condition has taken away blocks only what refers to it', async () => {
    world = await createWorld({
      files: {
        ...templates,
        'templates/source.yaml': `Conditions: { Never: !Equals [a, b] }\n${source().replace('Value: !Ref Queue', 'Condition: Never, Value: !Ref Queue')}`,
        'a.yaml': manifest('Stack/after', 'consumer', `${at(A1)}\nparameters: { Urls: "\${outputs.Stack/first.Url}" }`),
        'b.yaml': manifest('Stack/first', 'source', at(A1)),
        'c.yaml': manifest('Stack/other', 'consumer', at(A1)),
      },
    });
    expect(results(await world.reconcile())).toEqual({
      [`Stack/after@${A1}/us-east-1`]: 'skipped',
      [`Stack/first@${A1}/us-east-1`]: 'done',
      [`Stack/other@${A1}/us-east-1`]: 'done',
    });
    const { plan } = await world.plan();
    expect(plan!.refusals).toMatchObject([{ code: 'EK6028', address: `Stack/after@${A1}/us-east-1` }]);
    expect(plan!.refusals[0]!.message).toContain('has no output Url');
  });

  it('that leads in a circle is named, by manifest and by deployment', async () => {
    world = await createWorld({
      files: {
        ...templates,
        'a.yaml': manifest('Stack/a', 'consumer', `${at(A1)}\nparameters: { Urls: "\${outputs.Stack/b.Names}" }`),
        'b.yaml': manifest('Stack/b', 'consumer', `${at(A1)}\ndependsOn: [Stack/a]`),
      },
    });
    const found = await validate({ source: { type: 'folder', path: world.folder }, installation: null });
    expect(found).toMatchObject([
      {
        code: 'EK2206',
        message: 'these need one another: Stack/a → Stack/b → Stack/a',
        place: { file: 'a.yaml', line: 7 },
      },
    ]);
    const to = (name: string, id: string) =>
      `\nparameters: { Urls: "\${outputs.Stack/${name}@${id}/us-east-1.Names}" }`;
    await world.write({
      'a.yaml': manifest('Stack/a', 'consumer', `${at(A1)}${to('b', A2)}`),
      'b.yaml': manifest('Stack/b', 'consumer', `${at(A2)}${to('a', A1)}`),
    });
    const one = `Stack/a@${A1}/us-east-1`;
    expect((await world.plan()).diagnostics).toMatchObject([
      { code: 'EK2206', message: `these need one another: ${one} → Stack/b@${A2}/us-east-1 → ${one}` },
    ]);
  });
});

describe('a circle that only the order of a rollout closes', () => {
  it('is named before anything waits for ever', async () => {
    const regions = (spec: string): string => spec.replace('[us-east-1]', '[us-east-1, us-west-2]');
    world = await createWorld({
      files: {
        ...templates,
        'a.yaml': manifest(
          'Stack/a',
          'consumer',
          `${regions(at(A1))}
rollout: { regionOrder: [us-east-1, us-west-2] }
overrides: [{ where: { regions: [us-east-1] }, parameters: { Urls: "\${outputs.Stack/a@${A1}/us-west-2.Names}" } }]`,
        ),
      },
    });
    expect((await world.plan()).diagnostics).toMatchObject([
      {
        code: 'EK2206',
        message: `these need one another: Stack/a@${A1}/us-east-1 → Stack/a@${A1}/us-west-2 → Stack/a@${A1}/us-east-1`,
      },
    ]);
  });
});

describe('what depends on what failed', () => {
  it('is skipped, and everything else goes on', async () => {
    world = await createWorld({
      files: {
        ...templates,
        'a.yaml': manifest('Stack/a', 'failing', at(A1)),
        'b.yaml': manifest('Stack/b', 'consumer', `${at(A1, A2)}\ndependsOn: [Stack/a]`),
        'c.yaml': manifest('Stack/c', 'consumer', `${at(A1, A2)}\ndependsOn: [Stack/a@same]`),
        'd.yaml': manifest('Stack/d', 'consumer', at(A1)),
      },
    });
    const report = await world.reconcile();
    expect(report.exitCode).toBe(EXIT.partlyApplied);
    expect(results(report)).toEqual({
      [`Stack/a@${A1}/us-east-1`]: 'failed',
      [`Stack/b@${A1}/us-east-1`]: 'skipped',
      [`Stack/b@${A2}/us-east-1`]: 'skipped',
      [`Stack/c@${A1}/us-east-1`]: 'skipped',
      [`Stack/c@${A2}/us-east-1`]: 'done',
      [`Stack/d@${A1}/us-east-1`]: 'done',
    });
  });
});

describe('what is taken away', () => {
  it('goes before what it needed', async () => {
    await settled({
      'a.yaml': manifest('Stack/base', 'source', at(A1)),
      'b.yaml': manifest(
        'Stack/user',
        'consumer',
        `${at(A2)}\nparameters: { Urls: "\${outputs.Stack/base@${A1}/us-east-1.Url}" }`,
      ),
      'c.yaml': manifest('Stack/stays', 'consumer', at(A1)),
    });
    await world.write({ 'a.yaml': null, 'b.yaml': null });
    const { plan } = await world.plan();
    expect(plan!.changes.map(({ address, action, dependsOn }) => [address, action, dependsOn])).toEqual([
      [`Stack/base@${A1}/us-east-1`, 'delete', ['Stack/user']],
      [`Stack/user@${A2}/us-east-1`, 'delete', []],
    ]);
    world.simulator.calls.reset();
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    const deleted = world.simulator.calls.entries().filter(({ operation }) => operation === 'DeleteStack');
    expect(deleted.map(({ principal }) => principal.accountId)).toEqual([A2, A1]);
  });
});

const WAVES = `targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]
rollout:
  waves: [{ accounts: [a1] }, { organizationalUnits: [/Workloads/Prod] }, { all: true }]
  failureTolerance: 0`;

describe('a rollout in waves', () => {
  it('goes wave by wave, and the plan says how', async () => {
    world = await createWorld({ files: { ...templates, 'a.yaml': manifest('Stack/a', 'consumer', WAVES) } });
    const { plan } = await world.plan();
    expect(plan!.changes.map(({ address, wave }) => [address, wave])).toEqual([
      [`Stack/a@${A1}/us-east-1`, 0],
      [`Stack/a@${A2}/us-east-1`, 1],
      [`Stack/a@${A3}/us-east-1`, 2],
      [`Stack/a@${A4}/us-east-1`, 2],
    ]);
    expect(plan!.rollouts).toEqual([
      {
        manifest: 'Stack/a',
        waves: [
          { wave: 0, deployments: 1, accounts: 1, atOnce: 1, tolerated: 0 },
          { wave: 1, deployments: 1, accounts: 1, atOnce: 1, tolerated: 0 },
          { wave: 2, deployments: 2, accounts: 2, atOnce: 2, tolerated: 0 },
        ],
      },
    ]);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    const created = world.simulator.calls
      .entries()
      .filter(({ operation }) => operation === 'CreateStack')
      .map(({ principal }) => principal.accountId);
    expect(created.slice(0, 2)).toEqual([A1, A2]);
    expect(created.slice(2).toSorted()).toEqual([A3, A4]);
  });

  it('whose canary fails stops, stays stopped through every later reconcile, and goes on when a person says so', async () => {
    world = await createWorld({ files: { ...templates, 'a.yaml': manifest('Stack/a', 'failing', WAVES) } });
    const report = await world.reconcile();
    expect(results(report)).toEqual({
      [`Stack/a@${A1}/us-east-1`]: 'failed',
      [`Stack/a@${A2}/us-east-1`]: 'skipped',
      [`Stack/a@${A3}/us-east-1`]: 'skipped',
      [`Stack/a@${A4}/us-east-1`]: 'skipped',
    });
    expect(report.run!.changes[1]!.detail).toBe(`wave 1 has stopped: Stack/a@${A1}/us-east-1 failed`);

    for (const scope of [undefined, { type: 'account', account: A3 } as never]) {
      const again = await world.reconcile(scope);
      expect(again).toMatchObject({ exitCode: EXIT.blocked, run: null });
      expect(again.planned.plan!.refusals.every(({ code }) => code === 'EK6030')).toBe(true);
    }
    expect((await world.plan()).plan!.refusals[0]!.remedy).toContain('evenkeel resume Stack/a --reason');

    const session = await world.session();
    expect(await session.resume('Stack/a', 'the quota was raised')).toMatchObject({ type: 'resumed' });
    expect(await session.resume('Stack/a', 'again')).toMatchObject({ type: 'nothing' });
    await session.close();
    expect(results(await world.reconcile())[`Stack/a@${A1}/us-east-1`]).toBe('failed');

    await world.write({ 'a.yaml': manifest('Stack/a', 'consumer', WAVES) });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  });

  it('takes the Regions of a wave in their order', async () => {
    const everywhere = at(A1, A2).replace('[us-east-1]', '[us-east-1, us-west-2]');
    world = await createWorld({
      files: {
        ...templates,
        'a.yaml': manifest('Stack/a', 'consumer', `${everywhere}\nrollout: { regionOrder: [us-west-2, us-east-1] }`),
      },
    });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    const created = world.simulator.calls.entries().filter(({ operation }) => operation === 'CreateStack');
    expect(created.map(({ region }) => region)).toEqual(['us-west-2', 'us-west-2', 'us-east-1', 'us-east-1']);
  });

  it('tolerates as many failures in a wave as it says, and takes no more at once', async () => {
    world = await createWorld({
      organization: smallOrganization(6),
      files: {
        ...templates,
        'a.yaml': manifest(
          'Stack/a',
          'failing',
          `${at(...[1, 2, 3, 4, 5].map(accountId))}\nrollout: { maxConcurrent: 1, failureTolerance: 20% }`,
        ),
      },
    });
    const report = await world.reconcile();
    expect(Object.values(results(report))).toEqual(['failed', 'failed', 'skipped', 'skipped', 'skipped']);
  });
});

describe('a stack set in waves', () => {
  const SET = `permissionModel: self-managed\n${WAVES.replace('failureTolerance: 0', 'failureTolerance: 0\n  maxConcurrent: 100%')}`;
  const withQueue = (template: string): string =>
    template.replace(
      'Resources:',
      'Resources:\n  Queue: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 60 } }',
    );
  /** Which accounts have the template with the queue. */
  const reached = (): readonly string[] =>
    world.simulator.stacks
      .standing()
      .filter(({ name }) => name.startsWith('StackSet-evenkeel-a-'))
      .filter(({ accountId: id, region, stackId }) =>
        world.simulator.stacks.find(id, region, stackId)!.template.includes('VisibilityTimeout'),
      )
      .map(({ accountId: id }) => id)
      .sort();

  it('is made and updated wave by wave', async () => {
    await settled({ 'a.yaml': manifest('StackSet/a', 'consumer', SET) });
    await world.write({ 'templates/consumer.yaml': withQueue(consumer) });
    world.simulator.calls.reset();
    const { plan } = await world.plan();
    expect(plan!.rollouts).toMatchObject([
      { manifest: 'StackSet/a', waves: [{ accounts: 1 }, { accounts: 1 }, { accounts: 2 }] },
    ]);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(reached()).toEqual([A1, A2, A3, A4]);
    expect(world.calls('cloudformation:UpdateStackSet')).toBe(3);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  });

  it('whose canary fails leaves the others as they were, says that they wait, and is no drift', async () => {
    await settled({ 'a.yaml': manifest('StackSet/a', 'consumer', SET) });
    await world.write({ 'templates/consumer.yaml': withQueue(failing) });
    const report = await world.reconcile();
    expect(results(report)).toEqual({ 'StackSet/a': 'failed' });
    expect(reached()).toEqual([]);
    const again = await world.reconcile();
    expect(again).toMatchObject({ exitCode: EXIT.blocked, run: null });
    expect(again.planned.plan).toMatchObject({ changes: [], drift: [], refusals: [{ code: 'EK6030' }] });

    await world.write({ 'templates/consumer.yaml': withQueue(failing.replace('Fail: create', 'Fail: never')) });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(reached()).toEqual([A1, A2, A3, A4]);
  });
});

/** Fails where it is made in one of these accounts. */
const failingIn = (...accounts: readonly string[]): string =>
  `${consumer
    .replace(
      'Resources:',
      `Conditions: { Bad: !Or [!Equals [a, b], ${accounts.map((id) => `!Equals [!Ref AWS::AccountId, "${id}"]`).join(', ')}] }\nResources:`,
    )
    .replace(
      'Outputs:',
      '  Broken: { Type: AWS::SNS::Topic, Condition: Bad, Metadata: { Simulator: { Fail: create } } }\nOutputs:',
    )}`;

describe('a manifest of which something is taken away', () => {
  it('and what refers to all of it, where something goes too, do not wait for one another', async () => {
    const central = (...accounts: readonly string[]): string =>
      manifest(
        'Stack/central',
        'consumer',
        `${at(...accounts)}\nparameters: { Urls: "\${outputs.Stack/member@*.Url}" }`,
      );
    await settled({ 'a.yaml': central(A3, A4), 'b.yaml': manifest('Stack/member', 'source', at(A1, A2)) });
    await world.write({ 'a.yaml': central(A4), 'b.yaml': manifest('Stack/member', 'source', at(A1)) });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(valueAt('evenkeel-central', A4)!.split(',')).toHaveLength(1);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  });
});

describe('a canary that is not made', () => {
  it('because it has failed too often for a schedule lets nobody after it begin', async () => {
    world = await createWorld({
      files: { ...templates, 'templates/a.yaml': failingIn(A1), 'a.yaml': manifest('Stack/a', 'a', WAVES) },
    });
    for (let time = 0; time < 4; time += 1) {
      const report = await world.reconcile();
      expect(Object.values(results(report)).filter((result) => result === 'done')).toEqual([]);
      const session = await world.session();
      await session.resume('Stack/a', 'it was not to blame');
      await session.close();
    }
  });

  it('because what it needs has failed lets nobody after it begin', async () => {
    world = await createWorld({
      files: {
        ...templates,
        'templates/first.yaml': failingIn(A1),
        'a.yaml': manifest('Stack/a', 'consumer', `${WAVES}\ndependsOn: [Stack/first@same]`),
        'b.yaml': manifest('Stack/first', 'first', at(A1, A2, A3, A4)),
      },
    });
    const found = results(await world.reconcile());
    expect([A1, A2, A3, A4].map((id) => found[`Stack/a@${id}/us-east-1`])).toEqual(Array(4).fill('skipped'));
  });

  it('as it was planned lets nobody after it begin, whoever applies the stored plan', async () => {
    await settled({ 'a.yaml': manifest('Stack/a', 'consumer', WAVES) });
    await world.write({
      'templates/consumer.yaml': consumer.replace('Type: String, Value', 'Type: String, Description: new, Value'),
    });
    const stored = (await world.plan()).plan!;
    expect(stored.changes).toHaveLength(4);
    const { requestHandler, world: aws } = world.simulator;
    const credentials = world.simulator.credentials(A1);
    await new CloudFormationClient({ region: 'us-east-1', credentials, requestHandler }).send(
      new UpdateStackCommand({
        StackName: 'evenkeel-a',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Urls', ParameterValue: 'touched' }],
      }),
    );
    aws.clock.advance(600);
    const session = await world.session();
    const report = await session.applyFile(stored, { signal: new AbortController().signal, progress: () => undefined });
    await session.close();
    expect(Object.values(results(report)).filter((result) => result === 'done')).toEqual([]);
  });
});

describe('what is only to come after', () => {
  it('something that is held does not begin either', async () => {
    world = await createWorld({
      files: {
        ...templates,
        'a.yaml': manifest('Stack/a', 'failing', `${at(A1)}\nrollout: { failureTolerance: 0 }`),
        'b.yaml': manifest('Stack/b', 'consumer', `${at(A1)}\ndependsOn: [Stack/a]`),
      },
    });
    expect(results(await world.reconcile())[`Stack/b@${A1}/us-east-1`]).toBe('skipped');
    await world.reconcile();
    expect(valueAt('evenkeel-b', A1)).toBeUndefined();
  });
});

describe('a stack set in waves of which a failure is tolerated', () => {
  it('stops at the wave where more have failed', async () => {
    world = await createWorld({
      files: {
        ...templates,
        'templates/a.yaml': failingIn(A1, A2, A3),
        'a.yaml': manifest(
          'StackSet/a',
          'a',
          `permissionModel: self-managed\n${at(A1, A2, A3, A4)}
rollout:
  waves: [{ accounts: [a1] }, { accounts: [a2, a3] }, { all: true }]
  failureTolerance: 1
  maxConcurrent: 100%`,
        ),
      },
    });
    expect(results(await world.reconcile())).toEqual({ 'StackSet/a': 'failed' });
    const accounts = new Set(world.simulator.stacks.standing().map(({ accountId: id }) => id));
    expect(accounts).not.toContain(A4);
  });
});

describe('a value that is not known yet', () => {
  it('changes nothing that the plan did not name when it becomes known', async () => {
    const first = `Parameters: { Kind: { Type: String } }
Resources:
  Names: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Kind } }
Outputs:
  Kind: { Value: !Ref Kind }
`;
    await settled({
      'templates/first.yaml': first,
      'templates/consumer.yaml': consumer.replace(', Default: none', ''),
      'a.yaml': manifest('Stack/first', 'first', `${at(A1, A2)}\nparameters: { Kind: one }`),
      'b.yaml': manifest(
        'StackSet/b',
        'consumer',
        `permissionModel: self-managed\n${at(A1, A2)}\nparameters: { Urls: "\${outputs.Stack/first.Kind}" }`,
      ),
    });
    await world.write({
      'a.yaml': manifest(
        'Stack/first',
        'first',
        `${at(A1, A2)}\nparameters: { Kind: one }\noverrides: [{ where: { accounts: [a1] }, parameters: { Kind: two } }]`,
      ),
    });
    const { plan } = await world.plan();
    const change = plan!.changes.find(({ address }) => address === 'StackSet/b')!;
    expect(change.members.map(({ address }) => address)).toContain(`StackSet/b@${A1}/us-east-1`);
    expect(change.fields.map(({ path }) => path)).toContain('parameters.Urls');
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  });

  it('is counted as what a condition may remove', async () => {
    const conditional = `Parameters: { Mode: { Type: String } }
Conditions:
  IsOne: !Equals [!Ref Mode, one]
  IsOther: !Not [!Condition IsOne]
Resources:
  Always: { Type: AWS::SQS::Queue }
  One: { Type: AWS::SQS::Queue, Condition: IsOne }
  Other: { Type: AWS::SQS::Queue, Condition: IsOther }
`;
    const first = (kind: string): string => `Resources:
  Names: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: ${kind} } }
Outputs:
  Kind: { Value: ${kind} }
`;
    await settled({
      'templates/first.yaml': first('two'),
      'templates/conditional.yaml': conditional,
      'a.yaml': manifest('Stack/first', 'first', at(A1)),
      'b.yaml': manifest('Stack/b', 'conditional', `${at(A1)}\nparameters: { Mode: "\${outputs.Stack/first.Kind}" }`),
    });
    await world.write({ 'templates/first.yaml': first('one') });
    const { plan } = await world.plan();
    const change = plan!.changes.find(({ address }) => address.startsWith('Stack/b'))!;
    expect(change.removes).toEqual(['Other']);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
  });
});

describe('a value that one instance of a stack set is given', () => {
  it('counts what it replaces there, known or not', async () => {
    const named = `Parameters: { Name: { Type: String } }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } }
`;
    const first = (kind: string): string => `Resources:
  Names: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: ${kind} } }
Outputs:
  Kind: { Value: ${kind} }
`;
    const set = (value: string): string =>
      manifest(
        'StackSet/b',
        'named',
        `permissionModel: self-managed\n${at(A1, A2)}\nparameters: { Name: base }
overrides: [{ where: { accounts: [a1] }, parameters: { Name: "${value}" } }]`,
      );
    await settled({
      'templates/first.yaml': first('one'),
      'templates/named.yaml': named,
      'a.yaml': manifest('Stack/first', 'first', at(A1)),
      'b.yaml': set('${outputs.Stack/first.Kind}'),
    });
    const replaced = async () => (await world.plan()).plan!.changes.find(({ address }) => address === 'StackSet/b');
    await world.write({ 'templates/first.yaml': first('two') });
    expect(await replaced()).toMatchObject({ replaces: ['Topic'], members: [{ action: 'update' }] });
    await world.write({ 'templates/first.yaml': first('one'), 'b.yaml': set('three') });
    expect(await replaced()).toMatchObject({ replaces: ['Topic'], members: [{ action: 'update' }] });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  });
});

describe('a budget', () => {
  it('is charged once for a step that is begun again when its value has become known', async () => {
    const named = `Parameters: { Name: { Type: String } }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } }
`;
    const broken = `${named}  Broken: { Type: AWS::SQS::Queue, Metadata: { Simulator: { Fail: create } } }\n`;
    const first = (kind: string): string => `Resources:
  Names: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: ${kind} } }
Outputs:
  Kind: { Value: ${kind} }
`;
    await settled({
      'templates/first.yaml': first('one'),
      'templates/named.yaml': named,
      'a.yaml': manifest('Stack/first', 'first', at(A1)),
      'b.yaml': manifest('Stack/b', 'named', `${at(A1)}\nparameters: { Name: "\${outputs.Stack/first.Kind}" }`),
    });
    await world.write({ 'templates/first.yaml': first('two'), 'templates/named.yaml': broken });
    expect(results(await world.reconcile())[`Stack/b@${A1}/us-east-1`]).toBe('failed');
    const { plan, verdict } = await world.plan();
    expect(plan!.changes).toMatchObject([{ replaces: ['Topic'] }]);
    expect(verdict.budgets.find(({ name }) => name === 'replace')).toMatchObject({ planned: 1, spent: 0 });
  });
});

describe('a reference to many', () => {
  it('looks at each of them once', async () => {
    await settled({
      'a.yaml': manifest('StackSet/members', 'consumer', `permissionModel: self-managed\n${at(A1, A2)}`),
      'c.yaml': manifest(
        'Stack/central',
        'consumer',
        `${at(A4)}\nparameters: { Urls: "\${outputs.StackSet/members@*.Names}" }`,
      ),
    });
    world.simulator.calls.reset();
    await world.plan();
    expect(world.calls('cloudformation:DescribeStackSet')).toBe(1);
  });
});

describe('a service-managed stack set in waves', () => {
  it('is updated wave by wave, and deploys by itself after the last', async () => {
    const set = (more: string): string =>
      manifest(
        'StackSet/a',
        'consumer',
        `permissionModel: service-managed
callAs: DELEGATED_ADMIN
${more}targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1, us-west-2] }]
rollout:
  waves: [{ accounts: [a1] }, { organizationalUnits: [/Workloads/Prod] }, { all: true }]
  regionOrder: [us-west-2, us-east-1]
  failureTolerance: 0`,
      );
    await settled({ 'a.yaml': set('') });
    world.simulator.calls.reset();
    await world.write({
      'a.yaml': set('autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true }\n'),
      'templates/consumer.yaml': consumer.replace('Default: none', 'Default: some'),
    });
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect(world.calls('cloudformation:UpdateStackSet')).toBe(4);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  });
});
