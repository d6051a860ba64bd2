import type { AccountSelector, Controller, Desired, Override, TargetSelector } from '../../../src/model/desired.js';
import type { AccountId, OrganizationalUnitId, Region, StackName } from '../../../src/model/identifiers.js';
import type { Account, AccountState, Organization, OrganizationalUnit } from '../../../src/model/organization.js';

const unitId = (path: string): OrganizationalUnitId =>
  (path === '/'
    ? 'r-ab12'
    : `ou-ab12-${Buffer.from(path).toString('hex').slice(-12).padStart(12, '0')}`) as OrganizationalUnitId;

/** Every unit on the way to the paths given, the root first. */
function unitsOf(paths: readonly string[]): readonly OrganizationalUnit[] {
  const all = new Set(['/']);
  for (const path of paths) {
    const steps = path.split('/').filter((step) => step !== '');
    steps.forEach((_, index) => all.add(`/${steps.slice(0, index + 1).join('/')}`));
  }
  return [...all].map((path) => {
    const cut = path.lastIndexOf('/');
    const parent = path === '/' ? null : path.slice(0, cut) || '/';
    return {
      id: unitId(path),
      parentId: parent === null ? null : unitId(parent),
      name: path.slice(cut + 1) || 'Root',
      path,
    };
  });
}

export type AccountSketch = {
  readonly id: string;
  readonly name?: string;
  readonly path: string;
  readonly state?: AccountState;
  readonly tags?: Readonly<Record<string, string>> | null;
};

export function organizationOf(accounts: readonly AccountSketch[], paths: readonly string[] = []): Organization {
  const units = unitsOf([...paths, ...accounts.map((account) => account.path)]);
  return {
    id: 'o-abcdefghij',
    managementAccountId: '999999999999' as AccountId,
    units,
    accounts: accounts.map(({ id, name = `account-${id}`, path, state = 'ACTIVE', tags = {} }): Account => ({
      id: id as AccountId,
      name,
      state,
      parentId: unitId(path),
      joinedAt: null,
      tags,
    })),
  };
}

export { unitId };

const at: Desired['at'] = (...path) => ({
  file: 'x.yaml',
  line: 1,
  column: 1,
  length: 1,
  source: path.join('.'),
});

export const controller: Controller = {
  name: 'evenkeel',
  partition: 'aws',
  homeRegion: 'us-east-1' as Region,
  table: 'evenkeel',
  artifactBucket: 'evenkeel-artifacts-${account.id}-${region}',
  roles: { plan: 'plan', apply: 'apply', cloudformation: null, externalId: null },
  budgets: { delete: 5, replace: 2, accounts: '50%', window: 86_400_000, checks: 240 },
  freeze: [],
  permissionsBoundary: null,
  reconcile: { type: 'rate', every: 900_000 },
  drift: null,
  notify: [],
  heartbeat: null,
  at,
};

type Loose<T> = T extends readonly (infer Item)[]
  ? readonly Loose<Item>[]
  : T extends string
    ? string
    : T extends object
      ? { readonly [Key in keyof T]: Loose<T[Key]> }
      : T;

export function selector(
  conditions: Loose<AccountSelector & Omit<TargetSelector, 'regions'>> & { readonly regions?: readonly string[] },
): TargetSelector {
  return { regions: ['us-east-1'], ...conditions } as TargetSelector;
}

export function override(where: Loose<Override['where']>, parameters: Readonly<Record<string, string>>): Override {
  return { where: where as Override['where'], parameters };
}

export function manifest(name: string, targets: readonly TargetSelector[], more: Partial<Desired> = {}): Desired {
  return {
    address: `Stack/${name}`,
    kind: 'Stack',
    name,
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
    targets,
    parameters: {},
    overrides: [],
    acknowledge: [],
    transform: null,
    stackName: `evenkeel-${name}` as StackName,
    tags: {},
    terminationProtection: false,
    deletion: 'delete',
    driftRespond: 'report',
    driftIgnore: [],
    adopt: false,
    suspend: null,
    at,
    ...more,
  };
}
