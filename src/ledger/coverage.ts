import type { Sha256 } from '../model/identifiers.js';
import type { Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { coverageKey } from './keys.js';
import { overwrite } from './overwrite.js';
import type { Table } from './table.js';

/** Which resources of an artifact CloudFormation cannot check: learned once for each, and good for every stack that is made of it. */
export function openCoverage(table: Table, bodies: Bodies): Pick<Ledger, 'coverage' | 'learnCoverage'> {
  return {
    async coverage(artifacts) {
      const items = await table.getMany([...new Set(artifacts)].map(coverageKey));
      const known = items.map(
        async (item) => [item['artifact'] as Sha256, await bodies.open<readonly string[]>(item)] as const,
      );
      return new Map(await Promise.all(known));
    },
    async learnCoverage(artifact, notCheckable) {
      const types = [...new Set(notCheckable)].sort();
      const item = await bodies.seal({ ...coverageKey(artifact), artifact }, types);
      await overwrite(
        table,
        item,
        (there) => there['body'] === item['body'] && there['bodySha256'] === item['bodySha256'],
      );
    },
  };
}
