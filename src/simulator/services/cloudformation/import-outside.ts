import type { JsonObject } from '../../templates/json.js';
import type { LiveResource, Origin, Stack } from './stack.js';

/** A resource that no stack manages, and under what identity it was made. */
export type Outside = {
  readonly type: string;
  readonly physicalId: string;
  readonly actual: JsonObject;
  readonly origin: Origin;
};

/** Resources that stacks have let go and that still stand in the account: what can be imported. */
export class OutsideResources {
  readonly #standing = new Map<string, Outside>();

  /** The stack lets go of a resource that stays; nothing stays of one that was deleted by hand. */
  leave(stack: Stack, resource: LiveResource): void {
    const { type, physicalId, actual, logicalId, generation } = resource;
    if (actual === 'deleted') return;
    const origin = resource.origin ?? { place: stack.place, logicalId, generation };
    this.#standing.set(keyOf(stack, type, physicalId), { type, physicalId, actual, origin });
  }

  find(stack: Stack, type: string, physicalId: string): Outside | undefined {
    return this.#standing.get(keyOf(stack, type, physicalId));
  }

  /** A stack has imported it. */
  adopt(stack: Stack, { type, physicalId }: Outside): void {
    this.#standing.delete(keyOf(stack, type, physicalId));
  }
}

function keyOf({ place }: Stack, type: string, physicalId: string): string {
  return [place.accountId, place.region, type, physicalId].join('|');
}
