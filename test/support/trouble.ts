import {
  CloudFormationClient,
  ListStackInstancesCommand,
  ListStackSetsCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { MoveAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { open } from '../../src/installation/installation.js';
import type { Session } from '../../src/installation/session.js';
import type { Scope } from '../../src/model/plan.js';
import type { Entry } from '../../src/model/recorded.js';
import type { Run } from '../../src/model/run.js';
import type { Planned, Report } from '../../src/reconciler/outcome.js';
import type { Clock } from '../../src/reconciler/ports.js';
import type { OrganizationFile } from '../../src/simulator/kernel/contract.js';
import { ALL, HUB, createWorld } from './world.js';
import type { World } from './world.js';

/** What a process that has been killed says to whoever still calls it. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

/** One request as the SDK hands it to a transport. */
type SdkRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** `cloudformation:CreateStack`, `dynamodb:PutItem`, `put:/key`. */
function operationOf(request: SdkRequest): string {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return target.replace(/^DynamoDB_\d+\./, 'dynamodb:').replace(/^.*\./, 'json:');
  const action = /(?:^|&)Action=(\w+)/.exec(typeof request.body === 'string' ? request.body : '')?.[1];
  return action === undefined ? `${request.method.toLowerCase()}:${request.path}` : `cloudformation:${action}`;
}

const EFFECT =
  /^(dynamodb:(Put|Update|Delete|Transact|BatchWrite)|cloudformation:(Create|Update|Delete|Execute|Cancel|Continue|Rollback|Set|Stop)|put:)/;

/** A controller's process, which may be killed, and whose answers may get lost. */
export type Life = {
  /** Effects that took place, in order; reading is none. */
  readonly effects: string[];
  readonly isDead: () => boolean;
  readonly handler: { handle(request: never, options?: never): Promise<{ response: unknown }> };
  readonly clock: Clock;
};

/** What goes wrong; each is counted in effects from 1, `cut` and `throttled` in calls of any kind. */
export type Fate = {
  /** This effect and all that follows never happen. To die after an effect is to die before the next. */
  readonly diesBefore?: number;
  /** This effect takes place, and its answer does not come back. */
  readonly loses?: number;
  /** This call never arrives. */
  readonly cut?: number;
  /** This call and the two after it are too many. */
  readonly throttled?: number;
  /** Told of each effect before it takes place, with what is asked. */
  readonly witness?: (operation: string, asked: URLSearchParams) => void;
};

/** A process of a controller with that fate. None of its failures is one that the SDK tries again by itself. */
export function life(world: World, fate: Fate = {}): Life {
  const effects: string[] = [];
  const clock = simulatedClock(world.simulator);
  let dead = false;
  let calls = 0;
  const live = (): void => {
    if (dead) throw new ProcessDied('the process is dead');
  };
  return {
    effects,
    isDead: () => dead,
    handler: {
      async handle(request: SdkRequest, options?: unknown) {
        live();
        calls += 1;
        if (calls === fate.cut) throw brokenConnection();
        const operation = operationOf(request);
        if (fate.throttled !== undefined && calls >= fate.throttled && calls < fate.throttled + 3) {
          if (operation.startsWith('cloudformation:'))
            throw Object.assign(new Error('Rate exceeded'), { name: 'ValidationError' });
        }
        if (!EFFECT.test(operation) || isHeartbeat(request))
          return world.simulator.requestHandler.handle(request, options);
        if (effects.length + 1 === fate.diesBefore) dead = true;
        live();
        fate.witness?.(operation, new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
        effects.push(operation);
        const isLost = effects.length === fate.loses;
        const answer = await world.simulator.requestHandler.handle(request, options);
        if (isLost) throw brokenConnection();
        return answer;
      },
    },
    clock: {
      now: () => clock.now(),
      sleep: async (milliseconds, signal) => {
        live();
        await clock.sleep(milliseconds, signal);
        live();
      },
    },
  };
}

/** Every pass says that it took place, whatever it found. */
function isHeartbeat({ body }: SdkRequest): boolean {
  const text =
    typeof body === 'string' ? body : new TextDecoder().decode((body ?? undefined) as Uint8Array | undefined);
  return text.includes('"C#pass"');
}

function brokenConnection(): Error {
  return Object.assign(new Error('the connection broke'), { code: 'EPROTO' });
}

export type Troubled = World & {
  /** A process of its own, whose ledger is the simulated DynamoDB. */
  controller(being?: Life): Promise<Session>;
  /** Plans and carries out what was planned; rejects where the process does not live to the end. */
  run(being?: Life, scope?: Scope, door?: Run['door']): Promise<Report>;
  look(scope?: Scope): Promise<Planned>;
  entries(): Promise<readonly Entry[]>;
  /** As somebody with an administrator's rights in an account. */
  by(account: string, region?: string): CloudFormationClient;
  /** Every stack that ever was there, deleted ones included. */
  stacks(account: string, region: string): Promise<readonly StandingStack[]>;
  /** Status of every stack that ever had such a name in us-east-1, deleted ones included. */
  everCalled(account: string, name: RegExp): Promise<string[]>;
  /** Status of every stack set that ever was. */
  sets(): Promise<string[]>;
  /** `account/region status` of each instance; empty where there is no such stack set. */
  instances(stackSet: string): Promise<string[]>;
  move(account: string, unit: string): Promise<void>;
  pass(seconds: number): void;
};

export type StandingStack = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly updated: string | null;
};

/** Looks seldom: every story waits for many operations. */
const POLLS = { first: 30_000, longest: 60_000 };

export async function createTroubled(options: {
  readonly organization?: OrganizationFile;
  readonly files: Readonly<Record<string, string>>;
  readonly seed?: number;
}): Promise<Troubled> {
  const world = await createWorld(options);
  const { simulator } = world;
  const watch = { signal: new AbortController().signal, progress: () => undefined };
  const clients = new Map<string, CloudFormationClient>();
  const organizations = new OrganizationsClient({
    region: 'us-east-1',
    credentials: simulator.credentials('999999999999'),
    requestHandler: simulator.requestHandler,
  });
  const troubled: Troubled = {
    ...world,
    async controller(being = life(world)) {
      const { session, diagnostics } = await open({
        source: { type: 'folder', path: world.folder },
        installation: null,
        ledger: { type: 'table' },
        env: {},
        clock: being.clock,
        aws: { ...simulatedAws(simulator, HUB), requestHandler: being.handler },
        pollInterval: POLLS,
      });
      if (session === null) throw new Error(`the desired state is not valid: ${JSON.stringify(diagnostics, null, 2)}`);
      return session;
    },
    async run(being = life(world), scope = ALL, door = 'reconcile') {
      const session = await troubled.controller(being);
      const report = await session.apply(await session.plan(scope, watch), door, watch);
      if (being.isDead()) throw new ProcessDied('the process died, and its controller has not noticed');
      return report;
    },
    async look(scope = ALL) {
      return (await troubled.controller()).plan(scope, watch);
    },
    async entries() {
      return (await (await troubled.controller()).status()).entries;
    },
    by(account, region = 'us-east-1') {
      const key = `${account}/${region}`;
      const credentials = simulator.credentials(account);
      const client =
        clients.get(key) ?? new CloudFormationClient({ region, credentials, requestHandler: simulator.requestHandler });
      clients.set(key, client);
      return client;
    },
    async stacks(account, region) {
      const { StackSummaries } = await troubled.by(account, region).send(new ListStacksCommand({}));
      return (StackSummaries ?? []).map((stack) => ({
        id: stack.StackId!,
        name: stack.StackName!,
        status: stack.StackStatus!,
        updated: stack.LastUpdatedTime?.toISOString() ?? null,
      }));
    },
    async everCalled(account, name) {
      const stacks = await troubled.stacks(account, 'us-east-1');
      return stacks.filter((stack) => name.test(stack.name)).map((stack) => stack.status);
    },
    async sets() {
      const { Summaries } = await troubled.by(HUB).send(new ListStackSetsCommand({}));
      return (Summaries ?? []).map((set) => set.Status!);
    },
    async instances(stackSet) {
      const list = new ListStackInstancesCommand({ StackSetName: stackSet });
      const { Summaries } = await troubled
        .by(HUB)
        .send(list)
        .catch(() => ({ Summaries: [] }));
      return (Summaries ?? [])
        .map((instance) => `${instance.Account}/${instance.Region} ${instance.Status}`)
        .toSorted();
    },
    async move(account, unit) {
      const { units, accounts } = simulator.world.organization;
      await organizations.send(
        new MoveAccountCommand({
          AccountId: account,
          SourceParentId: accounts.get(account)!.parentId!,
          DestinationParentId: [...units.values()].find((each) => each.name === unit)!.id,
        }),
      );
    },
    pass: (seconds) => simulator.world.clock.advance(seconds),
  };
  await (await troubled.controller()).createLedger();
  return troubled;
}

/** A self-managed stack set of one queue. */
export const setManifest = (name: string, spec: string): string => `apiVersion: evenkeel/v1
kind: StackSet
metadata: { name: ${name} }
spec:
  template: templates/queue.yaml
  permissionModel: self-managed
${spec.replace(/^/gm, '  ')}
`;
