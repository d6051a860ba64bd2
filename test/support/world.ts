import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { open } from '../../src/installation/installation.js';
import type { Session } from '../../src/installation/session.js';
import type { Scope } from '../../src/model/plan.js';
import type { Planned, Report } from '../../src/reconciler/outcome.js';
import type { Progress } from '../../src/reconciler/ports.js';
import type { OrganizationFile, SimulatorOptions } from '../../src/simulator/kernel/contract.js';
import { createSimulator, type StorySimulator } from '../../src/simulator/simulator.js';

/** The controller's account in every world. */
export const HUB = '200000000000';
export const ALL: Scope = { type: 'all' };

/** Accounts a1 … an in /Workloads, with the roles that the controller needs; `Prod` takes the first half of them. */
export function smallOrganization(accounts: number, over: Partial<OrganizationFile> = {}): OrganizationFile {
  return {
    managementAccount: { id: '999999999999', name: 'management' },
    units: [
      { path: '/Hub' },
      { path: '/Workloads' },
      { path: '/Workloads/Prod' },
      { path: '/Workloads/Dev' },
      { path: '/Elsewhere' },
    ],
    accounts: [
      { id: HUB, name: 'hub', unit: '/Hub', roles: ['AWSCloudFormationStackSetAdministrationRole'] },
      ...Array.from({ length: accounts }, (_, n) => ({
        id: accountId(n + 1),
        name: `a${n + 1}`,
        unit: n < accounts / 2 ? '/Workloads/Prod' : '/Workloads/Dev',
        tags: { team: n % 2 === 0 ? 'red' : 'blue' },
      })),
    ],
    roles: ['evenkeel-plan', 'evenkeel-apply', 'evenkeel-cloudformation', 'AWSCloudFormationStackSetExecutionRole'],
    trustedServices: ['member.org.stacksets.cloudformation.amazonaws.com'],
    delegatedAdministrators: [{ account: HUB, service: 'member.org.stacksets.cloudformation.amazonaws.com' }],
    ...over,
  };
}

export const accountId = (n: number): string => String(300_000_000_000 + n);

export const CONTROLLER = `apiVersion: evenkeel/v1
kind: Controller
metadata: { name: evenkeel }
spec:
  partition: aws
  homeRegion: us-east-1
  table: evenkeel
  artifactBucket: evenkeel-artifacts-\${account.id}-\${region}
  roles: { plan: evenkeel-plan, apply: evenkeel-apply, cloudformation: evenkeel-cloudformation }
  budgets: { delete: 5, replace: 2, accounts: 100%, window: 24h }
`;

/** A template of one queue; `seconds` is what a test changes. */
export const queueTemplate = (seconds = 30): string => `Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: ${seconds}, DelaySeconds: !Ref Delay }
Outputs:
  Url: { Value: !Ref Queue }
`;

export const stackManifest = (name: string, spec: string): string => `apiVersion: evenkeel/v1
kind: Stack
metadata: { name: ${name} }
spec:
  template: templates/queue.yaml
${spec.replace(/^/gm, '  ')}
`;

export type World = {
  readonly simulator: StorySimulator;
  readonly folder: string;
  readonly ledgerFolder: string;
  /** Writes files of the desired state; null removes one. */
  write(files: Readonly<Record<string, string | null>>): Promise<void>;
  session(): Promise<Session>;
  plan(scope?: Scope): Promise<Planned>;
  /** Plans and applies, as the schedule does; one session for each, as in life. */
  reconcile(scope?: Scope): Promise<Report>;
  /** How often an operation was called since the last reset. */
  calls(operation: string): number;
  readonly progress: Progress[];
  close(): Promise<void>;
};

export async function createWorld(options: {
  readonly organization?: OrganizationFile;
  readonly files: Readonly<Record<string, string>>;
  readonly seed?: number;
  readonly trouble?: SimulatorOptions['trouble'];
  readonly onDeed?: SimulatorOptions['onDeed'];
  readonly startAt?: Date;
}): Promise<World> {
  const root = await mkdtemp(join(tmpdir(), 'evenkeel-world-'));
  const folder = join(root, 'desired-state');
  const ledgerFolder = join(root, 'ledger');
  const simulator = createSimulator({
    organization: options.organization ?? smallOrganization(4),
    seed: options.seed ?? 1,
    trouble: options.trouble ?? 'none',
    ...(options.onDeed === undefined ? {} : { onDeed: options.onDeed }),
    ...(options.startAt === undefined ? {} : { startAt: options.startAt }),
  });
  for (const region of ['us-east-1', 'us-west-2']) {
    await new S3Client({
      region,
      credentials: simulator.credentials(HUB),
      requestHandler: simulator.requestHandler,
    })
      .send(new CreateBucketCommand({ Bucket: `evenkeel-artifacts-${HUB}-${region}` }))
      .catch(unlessStanding);
  }
  const progress: Progress[] = [];
  const watch = { signal: new AbortController().signal, progress: (event: Progress) => void progress.push(event) };

  const world: World = {
    simulator,
    folder,
    ledgerFolder,
    progress,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        if (text === null) await rm(join(folder, path));
        else await writeFile(join(folder, path), text);
      }
    },
    async session() {
      const { session, diagnostics } = await open({
        source: { type: 'folder', path: folder },
        installation: null,
        ledger: { type: 'folder', path: ledgerFolder },
        env: {},
        clock: simulatedClock(simulator),
        aws: simulatedAws(simulator, HUB),
      });
      if (session === null) throw new Error(`the desired state is not valid: ${JSON.stringify(diagnostics, null, 2)}`);
      return session;
    },
    async plan(scope = ALL) {
      const session = await world.session();
      try {
        return await session.plan(scope, watch);
      } finally {
        await session.close();
      }
    },
    async reconcile(scope = ALL) {
      const session = await world.session();
      try {
        return await session.apply(await session.plan(scope, watch), 'reconcile', watch);
      } finally {
        await session.close();
      }
    },
    calls: (operation) => simulator.calls.byOperation()[operation] ?? 0,
    async close() {
      await simulator.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  await world.write({ 'controller.yaml': CONTROLLER, ...options.files });
  return world;
}

/** Whose first answer was lost is told by the second that it succeeded. */
function unlessStanding(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'BucketAlreadyOwnedByYou') throw error;
}
