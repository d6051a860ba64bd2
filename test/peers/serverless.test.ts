import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../src/simulator/kernel/contract.js';
import { expandServerless } from '../../src/simulator/templates/serverless.js';
import { corpusCases, fixtureCases, type ServerlessCase } from './serverless-cases.js';
import { DIFFERENCES } from './serverless-differences.js';
import { randomCases } from './serverless-random.js';

/**
 * Our expansion of SAM templates against AWS's own translator, which is what the transform AWS::Serverless-2016-10-31 runs: the same
 * resources with the same logical ids, hashes in them included, and the same properties; the same refusals, word for word.
 */
const PYTHON = process.env['EVENKEEL_PYTHON'];

/** What the partition decides is seen in a second Region; refusals say nothing of it. */
const regionsOf = ({ name }: ServerlessCase): readonly string[] =>
  /^(refusals|not-expanded|globals|tables|random)/.test(name) ? ['us-east-1'] : ['us-east-1', 'us-gov-west-1'];

type Outcome = { readonly template: Record<string, any> } | { readonly refusal: string } | { readonly crash: string };

type Placed = ServerlessCase & { readonly region: string };

const CASES = [...fixtureCases(), ...corpusCases(), ...randomCases(60, 1)];
const PLACED = CASES.flatMap((one) => regionsOf(one).map((region): Placed => ({ ...one, region })));
const keyOf = ({ name, region }: Placed): string => `${name} in ${region}`;

function theirs(): Readonly<Record<string, Outcome>> {
  const script = fileURLToPath(new URL('./serverless-translator.py', import.meta.url));
  const { stdout, stderr, status } = spawnSync(PYTHON!, [script], {
    input: JSON.stringify(Object.fromEntries(PLACED.map((one) => [keyOf(one), one]))),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, Outcome>;
}

function ours({ template, parameters, region }: Placed): Outcome {
  try {
    return { template: expandServerless(structuredClone(template), { region, parameters }) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { refusal: error.message.replace(/^Transform AWS::Serverless-2016-10-31 failed with: /, '') };
  }
}

/** Orders of what is a set are no difference. */
function normalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'DependsOn' && Array.isArray(item) ? [...(item as string[])].sort() : normalised(item),
    ]),
  );
}

/** The places where two documents differ, as paths with both values. */
function differences(left: unknown, right: unknown, path = ''): readonly string[] {
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  const both = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!both(left) || !both(right) || Array.isArray(left) !== Array.isArray(right))
    return [`${path}: ${JSON.stringify(left)} instead of ${JSON.stringify(right)}`];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differences(left[key], right[key], `${path}/${key}`),
  );
}

function between(mine: Outcome, other: Outcome): readonly string[] {
  if ('template' in mine && 'template' in other)
    return differences(normalised(mine.template), normalised(other.template));
  if (JSON.stringify(mine) === JSON.stringify(other)) return [];
  const shown = (outcome: Outcome): string => ('template' in outcome ? 'expands it' : JSON.stringify(outcome));
  return [`${shown(mine)} instead of ${shown(other)}`];
}

describe.skipIf(PYTHON === undefined)('our expansion of a SAM template', () => {
  const expected = PYTHON === undefined ? {} : theirs();

  test.each(PLACED.map((one) => [keyOf(one), one] as const))('%s is the translator’s, or listed', (key, one) => {
    expect(between(ours(one), expected[key]!)).toEqual(DIFFERENCES[one.name]?.found ?? []);
  });

  test('differs nowhere that is listed without a template', () => {
    const names = new Set(CASES.map(({ name }) => name));
    expect(Object.keys(DIFFERENCES).filter((name) => !names.has(name))).toEqual([]);
  });
});
