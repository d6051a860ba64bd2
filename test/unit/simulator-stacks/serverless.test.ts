import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { AwsError } from '../../../src/simulator/kernel/contract.js';
import { expandServerless } from '../../../src/simulator/templates/serverless.js';
import { fixtureCases, type ServerlessCase } from '../../peers/serverless-cases.js';

/**
 * The expansions that the peers' tests hold against AWS's own translator, as they stand, so that they are held to where there is no Python:
 * whatever changes a golden file here is a difference there.
 */
function outcome({ template, parameters }: ServerlessCase): unknown {
  try {
    return expandServerless(structuredClone(template), { region: 'us-east-1', parameters })['Resources'];
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.message;
  }
}

const cases = fixtureCases();
const files = [...new Set(cases.map(({ name }) => name.split(': ')[0]!))];

describe('what the transform makes of our templates', () => {
  test.each(files)('%s', async (file) => {
    const own = cases.filter(({ name }) => name.startsWith(`${file}: `));
    const outcomes = Object.fromEntries(own.map((one) => [one.name.replace(`${file}: `, ''), outcome(one)]));
    const text = stringify(outcomes, { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: true });
    await expect(text).toMatchFileSnapshot(`golden/serverless-${file}.txt`);
  });
});
