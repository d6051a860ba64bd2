import { badRequest } from './refusals.js';

const LARGEST = 100;

/** The token names the last item that was given. */
export function pageOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  request: { readonly MaxItems?: number; readonly NextToken?: string },
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  const size = request.MaxItems ?? LARGEST;
  if (!Number.isInteger(size) || size < 1 || size > LARGEST)
    throw badRequest(`MaxItems must be between 1 and ${LARGEST}`);
  const last = request.NextToken === undefined ? undefined : Buffer.from(request.NextToken, 'base64url').toString();
  const start = last === undefined ? 0 : items.findIndex((item) => nameOf(item) === last) + 1;
  if (last !== undefined && start === 0) throw badRequest('NextToken is not valid');
  const page = items.slice(start, start + size);
  const more = start + size < items.length;
  return { items: page, NextToken: more ? Buffer.from(nameOf(page.at(-1)!)).toString('base64url') : undefined };
}
