import { afterEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/reconciler/outcome.js';
import { accountId, createWorld, smallOrganization } from '../support/world.js';
import { createTroubled, life } from '../support/trouble.js';
import type { World } from '../support/world.js';

let world: World;
afterEach(() => world.close());
const [A1, A2, A3, A4] = [1, 2, 3, 4].map(accountId) as [string, string, string, string];
const source = (seconds = 30): string => `Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: ${seconds} } }
Outputs:
  Url: { Value: !Ref Queue }
`;
const consumer = `Parameters:
  Urls: { Type: String, Default: none }
Resources:
  Names: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Urls } }
Outputs:
  Names: { Value: !Ref Names }
`;
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
const templates = { 'templates/source.yaml': source(), 'templates/consumer.yaml': consumer };
const failingIn = (...accounts: readonly string[]): string => `${consumer.replace(
  'Resources:',
  `Conditions: { Bad: !Or [!Equals [a, b], ${accounts.map((id) => `!Equals [!Ref AWS::AccountId, "${id}"]`).join(', ')}] }\nResources:`,
).replace('Outputs:', '  Broken: { Type: AWS::SNS::Topic, Condition: Bad, Metadata: { Simulator: { Fail: create } } }\nOutputs:')}`;
const WAVES3 = `rollout:
  waves: [{ accounts: [a1] }, { accounts: [a2, a3] }, { all: true }]
  maxConcurrent: 100%
  failureTolerance: 0`;

describe('attack', () => {
  it('noecho fed by an output is quiet, and follows', async () => {
    const t = consumer.replace('Default: none', 'NoEcho: true');
    world = await createWorld({ files: { ...templates, 'templates/s.yaml': t,
      'a.yaml': manifest('Stack/first', 'source', at(A1, A2)),
      'b.yaml': manifest('Stack/b', 's', `${at(A1)}\nparameters: { Urls: "\${outputs.Stack/first.Url}" }`),
      'c.yaml': manifest('StackSet/c', 's', `permissionModel: self-managed\n${at(A1, A2)}\nparameters: { Urls: "\${outputs.Stack/first.Url}" }`),
      'd.yaml': manifest('StackSet/d', 's', `permissionModel: self-managed\n${at(A3)}\nparameters: { Urls: "\${outputs.Stack/first@*.Url}" }`),
    } });
    let r = await world.reconcile();
    expect(r.exitCode).toBe(EXIT.done);
    for (let i = 0; i < 2; i++) { r = await world.reconcile(); expect([r.exitCode, r.run, r.planned.plan!.changes]).toEqual([EXIT.done, null, []]); }
    await world.write({ 'templates/source.yaml': source(60) });
    r = await world.reconcile(); expect(r.exitCode).toBe(EXIT.done);
    console.log(JSON.stringify(r.run!.changes.map((c) => [c.address, c.result, c.detail])));
    r = await world.reconcile(); expect([r.exitCode, r.run]).toEqual([EXIT.done, null]);
    // tags only upstream
    await world.write({ 'a.yaml': manifest('Stack/first', 'source', `${at(A1, A2)}\ntags: { x: y }`) });
    const p = await world.plan();
    console.log(JSON.stringify(p.plan!.changes.map((c) => [c.address, c.fields])));
    r = await world.reconcile(); expect(r.exitCode).toBe(EXIT.done);
    r = await world.reconcile(); expect([r.exitCode, r.run]).toEqual([EXIT.done, null]);
  }, 60000);

  it('stack set whose canary has no instance yet', async () => {
    const S = (ids: string[]) => manifest('StackSet/a', 'consumer', `permissionModel: self-managed\n${at(...ids)}\n${WAVES3}`);
    world = await createWorld({ files: { ...templates, 'a.yaml': S([A2, A3, A4]) } });
    // wave 1 without a target is only a warning
    let r = await world.reconcile();
    expect(r.exitCode).toBe(EXIT.done);
    await world.write({ 'a.yaml': S([A1, A2, A3, A4]), 'templates/consumer.yaml': failingIn(A1, A2) });
    world.simulator.calls.reset();
    r = await world.reconcile();
    console.log(JSON.stringify(r.run!.changes), JSON.stringify(world.simulator.calls.entries().filter((c) => /Stack(Set|Instances)$/.test(c.operation) && !/Describe|List/.test(c.operation)).map((c) => c.operation)));
    for (const { name, accountId: id, region, stackId } of world.simulator.stacks.standing())
      console.log(id, name, world.simulator.stacks.find(id, region, stackId)!.template.includes('Broken'));
  }, 60000);

  it('service managed in waves', async () => {
    world = await createWorld({ files: { ...templates, 'a.yaml': manifest('StackSet/a', 'consumer', `permissionModel: service-managed\ncallAs: DELEGATED_ADMIN\ntargets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1, us-west-2] }]\nrollout:\n  waves: [{ accounts: [a1] }, { organizationalUnits: [/Workloads/Prod] }, { all: true }]\n  regionOrder: [us-west-2, us-east-1]\n  failureTolerance: 0\n  maxConcurrent: 100%`) } });
    let r = await world.reconcile();
    expect(r).toMatchObject({ exitCode: EXIT.done });
    r = await world.reconcile(); expect([r.exitCode, r.run]).toEqual([EXIT.done, null]);
    await world.write({ 'templates/consumer.yaml': consumer.replace('Type: String, Value', 'Type: String, Description: new, Value') });
    world.simulator.calls.reset();
    r = await world.reconcile();
    expect(r).toMatchObject({ exitCode: EXIT.done });
    expect(world.calls('cloudformation:UpdateStackSet')).toBe(3);
    r = await world.reconcile(); expect([r.exitCode, r.run]).toEqual([EXIT.done, null]);
  }, 60000);

  it('a member removed of a held stack set', async () => {
    const S = (ids: string[], more = '') => manifest('StackSet/a', 'consumer', `permissionModel: self-managed\n${at(...ids)}\n${WAVES3}${more}`);
    world = await createWorld({ files: { ...templates, 'a.yaml': S([A1, A2, A3, A4]) } });
    await world.reconcile();
    await world.write({ 'templates/consumer.yaml': failingIn(A1) });
    await world.reconcile();
    await world.write({ 'a.yaml': S([A1, A2, A3]) });
    const r = await world.reconcile();
    console.log('held removal', r.exitCode, JSON.stringify(r.planned.plan!.refusals.map((x) => [x.code, x.address])), JSON.stringify(r.run?.changes ?? null));
    await world.write({ 'a.yaml': null, 'b.yaml': manifest('Stack/b', 'source', at(A1)) });
    const r2 = await world.reconcile();
    console.log('held gone', r2.exitCode, JSON.stringify(r2.run?.changes ?? null), JSON.stringify(r2.planned.plan!.refusals));
  }, 60000);

  it('a replaced override in a stack set', async () => {
    const immut = `Parameters: { Name: { Type: String } }\nResources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } }\n`;
    const first = (kind: string) => `Resources:\n  Names: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: ${kind} } }\nOutputs:\n  Kind: { Value: ${kind} }\n`;
    world = await createWorld({ files: { 'templates/first.yaml': first('one'), 'templates/immut.yaml': immut,
      'a.yaml': manifest('Stack/first', 'first', at(A1, A2, A3)),
      'b.yaml': manifest('StackSet/b', 'immut', `permissionModel: self-managed\n${at(A1, A2, A3)}\nparameters: { Name: "\${outputs.Stack/first.Kind}" }`),
      'c.yaml': manifest('StackSet/c', 'immut', `permissionModel: self-managed\n${at(A1, A2, A3)}\nparameters: { Name: base }\noverrides: [{ where: { accounts: [a1] }, parameters: { Name: "\${outputs.Stack/first.Kind}" } }]`),
    } });
    let r = await world.reconcile(); expect(r.exitCode).toBe(EXIT.done);
    await world.write({ 'templates/first.yaml': first('two') });
    const p = await world.plan();
    console.log('override', JSON.stringify(p.plan!.changes.filter((c) => c.address.startsWith('StackSet')).map((c) => [c.address, c.fields.map((f) => f.path), c.replaces, c.removes, c.members.length])), JSON.stringify(p.verdict.budgets));
  }, 60000);
});
