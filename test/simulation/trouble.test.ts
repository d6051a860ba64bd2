import { expect, it } from 'vitest';
import type { Scope } from '../../src/model/plan.js';
import { templateSha256 } from '../../src/model/template.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import type { Report } from '../../src/reconciler/outcome.js';
import { ACCOUNTS, REGIONS, Story, templateOf } from '../support/story.js';
import { ProcessDied, life } from '../support/trouble.js';
import type { Fate } from '../support/trouble.js';
import { ALL } from '../support/world.js';

const SEEDS = Number(process.env['SEEDS'] ?? 10);
const FIRST = Number(process.env['FIRST'] ?? 1);
const STEPS = 24;
const HOUR = 3_600_000;
/** A charge is older than its effect by as long as an operation may be waited for. */
const WINDOW = 20 * HOUR;

const watch = { signal: new AbortController().signal, progress: () => undefined };

/** Judges each effect before it takes place. */
class Witness {
  readonly #deletes: { readonly at: number; readonly what: string }[] = [];

  constructor(private readonly story: Story) {}

  readonly see: NonNullable<Fate['witness']> = (operation, asked) => {
    const { stacks, organization } = this.story.world.simulator.world;
    const name = asked.get('StackName') ?? '';
    const [, , , region, account] = name.split(':');
    if (
      /:(Update|Delete|Create|Execute)(Stack|ChangeSet|TerminationProtection)$/.test(operation) &&
      account !== undefined
    ) {
      const stack = stacks.find(account, region!, name);
      expect(stack?.tags, `${operation} of ${name}, which is not ours`).toMatchObject({
        'evenkeel:installation': 'evenkeel',
      });
      if (operation.endsWith(':DeleteStack') && !/DELETE|ROLLBACK_COMPLETE$/.test(stack!.status)) {
        expect(organization.accounts.get(account)!.state, `${name} is deleted`).toBe('ACTIVE');
        expect(organization.accounts.get(account)!.roles.has('evenkeel-plan'), `${name} cannot be read`).toBe(true);
        expect(stack!.terminationProtection, `${name} is protected`).toBe(false);
        this.count([name]);
      }
    }
    if (operation.endsWith(':DeleteStackInstances') && asked.get('RetainStacks') !== 'true') {
      const values = (prefix: string) => [...asked].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
      const accounts = values('Accounts.member.');
      for (const id of accounts)
        expect(organization.accounts.get(id)!.state, `an instance in ${id} is deleted`).toBe('ACTIVE');
      this.count(
        accounts.flatMap((id) => values('Regions.member.').map((each) => `${asked.get('OperationId')} ${id}/${each}`)),
      );
    }
  };

  private count(deleted: readonly string[]): void {
    const at = this.story.world.simulator.world.clock.now().getTime();
    for (const what of deleted) if (!this.#deletes.some((each) => each.what === what)) this.#deletes.push({ at, what });
    const recent = this.#deletes.filter((each) => each.at > at - WINDOW);
    expect(recent.length, `deletes in a day: ${recent.map((each) => each.what).join(', ')}`).toBeLessThanOrEqual(
      this.story.budget,
    );
  }
}

/** A reconcile, whatever becomes of it; null where the process died or its answers did not come. */
async function reconcile(
  story: Story,
  witness: Witness,
  fate: Fate,
  scope: Scope = ALL,
  door: 'apply' | 'reconcile' = 'reconcile',
): Promise<Report | null> {
  const being = life(story.world, { ...fate, witness: witness.see });
  try {
    const session = await story.world.controller(being);
    const first = await session.plan(scope, watch);
    if (Object.keys(fate).length === 0) {
      const second = await session.plan(scope, watch);
      expect(second.plan, 'the same plan, made twice').toEqual(first.plan);
    }
    expect(being.effects, 'a plan changes nothing').toEqual([]);
    return await session.apply(first, door, watch);
  } catch (error) {
    if (
      error instanceof Error &&
      (error instanceof ProcessDied || /process is dead|connection broke|Rate exceeded/.test(error.message))
    )
      return null;
    throw error;
  }
}

function fateOf(story: Story): Fate {
  const { dice } = story;
  if (dice.happens(65)) return {};
  const n = 1 + dice.below(40);
  return dice.of<Fate>([{ diesBefore: n }, { diesBefore: n }, { loses: n }, { cut: n * 4 }, { throttled: n * 4 }]);
}

const outlined = (report: Report | null) =>
  report === null
    ? 'died'
    : JSON.stringify({
        exit: report.exitCode,
        done: report.run?.changes.map(
          (change) => `${change.action} ${change.address}: ${change.result} ${change.detail}`,
        ),
        refused: [...report.refusals, ...(report.planned.plan?.refusals ?? [])].map(
          (each) => `${each.code} ${each.address}: ${each.message}`,
        ),
        unknown: report.planned.plan?.unknowns.map((each) => `${each.address}: ${each.diagnostic.message}`),
        drift: report.planned.plan?.drift.map((each) => each.address),
        invalid: report.planned.plan === null ? report.planned.diagnostics.map((each) => each.message) : undefined,
      });

/** With no more trouble, everything comes to be as wanted, and stays so. */
async function converges(story: Story, witness: Witness): Promise<void> {
  await story.calmDown();
  let report: Report | null = null;
  for (let round = 0; round < 8; round += 1) {
    report = await reconcile(story, witness, {}, ALL, round === 1 ? 'apply' : 'reconcile');
    story.told.push(`finally: ${outlined(report)}`);
    story.world.pass(25 * 3600);
    if (report?.run === null && (report.exitCode === EXIT.done || report.exitCode === EXIT.changes)) break;
  }
  const plan = report!.planned.plan!;
  expect([report!.exitCode, plan.drift.length > 0]).toEqual(
    plan.drift.length > 0 ? [EXIT.changes, true] : [EXIT.done, false],
  );
  expect(plan).toMatchObject({ changes: [], refusals: [], unknowns: [] });

  const drifted = new Set(plan.drift.map((finding) => finding.address as string));
  const standing = await story.standing();
  const { accounts } = story.world.simulator.world.organization;
  const expected = new Set<string>();
  for (const each of story.manifests.filter((manifest) => manifest.present)) {
    const owner = `${each.kind}/${each.name}`;
    for (const { account, region } of story.wanted(each)) {
      const address = `${owner}@${account}/${region}`;
      expected.add(address);
      const found = standing.filter(
        (stack) => stack.owner === owner && stack.account === account && stack.region === region,
      );
      expect(
        found.map((stack) => stack.name),
        `stands at ${address}`,
      ).toHaveLength(1);
      if (drifted.has(address) || drifted.has(owner)) continue;
      const { view } = found[0]!;
      const isOverridden = each.override && [ACCOUNTS[0], ACCOUNTS[3]].includes(account);
      expect({ address, parameters: view.parameters, template: templateSha256(view.template) }).toEqual({
        address,
        parameters: { Delay: String(isOverridden ? each.delay + 100 : each.delay) },
        template: templateSha256(templateOf(each)),
      });
    }
  }
  for (const stack of standing) {
    const address = `${stack.owner}@${stack.account}/${stack.region}`;
    const isKept = story.manifests.some(
      (each) => each.deletion === 'retain' && `${each.kind}/${each.name}` === stack.owner,
    );
    if (!isKept && accounts.get(stack.account)!.state === 'ACTIVE')
      expect(expected, `${stack.name} should be gone`).toContain(address);
  }
  const quiet = life(story.world);
  await story.world.run(quiet);
  expect(quiet.effects, 'a settled world is left alone').toEqual([]);
}

async function tell(seed: number): Promise<void> {
  const story = await Story.begin(seed);
  const { dice } = story;
  const witness = new Witness(story);
  const strangers = await foreign(story);
  try {
    for (let step = 0; step < STEPS; step += 1) {
      if (step > 0) await story.somethingHappens();
      if (step > 0 && dice.happens(40)) continue;
      const fate = fateOf(story);
      const scope: Scope = dice.happens(15) ? { type: 'account', account: dice.of(ACCOUNTS) as never } : ALL;
      const report = await reconcile(story, witness, fate, scope);
      story.told.push(`reconcile ${JSON.stringify({ fate, scope })}: ${outlined(report)}`);
      expect(await foreign(story)).toEqual(strangers);
    }
    await converges(story, witness);
    expect(await foreign(story)).toEqual(strangers);
  } catch (error) {
    throw new Error(
      `seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n  ${story.told.join('\n  ')}`,
      { cause: error },
    );
  } finally {
    await story.world.close();
  }
}

/** What was there before us. */
async function foreign(story: Story): Promise<string[]> {
  const all: string[] = [];
  for (const account of ACCOUNTS)
    for (const region of REGIONS)
      for (const { id, name, status, updated } of await story.world.stacks(account, region))
        if (!/^evenkeel-|^StackSet-evenkeel-/.test(name)) all.push(`${id} ${status} ${updated}`);
  return all;
}

for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1)
  it(`story ${seed}: edits, crashes, throttling and tampering end as wanted`, () => tell(seed), 60_000);
