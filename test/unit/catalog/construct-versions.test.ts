import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONSTRUCTS } from '../../../src/catalog/data/constructs.js';

const { optionalDependencies: packages } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { readonly optionalDependencies: Readonly<Record<string, string>> };

it.each(CONSTRUCTS.map(({ id, source }) => [id, source] as const))(
  '%s: the version that is said to be synthesised is the one that Evenkeel comes with, and stands first',
  (id, source) => {
    const { synthesised, versions } = source as Extract<typeof source, { readonly type: 'construct' }>;
    expect(synthesised).toBe(packages[`@aws-solutions-constructs/${id}`] ?? null);
    if (synthesised !== null) expect(versions[0]).toBe(synthesised);
  },
);
