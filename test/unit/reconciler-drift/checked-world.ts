import { setMaxListeners } from 'node:events';
import { createAws } from '../../../src/aws/clients.js';
import { createArtifactSource } from '../../../src/blocks/artifact-source.js';
import { createArtifactStore } from '../../../src/blocks/artifact-store.js';
import { simulatedAws, simulatedClock } from '../../../src/cli/demo/simulated-aws.js';
import { createDriftProbe } from '../../../src/drivers/drift-probe.js';
import { createStackDriver } from '../../../src/drivers/stack.js';
import { createStackSetDriver } from '../../../src/drivers/stack-set.js';
import { createStackWalk } from '../../../src/drivers/stack-walk.js';
import { createChecks } from '../../../src/installation/checks.js';
import { readDesiredState } from '../../../src/installation/desired-state.js';
import { openLedger } from '../../../src/installation/ledger.js';
import type { Address } from '../../../src/model/address.js';
import type { CheckBook, Pass, StackChecks } from '../../../src/model/checks.js';
import type { Scope } from '../../../src/model/plan.js';
import { createOrganizationSource } from '../../../src/organization/discovery.js';
import { expand, needsTags } from '../../../src/organization/expand.js';
import type { Urgent } from '../../../src/reconciler/drift/due.js';
import type { Look } from '../../../src/reconciler/drift/look.js';
import { begin, look, NOTHING_URGENT } from '../../../src/reconciler/drift/round.js';
import { watchedOf } from '../../../src/reconciler/drift/watched.js';
import type { Watched } from '../../../src/reconciler/drift/watched.js';
import type { DriftProbe, Ledger } from '../../../src/reconciler/ports.js';
import { survey } from '../../../src/reconciler/survey.js';
import type { Survey } from '../../../src/reconciler/survey.js';
import { ALL, createWorld, CONTROLLER, HUB } from '../../support/world.js';
import type { World } from '../../support/world.js';

/** The same installation with drift detection at noon, hours after these worlds begin, and this many calls an hour for it. */
export const checkedDaily = (checks = 240): string =>
  CONTROLLER.replace('window: 24h', `window: 24h, checks: ${String(checks)}`) +
  '  schedule: { drift: cron(0 12 * * ? *) }\n';

export type RoundOptions = {
  readonly urgent?: Urgent;
  readonly scope?: Scope;
  readonly unsettled?: ReadonlySet<Address>;
  /** Whether what the walk saw counts as changed in this pass. */
  readonly touched?: (watched: Watched) => boolean;
  readonly signal?: AbortSignal;
};
export type RoundEnd = Pick<Pass, 'begun' | 'waiting'> & { readonly looks: readonly Look[]; readonly survey: Survey };

/** A world, and rounds of checks over what stands in it: everything is real but AWS. */
export type CheckedWorld = World & {
  round(options?: RoundOptions): Promise<RoundEnd>;
  /** The checks of every stack, by its name. */
  checks(): Promise<Readonly<Record<string, StackChecks>>>;
  books(): Promise<readonly CheckBook[]>;
  probe(): Promise<DriftProbe>;
  stackId(account: string, region: string, name: string): string;
};

export async function createChecked(options: Parameters<typeof createWorld>[0]): Promise<CheckedWorld> {
  const world = await createWorld(options);
  const { simulator } = world;
  const clock = simulatedClock(simulator);

  async function parts() {
    const { controller, desired, files } = await readDesiredState({ type: 'folder', path: world.folder }, null);
    if (controller === null) throw new Error('there is no Controller');
    const { requestHandler, credentials } = simulatedAws(simulator, HUB);
    const { partition, homeRegion, roles } = controller;
    const aws = createAws({
      partition,
      homeRegion,
      roles,
      clock,
      requestHandler: requestHandler!,
      credentials: credentials!,
    });
    return { controller, desired, files, aws };
  }

  /** Open from one round to the next; whoever else wants the folder has it closed first. */
  let opened: Ledger | null = null;
  async function withLedger<T>(use: (ledger: Ledger) => Promise<T>): Promise<T> {
    const { controller, aws } = await parts();
    opened ??= await openLedger({ type: 'folder', path: world.ledgerFolder }, controller, aws);
    return use(opened);
  }
  async function closed<T>(then: () => Promise<T>): Promise<T> {
    await opened?.close();
    opened = null;
    return then();
  }

  return {
    ...world,
    reconcile: (scope) => closed(() => world.reconcile(scope)),
    close: () => closed(() => world.close()),
    books: () => withLedger((ledger) => ledger.checkBooks()),
    async checks() {
      const books = await withLedger((ledger) => ledger.checkBooks());
      return Object.fromEntries(
        books.flatMap(({ target, stacks }) =>
          Object.entries(stacks).map(([id, checks]) => [`${id.split('/')[1]!}@${target}`, checks] as const),
        ),
      );
    },
    async probe() {
      return createDriftProbe((await parts()).aws);
    },
    stackId(account, region, name) {
      return simulator.stacks
        .standing()
        .find((each) => each.accountId === account && each.region === region && each.name === name)!.stackId;
    },
    round: ({ urgent = NOTHING_URGENT, scope = ALL, unsettled = new Set<Address>(), touched, signal } = {}) =>
      withLedger(async (ledger) => {
        const { controller, desired, files, aws } = await parts();
        const walk = createStackWalk(aws);
        const store = createArtifactStore({ aws, bucketPattern: controller.artifactBucket });
        const watch = { signal: new AbortController().signal, progress: () => undefined };
        setMaxListeners(0, watch.signal);
        const surveyed = await survey(
          {
            controller,
            desired,
            files,
            organization: createOrganizationSource(aws),
            expand,
            needsTags,
            artifacts: createArtifactSource({
              artifactBucket: controller.artifactBucket,
              partition: controller.partition,
              controllerAccount: await aws.controllerAccount(),
            }),
            checks: createChecks({}),
            drivers: new Map([
              ['stack', createStackDriver({ aws, walk, store, controller })],
              ['stack-set', createStackSetDriver({ aws, walk, store, controller })],
            ]),
            ledger,
            clock,
            lookAgain: () => walk.forget(),
          },
          scope,
          watch,
        );
        if (surveyed.survey === null) throw new Error(JSON.stringify(surveyed.diagnostics, null, 2));
        const ports = { probe: createDriftProbe(aws), ledger, controller };
        const seen = await look(surveyed.survey, ports, { now: clock.now(), urgent, signal: signal ?? watch.signal });
        const changed = touched === undefined ? [] : watchedOf(surveyed.survey).stacks.filter(touched);
        const ended = await begin(seen, ports, { now: clock.now(), touched: changed, unsettled });
        return { ...ended, looks: seen.looks, survey: surveyed.survey };
      }),
  };
}
