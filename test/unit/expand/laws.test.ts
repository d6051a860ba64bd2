import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand } from '../../../src/organization/expand.js';
import type { Expansion } from '../../../src/organization/expand.js';
import type { Desired, TargetSelector } from '../../../src/model/desired.js';
import type { AccountId } from '../../../src/model/identifiers.js';
import { controller, manifest, organizationOf, selector } from './organization-tree.js';
import type { AccountSketch } from './organization-tree.js';

const PATHS = ['/', '/A', '/A/B', '/A/B/C', '/D'];
const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1'];

const sketches = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 40 }).map((n) => String(n).padStart(12, '0')),
    path: fc.constantFrom(...PATHS),
    state: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'SUSPENDED'),
    tags: fc.record({ tier: fc.constantFrom('gold', 'silver') }, { requiredKeys: [] }),
  }),
  { selector: (account) => account.id, minLength: 1, maxLength: 15 },
) as fc.Arbitrary<AccountSketch[]>;

const conditions = fc.record(
  {
    organizationalUnits: fc.uniqueArray(fc.constantFrom('/**', '/A', '/A/**', '/*/B', '/D', '/A/B/**'), {
      minLength: 1,
    }),
    tags: fc.constantFrom({ tier: ['gold'] }, { tier: ['gold', 'silver'] }),
  },
  { requiredKeys: ['organizationalUnits'] },
);
const regions = fc.uniqueArray(fc.constantFrom(...REGIONS), { minLength: 1 });
const selectors = fc.array(
  fc
    .record({ conditions, regions, except: fc.option(fc.record({ conditions, regions }), { nil: undefined }) })
    .map(({ conditions, regions, except }) =>
      selector({
        ...conditions,
        regions,
        ...(except === undefined ? {} : { except: { ...except.conditions, regions: except.regions } }),
      }),
    ),
  { minLength: 1, maxLength: 4 },
);
const worlds = fc.record({ sketches, selectors, others: selectors });

const PARAMETERS = { A: '${account.id}', B: 'x' };
const run = (
  accounts: readonly AccountSketch[],
  desired: readonly Desired[],
  scope: Parameters<typeof expand>[3] = { type: 'all' },
) => expand(desired, organizationOf(accounts, PATHS), controller, scope);
const one = (targets: readonly TargetSelector[]): Desired[] => [manifest('a', targets, { parameters: PARAMETERS })];
const addresses = (expansion: Expansion): string[] =>
  [...expansion.deployments.values()].flat().map(({ address }) => address);
const plain = (expansion: Expansion) => ({ ...expansion, deployments: [...expansion.deployments] });

test('an exception never widens', () => {
  fc.assert(
    fc.property(worlds, ({ sketches, selectors }) => {
      const open = selectors.map(({ except: _, ...rest }) => rest);
      const wide = new Set(addresses(run(sketches, one(open))));
      expect(addresses(run(sketches, one(selectors))).filter((address) => !wide.has(address))).toEqual([]);
    }),
  );
});

test('a narrower scope is a filter over the whole', () => {
  fc.assert(
    fc.property(worlds, fc.nat(), ({ sketches, selectors, others }, pick) => {
      const account = sketches[pick % sketches.length]!.id as AccountId;
      const desired = [...one(selectors), manifest('b', others)];
      const whole = run(sketches, desired);
      const narrow = run(sketches, desired, { type: 'account', account });
      for (const [address, all] of whole.deployments) {
        expect(narrow.deployments.get(address)).toEqual(all.filter(({ target }) => target.account === account));
      }
      expect(narrow.excluded).toEqual(whole.excluded.filter(({ id }) => id === account));
      expect(narrow.diagnostics).toEqual(whole.diagnostics);
    }),
  );
});

test('the order of accounts and of manifests changes nothing, and the order of selectors not what is deployed', () => {
  fc.assert(
    fc.property(worlds, ({ sketches, selectors, others }) => {
      const desired = [...one(selectors), manifest('b', others)];
      const straight = run(sketches, desired);
      expect(plain(run(sketches.toReversed(), desired.toReversed()))).toEqual(plain(straight));
      expect(addresses(run(sketches, one(selectors.toReversed())))).toEqual(addresses(run(sketches, one(selectors))));
    }),
  );
});

test('deployments are unique, ordered, and in ACTIVE accounts only', () => {
  fc.assert(
    fc.property(worlds, ({ sketches, selectors }) => {
      const expansion = run(sketches, one(selectors));
      const found = addresses(expansion);
      expect(found).toEqual([...new Set(found)].sort());
      const active = new Set(sketches.filter(({ state }) => state === 'ACTIVE').map(({ id }) => id));
      expect([...expansion.deployments.values()].flat().every(({ target }) => active.has(target.account))).toBe(true);
      expect(expansion.excluded.every(({ id }) => !active.has(id))).toBe(true);
    }),
  );
});

test('eighty thousand deployments expand in well under a second', () => {
  const accounts = Array.from({ length: 1000 }, (_, n) => ({
    id: String(n + 1).padStart(12, '0'),
    path: `/A/${n % 50}`,
  }));
  const tree = organizationOf(accounts);
  const targets = [selector({ organizationalUnits: ['/A/**'], regions: [...REGIONS, 'eu-north-1'] })];
  const desired = Array.from({ length: 20 }, (_, n) => manifest(`m${n}`, targets, { parameters: PARAMETERS }));
  const before = performance.now();
  expect(addresses(expand(desired, tree, controller, { type: 'all' }))).toHaveLength(80_000);
  // Half a second on two idle cores is the promise; the machine that tests may be busy with something else.
  expect(performance.now() - before).toBeLessThan(3000);
});
