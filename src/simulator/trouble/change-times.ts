import type { OrganizationState, VirtualClock } from '../kernel/contract.js';

/** When something came into a listing, and when it changed since, in milliseconds and in order. What was always there has no times. */
export type History = { readonly appearedAt: number; readonly changes: readonly number[] };

/** What was there before anybody looked, and never changed. */
export const ALWAYS: History = { appearedAt: Number.NEGATIVE_INFINITY, changes: [] };

/** Keeps in mind when things changed, for those that do not say so themselves. */
export class ChangeTimes {
  readonly #changes = new Map<string, number[]>();
  readonly #appeared = new Map<string, number>();
  readonly #parents = new Map<string, string | null>();

  constructor(
    private readonly clock: VirtualClock,
    organization: OrganizationState,
  ) {
    for (const { id, parentId } of organization.accounts.values()) this.#parents.set(id, parentId);
    organization.onChange((id) => {
      this.changed(id);
      const parentId = organization.accounts.get(id)?.parentId ?? null;
      if (!this.#parents.has(id)) this.appeared(id);
      if (this.#parents.get(id) !== parentId) this.appeared(`${id} in ${parentId}`);
      this.#parents.set(id, parentId);
    });
  }

  changed(id: string): void {
    this.#changes.set(id, [...(this.#changes.get(id) ?? []), this.clock.now().getTime()]);
  }

  appeared(id: string): void {
    this.#appeared.set(id, this.clock.now().getTime());
  }

  appearedAt(id: string): number {
    return this.#appeared.get(id) ?? Number.NEGATIVE_INFINITY;
  }

  of(id: string, appearance = id): History {
    return { appearedAt: this.appearedAt(appearance), changes: this.#changes.get(id) ?? [] };
  }
}
