import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../src/model/plan.js';
import { budgetUse, guard, isSuspended } from '../../src/reconciler/guard.js';
import { controller } from '../support/builders.js';

const change = (n: number, action: Change['action'], over: Partial<Change> = {}): Change => ({
  address: `Stack/s${n}@${String(100000000000 + n)}/us-east-1`,
  action,
  reason: 'removed',
  fields: [],
  members: [],
  replaces: [],
  removes: [],
  artifactSha256: null,
  observedSha256: null,
  dependsOn: [],
  wave: 0,
  ...over,
});

const planOf = (...changes: Change[]): Plan => ({ changes }) as unknown as Plan;
const NOTHING = { deletes: 0, replaces: 0, accounts: [] };
const now = new Date('2026-11-22T12:00:00Z');
const judge = (plan: Plan, over: object = {}) =>
  guard({
    plan,
    controller: controller({ budgets: { delete: 2, replace: 1, accounts: 100, window: 86_400_000, checks: 240 } }),
    spent: NOTHING,
    activeAccounts: 10,
    now,
    ...over,
  });

describe('the budget', () => {
  it('lets through what fits it, and stops the whole plan over it', () => {
    expect(judge(planOf(change(1, 'delete'), change(2, 'delete'))).blocks).toEqual([]);
    const over = judge(planOf(change(1, 'delete'), change(2, 'delete'), change(3, 'delete')));
    expect(over.blocks).toMatchObject([{ code: 'EK6001' }]);
    expect(over.blocks[0]!.remedy).toContain('budgets.delete to 3');
  });

  it('remembers what was spent in the window', () => {
    expect(judge(planOf(change(1, 'delete')), { spent: { ...NOTHING, deletes: 2 } }).blocks).toMatchObject([
      { code: 'EK6001' },
    ]);
  });

  it('counts each instance of a stack set that goes, and each change that replaces', () => {
    const members = [1, 2, 3].map((n) => ({
      address: `StackSet/x@${String(100000000000 + n)}/us-east-1` as const,
      action: 'delete' as const,
      reason: 'removed' as const,
      fields: [],
    }));
    expect(budgetUse([change(1, 'delete', { address: 'StackSet/x', members })]).deletes).toBe(3);
    expect(
      budgetUse([change(1, 'update', { replaces: ['A' as never, 'B' as never] }), change(2, 'replace')]).replaces,
    ).toBe(2);
  });

  it('judges accounts as a share of those that are ACTIVE, and creating costs nothing', () => {
    const half = controller({
      budgets: { delete: 100, replace: 100, accounts: '50%', window: 86_400_000, checks: 240 },
    });
    const updates = [1, 2, 3].map((n) => change(n, 'update'));
    expect(
      guard({ plan: planOf(...updates), controller: half, spent: NOTHING, activeAccounts: 5, now }).blocks,
    ).toMatchObject([{ code: 'EK6003' }]);
    expect(
      guard({
        plan: planOf(...[1, 2, 3, 4, 5].map((n) => change(n, 'create'))),
        controller: half,
        spent: NOTHING,
        activeAccounts: 5,
        now,
      }).blocks,
    ).toEqual([]);
  });

  it('cannot be passed by small steps: whatever the order, no more than the budget is ever let through', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 20 }), (sizes) => {
        let deletes = 0;
        for (const size of sizes) {
          const plan = planOf(...Array.from({ length: size }, (_, n) => change(n, 'delete')));
          if (judge(plan, { spent: { ...NOTHING, deletes } }).blocks.length === 0) deletes += size;
        }
        expect(deletes).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('a freeze', () => {
  const frozen = { controller: controller({ freeze: [{ from: '2026-11-20', to: '2026-11-22', reason: 'year end' }] }) };

  it('blocks every change on its days, the last one included, and nothing on the day after', () => {
    expect(judge(planOf(change(1, 'create')), frozen).blocks).toMatchObject([{ code: 'EK6004' }]);
    expect(judge(planOf(change(1, 'create')), { ...frozen, now: new Date('2026-11-23T00:00:00Z') }).blocks).toEqual([]);
  });

  it('has nothing to say of a plan without changes', () => {
    expect(judge(planOf(), frozen).blocks).toEqual([]);
  });
});

it('a suspension ends after its last day, and one without a day does not end', () => {
  expect(isSuspended({ by: 'a', reason: 'b', until: '2026-11-22' }, now)).toBe(true);
  expect(isSuspended({ by: 'a', reason: 'b', until: '2026-11-21' }, now)).toBe(false);
  expect(isSuspended({ by: 'a', reason: 'b', until: null }, now)).toBe(true);
});
