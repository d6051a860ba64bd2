import { createAws } from '../../../src/aws/clients.js';
import type { CountedCall } from '../../../src/aws/clients.js';
import { createStackDriver } from '../../../src/drivers/stack.js';
import { createStackSetDriver } from '../../../src/drivers/stack-set.js';
import { createStackWalk } from '../../../src/drivers/stack-walk.js';
import { deploymentAddress } from '../../../src/model/address.js';
import type { Address, ManifestAddress } from '../../../src/model/address.js';
import type { Artifact, ParameterDefinition } from '../../../src/model/artifact.js';
import { digestOf } from '../../../src/model/canonical.js';
import type { Controller, Deployment, Desired } from '../../../src/model/desired.js';
import type { AccountId, Region, RunId, Revision, Token } from '../../../src/model/identifiers.js';
import type { Known, Observation } from '../../../src/model/observed.js';
import type { Organization } from '../../../src/model/organization.js';
import type { Change } from '../../../src/model/plan.js';
import type { Recorded } from '../../../src/model/recorded.js';
import type { Applied, Step, Subject, Wanted } from '../../../src/model/step.js';
import { templateSha256 } from '../../../src/model/template.js';
import { createOrganizationSource } from '../../../src/organization/discovery.js';
import { diffSettings } from '../../../src/reconciler/diff.js';
import type { ArtifactStore, Clock, Driver } from '../../../src/reconciler/ports.js';
import type { OrganizationFile, Simulator } from '../../../src/simulator/kernel/contract.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { controller as controllerOf, desired as desiredOf } from '../../support/builders.js';

export const HUB = '200000000000' as AccountId;
export const ONE = '300000000001' as AccountId;
export const TWO = '300000000002' as AccountId;
export const THREE = '300000000003' as AccountId;
export const EAST = 'us-east-1' as Region;
export const WEST = 'us-west-2' as Region;
export const SIGNAL = new AbortController().signal;

export const organizationFile: OrganizationFile = {
  managementAccount: { id: '999999999999', name: 'management' },
  units: [{ path: '/Hub' }, { path: '/Workloads' }, { path: '/Workloads/Prod' }, { path: '/Elsewhere' }],
  accounts: [
    { id: HUB, name: 'hub', unit: '/Hub', roles: ['AWSCloudFormationStackSetAdministrationRole'] },
    { id: ONE, name: 'one', unit: '/Workloads/Prod', tags: { team: 'red' } },
    { id: TWO, name: 'two', unit: '/Workloads/Prod', tags: { team: 'blue' } },
    { id: THREE, name: 'three', unit: '/Workloads' },
  ],
  roles: [
    { name: 'evenkeel-plan', externalId: 'secret-handshake' },
    { name: 'evenkeel-apply', externalId: 'secret-handshake' },
    'evenkeel-cloudformation',
    'AWSCloudFormationStackSetExecutionRole',
  ],
  foreignStacks: { regions: [EAST], count: 3 },
  trustedServices: ['member.org.stacksets.cloudformation.amazonaws.com'],
  delegatedAdministrators: [{ account: HUB, service: 'member.org.stacksets.cloudformation.amazonaws.com' }],
};

export const controller: Controller = controllerOf({
  roles: {
    plan: 'evenkeel-plan',
    apply: 'evenkeel-apply',
    cloudformation: 'evenkeel-cloudformation',
    externalId: 'secret-handshake',
  },
});

/** Every template here is small: whoever publishes one is wrong. */
const store: ArtifactStore = { publish: () => Promise.reject(new Error('nothing is to be published')) };

export const clockOf = (simulator: Simulator): Clock => ({
  now: () => simulator.world.clock.now(),
  sleep: async (milliseconds) => {
    simulator.world.clock.advance(milliseconds / 1000);
    await new Promise<void>((resolve) => setImmediate(resolve));
  },
});

export type DrivenWorld = ReturnType<typeof createDrivenWorld>;

export function createDrivenWorld(organization: OrganizationFile = organizationFile) {
  const simulator = createSimulator({ organization });
  const clock = clockOf(simulator);
  const counted: CountedCall[] = [];
  const aws = createAws({
    partition: 'aws',
    homeRegion: EAST,
    roles: controller.roles,
    clock,
    requestHandler: simulator.requestHandler,
    credentials: simulator.credentials(HUB),
    onCall: (call) => counted.push(call),
  });
  aws.attribute({ run: 'run-1' as RunId, revision: 'a'.repeat(40) as Revision });
  const walk = createStackWalk(aws);
  const parts = { aws, walk, store, controller };
  return {
    simulator,
    clock,
    aws,
    walk,
    counted,
    stack: createStackDriver(parts),
    /** A driver that remembers nothing, as after a restart. */
    freshStackDriver: () => createStackDriver({ ...parts, walk: createStackWalk(aws) }),
    freshStackSetDriver: (into: ArtifactStore = store) =>
      createStackSetDriver({ ...parts, walk: createStackWalk(aws), store: into }),
    stackSet: createStackSetDriver({ ...parts, managementAccount: () => '999999999999' as AccountId }),
    calls: (operation: string) => simulator.calls.byOperation()[operation] ?? 0,
    async organization(): Promise<Organization> {
      const found = await createOrganizationSource(aws).discover(
        { tags: true },
        { signal: SIGNAL, progress: () => undefined },
      );
      if (found.value === null) throw new Error(JSON.stringify(found.diagnostics));
      return found.value;
    },
  };
}

export const parameter = (over: Partial<ParameterDefinition> = {}): ParameterDefinition => ({
  type: 'String',
  default: null,
  noEcho: false,
  description: '',
  allowedValues: null,
  allowedPattern: null,
  constraintDescription: null,
  minLength: null,
  maxLength: null,
  minValue: null,
  maxValue: null,
  usedBy: [],
  ...over,
});

/** A queue whose delay is a parameter; `name` makes an update of it a replacement. */
export const queueTemplate = (
  over: { readonly seconds?: number; readonly name?: string; readonly topic?: boolean } = {},
): string =>
  JSON.stringify({
    Parameters: { Delay: { Type: 'Number', Default: 0 } },
    Resources: {
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          VisibilityTimeout: over.seconds ?? 30,
          DelaySeconds: { Ref: 'Delay' },
          ...(over.name === undefined ? {} : { QueueName: over.name }),
        },
      },
      ...(over.topic === true ? { Topic: { Type: 'AWS::SNS::Topic' } } : {}),
    },
    Outputs: { Url: { Value: { Ref: 'Queue' } } },
  });

export function artifactOf(template: string, over: Partial<Artifact> = {}): Artifact {
  return {
    sha256: digestOf(template),
    template,
    templateSha256: templateSha256(template),
    parameters: { Delay: parameter({ type: 'Number', default: '0' }) },
    resourceTypes: { Queue: 'AWS::SQS::Queue' },
    outputs: {},
    injected: [],
    transforms: [],
    requiredCapabilities: [],
    objects: [],
    tags: {},
    ...over,
  };
}

export type Story = {
  readonly driver: Driver;
  readonly desired: Desired;
  readonly artifact: Artifact;
  readonly deployments: readonly Deployment[];
  readonly recorded: Recorded | null;
};

export function subjectOf(story: Story, tokens: readonly Token[] = []): Subject {
  const { driver, desired, artifact, deployments, recorded } = story;
  const address: Address = driver.grain === 'deployment' ? deployments[0]!.address : desired.address;
  const keys = new Map(deployments.map((deployment) => [deployment.address, deployment.target]));
  return {
    address,
    driver: driver.kind,
    stackName: desired.stackName,
    options: driver.settings(desired, artifact, deployments).options,
    targets: [...keys.values()],
    recorded,
    tokens,
  };
}

export function wantedOf({ driver, desired, artifact, deployments }: Story): Wanted {
  return { settings: driver.settings(desired, artifact, deployments), artifact, deployments, rollout: desired.rollout };
}

export async function observe(
  story: Story,
  freshness: 'reuse' | 'poll' = 'poll',
  tokens: readonly Token[] = [],
): Promise<Observation> {
  const subject = subjectOf(story, tokens);
  const answers = await story.driver.observe([subject], { signal: SIGNAL, freshness, progress: () => undefined });
  return answers.get(subject.address)!;
}

export async function observeKnown(story: Story, freshness: 'reuse' | 'poll' = 'poll'): Promise<Known> {
  const observed = await observe(story, freshness);
  if (observed.type !== 'known') throw new Error(`${observed.type}: ${JSON.stringify(observed)}`);
  return observed;
}

export type Intent = Partial<
  Pick<Change, 'action' | 'reason' | 'fields' | 'members' | 'replaces' | 'removes' | 'reverts' | 'observedSha256'>
> & {
  readonly token?: string;
  readonly wanted?: Wanted | null;
  readonly scope?: Step['scope'];
};

/** What a reconciler does with a step, without journal and record: observe, apply, wait, until it has ended. */
export async function drive(
  world: DrivenWorld,
  story: Story,
  intent: Intent = {},
  mostApplies = 24,
): Promise<{ readonly applied: Applied; readonly doings: readonly string[] }> {
  const token = (intent.token ?? 'ek-step-1') as Token;
  const wanted = intent.wanted === undefined ? wantedOf(story) : intent.wanted;
  const scope = intent.scope ?? { type: 'all' };
  const change: Change = {
    address: subjectOf(story).address,
    action: intent.action ?? 'update',
    reason: intent.reason ?? 'manifest-changed',
    fields: intent.fields ?? (scope.type === 'all' ? await fieldsOf(story, wanted) : []),
    members: intent.members ?? [],
    replaces: intent.replaces ?? [],
    removes: intent.removes ?? [],
    ...(intent.reverts === undefined ? {} : { reverts: intent.reverts }),
    artifactSha256: null,
    observedSha256: intent.observedSha256 ?? null,
    dependsOn: [],
    wave: 0,
  };
  const doings: string[] = [];
  for (let applies = 0; applies < mostApplies;) {
    const observed = await observe(story, 'poll', [token]);
    if (observed.type === 'unknown') throw new Error(JSON.stringify(observed));
    if (observed.type === 'known' && observed.condition.type === 'busy') {
      await world.clock.sleep(120_000, SIGNAL);
      continue;
    }
    applies += 1;
    const applied = await story.driver.apply(
      { subject: subjectOf(story, [token]), change, token, wanted, observed, scope },
      SIGNAL,
    );
    if (applied.type !== 'running') return { applied, doings };
    doings.push(applied.doing);
    await world.clock.sleep(4_000, SIGNAL);
  }
  throw new Error(`still running: ${doings.join(', ')}`);
}

/** What a planner would find to differ. */
async function fieldsOf(story: Story, wanted: Wanted | null): Promise<Change['fields']> {
  if (wanted === null) return [];
  const observed = await observe(story);
  return observed.type === 'known'
    ? diffSettings(wanted.settings, observed.settings, story.recorded?.settings ?? null)
    : [];
}

/** The record that a reconciler writes once it has verified. */
export function recordOf(story: Story, observed: Known): Recorded {
  const members = Object.fromEntries(
    Object.entries(observed.members).map(([key, member]) => [
      key,
      {
        settings: wantedOf(story).settings.members[key as keyof typeof observed.members] ?? member.settings,
        identity: member.identity,
        operation: member.operation,
        sha256: member.sha256,
        ...nestedIn(member.nested),
      },
    ]),
  );
  return {
    driver: story.driver.kind,
    stackName: story.desired.stackName,
    identity: observed.identity,
    settings: wantedOf(story).settings,
    members: members,
    artifactSha256: story.artifact.sha256,
    observedSha256: observed.sha256,
    ...nestedIn(observed.nested),
    deletion: 'delete',
    revision: 'content-1' as Revision,
    run: 'run-1' as RunId,
    at: '2026-01-01T00:00:00.000Z',
  };
}

const nestedIn = (nested: Known['nested']): Pick<Recorded, 'nested'> =>
  Object.keys(nested).length === 0 ? {} : { nested };

export function deploymentAt(
  organization: Organization,
  manifest: ManifestAddress,
  account: AccountId,
  region: Region,
  over: Partial<Deployment> = {},
): Deployment {
  const target = { account, region };
  return {
    address: deploymentAddress(manifest, target),
    manifest,
    target,
    account: organization.accounts.find((each) => each.id === account)!,
    parameters: {},
    references: {},
    overridden: [],
    tags: {},
    wave: 0,
    ...over,
  };
}

export { desiredOf };
