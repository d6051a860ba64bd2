import { describe, expect, it } from 'vitest';
import { renderJson } from '../../../src/cli/render/json.js';
import { renderMarkdown } from '../../../src/cli/render/markdown.js';
import { renderTerminal } from '../../../src/cli/render/terminal.js';
import { describePlan } from '../../../src/reconciler/describe-plan.js';
import { PLANS } from './plans.js';

const file = (name: string, ending: string): string => `golden/${name.replaceAll(' ', '-')}.${ending}`;

describe.each(Object.entries(PLANS))('the plan "%s"', (name, planned) => {
  const document = describePlan(planned);

  it.each([80, 120])('reads the same as ever on a terminal of %d columns', async (width) => {
    await expect(renderTerminal(document, { colour: false, width })).toMatchFileSnapshot(file(name, `${width}.txt`));
  });

  it('reads the same as ever in a pull request', async () => {
    await expect(renderMarkdown(document)).toMatchFileSnapshot(file(name, 'md'));
  });

  it('is whole in JSON, whatever the text abbreviates', () => {
    expect(JSON.parse(renderJson(document))).toEqual(JSON.parse(JSON.stringify({ schemaVersion: 1, ...planned })));
  });
});

it('one plan reads the same as ever in JSON', async () => {
  await expect(renderJson(describePlan(PLANS['one create']!))).toMatchFileSnapshot(file('one create', 'json'));
});
