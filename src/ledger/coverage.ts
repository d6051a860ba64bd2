import type { Sha256 } from '../model/identifiers.js';
import type { Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { isAsPut } from './item-digest.js';
import { coverageKey } from './keys.js';
import { overwrite } from './overwrite.js';
import type { Table } from './table.js';
import { untouched } from './untouched.js';

/** Which resources of an artifact CloudFormation cannot check: learned once for each, and good for every stack that is made of it. */
export function openCoverage(table: Table, bodies: Bodies): Pick<Ledger, 'coverage' | 'learnCoverage'> {
  return {
    async coverage(artifacts) {
      const items = await table.getMany([...new Set(artifacts)].map(coverageKey));
      const known = await Promise.all(
        items.map(async (item) => {
          const read = await untouched<readonly string[]>(bodies, item);
          // What somebody edited is learned again.
          return read.type === 'read' ? [[item['artifact'] as Sha256, read.value] as const] : [];
        }),
      );
      return new Map(known.flat());
    },
    async learnCoverage(artifact, notCheckable) {
      const types = [...new Set(notCheckable)].sort();
      const item = await bodies.seal({ ...coverageKey(artifact), artifact }, types);
      await overwrite(
        table,
        item,
        (there) => isAsPut(there) && there['body'] === item['body'] && there['bodySha256'] === item['bodySha256'],
      );
    },
  };
}
