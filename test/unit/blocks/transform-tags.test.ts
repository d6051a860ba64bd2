import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TAGGABLE_TYPES } from '../../../src/blocks/transform/taggable-types.js';

test('the table of what takes tags says what the resource schemas say', () => {
  const generator = fileURLToPath(new URL('../../support/generate-taggable-types.mjs', import.meta.url));
  expect(() => execFileSync(process.execPath, [generator, '--check'], { stdio: 'pipe' })).not.toThrow();
});

test('a type takes its tags in one way', () => {
  const types = Object.values(TAGGABLE_TYPES).flat();
  expect(new Set(types).size).toBe(types.length);
});
