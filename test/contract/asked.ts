import { describe, it } from 'vitest';
import { createSimulatedAws } from './simulated-aws.js';
import type { Chapter } from './specification.js';

/** Asks the simulator every sentence, each in a world of its own. */
export function askSimulator(chapters: readonly Chapter[]): void {
  for (const { service, operation, sentences } of chapters)
    describe(`${service}: ${operation}`, () => {
      for (const { says, test } of sentences)
        it(says, async () => {
          const aws = createSimulatedAws();
          try {
            await test(aws);
          } finally {
            await aws.close();
          }
        });
    });
}
