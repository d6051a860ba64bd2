import type { Diagnostic } from '../model/diagnostic.js';
import type { ManifestDocument } from './documents.js';
import { error } from './issues.js';
import { valueAt } from './raw.js';
import type { Path } from './raw.js';
import type { Kind } from './schema/kinds.js';

type Unbuilt = {
  readonly feature: string;
  readonly path: Path;
  readonly kinds: readonly Kind[];
};

/** What the format has and this version does not do yet; a line leaves when its feature arrives. */
const UNBUILT: readonly Unbuilt[] = [
  { feature: 'trust in signed commits', path: ['spec', 'trust'], kinds: ['Controller'] },
];

const isSaid = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);

/** An error for each use of a feature that is not built yet: it is never ignored. */
export function unbuiltFeatures(document: ManifestDocument, kind: Kind): readonly Diagnostic[] {
  return UNBUILT.filter(({ kinds, path }) => kinds.includes(kind) && isSaid(valueAt(document.value, path))).map(
    ({ feature, path }) => notBuilt(feature, document.places[path.length === 1 ? 'at' : 'key'](...path)),
  );
}

/** The error for one use of one feature. */
function notBuilt(feature: string, place: Diagnostic['place'] & {}): Diagnostic {
  return error('EK2006', `${feature} is not built yet`, 'remove it until a version of Evenkeel has it', place);
}
