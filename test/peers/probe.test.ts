import { test } from 'vitest';
import { createMotoOrganization } from './moto-organization.js';
import { createMotoWorld } from './moto-world.js';
const CONTROLLER = `apiVersion: evenkeel/v1
kind: Controller
metadata: { name: evenkeel }
spec:
  partition: aws
  homeRegion: us-east-1
  table: evenkeel
  artifactBucket: evenkeel-artifacts-\${account.id}-\${region}
  roles: { plan: evenkeel-plan, apply: evenkeel-apply, cloudformation: evenkeel-cloudformation }
  budgets: { delete: 50, replace: 2, accounts: 100%, window: 24h }
`;
const Q = (s: number, name = '') => `Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: ${s}, DelaySeconds: !Ref Delay${name} }
Outputs:
  Url: { Value: !Ref Queue }
`;
test('x', async () => {
  const o = await createMotoOrganization(process.env['EVENKEEL_MOTO']!);
  const w = await createMotoWorld(o);
  await w.write({ 'controller.yaml': CONTROLLER, 'templates/queue.yaml': Q(30), 'templates/set.yaml': Q(30, ', QueueName: evenkeel-baseline'),
   'queue.yaml': `apiVersion: evenkeel/v1
kind: Stack
metadata: { name: queue }
spec:
  template: templates/queue.yaml
  targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1, us-west-2] }]
  overrides: [{ where: { organizationalUnits: [/Workloads/Dev] }, parameters: { Delay: "5" } }]
`,
   'set.yaml': `apiVersion: evenkeel/v1
kind: StackSet
metadata: { name: baseline }
spec:
  template: templates/set.yaml
  permissionModel: self-managed
  targets: [{ organizationalUnits: [/Workloads/Prod, /Sandbox], regions: [us-east-1, us-west-2] }]
`});
  const say = (r: any) => console.log(JSON.stringify({ exit: r.exitCode, diag: r.planned.diagnostics, verdict: r.planned.verdict, changes: r.planned.plan?.changes.length, reasons: r.planned.plan?.changes.slice(0,2), unknowns: r.planned.plan?.unknowns.length, unk: r.planned.plan?.unknowns[0], drift: r.planned.plan?.drift.slice(0,3), refusals: r.planned.plan?.refusals.slice(0,3), run: r.run && { outcome: r.run.outcome, results: r.run.changes.filter((c: any) => c.result !== 'done').slice(0, 3) }, refs: r.refusals }, null, 1), w.calls());
  let t = performance.now();
  const lap = (x: string) => { console.log(x, Math.round(performance.now() - t)); t = performance.now(); };
  say(await w.reconcile()); lap('first');
  say(await w.reconcile()); lap('second');
  await w.write({ 'templates/queue.yaml': Q(45) });
  say(await w.reconcile()); lap('update');
  await w.write({ 'queue.yaml': null, 'set.yaml': null });
  say(await w.reconcile()); lap('removal');
  await w.close(); o.close();
});
