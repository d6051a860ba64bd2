import type { Block, Document, Line, Span } from '../model/document.js';
import type { Change, DriftFinding, Plan, UnknownTarget } from '../model/plan.js';
import { ACTIONS } from '../model/action.js';
import { accountsOf, changeBlocks, groupChanges } from './describe-changes.js';
import { dangerBlocks } from './describe-danger.js';
import { diagnosticBlocks, refusalBlock, tally } from './describe-diagnostics.js';
import { withAccountNames } from './describe-names.js';
import { refusalBlocks } from './describe-refusals.js';
import { rolloutBlocks } from './describe-rollouts.js';
import { excludedBlocks } from './describe-targets.js';
import { ACTION_WORDS, counted, fieldLine, shortRevision } from './describe-wording.js';
import type { Planned } from './outcome.js';

/** The verdict first, what is dangerous next, then every change with what is the same said once; `data` leaves nothing out. */
export function describePlan(planned: Planned): Document {
  const { plan, verdict, diagnostics, accountNames } = planned;
  const data = { schemaVersion: 1, plan, verdict, diagnostics, accountNames } as const;
  if (plan === null) {
    const why = tally(diagnostics);
    const line: Line = [{ text: `No plan could be made${why === '' ? '' : `: ${why}`}`, tone: 'bad' }];
    return { blocks: [{ type: 'paragraph', line }, ...diagnosticBlocks(diagnostics)], data };
  }
  const blocks: readonly Block[] = [
    { type: 'paragraph', line: verdictLine(plan) },
    ...headed(blockedHeading(verdict.blocks.length), verdict.blocks.map(refusalBlock)),
    ...dangerBlocks(plan.changes, verdict.budgets),
    ...headed(
      'Changes',
      groupChanges(plan.changes).flatMap((group) => changeBlocks(group, wavedIn(plan))),
    ),
    ...headed('Rollouts', rolloutBlocks(plan.rollouts)),
    ...headed('Drift, reported and left as it is', driftBlocks(plan.drift)),
    ...headed('Refused', refusalBlocks(plan.refusals)),
    ...headed('Could not be looked at', unknownBlocks(plan.unknowns)),
    ...excludedBlocks(plan.excluded),
    ...diagnosticBlocks(diagnostics),
  ];
  return { blocks: withAccountNames(blocks, accountNames), data };
}

/** `Apply 3 changes in 2 accounts?` and its like: how much a plan does, in half a sentence. */
export function extentOf(plan: Plan): string {
  const accounts = accountsOf(plan.changes).size;
  return counted(plan.changes.length, 'change') + (accounts === 0 ? '' : ` in ${counted(accounts, 'account')}`);
}

/** Manifests of which more than one wave changes, or not the first: each of their changes says which wave is its. */
function wavedIn({ rollouts }: Plan): ReadonlySet<string> {
  return new Set(rollouts.filter(({ waves }) => waves.some(({ wave }) => wave > 0)).map(({ manifest }) => manifest));
}

function headed(text: string, blocks: readonly Block[]): readonly Block[] {
  return blocks.length === 0 ? [] : [{ type: 'heading', text }, ...blocks];
}

function blockedHeading(count: number): string {
  return `Blocked for ${counted(count, 'reason')}: nothing is executed while ${count === 1 ? 'it holds' : 'they hold'}`;
}

function verdictLine(plan: Plan): readonly (string | Span)[] {
  const { changes, unknowns, unchanged } = plan;
  const accounts = accountsOf(changes).size;
  const parts = [
    changes.length === 0
      ? 'no changes'
      : actionCounts(changes) + (accounts > 0 ? ` in ${counted(accounts, 'account')}` : ''),
    `${String(unchanged)} unchanged`,
    ...(plan.drift.length > 0 ? [`${String(plan.drift.length)} drifted`] : []),
    ...(plan.refusals.length > 0 ? [`${String(plan.refusals.length)} refused`] : []),
    ...(unknowns.length > 0 ? [`${String(unknowns.length)} could not be looked at`] : []),
  ];
  const scope = plan.scope.type === 'account' ? `, account ${plan.scope.account} only` : '';
  return [
    { text: `Plan ${plan.digest.slice(0, 8)}`, tone: 'strong' },
    ` for revision ${shortRevision(plan.revision)}${scope}: `,
    { text: parts.join('; '), tone: 'strong' },
  ];
}

/** `3 to create, 1 to update (2 instances to delete, 1 resource replaced)`: units first, what happens inside them in brackets. */
function actionCounts(changes: readonly Change[]): string {
  const units = ACTIONS.filter((action) => action !== 'noop').flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count > 0 ? [`${String(count)} ${ACTION_WORDS[action].toDo}`] : [];
  });
  const members = changes.flatMap((change) => change.members);
  const instances = (['create', 'update', 'delete', 'forget'] as const).flatMap((action) => {
    const count = members.filter((member) => member.action === action).length;
    return count > 0 ? [`${counted(count, 'instance')} ${ACTION_WORDS[action].toDo}`] : [];
  });
  const replaced = changes.reduce((sum, change) => sum + change.replaces.length, 0);
  const removed = changes.reduce((sum, change) => sum + change.removes.length, 0);
  const inside = [
    ...instances,
    ...(replaced > 0 ? [`${counted(replaced, 'resource')} replaced`] : []),
    ...(removed > 0 ? [`${counted(removed, 'resource')} removed`] : []),
  ];
  return units.join(', ') + (inside.length > 0 ? ` (${inside.join(', ')})` : '');
}

function driftBlocks(drift: readonly DriftFinding[]): readonly Block[] {
  return drift.flatMap(({ address, fields, cannot }): Block[] => [
    {
      type: 'paragraph',
      line: [
        { text: '! ', tone: 'warn' },
        { text: address, tone: 'strong' },
        ...(cannot === undefined ? [] : [`: not put right, because ${cannot}`]),
      ],
    },
    ...(fields.length > 0 ? [{ type: 'list', items: fields.map(fieldLine) } as const] : []),
  ]);
}

const CAUSE_WORDS: Readonly<Record<UnknownTarget['cause'], string>> = {
  unreachable: 'the account could not be reached',
  'not-ready': 'the account is new and not ready yet',
  'region-disabled': 'the Region is disabled or denied there',
  'listing-failed': 'a listing failed',
};

/** One line for each cause and diagnostic: an account that cannot be reached is said once, with all that it hides. */
function unknownBlocks(unknowns: readonly UnknownTarget[]): readonly Block[] {
  const byDiagnostic = new Map<string, UnknownTarget[]>();
  for (const unknown of unknowns) {
    const { code, message } = unknown.diagnostic;
    const key = `${unknown.cause} ${code} ${message}`;
    byDiagnostic.set(key, [...(byDiagnostic.get(key) ?? []), unknown]);
  }
  return [...byDiagnostic.values()].flatMap((those): Block[] => {
    const { cause, diagnostic } = those[0]!;
    return [
      {
        type: 'paragraph',
        line: [{ text: '? ', tone: 'warn' }, `${counted(those.length, 'deployment')}, because ${CAUSE_WORDS[cause]}`],
      },
      { type: 'list', items: those.map(({ address }) => address) },
      { type: 'diagnostic', diagnostic },
    ];
  });
}
