import { expect, it } from 'vitest';
import { IAM_ACTIONS } from '../../../src/installation/permissions.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { CHAPTERS } from '../../contract/chapters.js';
import { specificationPage } from '../../contract/page.js';

const simulated = createSimulator({}).operations;

it('the specification of the simulator is printed from its tests', async () => {
  const page = new URL('../../../docs/simulator.md', import.meta.url).pathname;
  await expect(specificationPage(CHAPTERS, simulated)).toMatchFileSnapshot(page);
});

it('every operation that Evenkeel may call has a chapter', () => {
  const written = new Set(CHAPTERS.map(({ operation }) => operation));
  const called = IAM_ACTIONS.map(({ action }) => action)
    .filter((action) => !NOT_OPERATIONS.has(action) && !action.startsWith('dynamodb:'))
    .map((action) => action.split(':')[1]!);
  expect([...new Set(called)].filter((operation) => !written.has(operation)).sort()).toEqual([]);
});

it('every operation that the simulator performs has a chapter, or is part of another’s', () => {
  const text = JSON.stringify(CHAPTERS, (_, value: unknown) => (typeof value === 'function' ? String(value) : value));
  const performed = [...simulated].map((name) => name.split(':')[1]!);
  expect(performed.filter((operation) => !text.includes(operation)).sort()).toEqual([]);
});

/** Permissions that calls need and that are no operations of their own. */
const NOT_OPERATIONS = new Set([
  'iam:PassRole',
  'sts:SetSourceIdentity',
  'cloudformation:TagResource',
  'cloudformation:UntagResource',
  'cloudformation:BatchDescribeTypeConfigurations',
]);
