import type { Handler } from '../../kernel/contract.js';

/** What an account may have in a Region, as a new account finds it. */
const LIMITS = [
  { Name: 'StackLimit', Value: 2_000 },
  { Name: 'StackOutputsLimit', Value: 200 },
  { Name: 'ConcurrentResourcesLimit', Value: 2_500 },
];

/** DescribeAccountLimits; the simulator itself holds nobody to them. */
export const accountLimits: Readonly<Record<string, Handler>> = {
  DescribeAccountLimits: () => ({ AccountLimits: LIMITS }),
};
