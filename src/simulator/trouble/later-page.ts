import type { Call } from '../kernel/contract.js';
import type { Input } from './resource-named.js';

const TOKENS = ['NextToken', 'ContinuationToken', 'Marker'] as const;

/** Whether the call goes on with a listing that has begun. */
export function isLaterPage({ service, operation }: Call, input: () => Input | undefined): boolean {
  if (service === 'dynamodb' || !/^(?:List|Describe)/.test(operation)) return false;
  const asked = input();
  return TOKENS.some((token) => typeof asked?.[token] === 'string' && asked[token] !== '');
}
