import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  type Output,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validate } from '../../src/installation/installation.js';
import { INLINE_TEMPLATE_BYTES } from '../../src/model/artifact.js';
import type { ChangeOutcome } from '../../src/model/run.js';
import type { Report } from '../../src/reconciler/outcome.js';
import { corpusTemplates, corpusTitle, hasCorpus, stackOf } from '../support/corpus.js';
import { accountId, createWorld, smallOrganization, type World } from '../support/world.js';
import { EXPECTED, type Expected } from './corpus/expected.js';
import { LIMITS } from './corpus/limits.js';

const REGION = 'us-east-1';
/** When every runtime lived that they use: today some of them could not be created. */
const THEIR_DAY = new Date('2021-01-01T00:00:00Z');
/** Where everything is that does not stand. */
const UNSETTLED = accountId(3);
const texts = new Map(corpusTemplates().map(({ path, text }) => [path, text]));
const textOf = (path: string): string => texts.get(path) ?? '';

const expected = Object.entries(EXPECTED);
const limits = Object.entries(LIMITS);
const accountOf = ({ account }: Expected): string => accountId(account);
const published = (path: string, { published: edits }: Expected): string =>
  edits.reduce((text, [from, to]) => text.replace(from, to), textOf(path));

/** Nested templates that the corpus has too, where the templates around them look for them. */
const NESTED: readonly (readonly [bucket: string, key: string, path: string])[] = [
  ...['firehose-athena', 'webacl'].map(
    (part) =>
      [
        'waf-templates',
        `waf/v4.0.5/aws-waf-security-automations-${part}.template`,
        `aws-waf-security-automations/aws-waf-security-automations-${part}.template`,
      ] as const,
  ),
  [
    'solutions-reference',
    'automated-security-response-on-aws/v1.0.0/playbooks/SCStack.template',
    'automated-security-response-on-aws/SC-admin.template.json',
  ],
  [
    'solutions-reference',
    'automated-security-response-on-aws/v1.0.0/automated-security-response-orchestrator-log.template',
    'automated-security-response-on-aws/orchestrator-log.template.json',
  ],
];

describe.skipIf(!hasCorpus)(corpusTitle('the real templates'), () => {
  let world: World;
  const warnings: string[] = [];
  const heard = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`);

  beforeAll(async () => {
    process.on('warning', heard);
    world = await createWorld({ organization: smallOrganization(3), files: {}, startAt: THEIR_DAY });
    for (const [bucket, key, path] of NESTED)
      world.simulator.world.objects.put(bucket, key, new TextEncoder().encode(textOf(path)));
    for (const [path, entry] of expected)
      await world.write(stackOf({ ...entry, text: textOf(path), account: accountOf(entry) }));
    for (const [path, limit] of limits)
      await world.write(stackOf({ ...limit, text: textOf(path), account: UNSETTLED }));
  });
  afterAll(async () => {
    process.off('warning', heard);
    await world?.close();
  });

  it('are all known here', () => {
    expect([...texts.keys()]).toEqual([...new Set([...Object.keys(EXPECTED), ...Object.keys(LIMITS)])].sort());
  });

  it('are valid as they are, with nothing given but what they ask for', async () => {
    const found = await validate({ source: { type: 'folder', path: world.folder }, installation: null });
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect([...new Set(found.map(({ code }) => code))].sort()).toEqual(['EK5030', 'EK5031', 'EK5034']);
  });

  it('are planned as they are: each of them would be created', async () => {
    const { plan, diagnostics, verdict } = await world.plan();
    expect(diagnostics).toEqual([]);
    expect(verdict.blocks).toEqual([]);
    expect(plan?.changes.map(({ address, action }) => `${action} ${address}`).sort()).toEqual(
      [
        ...expected.map(([, entry]) => `create Stack/${entry.name}@${accountOf(entry)}/${REGION}`),
        ...limits.map(([, { name }]) => `create Stack/${name}@${UNSETTLED}/${REGION}`),
      ].sort(),
    );
  });

  describe('as their publishers build them', () => {
    let report: Report;
    beforeAll(async () => {
      for (const [, { name }] of limits) await world.write({ [`${name}.yaml`]: null });
      for (const [path, entry] of expected)
        await world.write(stackOf({ ...entry, text: published(path, entry), account: accountOf(entry) }));
      world.simulator.calls.reset();
      report = await world.reconcile();
    }, 60_000);

    it('are all deployed by one reconcile, each by one call, the large ones through the artifact bucket', () => {
      const large = expected.filter(
        ([path, entry]) => Buffer.byteLength(published(path, entry)) > INLINE_TEMPLATE_BYTES,
      );
      expect(report.run?.changes.filter(({ result }) => result !== 'done')).toEqual([]);
      expect(report.exitCode).toBe(0);
      expect(world.calls('cloudformation:CreateStack')).toBe(expected.length);
      expect(world.calls('s3:PutObject')).toBe(large.length);
      expect(large.map(([path]) => path)).toContain('automated-security-response-on-aws/admin.template.json');
    });

    it('bring no warning of the runtime with them', () => {
      expect(warnings).toEqual([]);
    });

    it.each(expected)('%s stands with its resources and outputs', async (_, entry) => {
      const { resources, outputs } = await standing(world, accountOf(entry), `evenkeel-${entry.name}`);
      expect(resources).toHaveLength(entry.resources);
      expect(resources.filter((status) => status !== 'CREATE_COMPLETE')).toEqual([]);
      expect(Object.keys(outputs)).toHaveLength(entry.outputs);
      for (const value of Object.values(outputs)) expect(value).not.toMatch(/Fn::|\$\{|\[object|undefined|KNOWN_AFTER/);
      expect(outputs).toMatchObject(valuesOf(entry));
    });

    it('are left alone by the next reconcile', async () => {
      world.simulator.calls.reset();
      const again = await world.reconcile();
      expect(again.planned.plan).toMatchObject({ changes: [], drift: [], refusals: [], unchanged: expected.length });
      expect(again.exitCode).toBe(0);
      expect(
        Object.keys(world.simulator.calls.byOperation()).filter(
          (call) => !/:(Describe|List|Get|AssumeRole)/.test(call),
        ),
      ).toEqual([]);
    });

    it('become their next version in place', async () => {
      const old = EXPECTED['lambda-janitor/template-1.5.0.yml']!;
      const next = published('lambda-janitor/template.yml', EXPECTED['lambda-janitor/template.yml']!);
      await world.write(stackOf({ ...old, text: next, account: accountOf(old) }));
      const upgrade = await world.reconcile();
      expect(upgrade.planned.plan?.changes).toMatchObject([{ action: 'update', replaces: [], removes: [] }]);
      expect(upgrade.run?.changes).toMatchObject([{ result: 'done' }]);
    });
  });

  describe('that cannot be deployed', () => {
    let outcomes: readonly ChangeOutcome[];
    const rule = 'construct-aws-eventbridge-lambda/evtlam-eventbridge-no-argument.template.json';
    beforeAll(async () => {
      for (const [path, limit] of limits)
        await world.write(stackOf({ ...limit, text: textOf(path), account: UNSETTLED }));
      const text = textOf(rule).replace('AWS::Events::Rule', 'AWS::Events::Ruler');
      await world.write(stackOf({ name: 'made-up', text, account: UNSETTLED, parameters: {} }));
      outcomes = (await world.reconcile()).run?.changes ?? [];
    }, 60_000);
    const detailOf = (name: string): string => {
      const outcome = outcomes.find(({ address }) => address === `Stack/${name}@${UNSETTLED}/${REGION}`);
      expect(outcome?.result).toBe('failed');
      return outcome?.detail ?? '';
    };

    it.each(limits.map(([path, limit]) => [path, limit.reason, limit] as const))('%s: %s', (_path, _reason, limit) => {
      expect(detailOf(limit.name)).toContain(limit.answer);
    });

    it('include one with a resource type that does not exist, which is named; nothing of it stands', async () => {
      expect(detailOf('made-up')).toContain('AWS::Events::Ruler');
      await expect(standing(world, UNSETTLED, 'evenkeel-made-up')).rejects.toThrow('does not exist');
    });

    it('keep nothing else from being looked at', () => {
      expect(outcomes).toHaveLength(limits.length + 1);
    });
  });
});

function valuesOf(entry: Expected): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(entry.values).map(([name, value]) => [name, value.replace('ACCOUNT', accountOf(entry))]),
  );
}

/** The statuses of a stack's resources and the values of its outputs, as the account's administrator sees them. */
async function standing(world: World, account: string, stack: string) {
  const { simulator } = world;
  const client = new CloudFormationClient({
    region: REGION,
    credentials: simulator.credentials(account),
    requestHandler: simulator.requestHandler,
  });
  const resources: (string | undefined)[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stack }))
    resources.push(...(page.StackResourceSummaries ?? []).map(({ ResourceStatus }) => ResourceStatus));
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const outputs: readonly Output[] = Stacks?.[0]?.Outputs ?? [];
  return {
    resources,
    outputs: Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
  };
}
