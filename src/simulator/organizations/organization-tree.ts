import type { OrganizationState, SimulatedAccount, SimulatedUnit } from '../kernel/contract.js';

type OrganizationIdentity = {
  readonly organizationId: string;
  readonly managementAccountId: string;
  readonly rootId: string;
};

/** Accounts and units as one tree. Accounts that are in no organization have no parent; everything else hangs below the root. */
export class OrganizationTree implements OrganizationState {
  #identity: OrganizationIdentity | null = null;
  readonly units = new Map<string, SimulatedUnit>();
  readonly accounts = new Map<string, SimulatedAccount>();
  readonly trustedServices = new Set<string>();
  readonly delegatedAdministrators = new Map<string, Set<string>>();
  readonly rootTags = new Map<string, string>();
  /** Accounts that a delegation policy lets read the organization. */
  readonly readers = new Set<string>();
  readonly #listeners: ((accountId: string) => void)[] = [];

  get organizationId(): string | null {
    return this.#identity?.organizationId ?? null;
  }

  get managementAccountId(): string | null {
    return this.#identity?.managementAccountId ?? null;
  }

  get rootId(): string | null {
    return this.#identity?.rootId ?? null;
  }

  get identity(): OrganizationIdentity | null {
    return this.#identity;
  }

  found(identity: OrganizationIdentity): void {
    this.#identity = identity;
  }

  addUnit(unit: SimulatedUnit): void {
    this.units.set(unit.id, unit);
  }

  removeUnit(id: string): void {
    this.units.delete(id);
  }

  addAccount(account: SimulatedAccount): void {
    this.accounts.set(account.id, account);
    this.changed(account.id);
  }

  isParent(id: string): boolean {
    return id === this.rootId || this.units.has(id);
  }

  unitsIn(parentId: string): readonly SimulatedUnit[] {
    return [...this.units.values()].filter((unit) => unit.parentId === parentId);
  }

  accountsIn(parentId: string): readonly SimulatedAccount[] {
    return [...this.accounts.values()].filter((account) => account.parentId === parentId);
  }

  accountsBelow(unitId: string): readonly SimulatedAccount[] {
    const inside = new Set([unitId]);
    // A unit is always made after its parent, so that one pass in that order finds every descendant.
    for (const unit of this.units.values())
      if (unit.parentId !== null && inside.has(unit.parentId)) inside.add(unit.id);
    return [...this.accounts.values()].filter((account) => account.parentId !== null && inside.has(account.parentId));
  }

  onChange(listener: (accountId: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Tells the listeners that the account moved, joined, was suspended or closed. */
  changed(accountId: string): void {
    for (const listener of this.#listeners) listener(accountId);
  }
}
