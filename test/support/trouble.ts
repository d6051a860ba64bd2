import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { open } from '../../src/installation/installation.js';
import type { Session } from '../../src/installation/session.js';
import type { Scope } from '../../src/model/plan.js';
import type { Entry } from '../../src/model/recorded.js';
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
type SdkRequest = { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body?: unknown };

/** `cloudformation:CreateStack`, `dynamodb:PutItem`; what changes something outside the process is an effect. */
function operationOf(request: SdkRequest): string {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return target.replace(/^DynamoDB_\d+\./, 'dynamodb:').replace(/^.*\./, 'json:');
  const action = /(?:^|&)Action=(\w+)/.exec(typeof request.body === 'string' ? request.body : '')?.[1];
  return action === undefined ? `${request.method.toLowerCase()}:${request.path}` : `cloudformation:${action}`;
}

const EFFECT = /^(dynamodb:(Put|Update|Delete|Transact|BatchWrite)|cloudformation:(Create|Update|Delete|Execute|Cancel|Continue|Rollback|Set|Stop)|put:)/;

/** A controller's process: it may be killed before any of its effects, and its calls may go wrong in other ways. */
export type Life = {
  /** Effects that took place, in order. */
  readonly effects: string[];
  readonly isDead: () => boolean;
  readonly handler: { handle(request: never, options?: never): Promise<{ response: unknown }> };
  readonly clock: Clock;
};

/**
 * A process that dies before its n-th effect, counted from 1: that one and everything after it never happens. Dying after an
 * effect is dying before the next one. `lost` names the effect that takes place and whose answer does not come back.
 */
export function life(world: World, fate: { readonly diesBefore?: number; readonly loses?: number } = {}): Life {
  const effects: string[] = [];
  const clock = simulatedClock(world.simulator);
  let dead = false;
  const live = (): void => {
    if (dead) throw new ProcessDied('the process is dead');
  };
  return {
    effects,
    isDead: () => dead,
    handler: {
      async handle(request: SdkRequest, options?: unknown) {
        live();
        const operation = operationOf(request);
        if (!EFFECT.test(operation)) return world.simulator.requestHandler.handle(request, options);
        if (effects.length + 1 === fate.diesBefore) dead = true;
        live();
        effects.push(operation);
        const isLost = effects.length === fate.loses;
        const answer = await world.simulator.requestHandler.handle(request, options);
        // A broken connection that no SDK tries again by itself.
        if (isLost) throw Object.assign(new Error('the connection broke'), { code: 'EPROTO' });
        return answer;
      },
    } as Life['handler'],
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

/** Looks seldom: every story waits for many operations. */
const POLLS = { first: 30_000, longest: 60_000 };

export type Troubled = World & {
  /** A controller with a ledger in the simulated DynamoDB, as a process of its own. */
  controller(being?: Life): Promise<Session>;
  /** Plans, and carries out what was planned; throws ProcessDied where the process does not live to the end. */
  run(being?: Life, scope?: Scope): Promise<Report>;
  look(scope?: Scope): Promise<Planned>;
  entries(): Promise<readonly Entry[]>;
  cloudFormation(account: string, region?: string): CloudFormationClient;
  pass(seconds: number): void;
};

export async function createTroubled(options: { readonly organization?: OrganizationFile; readonly files: Readonly<Record<string, string>>; readonly seed?: number }): Promise<Troubled> {
  const world = await createWorld(options);
  const watch = { signal: new AbortController().signal, progress: () => undefined };
  const clients = new Map<string, CloudFormationClient>();
  const troubled: Troubled = {
    ...world,
    async controller(being = life(world)) {
      const aws = { ...simulatedAws(world.simulator, HUB), requestHandler: being.handler };
      const { session, diagnostics } = await open({ source: { type: 'folder', path: world.folder }, installation: null, ledger: { type: 'table' }, env: {}, clock: being.clock, aws, pollInterval: POLLS });
      if (session === null) throw new Error(`the desired state is not valid: ${JSON.stringify(diagnostics, null, 2)}`);
      return session;
    },
    async run(being = life(world), scope = ALL) {
      const session = await troubled.controller(being);
      const report = await session.apply(await session.plan(scope, watch), 'reconcile', watch);
      if (being.isDead()) throw new ProcessDied('the process died, and its controller has not noticed');
      return report;
    },
    async look(scope = ALL) {
      return (await troubled.controller()).plan(scope, watch);
    },
    async entries() {
      return (await (await troubled.controller()).status()).entries;
    },
    cloudFormation(account, region = 'us-east-1') {
      const key = `${account}/${region}`;
      const client = clients.get(key) ?? new CloudFormationClient({ region, credentials: world.simulator.credentials(account), requestHandler: world.simulator.requestHandler });
      clients.set(key, client);
      return client;
    },
    pass: (seconds) => world.simulator.world.clock.advance(seconds),
  };
  await (await troubled.controller()).createLedger();
  return troubled;
}
