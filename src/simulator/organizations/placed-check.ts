import type { OrganizationFile } from '../kernel/contract.js';

/** As many as a person reads before the first is repaired. */
const MOST = 20;

/** What does not fit together although each part is well formed: accounts, places and templates that are named and not there, or there twice. */
export function misfits(file: OrganizationFile): readonly string[] {
  const found: string[] = [];
  for (const wrong of wrongs(file)) {
    if (found.length === MOST) return [...found, 'and more'];
    found.push(wrong);
  }
  return found;
}

function* wrongs({ places = [], stackSets = [], templates = {}, accounts, managementAccount }: OrganizationFile) {
  const known = new Set([managementAccount.id, ...accounts.map(({ id }) => id)]);
  const hasTemplate = (key: string): boolean => Object.hasOwn(templates, key);
  const seen = new Set<string>();
  for (const place of places) {
    const name = `${place.account}/${place.region}`;
    if (!known.has(place.account)) yield `${name} is a place in an account that is not among the accounts`;
    if (seen.has(name)) yield `${name} is among the places twice`;
    seen.add(name);
    for (const { id, template } of 'stacks' in place ? place.stacks : []) {
      const [, , , region, account] = id.split(':', 5);
      if (region !== place.region || account !== place.account)
        yield `${id} stands in ${name}, and its id says otherwise`;
      if (seen.has(id)) yield `${id} is in the file twice`;
      seen.add(id);
      if (typeof template === 'string' && !hasTemplate(template))
        yield `${id} has the template ${template}, which is not among the templates`;
    }
  }
  for (const shelf of stackSets) {
    const caller = `${shelf.account}/${shelf.region} as ${shelf.callAs}`;
    if (!known.has(shelf.account))
      yield `the stack sets of ${caller} belong to an account that is not among the accounts`;
    if (seen.has(caller)) yield `the stack sets of ${caller} are listed twice`;
    seen.add(caller);
    for (const set of 'stackSets' in shelf ? shelf.stackSets : []) {
      if ('template' in set && !hasTemplate(set.template))
        yield `the stack set ${set.name} has the template ${set.template}, which is not among the templates`;
    }
  }
}
