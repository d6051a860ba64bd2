import type { ChangeSet } from './change-set.js';
import type { Stack } from './stack.js';
import { UnreadPlaces } from './unread.js';

export type Export = { readonly name: string; readonly value: string; readonly stackId: string };

/** The stacks of one account in one Region, and the names that must be unique there. */
export class Area {
  readonly byName = new Map<string, Stack>();
  readonly byId = new Map<string, Stack>();
  /** In order of creation, deleted ones included. */
  readonly all: Stack[] = [];
  readonly exports = new Map<string, Export>();
  /** Change sets that no longer belong to their stack's list, by ARN: executed ones, and those of deleted stacks. */
  readonly pastChangeSets = new Map<string, { readonly stack: Stack; readonly changeSet: ChangeSet }>();
  readonly tokens = new Map<
    string,
    { readonly stackId: string; readonly fingerprint: string; readonly operationId: string }
  >();

  add(stack: Stack): void {
    this.byName.set(stack.name, stack);
    this.byId.set(stack.id, stack);
    this.all.push(stack);
  }

  /** By name only while it lives; by id for good. */
  find(nameOrId: string): Stack | undefined {
    return this.byName.get(nameOrId) ?? this.byId.get(nameOrId);
  }

  /** Frees the name and the tokens of a deleted stack; the stack stays readable by its id. */
  retire(stack: Stack): void {
    if (this.byName.get(stack.name) === stack) this.byName.delete(stack.name);
    for (const [token, { stackId }] of this.tokens) if (stackId === stack.id) this.tokens.delete(token);
  }

  /** Stacks of this area that import the value, by name. */
  importers(exportName: string): readonly string[] {
    return [...this.byName.values()].filter((stack) => stack.contents?.imports.has(exportName)).map(({ name }) => name);
  }
}

/** Every stack of every account; no call sees beyond its own account and Region. */
export class StackStore {
  readonly #areas = new Map<string, Area>();
  readonly #fillings = new Map<string, (area: Area) => void>();
  readonly unread = new UnreadPlaces();
  #sequence = 0;

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** Stacks of all accounts and Regions, deleted ones left out. */
  *living(): Iterable<Stack> {
    for (const place of [...this.#fillings.keys()]) this.area(...(place.split('/') as [string, string]));
    for (const area of this.#areas.values()) yield* area.byName.values();
  }

  area(accountId: string, region: string): Area {
    const key = `${accountId}/${region}`;
    const known = this.#areas.get(key);
    if (known) return known;
    const area = new Area();
    this.#areas.set(key, area);
    this.#fillings.get(key)?.(area);
    this.#fillings.delete(key);
    return area;
  }

  /** What stands in an area nobody has looked at yet is put there when somebody does. */
  fillLater(accountId: string, region: string, fill: (area: Area) => void): void {
    this.#fillings.set(`${accountId}/${region}`, fill);
  }
}
