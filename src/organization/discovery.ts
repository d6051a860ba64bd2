import {
  DescribeOrganizationCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-organizations';
import type { Account as AwsAccount, OrganizationsClient } from '@aws-sdk/client-organizations';
import pLimit from 'p-limit';
import type { Aws } from '../aws/contract.js';
import { credentialsDiagnostic, isCredentialsFailure } from '../aws/credentials.js';
import { classify } from '../aws/errors.js';
import { allPages } from '../aws/paging.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { AccountId, OrganizationalUnitId } from '../model/identifiers.js';
import type { Account, AccountState, Organization, OrganizationalUnit } from '../model/organization.js';
import type { OrganizationSource } from '../reconciler/ports.js';

/** Organizations nests five levels below the root; a tree that is deeper is not one. */
const MOST_LEVELS = 6;
const CONCURRENT_CALLS = 8;
const STATES: readonly AccountState[] = ['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'];

/** Thrown inside this file only: the tree was read, and does not hold together. */
class Inconsistent extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

type Placed = { readonly account: AwsAccount; readonly parentId: OrganizationalUnitId };

/** The organization as AWS shows it to the controller, walked down from the root: whole, or a diagnostic. */
export function createOrganizationSource(aws: Aws): OrganizationSource {
  return {
    async discover(needs, watch) {
      try {
        return { value: await readOrganization(aws.organizations(), needs.tags, watch), diagnostics: [] };
      } catch (error) {
        if (watch.signal.aborted) throw error;
        return { value: null, diagnostics: [diagnosticOf(error)] };
      }
    },
  };
}

type Watch = Parameters<OrganizationSource['discover']>[1];

async function readOrganization(client: OrganizationsClient, withTags: boolean, watch: Watch): Promise<Organization> {
  const abort = { abortSignal: watch.signal };
  const { Organization: described } = await client.send(new DescribeOrganizationCommand({}), abort);
  if (described?.Id === undefined || described.MasterAccountId === undefined)
    throw new Inconsistent('AWS describes the organization without its id', 'run again');
  const { units, placed } = await walkDown(client, watch);
  const states = statesOf(placed);
  const managementAccountId = described.MasterAccountId as AccountId;
  if (!states.has(managementAccountId))
    throw new Inconsistent(
      `the tree does not show the management account ${managementAccountId}`,
      'run again; an account was moved while the tree was read',
    );
  const tags = withTags
    ? await readTags(
        client,
        [...states].filter(([, state]) => state === 'ACTIVE').map(([id]) => id),
        watch,
      )
    : null;
  return {
    id: described.Id,
    managementAccountId,
    units,
    accounts: placed
      .map(({ account, parentId }): Account => {
        const id = account.Id as AccountId;
        return {
          id,
          name: account.Name ?? id,
          state: states.get(id)!,
          parentId,
          joinedAt: account.JoinedTimestamp?.getTime() ?? null,
          tags: tags?.get(id) ?? null,
        };
      })
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

/** Level by level, two listings for each unit; no account is ever asked for its parents, which AWS throttles hardest. */
async function walkDown(
  client: OrganizationsClient,
  watch: Watch,
): Promise<{ readonly units: readonly OrganizationalUnit[]; readonly placed: readonly Placed[] }> {
  const abort = { abortSignal: watch.signal };
  const limit = pLimit(CONCURRENT_CALLS);
  const roots = await allPages(async (NextToken) => {
    const page = await client.send(new ListRootsCommand({ NextToken }), abort);
    return { items: page.Roots, next: page.NextToken };
  });
  const root = roots[0];
  if (roots.length !== 1 || root?.Id === undefined)
    throw new Inconsistent(`the organization has ${roots.length} roots`, 'run again');

  const units: OrganizationalUnit[] = [
    { id: root.Id as OrganizationalUnitId, parentId: null, name: root.Name ?? 'Root', path: '/' },
  ];
  const placed: Placed[] = [];
  let level: readonly OrganizationalUnit[] = units.slice();
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= MOST_LEVELS) throw new Inconsistent(`the tree is deeper than ${MOST_LEVELS} levels`, 'run again');
    const below = await Promise.all(
      level.map(async (parent) => {
        const [children, accounts] = await Promise.all([
          limit(() => listUnits(client, parent, watch.signal)),
          limit(() => listAccounts(client, parent, watch.signal)),
        ]);
        placed.push(...accounts);
        watch.progress(placed.length);
        return children;
      }),
    );
    level = below.flat();
    units.push(...level);
  }
  return { units: units.sort((one, other) => (one.path < other.path ? -1 : 1)), placed };
}

function listUnits(
  client: OrganizationsClient,
  parent: OrganizationalUnit,
  abortSignal: AbortSignal,
): Promise<OrganizationalUnit[]> {
  return allPages(async (NextToken) => {
    const page = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId: parent.id, NextToken }), {
      abortSignal,
    });
    const items = (page.OrganizationalUnits ?? []).map((unit) => ({
      id: unit.Id as OrganizationalUnitId,
      parentId: parent.id,
      name: unit.Name ?? '',
      path: `${parent.path === '/' ? '' : parent.path}/${unit.Name ?? ''}`,
    }));
    return { items, next: page.NextToken };
  });
}

function listAccounts(
  client: OrganizationsClient,
  parent: OrganizationalUnit,
  abortSignal: AbortSignal,
): Promise<Placed[]> {
  return allPages(async (NextToken) => {
    const page = await client.send(new ListAccountsForParentCommand({ ParentId: parent.id, NextToken }), {
      abortSignal,
    });
    return { items: (page.Accounts ?? []).map((account) => ({ account, parentId: parent.id })), next: page.NextToken };
  });
}

/** `State` is read; the retired `Status` only where no account at all carries `State`. */
function statesOf(placed: readonly Placed[]): ReadonlyMap<AccountId, AccountState> {
  const hasState = placed.some(({ account }) => account.State !== undefined);
  const states = new Map<AccountId, AccountState>();
  for (const { account } of placed) {
    const id = account.Id as AccountId;
    if (states.has(id))
      throw new Inconsistent(
        `account ${id} stands in two organizational units`,
        'run again; an account was moved while the tree was read',
      );
    const said = hasState ? account.State : account.Status;
    const state = STATES.find((each) => each === said);
    if (state === undefined)
      throw new Inconsistent(
        `the state of account ${id} is ${said ?? 'not given'}, which is not understood`,
        'look at the account in AWS Organizations; nothing is assumed about it',
      );
    states.set(id, state);
  }
  return states;
}

async function readTags(
  client: OrganizationsClient,
  accounts: readonly AccountId[],
  watch: Watch,
): Promise<ReadonlyMap<AccountId, Readonly<Record<string, string>>>> {
  const limit = pLimit(CONCURRENT_CALLS);
  const read = (account: AccountId) =>
    allPages(async (NextToken) => {
      const page = await client.send(new ListTagsForResourceCommand({ ResourceId: account, NextToken }), {
        abortSignal: watch.signal,
      });
      return { items: page.Tags, next: page.NextToken };
    });
  const entries = await Promise.all(
    accounts.map((account) =>
      limit(
        async () =>
          [account, Object.fromEntries((await read(account)).map((tag) => [tag.Key!, tag.Value ?? '']))] as const,
      ),
    ),
  );
  return new Map(entries);
}

function diagnosticOf(error: unknown): Diagnostic {
  const base = { code: 'EK6013', severity: 'error' } as const;
  if (error instanceof Inconsistent) return { ...base, message: error.message, remedy: error.remedy };
  if (isCredentialsFailure(error)) return credentialsDiagnostic(error);
  const { kind, name, message } = classify(error);
  if (kind === 'not-in-organization') {
    return {
      ...base,
      message: "the controller's account is not a member of an organization",
      remedy: 'run Evenkeel with credentials of an account in the organization that it is to keep',
    };
  }
  if (kind === 'access-denied') {
    return {
      ...base,
      code: 'EK6023',
      message: `the controller may not read the organization: ${message}`,
      remedy:
        'let a delegation policy of AWS Organizations, or a delegated administration, allow this account DescribeOrganization, ListRoots, ListOrganizationalUnitsForParent, ListAccountsForParent and ListTagsForResource',
    };
  }
  return {
    ...base,
    message: `the organization could not be read whole: ${name}: ${message}`,
    remedy: 'run again; nothing is assumed about accounts that were not read',
  };
}
