import { describe, it } from 'vitest';
import { CHAPTERS } from './chapters.js';
import { createSimulatedAws } from './simulated-aws.js';

for (const { service, operation, sentences } of CHAPTERS)
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
