import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { makeArtifact } from '../../src/blocks/artifact.js';
import { validate } from '../../src/installation/installation.js';
import { corpusTemplates } from '../support/corpus.js';
import { accountId, createWorld, smallOrganization } from '../support/world.js';

it('scratch', { timeout: 200_000 }, async () => {
  const log: string[] = [];
  let t = performance.now();
  const lap = (what: string) => { log.push(`${what} ${Math.round(performance.now() - t)} ms`); t = performance.now(); };
  const files: Record<string, string> = {};
  const templates = corpusTemplates();
  lap('read');
  const P: Record<string, string> = { Namespace: 'asr', SecHubAdminAccount: '111122223333', WaitProviderServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:wait', LogGroupName: '/asr/trail', KmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/1', DomainAdminEmail: 'security@example.com', CognitoAdminEmail: 'security@example.com', SpokeAccounts: '111122223333,444455556666', ESDomain: 'search-logs.us-east-1.es.amazonaws.com', MasterRole: 'arn:aws:iam::111122223333:role/master', PipelineApprovalEmail: 'security@example.com', LambdaEdgeName: 'edge', RequestThreshold: '100' };
  for (const { path, text } of templates) {
    const a = makeArtifact({ address: 'Stack/x' as never, file: path, template: text, objects: [], tags: {}, extraCapabilities: [] });
    if (a.value === null) throw new Error(path + JSON.stringify(a.diagnostics));
    const name = path.replace(/\.(ya?ml|json|template)$/, '').replace(/[^A-Za-z0-9]+/g, '-').toLowerCase().slice(0, 60).replace(/-$/, '');
    const required = Object.entries(a.value.parameters).filter(([, p]) => p.default === null).map(([n]) => `    ${n}: "${P[n] ?? 'no'}"`);
    if (/admin.template/.test(path) && /223/.test(String(Object.keys(a.value.resourceTypes).length))) required.push('    ShouldDeployWebUI: "no"');
    files[`templates/${path}`] = text.replace(/%%?([A-Z_]+)%%?/g, (_, w: string) => w.toLowerCase().replace(/_/g, '-')).replace(/CodeUri: \w\S*/g, 'CodeUri: s3://publisher/code.zip').replace(/^( *)Handler: functions\/clean.handler$/m, '$&\n$1CodeUri: s3://publisher/code.zip');
    files[`${name}.yaml`] = `apiVersion: evenkeel/v1
kind: Stack
metadata: { name: ${name} }
spec:
  template: templates/${path}
  acknowledge: [${a.value.requiredCapabilities}]
  parameters:
${required.join('\n')}
  targets: [{ accounts: ["${accountId(1)}"], regions: [us-east-1] }]
`.replace('  parameters:\n\n', '');
  }
  lap('made');
  const world = await createWorld({ organization: smallOrganization(2), files });
  lap('world');
  const put = (b: string, k: string, path: string) => world.simulator.world.objects.put(b, k, new TextEncoder().encode(files[`templates/${path}`]!));
  const waf = 'aws-waf-security-automations/aws-waf-security-automations';
  put('template-output-bucket', 'solution-name/version/aws-waf-security-automations-webacl.template', `${waf}-webacl.template`);
  put('template-output-bucket', 'solution-name/version/aws-waf-security-automations-firehose-athena.template', `${waf}-firehose-athena.template`);
  const asr = 'automated-security-response-on-aws';
  put('solutions-reference', `${asr}/v1.0.0/playbooks/SCStack.template`, `${asr}/SC-admin.template.json`);
  put('solutions-reference', `${asr}/v1.0.0/automated-security-response-orchestrator-log.template`, `${asr}/orchestrator-log.template.json`);
  const d = await validate({ source: { type: 'folder', path: world.folder }, installation: null });
  lap('validate');
  for (const x of d) log.push(`${x.severity} ${x.code} ${x.address} ${x.message}`);
  const p = await world.plan();
  lap('plan');
  for (const x of p.diagnostics) log.push(`PLAN ${x.code} ${x.address} ${x.message}`);
  log.push(`${p.plan?.changes.length} changes of ${templates.length}; ${JSON.stringify(p.plan?.refusals)} ${JSON.stringify(p.verdict)}`);
  const r = await world.reconcile();
  lap('reconcile');
  log.push(`exit ${r.exitCode} ${JSON.stringify(r.refusals)}`);
  for (const c of r.run?.changes ?? []) if (c.result !== 'done') log.push(`${c.result} ${c.address}: ${c.detail}`);
  world.simulator.calls.reset();
  const r2 = await world.reconcile();
  lap('second');
  log.push(`exit ${r2.exitCode} ${JSON.stringify(world.simulator.calls.byOperation())} ${JSON.stringify(r2.planned.plan?.changes.map((c) => [c.address, c.action, c.reason, c.fields]))}`);
  const client = new CloudFormationClient({ region: 'us-east-1', credentials: world.simulator.credentials(accountId(1)), requestHandler: world.simulator.requestHandler });
  const { Stacks } = await client.send(new DescribeStacksCommand({}));
  for (const s of Stacks!) {
    const { StackResourceSummaries: x } = await client.send(new ListStackResourcesCommand({ StackName: s.StackId }));
    log.push(`${s.StackName} ${s.StackStatus} ${x!.length} ${s.StackStatusReason ?? ''}`);
    for (const o of s.Outputs ?? []) log.push(`     ${o.OutputKey} = ${o.OutputValue}`);
  }
  lap('described');
  writeFileSync('/tmp/corpus-log.txt', log.join('\n'));
  await world.close();
});
