import type { Service } from '../kernel/contract.js';
import type { Trouble, Where } from '../kernel/trouble.js';
import { ACTS, RARE_ACTS } from './acts.js';
import { nearest, TroubleError } from './value-checks.js';
import { strikesAt } from './where.js';

/** Throws TroubleError for patterns that match no operation, which would never strike and look like good weather. */
export function checkOperations(trouble: Trouble, services: Iterable<Service>): void {
  const calls = [...services].flatMap(({ id, operations }) => Object.keys(operations).map((name) => `${id}:${name}`));
  const deeds = [...new Set([...ACTS, ...RARE_ACTS].map(({ operation }) => operation))];
  const problems = Object.entries(trouble).flatMap(([kind, given]) => {
    const patterns = typeof given === 'number' ? [] : ((given as Where).operations ?? []);
    const names = kind === 'people' ? deeds : calls;
    return patterns.flatMap((pattern) => {
      // DynamoDB is another's server: what it can be asked is not known here.
      if (pattern.startsWith('dynamodb:') && kind !== 'people') return [];
      if (names.some((operation) => strikesAt({ operations: [pattern] }, { operation, account: '', region: '' })))
        return [];
      const near = nearest(pattern, names);
      const allowed = kind === 'people' ? `; there is ${deeds.join(', ')}` : '';
      return [
        `${kind}.operations: "${pattern}" matches no operation${near === null ? '' : `, did you mean ${near}?`}${allowed}`,
      ];
    });
  });
  if (problems.length > 0) throw new TroubleError(problems);
}
