import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackSetOperationsCommand,
  paginateListStackInstances,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPeople } from '../../src/cli/demo/people.js';
import type { Planned } from '../../src/reconciler/outcome.js';
import { corpusTitle, hasCorpus } from '../support/corpus.js';
import { publishRealTemplates } from '../support/real-solutions.js';
import { shippedWorld, TOOLING, type ShippedWorld } from '../support/shipped.js';

/** For locking all of it. */
const LOCK_WITHIN_MS = 15_000;
/** Nobody is left out but the management account, which stack sets of the organization never reach, and who is suspended. */
const MEMBERS = ['02', '03', '04', '05', '06', '11', '12', '13', '21', '22', '31', '32'].map(
  (end) => `1000000000${end}`,
);
const ARCHIVE = '100000000003';
const EVERYWHERE = ['us-east-1', 'us-west-2'];
const LONG_MS = 240_000;

describe('incident response in multiple accounts', () => story('stand-ins', () => Promise.resolve()));

describe.skipIf(!hasCorpus)(corpusTitle('incident response in multiple accounts, with the real templates'), () =>
  story('real', publishRealTemplates),
);

/** The shipped desired state from the lock to an account that joins later; each part goes on where the one before ended. */
function story(templates: 'stand-ins' | 'real', publish: (world: ShippedWorld) => Promise<void>): void {
  let world: ShippedWorld;
  let joined: string;

  beforeAll(async () => {
    world = await shippedWorld();
    await publish(world);
  });
  afterAll(() => world?.close());

  const client = (account: string, region = 'us-east-1'): CloudFormationClient =>
    new CloudFormationClient({
      region,
      credentials: world.simulator.credentials(account),
      requestHandler: world.simulator.requestHandler,
    });
  /** A service-managed set is asked for as the delegated administrator that made it. */
  const inSet = (name: string) => {
    const isSelfManaged = ['security-response-members', 'security-events'].includes(name);
    return { StackSetName: `evenkeel-${name}`, CallAs: isSelfManaged ? 'SELF' : 'DELEGATED_ADMIN' } as const;
  };

  /** `account/region` of each instance that is as its set wants it. */
  async function instancesOf(name: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { Summaries = [] } of paginateListStackInstances({ client: client(TOOLING) }, inSet(name)))
      for (const { Account, Region, Status, StackInstanceStatus } of Summaries)
        found.push(
          `${Account!}/${Region!}${Status === 'CURRENT' && StackInstanceStatus?.DetailedStatus === 'SUCCEEDED' ? '' : ` ${Status!}`}`,
        );
    return found.sort();
  }

  /** When the operations on a stack set began and ended. */
  async function operationsOf(name: string): Promise<{ readonly from: number; readonly to: number }> {
    const { Summaries = [] } = await client(TOOLING).send(new ListStackSetOperationsCommand(inSet(name)));
    expect(Summaries.map(({ Status }) => Status)).not.toContain('FAILED');
    return {
      from: Math.min(...Summaries.map(({ CreationTimestamp }) => CreationTimestamp!.getTime())),
      to: Math.max(...Summaries.map(({ EndTimestamp }) => EndTimestamp!.getTime())),
    };
  }

  async function stackOf(account: string, name: string) {
    const { Stacks } = await client(account).send(new DescribeStacksCommand({ StackName: `evenkeel-${name}` }));
    return Stacks![0]!;
  }

  const rolesOnRoster = async (): Promise<readonly string[]> => {
    const { Parameters } = await stackOf(ARCHIVE, 'central-logging-roster');
    const roles = Parameters!.find(({ ParameterKey }) => ParameterKey === 'MemberRoles')!.ParameterValue!;
    return roles.split(',').map((arn) => arn.split(':')[4]!);
  };

  it('is locked in less than fifteen seconds', async () => {
    const began = performance.now();
    const { lines, diagnostics } = await world.lock();
    const taken = performance.now() - began;
    process.stdout.write(`  the shipped desired state was locked in ${(taken / 1000).toFixed(1)} s\n`);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(new Set(lines.map(({ result }) => result))).toEqual(new Set(['locked']));
    expect(lines.map(({ address }) => address)).toEqual(
      expect.arrayContaining([
        'Construct/sensitive-changes',
        'ServerlessApplication/cloudfront-access-logs-queries',
        'ServerlessApplication/lambda-edge-logs-aggregator',
        'ServerlessApplication/lambda-janitor',
        'ServerlessApplication/mysql-rotation',
        'Solution/central-logging',
        'Solution/security-response-admin',
        'Solution/security-response-member-roles',
        'Solution/security-response-members',
        'Solution/web-firewall',
      ]),
    );
    expect(taken).toBeLessThan(LOCK_WITHIN_MS);
  });

  it('is planned with what waits for what', async () => {
    const planned = await world.plan();
    expect(planned.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(planned.plan!.refusals).toEqual([]);
    const after = waitsIn(planned);
    expect(after('Solution/security-response-admin')).toEqual(
      expect.arrayContaining(['StackSet/guardduty', 'StackSet/security-hub', 'StackSet/config-recorder']),
    );
    expect(after('Solution/security-response-member-roles')).toContain('Solution/security-response-admin');
    expect(after('Solution/security-response-members')).toContain('Solution/security-response-member-roles');
    expect(after('Stack/central-logging-roster')).toEqual([
      'Solution/central-logging',
      'Solution/central-logging-members',
    ]);
    expect(after('StackSet/config-recorder')).toEqual(['Stack/log-archive']);
  });

  it(
    'is applied, administrator before roles before members',
    async () => {
      const { run, refusals, exitCode } = await world.reconcile();
      expect(run?.changes.filter(({ result }) => result !== 'done')).toEqual([]);
      expect([refusals, exitCode]).toEqual([[], 0]);

      const admin = await stackOf(TOOLING, 'security-response-admin');
      expect(admin.Description?.includes('Stand-in') ?? false).toBe(templates === 'stand-ins');
      const [hub, guardDuty, roles, members] = await Promise.all(
        ['security-hub', 'guardduty', 'security-response-member-roles', 'security-response-members'].map(operationsOf),
      );
      expect(Math.max(hub!.to, guardDuty!.to)).toBeLessThanOrEqual(admin.CreationTime!.getTime());
      expect(admin.CreationTime!.getTime()).toBeLessThan(roles!.from);
      expect(roles!.to).toBeLessThanOrEqual(members!.from);
    },
    LONG_MS,
  );

  it('reaches every account: roles once, for IAM is global, and the rest in each Region', async () => {
    const each = MEMBERS.flatMap((account) => EVERYWHERE.map((region) => `${account}/${region}`));
    const once = MEMBERS.map((account) => `${account}/us-east-1`);
    expect(await instancesOf('security-response-member-roles')).toEqual(once);
    expect(await instancesOf('trail')).toEqual(once);
    for (const name of ['guardduty', 'security-hub', 'config-recorder', 'security-response-members'])
      expect(await instancesOf(name)).toEqual(each);
  });

  it('hands outputs from one account to another, and from many to one', async () => {
    expect(await rolesOnRoster()).toEqual(MEMBERS.filter((account) => account !== ARCHIVE));
    const { Parameters: given } = await stackOf(ARCHIVE, 'central-logging-roster');
    const bucket = given!.find(({ ParameterKey }) => ParameterKey === 'LoggingBucket')!.ParameterValue;
    const { Outputs } = await stackOf(ARCHIVE, 'central-logging');
    expect(Outputs).toContainEqual(expect.objectContaining({ OutputKey: 'DefaultLoggingBucket', OutputValue: bucket }));
  });

  it('is quiet from then on', async () => {
    const { run, planned, exitCode } = await world.reconcile();
    expect([run, planned.plan!.changes, exitCode]).toEqual([null, [], 0]);
  });

  it(
    'covers an account that joins at the next reconcile, and the list of all has one more',
    async () => {
      joined = await createPeople(world.simulator).createAccount('analytics-dev', '/Workloads/NonProd');
      // Its roles come by themselves, as automatic deployment is asked for them; the members cannot.
      expect(await instancesOf('security-response-member-roles')).toContain(`${joined}/us-east-1`);
      expect((await instancesOf('security-response-members')).join()).not.toContain(joined);

      const { run, refusals, exitCode } = await world.reconcile();
      expect(run?.changes.filter(({ result }) => result !== 'done')).toEqual([]);
      expect([refusals, exitCode]).toEqual([[], 0]);
      for (const name of ['guardduty', 'security-hub', 'config-recorder', 'security-response-members'])
        for (const region of EVERYWHERE) expect(await instancesOf(name)).toContain(`${joined}/${region}`);
      for (const name of ['security-response-member-roles', 'trail', 'central-logging-members'])
        expect(await instancesOf(name)).toContain(`${joined}/us-east-1`);
      expect(await rolesOnRoster()).toEqual([...MEMBERS.filter((account) => account !== ARCHIVE), joined].sort());
      expect((await world.reconcile()).planned.plan!.changes).toEqual([]);
    },
    LONG_MS,
  );
}

/** The manifests that a manifest's changes wait for, in the order of their names. */
function waitsIn({ plan }: Planned): (manifest: string) => readonly string[] {
  const manifestOf = (address: string): string => address.split('@')[0]!;
  return (manifest) =>
    [
      ...new Set(
        plan!.changes
          .filter(({ address }) => manifestOf(address) === manifest)
          .flatMap(({ dependsOn }) => dependsOn.map(manifestOf)),
      ),
    ].sort();
}
