/** No listing of AWS that we read has more pages than this; one that does is a fault, not a listing. */
const MOST_PAGES = 10_000;

export type Page<Item> = { readonly items: readonly Item[] | undefined; readonly next: string | undefined };

/** A listing that does not come to an end: it is unknown, not short. */
export class EndlessListing extends Error {
  override readonly name = 'EndlessListing';
}

/** All items of a listing, or an error. A page may be empty and still have a token; a token that comes back is an error. */
export async function allPages<Item>(
  fetch: (token: string | undefined) => Promise<Page<Item>>,
  mostPages: number = MOST_PAGES,
): Promise<Item[]> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await fetch(token);
    items.push(...(page.items ?? []));
    if (page.next === undefined || page.next === '') return items;
    if (seen.has(page.next)) throw new EndlessListing('a page token was given twice');
    seen.add(page.next);
    token = page.next;
  }
  throw new EndlessListing(`the listing has more than ${mostPages} pages`);
}
