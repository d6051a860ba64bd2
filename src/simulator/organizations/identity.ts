import type { Identifiers, SimulatedAccount, VirtualClock } from '../kernel/contract.js';
import type { OrganizationTree } from './organization-tree.js';

/** Makes ids in the forms that AWS gives them. */
export class OrganizationIds {
  constructor(private readonly identifiers: Identifiers) {}

  organization(): string {
    return `o-${this.#lower(10)}`;
  }

  root(): string {
    return `r-${this.#lower(4)}`;
  }

  unit(rootId: string): string {
    return `ou-${rootId.slice(2)}-${this.#lower(8)}`;
  }

  creation(): string {
    return `car-${this.identifiers.hex(32)}`;
  }

  /** Twelve digits that no account has yet. */
  account(taken: ReadonlyMap<string, unknown>): string {
    for (let attempt = taken.size; ; attempt += 1) {
      const digits = [0, 1, 2].map((part) => this.identifiers.between(1000, 9999, `account/${attempt}/${part}`));
      const id = digits.join('');
      if (!taken.has(id)) return id;
    }
  }

  #lower(length: number): string {
    return this.identifiers.alphanumeric(length).toLowerCase();
  }
}

/** Founds the organization: its ids, its root, and the management account at the root. */
export function foundOrganization(tree: OrganizationTree, ids: OrganizationIds, management: SimulatedAccount): void {
  const rootId = ids.root();
  tree.found({ organizationId: ids.organization(), managementAccountId: management.id, rootId });
  management.parentId = rootId;
  tree.addAccount(management);
}

/** An account that is in no organization yet. */
export function freshAccount(
  clock: VirtualClock,
  about: { readonly id: string; readonly name: string; readonly email: string },
): SimulatedAccount {
  return { ...about, state: 'ACTIVE', parentId: null, joinedAt: clock.now(), tags: new Map(), roles: new Map() };
}
