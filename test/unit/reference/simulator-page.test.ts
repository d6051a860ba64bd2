import { expect, it } from 'vitest';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { CHAPTERS } from '../../contract/chapters.js';
import { specificationPage } from '../../contract/page.js';

const simulated = createSimulator({}).operations;

it('the specification of the simulator is printed from its tests', async () => {
  const page = new URL('../../../docs/simulator.md', import.meta.url).pathname;
  await expect(specificationPage(CHAPTERS, simulated)).toMatchFileSnapshot(page);
});
