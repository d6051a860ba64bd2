import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APPLY, effects, typed } from '../support/command-line.js';
import { corpusTemplates, corpusTitle, hasCorpus } from '../support/corpus.js';
import { publisherIn } from '../support/publisher.js';
import { accountId, createWorld, smallOrganization } from '../support/world.js';
import type { World } from '../support/world.js';
import { EXPECTED } from './corpus/expected.js';

/** Each of them as its publisher packages it, by path inside the corpus. */
const APPLICATIONS = {
  'lambda-janitor': { path: 'lambda-janitor/template-1.5.0.yml', version: '1.5.0' },
  'amazon-cloudfront-access-logs-queries': {
    path: 'amazon-cloudfront-access-logs-queries/template.yaml',
    version: '1.1.1',
  },
  'lambda-edge-logs-aggregator': { path: 'lambda-edge-logs-aggregator/template-all-in-one.yaml', version: '1.2.0' },
  'edge-logs-part': { path: 'lambda-edge-logs-aggregator/template.yaml', version: '1.2.0' },
  'cloudwatch-logs-janitor': { path: 'cloudwatch-logs-janitor/template.yaml', version: '1.0.0' },
} as const;
type Name = keyof typeof APPLICATIONS;
const NAMES = Object.keys(APPLICATIONS) as Name[];
const NEXT_JANITOR = { path: 'lambda-janitor/template.yml', version: '1.7.0' };

const OLD_JANITOR = 'cloudwatch-logs-janitor/template.yaml';

const texts = new Map(corpusTemplates().map(({ path, text }) => [path, text]));
const packaged = (path: string): string =>
  EXPECTED[path]!.published.reduce((text, [from, to]) => text.replace(from, to), texts.get(path) ?? '');
/** With runtimes with which Lambda still creates functions. */
const revived = (path: string): string =>
  packaged(path).replaceAll('python3.7', 'python3.13').replaceAll('nodejs10.x', 'nodejs22.x');

/** `via` → the account that it is deployed to, so that both ways may use the same names. */
const WAYS = { stack: 'a1', 'stack-set': 'a2' } as const;
type Via = keyof typeof WAYS;

describe.skipIf(!hasCorpus)(corpusTitle('the real applications, bought from the repository'), () => {
  let world: World;
  const arns = new Map<Name, string>();

  const manifest = (name: Name, via: Via, version: string): string => {
    const { parameters } = EXPECTED[APPLICATIONS[name].path]!;
    const spec = {
      application: arns.get(name),
      version,
      via,
      parameters,
      acknowledge: ['CAPABILITY_IAM', 'CAPABILITY_RESOURCE_POLICY'],
      targets: [{ accounts: [WAYS[via]], regions: ['us-east-1'] }],
    };
    const metadata = { name: `${name}-${via}` };
    return JSON.stringify({ apiVersion: 'evenkeel/v1', kind: 'ServerlessApplication', metadata, spec }, null, 2);
  };

  const isDone = async (line: string): Promise<void> => {
    const { stdout, stderr, code } = await typed(world, line);
    expect([line, code, code === 0 ? '' : stdout + stderr]).toEqual([line, 0, '']);
  };

  beforeAll(async () => {
    world = await createWorld({ organization: smallOrganization(4), files: {} });
    const { objects, organization } = world.simulator.world;
    objects.put('publisher-code', 'functions.zip', Buffer.from('the code'));
    const publisher = publisherIn(world, accountId(4));
    for (const name of NAMES) {
      const { path, version } = APPLICATIONS[name];
      const arn = await publisher.publish(name, version, revived(path));
      await publisher.share(arn, [], organization.organizationId!);
      arns.set(name, arn);
      for (const via of ['stack', 'stack-set'] as const)
        await world.write({ [`${name}-${via}.yaml`]: manifest(name, via, version) });
    }
    await publisher.publishNext(arns.get('lambda-janitor')!, NEXT_JANITOR.version, revived(NEXT_JANITOR.path));
    await publisher.publishNext(arns.get('cloudwatch-logs-janitor')!, '0.9.0', packaged(OLD_JANITOR));
  }, 60_000);
  afterAll(() => world?.close());

  it('as their publishers left them are refused where Lambda creates no such function any more', async () => {
    const file = 'cloudwatch-logs-janitor-stack.yaml';
    await world.write({ [file]: manifest('cloudwatch-logs-janitor', 'stack', '0.9.0') });
    await isDone('lock');
    const { stdout, code } = await typed(world, APPLY);
    expect([code, stdout]).toEqual([
      3,
      expect.stringContaining('uses python3.7, with which Lambda creates no function'),
    ]);
    await world.write({ [file]: manifest('cloudwatch-logs-janitor', 'stack', '1.0.0') });
  }, 60_000);

  it('are locked, and deployed by one reconcile, stack by stack and by stack set', async () => {
    await isDone('lock');
    await isDone('lock --check');
    await isDone(APPLY);
  }, 60_000);

  it.each(NAMES)('%s stands with the resources of the real one, under the tags of the repository', async (name) => {
    for (const account of [1, 2].map(accountId)) {
      const client = new CloudFormationClient({
        region: 'us-east-1',
        credentials: world.simulator.credentials(account),
        requestHandler: world.simulator.requestHandler,
      });
      const { Stacks } = await client.send(new DescribeStacksCommand({}));
      const stack = Stacks?.find(({ Tags }) =>
        Tags?.some(({ Key, Value }) => Key === 'serverlessrepo:applicationId' && Value === arns.get(name)),
      );
      expect(stack?.StackStatus).toBe('CREATE_COMPLETE');
      const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: stack!.StackId }));
      expect(StackResources).toHaveLength(EXPECTED[APPLICATIONS[name].path]!.resources);
    }
  });

  it('are left alone by the next reconcile', async () => {
    world.simulator.calls.reset();
    await isDone(APPLY);
    expect(effects(world)).toEqual([]);
  });

  it('and lambda-janitor becomes its next version in place, both ways, which its reviewers see as a diff', async () => {
    for (const via of ['stack', 'stack-set'] as const)
      await world.write({
        [`lambda-janitor-${via}.yaml`]: manifest('lambda-janitor', via, NEXT_JANITOR.version),
      });
    await isDone('lock');
    const { plan } = await world.plan();
    expect(plan?.changes.map(({ address, action, replaces, removes }) => [address, action, replaces, removes])).toEqual(
      [
        ['ServerlessApplication/lambda-janitor-stack-set', 'update', [], []],
        [`ServerlessApplication/lambda-janitor-stack@${accountId(1)}/us-east-1`, 'update', [], []],
      ],
    );
    await isDone(APPLY);
    world.simulator.calls.reset();
    await isDone(APPLY);
    expect(effects(world)).toEqual([]);
  }, 60_000);
});
