import { invalid } from '../../templates/refusal.js';

export type PageRequest = { readonly NextToken?: string; readonly MaxResults?: number };
export type Page<T> = { readonly items: readonly T[]; readonly NextToken: string | undefined };

const LARGEST = 100;

/** The token holds the key of the last item that was given, so that a listing survives changes between its pages. */
export function pageOf<T>(sorted: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T> {
  const size = request.MaxResults ?? LARGEST;
  if (size < 1 || size > LARGEST) {
    throw invalid(
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and ${LARGEST}`,
    );
  }
  const after = request.NextToken === undefined ? undefined : decoded(request.NextToken);
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  return {
    items,
    NextToken:
      rest.length > size && last !== undefined ? Buffer.from(`after:${keyOf(last)}`).toString('base64url') : undefined,
  };
}

function decoded(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after:')) throw invalid('NextToken is not valid');
  return text.slice('after:'.length);
}
