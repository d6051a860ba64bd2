import { expect, it } from 'vitest';
import type { Block } from '../../../src/model/document.js';
import { withAccountNames } from '../../../src/reconciler/describe-names.js';

const NAMES = { '111122223333': 'payments', '444455556666': 'orders' };

function named(text: string): string {
  const [block] = withAccountNames([{ type: 'paragraph', line: text }], NAMES) as [
    Extract<Block, { type: 'paragraph' }>,
  ];
  return block.line as string;
}

it('the name of an account stands behind its id, in an address, a list and a sentence', () => {
  expect(named('Stack/queue@111122223333/us-east-1')).toBe('Stack/queue@111122223333/us-east-1 (payments)');
  expect(named('at 111122223333, 444455556666 in us-east-1')).toBe(
    'at 111122223333 (payments), 444455556666 (orders) in us-east-1',
  );
  expect(named('the stacks of 111122223333/us-east-1 could not be listed')).toBe(
    'the stacks of 111122223333/us-east-1 (payments) could not be listed',
  );
});

it('nothing is put into an ARN, a value, or a longer number, nor said twice, nor guessed', () => {
  for (const text of [
    'arn:aws:iam::111122223333:role/evenkeel-plan',
    'parameters.Account: "111122223333"',
    '1111222233334',
    '111122223333 payments: SUSPENDED',
    'account 999999999999 is not known',
    's3://evenkeel-artifacts-111122223333-us-east-1',
  ])
    expect(named(text)).toBe(text);
});
