import type { Where } from '../kernel/trouble.js';

export type Place = { readonly operation: string; readonly account: string; readonly region: string };

/** Whether a kind of trouble is meant for this place. */
export function strikesAt(trouble: number | Where, { operation, account, region }: Place): boolean {
  if (typeof trouble === 'number') return true;
  const { operations, accounts, regions } = trouble;
  return (
    (operations?.some((pattern) => matches(pattern, operation)) ?? true) &&
    (accounts?.includes(account) ?? true) &&
    (regions?.includes(region) ?? true)
  );
}

/** `*` stands for any letters, none included. */
function matches(pattern: string, operation: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return operation === pattern;
  if (!operation.startsWith(first)) return false;
  const last = rest.pop()!;
  let at = first.length;
  for (const part of rest) {
    const found = operation.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return operation.length - last.length >= at && operation.endsWith(last);
}
