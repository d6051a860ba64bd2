import type { LogicalId } from './identifiers.js';

/** What may be done to a deployment: a closed set, in which doing nothing has a name. */
export const ACTIONS = ['create', 'update', 'replace', 'delete', 'adopt', 'forget', 'noop'] as const;
export type Action = (typeof ACTIONS)[number];

/** Resources that a change replaces or removes, said before it is done. */
export type Announced = { readonly replaces: readonly LogicalId[]; readonly removes: readonly LogicalId[] };
