import { mayUse } from './caller.js';
import type { Caller } from './caller.js';
import { setNotFound } from './refusals.js';
import type { StackSet } from './stack-set.js';

/** Every stack set of every account; deleted ones stay, to be found by their id. */
export class StackSetRegistry {
  readonly #sets: StackSet[] = [];

  add(set: StackSet): void {
    this.#sets.push(set);
  }

  all(): Iterable<StackSet> {
    return this.#sets;
  }

  visibleTo(caller: Caller): readonly StackSet[] {
    return this.#sets.filter((set) => mayUse(caller, set));
  }

  /** By name among those that are not deleted, or by id or ARN. */
  find(caller: Caller, nameOrId: string): StackSet | undefined {
    return this.visibleTo(caller).find(
      (set) => (set.name === nameOrId && set.status === 'ACTIVE') || set.id === nameOrId || set.arn === nameOrId,
    );
  }

  named(caller: Caller, nameOrId: string): StackSet {
    const set = this.find(caller, nameOrId);
    if (set === undefined) throw setNotFound(nameOrId);
    return set;
  }

  /** For changes: a deleted stack set takes none. */
  active(caller: Caller, nameOrId: string): StackSet {
    const set = this.named(caller, nameOrId);
    if (set.status === 'DELETED') throw setNotFound(nameOrId);
    return set;
  }

  /** How many an account has, in all Regions. */
  count({ account }: Caller): number {
    return this.#sets.filter((set) => set.status === 'ACTIVE' && set.account === account).length;
  }

  /** Names are unique in an account and Region, whoever asks. */
  holder(caller: Caller, name: string): StackSet | undefined {
    return this.#sets.find(
      (set) =>
        set.status === 'ACTIVE' && set.name === name && set.account === caller.account && set.region === caller.region,
    );
  }
}
