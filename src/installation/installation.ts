import { setMaxListeners } from 'node:events';
import { createAws } from '../aws/clients.js';
import { credentialsDiagnostic } from '../aws/credentials.js';
import { createArtifactSource } from '../blocks/artifact-source.js';
import { createArtifactStore } from '../blocks/artifact-store.js';
import { createDriftProbe } from '../drivers/drift-probe.js';
import { createStackDriver } from '../drivers/stack.js';
import { createStackSetDriver } from '../drivers/stack-set.js';
import { createStackWalk } from '../drivers/stack-walk.js';
import { createTrail } from '../drivers/trail.js';
import { jsonSchema } from '../manifest/json-schema.js';
import { hasErrors } from '../model/diagnostic.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { createMessenger } from '../notices/messenger.js';
import { expand, needsTags } from '../organization/expand.js';
import { createOrganizationSource } from '../organization/discovery.js';
import type { OrganizationSource } from '../reconciler/ports.js';
import type { AccountId } from '../model/identifiers.js';
import type { Planned } from '../reconciler/outcome.js';
import { accept } from './accept.js';
import { createCallCount } from './call-count.js';
import { createChecks } from './checks.js';
import { systemClock } from './clock.js';
import { commitOf } from './commit.js';
import { readDesiredState } from './desired-state.js';
import { openLedger, openLedgerOnly, readingOf } from './ledger.js';
import { lock } from './lock.js';
import type { Locking } from './lock.js';
import { outdated } from './outdated.js';
import { createReconciler } from '../reconciler/reconciler.js';
import type { Reconciler } from '../reconciler/reconciler.js';
import type { AwsElsewhere, OpenOptions, Session, SessionWatch } from './session.js';
import { snapshot } from './snapshot.js';
import { upgrade } from './upgrade.js';
import { mistakesIn, validate } from './validate.js';

/** From a Controller manifest and a way to reach AWS to a reconciler with its drivers, blocks and ledger. Everything is built here, and only here. */
export async function open(
  options: OpenOptions,
): Promise<{ readonly session: Session | null; readonly diagnostics: readonly Diagnostic[] }> {
  const state = await readDesiredState(options.source, options.installation);
  const { controller, desired, files, diagnostics } = state;
  if (controller === null || hasErrors(diagnostics)) return { session: null, diagnostics: mistakesIn(state) };

  const clock = options.clock ?? systemClock;
  const checks = createChecks(options.env);
  const elsewhere = options.aws ?? {};
  const calls = createCallCount(elsewhere.onCall);
  const aws = createAws({
    partition: controller.partition,
    homeRegion: controller.homeRegion,
    roles: controller.roles,
    clock,
    ...reachOf(elsewhere),
    onCall: calls.count,
  });
  const ledger = await openLedger(options.ledger, controller, aws);
  const organization = rememberingManagement(createOrganizationSource(aws));

  const connect = async (): Promise<Reconciler> => {
    const controllerAccount = await aws.controllerAccount();
    const walk = createStackWalk(aws);
    const store = createArtifactStore({ aws, bucketPattern: controller.artifactBucket });
    const parts = { aws, walk, store, controller, managementAccount: () => organization.managementAccount() };
    return createReconciler({
      controller,
      desired,
      files,
      organization,
      expand,
      needsTags,
      artifacts: createArtifactSource({
        artifactBucket: controller.artifactBucket,
        partition: controller.partition,
        controllerAccount,
      }),
      checks,
      drivers: new Map([
        ['stack', createStackDriver(parts)],
        ['stack-set', createStackSetDriver(parts)],
      ]),
      ledger,
      clock,
      probe: createDriftProbe(aws),
      trail: createTrail({ aws, clock, roles: controller.roles }),
      messenger: createMessenger({ aws, env: options.env, clock }),
      takeCalls: calls.take,
      lookAgain: () => walk.forget(),
      attribute: (session) => aws.attribute(session),
      ...(options.pollInterval === undefined ? {} : { pollInterval: options.pollInterval }),
    });
  };
  let reconciler: Reconciler | null = null;
  const connected = async (): Promise<Reconciler> => (reconciler ??= await connect());
  const unconnected = (error: unknown): Planned => ({
    plan: null,
    diagnostics: [...diagnostics, credentialsDiagnostic(error)],
    verdict: { blocks: [], budgets: [] },
    accountNames: {},
  });

  const locking: Locking = {
    state,
    source: options.source,
    aws,
    clock,
    elsewhere,
    endpoint: elsewhere.endpoint ?? options.env['AWS_ENDPOINT_URL'] ?? null,
  };
  const session: Session = {
    ...readingOf(ledger, clock),
    controller,
    desired,
    files,
    diagnostics,
    async plan(scope, watch) {
      try {
        return await (await connected()).plan(scope, patient(watch));
      } catch (error) {
        if (reconciler !== null || watch.signal.aborted) throw error;
        return unconnected(error);
      }
    },
    apply: async (planned, door, watch) => (await connected()).apply(planned, door, patient(watch)),
    record: async (planned, door, watch) => (await connected()).record(planned, door, patient(watch)),
    applyFile: async (plan, watch) => (await connected()).applyPlan(plan, patient(watch)),
    async targets(scope, watch) {
      const discovered = await organization.discover(
        { tags: needsTags(desired) },
        { signal: watch.signal, progress: (accounts) => watch.progress({ type: 'discovering', accounts }) },
      );
      if (discovered.value === null)
        return { deployments: new Map(), excluded: [], diagnostics: discovered.diagnostics };
      return expand(desired, discovered.value, controller, scope);
    },
    createLedger: () => ledger.create(),
    detectDrift: async (scope, mode, watch) => (await connected()).detect(scope, mode, patient(watch)),
    commitOf: (file, revision) => commitOf(options.source, file, revision),
    snapshot: (regions, watch) =>
      snapshot({ aws, controller, desired, organization, ledger, clock }, regions, patient(watch)),
    lock: (mode, watch) => lock(mode, locking, patient(watch)),
    outdated: (watch) => outdated({ ...locking, env: options.env }, patient(watch)),
    accept: (wish) => accept(wish, { state, source: options.source, clock, rows: () => ledger.notInSync() }),
    upgrade: (wish, watch) => upgrade(wish, { ...locking, env: options.env }, patient(watch)),
  };
  return { session, diagnostics };
}

function reachOf({ requestHandler, endpoint, credentials }: AwsElsewhere): Omit<AwsElsewhere, 'fetch' | 'onCall'> {
  return {
    ...(requestHandler === undefined ? {} : { requestHandler }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

/** A driver must know the management account by the time it checks a plan, which is after the organization was discovered. */
function rememberingManagement(
  source: OrganizationSource,
): OrganizationSource & { managementAccount(): AccountId | null } {
  let account: AccountId | null = null;
  return {
    async discover(needs, watch) {
      const discovered = await source.discover(needs, watch);
      account = discovered.value?.managementAccountId ?? account;
      return discovered;
    },
    managementAccount: () => account,
  };
}

/** Every call that is under way listens for the interruption: Node would take so many for a leak, and say so. */
function patient(watch: SessionWatch): SessionWatch {
  setMaxListeners(0, watch.signal);
  return watch;
}

export function manifestSchema(): Promise<object> {
  return Promise.resolve(jsonSchema());
}

export { openLedgerOnly, validate };
