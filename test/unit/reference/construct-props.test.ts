import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FORMS } from '../../../src/blocks/construct-forms.js';

it('every form of the props is on the reference page', () => {
  const page = readFileSync(new URL('../../../docs/reference/construct-props.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| form |'), page.indexOf('A construct is synthesised once'));
  expect([...table.matchAll(/`(\$[A-Z][A-Za-z]+)`/g)].map(([, name]) => name)).toEqual(
    expect.arrayContaining(Object.keys(FORMS)),
  );
});
