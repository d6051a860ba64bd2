import { expect, test } from 'vitest';
import { observedParameter } from '../../../src/drivers/stack-settings.js';

test.each(['****', '*****', '********'])('%s is a value that CloudFormation does not tell', (shown) => {
  expect(observedParameter(shown)).toEqual({ type: 'noecho', sha256: null });
});

test.each(['', '***', '****x', 'x****', '****\n'])('%j is a value like any other', (shown) => {
  expect(observedParameter(shown)).toEqual({ type: 'plain', value: shown });
});
