import { describe, expect, it } from 'vitest';
import { deploymentAddress } from '../../../src/model/address.js';
import type { CheckBook } from '../../../src/model/checks.js';
import type { Region } from '../../../src/model/identifiers.js';
import type { SeenStack } from '../../../src/model/observed.js';
import { targetKey } from '../../../src/model/target.js';
import type { Target } from '../../../src/model/target.js';
import { createAsking } from '../../../src/reconciler/drift/asking.js';
import { booksByTarget, layBooks, writeBooks } from '../../../src/reconciler/drift/books.js';
import type { Entries, Outcome } from '../../../src/reconciler/drift/books.js';
import { beginDetections } from '../../../src/reconciler/drift/begin.js';
import { newsOf } from '../../../src/reconciler/drift/news.js';
import { sweep } from '../../../src/reconciler/drift/sweep.js';
import { watchedOf } from '../../../src/reconciler/drift/watched.js';
import type { Watched } from '../../../src/reconciler/drift/watched.js';
import type { Unseen } from '../../../src/reconciler/ports.js';
import { digestOf } from '../../../src/model/canonical.js';
import { templateSha256 } from '../../../src/model/template.js';
import {
  account,
  DEPLOYMENT,
  entry,
  known,
  MANIFEST,
  organization,
  recorded,
  STACK_ID,
  stackUnit,
  TARGET,
  settings,
} from '../../support/builders.js';
import { bookOf, checkAt, checksOf, HOUR, MINUTE, START } from './passes.js';

const NOW = new Date(START);
const WHOLE = { scope: { type: 'all' as const } };
const ELSEWHERE: Target = { ...TARGET, region: 'us-west-2' as Region };

function seenStack(over: Partial<SeenStack> = {}): SeenStack {
  const detected = { status: 'NOT_CHECKED', at: null } as const;
  return {
    stackId: STACK_ID,
    stackName: 'evenkeel-janitor',
    nested: null,
    status: 'CREATE_COMPLETE',
    updatedAt: null,
    detected,
    ...over,
  };
}

function watch(over: Parameters<typeof known>[0] = {}, at: Target = TARGET, unit = stackUnit()) {
  const address = deploymentAddress(MANIFEST, at);
  const here = { ...unit, subject: { ...unit.subject, address, targets: [at] } };
  const seen = known({ stacks: [seenStack()], ...over });
  return watchedOf({ units: [here], observed: new Map([[address, seen]]), plan: WHOLE as never });
}

const [janitor] = watch().stacks as readonly [Watched];

function entriesOf(outcomes: readonly Outcome[], over: Partial<Entries> = {}): Entries {
  return {
    outcomes,
    calls: new Map(),
    watching: watch(),
    ...WHOLE,
    organization: organization(account(TARGET.account, { name: 'audit', parentId: 'r-root' as never })),
    enters: false,
    now: NOW,
    ...over,
  };
}

const stored = (stacks: CheckBook['stacks'], over: Partial<CheckBook> = {}): CheckBook =>
  bookOf(TARGET, stacks, { accountName: 'audit', unitPath: '/', ...over });
const mine = (book: CheckBook | undefined) => book?.stacks[STACK_ID];

describe('a book', () => {
  it('that nothing happened in is the very same, and is not written', async () => {
    const books = booksByTarget([
      stored({ [STACK_ID]: checksOf({ address: DEPLOYMENT, detection: checkAt(START), template: checkAt(START) }) }),
    ]);
    const entries = entriesOf([], { enters: true });
    expect(layBooks(books, entries).get(targetKey(TARGET))).toBe(books.get(targetKey(TARGET)));
    const ledger = {
      checkBooks: () => Promise.reject(new Error('read')),
      writeCheckBook: () => Promise.reject(new Error('written')),
    };
    await expect(writeBooks(ledger, books, entries)).resolves.toBeUndefined();
  });

  it('enters a stack that nobody knew, so that its slots begin to count, and says whose account it is', () => {
    const book = layBooks(new Map(), entriesOf([], { enters: true })).get(targetKey(TARGET))!;
    expect(mine(book)).toEqual(
      checksOf({
        address: DEPLOYMENT,
        detection: checkAt(START, 'NOT_CHECKED'),
        template: checkAt(START, 'NOT_CHECKED'),
      }),
    );
    expect([book.accountName, book.unitPath, book.version]).toEqual(['audit', '/', 0]);
    expect(layBooks(new Map(), entriesOf([])).size).toBe(0);
  });

  it('forgets a stack that is gone, and not one whose account could not be read or that is busy', () => {
    const books = booksByTarget([stored({ [STACK_ID]: checksOf({ address: DEPLOYMENT, detection: checkAt(START) }) })]);
    const after = (watching: Entries['watching']) =>
      mine(layBooks(books, entriesOf([], { watching })).get(targetKey(TARGET)));
    expect(after(watch({ stacks: [seenStack({ stackId: `${STACK_ID}-new` })] }))).toBeUndefined();
    expect(after({ stacks: [], unseen: new Set() })).toBeUndefined();
    expect(after(watch({ condition: { type: 'busy', operation: null } }))).toBeDefined();
    expect(after({ stacks: [], unseen: new Set([DEPLOYMENT]) })).toBeDefined();
    expect(after({ stacks: [], unseen: new Set([MANIFEST]) })).toBeDefined();
  });

  it('that is out of scope is left alone', () => {
    const books = booksByTarget([stored({ [STACK_ID]: checksOf({ address: DEPLOYMENT }) })]);
    const scope = { type: 'account', account: '999999999999' as never } as const;
    expect(layBooks(books, entriesOf([], { scope, watching: { stacks: [], unseen: new Set() } }))).toEqual(books);
  });

  it('keeps the newer of two looks, and takes any look over one in the future', () => {
    const lay = (before: number, after: number) => {
      const books = booksByTarget([
        stored({ [STACK_ID]: checksOf({ address: DEPLOYMENT, detection: checkAt(before) }) }),
      ]);
      return mine(
        layBooks(books, entriesOf([{ watched: janitor, detection: checkAt(after, 'DRIFTED') }])).get(targetKey(TARGET)),
      )!.detection!.status;
    };
    expect(lay(START - HOUR, START - MINUTE)).toBe('DRIFTED');
    expect(lay(START - MINUTE, START - HOUR)).toBe('IN_SYNC');
    expect(lay(START + 24 * HOUR, START)).toBe('DRIFTED');
  });

  it('that somebody else wrote in between is read again, and both are in it', async () => {
    const other = `${STACK_ID}-other`;
    const before = stored({ [STACK_ID]: checksOf({ address: DEPLOYMENT }) });
    const theirs = {
      ...before,
      version: 2,
      spent: { since: NOW.toISOString(), calls: 7 },
      stacks: { ...before.stacks, [other]: checksOf({ address: DEPLOYMENT }) },
    };
    const written: CheckBook[] = [];
    const ledger = {
      checkBooks: () => Promise.resolve([theirs]),
      writeCheckBook: (book: CheckBook) => Promise.resolve(written.push(book) > 1),
    };
    const watching = { ...watch(), unseen: new Set([DEPLOYMENT]) };
    const entries = entriesOf([{ watched: janitor, pending: { id: 'd', since: NOW.toISOString() } }], {
      watching,
      calls: new Map([[targetKey(TARGET), 3]]),
    });
    await writeBooks(ledger, booksByTarget([before]), entries);
    expect(written.map(({ version }) => version)).toEqual([1, 2]);
    expect(Object.keys(written[1]!.stacks)).toEqual([STACK_ID, other]);
    expect(mine(written[1])!.pending).toEqual({ id: 'd', since: NOW.toISOString() });
    expect(written[1]!.spent.calls).toBe(10);
  });
});

describe('asking', () => {
  const throttled: Unseen = {
    type: 'failed',
    isThrottled: true,
    diagnostic: { code: 'EK6011', severity: 'error', message: 'Rate exceeded', remedy: 'wait' },
  };
  const east = (n: number) => watch({ stacks: [seenStack({ stackId: `${STACK_ID}${String(n)}` })] }).stacks[0]!;
  const west = watch({}, ELSEWHERE).stacks[0]!;
  const { signal } = new AbortController();

  it('leaves an account and Region alone that says it is asked too often, and goes on with all others', async () => {
    const asked: string[] = [];
    const probe = {
      detect: async ({ target }: { readonly target: Target }) => {
        asked.push(target.region);
        // The others are asked when the first answer is there.
        await new Promise((resolve) => setImmediate(resolve));
        return target.region === TARGET.region ? throttled : ({ type: 'begun', id: 'd-1' } as const);
      },
    };
    const asking = createAsking(new Map(), { budget: 240, now: NOW, signal });
    const due = [...Array.from({ length: 40 }, (_, n) => east(n)), west];
    const { begun, waiting, outcomes } = await beginDetections(due, new Map(), probe, asking, NOW);
    expect({ begun, waiting }).toEqual({ begun: 1, waiting: 40 });
    expect(outcomes).toEqual([{ watched: west, pending: { id: 'd-1', since: NOW.toISOString() } }]);
    expect(asked.length).toBeLessThan(40);
  });

  it('stops at the budget of an hour, and counts what was spent before', async () => {
    const spent = { since: new Date(START - MINUTE).toISOString(), calls: 8 };
    const books = booksByTarget([stored({}, { spent })]);
    const asking = createAsking(books, { budget: 10, now: NOW, signal });
    const answers = await Promise.all(
      [1, 2, 3].map(() => asking.ask(TARGET, () => Promise.resolve({ type: 'answer' }))),
    );
    expect(answers).toEqual([{ type: 'answer' }, { type: 'answer' }, null]);
    expect(await asking.ask(ELSEWHERE, () => Promise.resolve({ type: 'answer' }), 11)).toEqual({ type: 'answer' });
    expect([...asking.calls]).toEqual([
      [targetKey(TARGET), 2],
      [targetKey(ELSEWHERE), 10],
    ]);
  });
});

describe('news of a detection', () => {
  const news = (status: SeenStack['detected']['status'], at: number, detection: ReturnType<typeof checkAt> | null) =>
    newsOf(seenStack({ detected: { status, at: new Date(at).toISOString() } }), checksOf({ detection }), NOW)?.type ??
    null;

  it('is one that is newer than the book, or that ended otherwise than the walk had shown at first', () => {
    expect(news('DRIFTED', START - MINUTE, null)).toBe('drifted');
    expect(news('IN_SYNC', START - MINUTE, checkAt(START - HOUR))).toBe('in-sync');
    expect(news('IN_SYNC', START - HOUR, checkAt(START - HOUR))).toBeNull();
    expect(news('DRIFTED', START - HOUR, checkAt(START - HOUR))).toBe('drifted');
    expect(news('DRIFTED', START - HOUR, checkAt(START - HOUR, 'DRIFTED'))).toBeNull();
    expect(news('UNKNOWN', START - HOUR, checkAt(START - HOUR, 'UNKNOWN'))).toBeNull();
    expect(news('DRIFTED', START - HOUR, checkAt(START - MINUTE))).toBeNull();
    expect(news('DRIFTED', START - HOUR, checkAt(START + 24 * HOUR))).toBe('drifted');
    expect(news('DRIFTED', START - 9 * HOUR, checkAt(START - HOUR, 'NOT_CHECKED'))).toBe('drifted');
  });
});

describe('a sweep', () => {
  const TEXT = '{"Resources":{}}';
  const { signal } = new AbortController();
  const swept = async (stacks: readonly Watched[], text = TEXT) => {
    const asking = createAsking(new Map(), { budget: 240, now: NOW, signal });
    const probe = { template: () => Promise.resolve({ type: 'template' as const, text }) };
    return sweep(stacks, new Map(), probe, asking, NOW);
  };

  it('finds a template that differs although the fingerprint of the walk is the one that is recorded', async () => {
    const record = recorded({
      settings: settings({ template: templateSha256('{"Resources":{"Queue":{}}}') }),
      observedSha256: digestOf('seen 1'),
    });
    const unit = stackUnit({ entry: entry(DEPLOYMENT, { recorded: record }) });
    const { stacks } = watch({ sha256: digestOf('seen 1'), settings: record.settings }, TARGET, unit);
    const { looks, outcomes } = await swept(stacks);
    expect(looks[0]!.sightings[0]!.differences.map(({ path }) => path)).toEqual(['/Template']);
    expect(outcomes[0]!.template!.status).toBe('DRIFTED');
  });

  it('holds a nested stack against its own record, under a subject of its own', async () => {
    const nestedId = `${STACK_ID}-child`;
    const parameters = {
      Size: { type: 'plain', value: '1' },
      Secret: { type: 'noecho', sha256: digestOf('s') },
    } as const;
    const child = {
      stackId: nestedId,
      sha256: digestOf('child'),
      template: templateSha256(TEXT),
      parameters,
      roleArn: null,
    };
    const unit = stackUnit({
      entry: entry(DEPLOYMENT, {
        recorded: recorded({ settings: settings({ template: templateSha256(TEXT) }), nested: { Child: child } }),
      }),
    });
    const changed = {
      ...child,
      parameters: { Size: { type: 'plain', value: '2' }, Secret: { type: 'noecho', sha256: null } } as const,
    };
    const stacks = [seenStack(), seenStack({ stackId: nestedId, nested: 'Child' })];
    const seen = watch(
      { stacks, nested: { Child: changed }, settings: settings({ template: templateSha256(TEXT) }) },
      TARGET,
      unit,
    );
    expect(seen.stacks.map(({ artifactSha256, isComparable }) => [artifactSha256, isComparable])).toEqual([
      [digestOf('artifact'), true],
      [child.template, true],
    ]);
    const { looks, outcomes } = await swept(seen.stacks);
    expect(looks.map(({ nested, sightings }) => [nested, sightings])).toEqual([
      [null, []],
      [
        'Child',
        [
          {
            layer: 'stack',
            subject: 'Child.AWS::CloudFormation::Stack',
            resourceType: null,
            physicalId: nestedId,
            kind: 'changed',
            differences: [{ path: '/Parameters/Size', expected: '1', actual: '2' }],
          },
        ],
      ],
    ]);
    expect(outcomes.at(-1)!.template!.notCheckable).toEqual(['Parameters/Secret (NoEcho)', 'StackPolicy']);
  });

  it("does not look at what is busy, in doubt, somebody else's, or wanted no more", () => {
    const inDoubt = { type: 'in-doubt' } as never;
    expect(watch({ condition: { type: 'busy', operation: null } })).toMatchObject({
      stacks: [],
      unseen: new Set([DEPLOYMENT]),
    });
    expect(watch({ ownership: 'theirs' })).toMatchObject({ stacks: [], unseen: new Set() });
    expect(watch({}, TARGET, { ...stackUnit(), wanted: null }).stacks).toEqual([]);
    expect(watch({}, TARGET, stackUnit({ entry: null })).stacks[0]!.isComparable).toBe(false);
    expect(
      watch({}, TARGET, { ...stackUnit(), entry: entry(DEPLOYMENT, { step: inDoubt }) }).stacks[0]!.isComparable,
    ).toBe(false);
    expect(watch({ condition: { type: 'stuck', remedy: '' } }).stacks[0]!.isComparable).toBe(false);
  });
});
