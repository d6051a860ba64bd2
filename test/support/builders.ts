import { deploymentAddress, manifestOf, targetOf } from '../../src/model/address.js';
import type { Address, DeploymentAddress, ManifestAddress } from '../../src/model/address.js';
import type { Artifact } from '../../src/model/artifact.js';
import { digestOf } from '../../src/model/canonical.js';
import type { Controller, Deployment, Desired } from '../../src/model/desired.js';
import type { AccountId, Region, Revision, RunId, StackName } from '../../src/model/identifiers.js';
import { NO_DRIFT } from '../../src/model/drift.js';
import type { Known, ObservedMember } from '../../src/model/observed.js';
import type { Account, Organization } from '../../src/model/organization.js';
import type { Entry, Recorded } from '../../src/model/recorded.js';
import type { Settings } from '../../src/model/settings.js';
import { parseTargetKey, targetKey } from '../../src/model/target.js';
import type { TargetKey } from '../../src/model/target.js';
import type { Unit } from '../../src/reconciler/units.js';

/** Values for tests, each with a default for everything: a story names only what it is about. */
export const MANIFEST: ManifestAddress = 'Stack/janitor';
export const SET: ManifestAddress = 'StackSet/baseline';
export const TARGET = { account: '111111111111' as AccountId, region: 'us-east-1' as Region };
export const STACK_ID = 'arn:aws:cloudformation:us-east-1:111111111111:stack/evenkeel-janitor/1';
export const DEPLOYMENT: DeploymentAddress = deploymentAddress(MANIFEST, TARGET);

const place = { file: 'desired-state/x.yaml', line: 1, column: 1, length: 1, source: '' };

export function controller(over: Partial<Controller> = {}): Controller {
  return {
    name: 'evenkeel',
    partition: 'aws',
    homeRegion: 'us-east-1' as Region,
    table: 'evenkeel',
    artifactBucket: 'evenkeel-artifacts-${account.id}-${region}',
    roles: { plan: 'evenkeel-plan', apply: 'evenkeel-apply', cloudformation: null, externalId: null },
    budgets: { delete: 5, replace: 2, accounts: '50%', window: 24 * 3_600_000, checks: 240 },
    freeze: [],
    permissionsBoundary: null,
    reconcile: { type: 'rate', every: 900_000 },
    drift: null,
    notify: [],
    heartbeat: null,
    at: () => place,
    ...over,
  };
}

export function desired(over: Partial<Desired> = {}): Desired {
  return {
    address: MANIFEST,
    kind: 'Stack',
    name: 'janitor',
    description: '',
    labels: {},
    controls: [],
    block: { type: 'template', path: 'templates/x.yaml' },
    driver: 'stack',
    stackSet: null,
    rollout: {
      maxConcurrent: null,
      failureTolerance: null,
      concurrencyMode: 'soft',
      regionOrder: [],
      regionConcurrency: 'sequential',
      waves: [],
      stops: false,
    },
    references: [],
    dependsOn: [],
    targets: [],
    parameters: {},
    overrides: [],
    acknowledge: [],
    transform: null,
    stackName: 'evenkeel-janitor' as StackName,
    tags: {},
    terminationProtection: false,
    deletion: 'delete',
    driftRespond: 'report',
    driftIgnore: [],
    adopt: false,
    suspend: null,
    at: () => place,
    ...over,
  };
}

export function settings(over: Partial<Settings> = {}): Settings {
  return {
    template: digestOf('template 1'),
    parameters: { Keep: { type: 'plain', value: '3' } },
    tags: { 'evenkeel:installation': 'evenkeel', 'evenkeel:address': MANIFEST },
    options: { roleArn: null, terminationProtection: false },
    members: {},
    ...over,
  };
}

export function artifact(over: Partial<Artifact> = {}): Artifact {
  return {
    sha256: digestOf('artifact'),
    template: '{"Resources":{}}',
    templateSha256: digestOf('template 1'),
    parameters: {},
    resourceTypes: {},
    outputs: {},
    injected: [],
    transforms: [],
    requiredCapabilities: [],
    objects: [],
    tags: {},
    ...over,
  };
}

export function account(id: string, over: Partial<Account> = {}): Account {
  return {
    id: id as AccountId,
    name: `account-${id.slice(-3)}`,
    state: 'ACTIVE',
    parentId: 'ou-root-1' as Account['parentId'],
    joinedAt: 0,
    tags: {},
    ...over,
  };
}

export function organization(...accounts: readonly Account[]): Organization {
  return {
    id: 'o-exampleorgid',
    managementAccountId: '999999999999' as AccountId,
    units: [{ id: 'r-root' as Account['parentId'], parentId: null, name: 'Root', path: '/' }],
    accounts,
  };
}

export function deployment(address: DeploymentAddress = DEPLOYMENT): Deployment {
  const target = targetOf(address)!;
  return {
    address,
    manifest: manifestOf(address),
    target,
    account: account(target.account),
    parameters: {},
    references: {},
    overridden: [],
    tags: {},
    wave: 0,
  };
}

export function known(over: Partial<Known> = {}): Known {
  return {
    type: 'known',
    ownership: 'ours',
    condition: { type: 'settled' },
    status: 'CREATE_COMPLETE',
    identity: STACK_ID,
    settings: settings(),
    members: {},
    outputs: {},
    stacks: [],
    nested: {},
    // Whatever is seen differently has another digest.
    sha256: Object.keys(over).length === 0 ? digestOf('seen 1') : digestOf({ ...over }),
    ...over,
  };
}

export function member(over: Partial<ObservedMember> = {}): ObservedMember {
  return {
    condition: 'settled',
    settings: { parameters: {} },
    identity: 'arn:stack/instance',
    operation: 'op-1',
    status: 'CURRENT',
    outputs: null,
    sha256: digestOf('member'),
    strayed: [],
    layer: 'seen',
    stacks: [],
    nested: {},
    ...over,
  };
}

export function recorded(over: Partial<Recorded> = {}): Recorded {
  return {
    driver: 'stack',
    stackName: 'evenkeel-janitor' as StackName,
    identity: STACK_ID,
    settings: settings(),
    members: {},
    artifactSha256: digestOf('artifact'),
    observedSha256: digestOf('seen 1'),
    deletion: 'delete',
    revision: 'content-1' as Revision,
    run: 'run-1' as RunId,
    at: '2026-01-01T00:00:00.000Z',
    ...over,
  };
}

export function entry(address: Address, over: Partial<Entry> = {}): Entry {
  return {
    address,
    recorded: recorded(),
    step: { type: 'idle' },
    sync: 'IN_SYNC',
    drift: NO_DRIFT,
    memberDrift: {},
    generation: 1,
    version: 1,
    historyHead: null,
    ...over,
  };
}

/** A stack that is wanted and, unless said otherwise, recorded as wanted. */
export function stackUnit(over: Partial<Unit> = {}): Unit {
  const standing = over.entry === undefined ? entry(DEPLOYMENT) : over.entry;
  return {
    subject: {
      address: DEPLOYMENT,
      driver: 'stack',
      stackName: 'evenkeel-janitor' as StackName,
      options: {},
      targets: [TARGET],
      recorded: standing?.recorded ?? null,
      tokens: standing?.step.type === 'in-doubt' ? [standing.step.token] : [],
    },
    desired: desired(),
    wanted: { settings: settings(), artifact: artifact(), deployments: [deployment()], rollout: desired().rollout },
    entry: standing,
    ...over,
  };
}

/** A stack set that is wanted, and recorded as wanted, at each of `keys`. */
export function setUnit(keys: readonly TargetKey[], over: Partial<Unit> = {}): Unit {
  const members = Object.fromEntries(keys.map((key) => [key, { parameters: {} }]));
  const wantedSettings = settings({ members, options: { permissionModel: 'SELF_MANAGED', autoDeployment: null } });
  const set = desired({
    address: SET,
    kind: 'StackSet',
    name: 'baseline',
    driver: 'stack-set',
    stackName: 'evenkeel-baseline' as StackName,
  });
  const standing = entry(SET, {
    recorded: recorded({
      driver: 'stack-set',
      stackName: 'evenkeel-baseline' as StackName,
      settings: wantedSettings,
      members: Object.fromEntries(
        keys.map((key) => [
          key,
          {
            settings: { parameters: {} },
            identity: 'arn:stack/instance',
            operation: 'op-1',
            sha256: digestOf('member'),
          },
        ]),
      ),
    }),
  });
  return {
    subject: {
      address: SET,
      driver: 'stack-set',
      stackName: set.stackName,
      options: wantedSettings.options,
      targets: keys.map(parseTargetKey),
      recorded: standing.recorded,
      tokens: [],
    },
    desired: set,
    wanted: {
      settings: wantedSettings,
      artifact: artifact(),
      deployments: keys.map((key) => deployment(deploymentAddress(SET, parseTargetKey(key)))),
      rollout: set.rollout,
    },
    entry: standing,
    ...over,
  };
}

export function knownSet(keys: readonly TargetKey[], over: Partial<Known> = {}): Known {
  return known({
    settings: settings({
      members: Object.fromEntries(keys.map((key) => [key, { parameters: {} }])),
      options: { permissionModel: 'SELF_MANAGED', autoDeployment: null },
    }),
    members: Object.fromEntries(keys.map((key) => [key, member()])),
    ...over,
  });
}

export { targetKey };
