import { hasErrors } from '../model/diagnostic.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document, Line, Span, Tone } from '../model/document.js';
import type { Field } from '../model/plan.js';
import { diagnosticBlocks } from './describe-diagnostics.js';
import { counted, fieldLine } from './describe-wording.js';
import type { ParameterChange, ResourceChange, TemplateDiff } from './template-diff.js';
import { isSameTemplate } from './template-diff.js';
import type { PermissionChange } from './template-permissions.js';

export type UpgradeOutcome = {
  readonly address: string;
  /** Null where the address is of nothing that pins a version. */
  readonly from: string | null;
  readonly to: string | null;
  readonly result: 'upgraded' | 'would-upgrade' | 'already-there' | 'refused';
  readonly isDowngrade: boolean;
  /** What the lock held before: the version that the manifest pinned, or another one, because nobody had locked it since. */
  readonly held:
    { readonly type: 'nothing' } | { readonly type: 'pinned' } | { readonly type: 'other'; readonly version: string };
  /** To what the lock held before; null where that was nothing, or cannot be read. */
  readonly diff: TemplateDiff | null;
  /** Licence, publisher and source code, where they differ. */
  readonly facts: readonly Field[];
  /** Files of the desired state that were written and removed, or would be. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
};

/** What an upgrade changes, and what to do then; `folder` is the desired state's as it is called from where the command was typed. */
export function describeUpgrade(outcome: UpgradeOutcome, folder: string): Document {
  const { diff, facts, diagnostics } = outcome;
  const isShown = outcome.result === 'upgraded' || outcome.result === 'would-upgrade';
  return {
    blocks: [
      { type: 'paragraph', line: [{ text: headline(outcome), tone: 'strong' }] },
      ...(isShown
        ? [
            ...heldBlocks(outcome),
            ...diffBlocks(diff, outcome.held),
            ...list('About it', facts.map(fieldLine)),
            ...fileBlocks(outcome),
          ]
        : []),
      ...diagnosticBlocks(diagnostics),
      ...(isShown ? nextSteps(outcome, folder) : []),
    ],
    data: { schemaVersion: 1, ...outcome },
  };
}

function headline({ address, from, to, result, isDowngrade }: UpgradeOutcome): string {
  const verb = isDowngrade ? 'downgrade' : 'upgrade';
  const way = `${address}: ${from ?? ''} → ${to ?? ''}`;
  switch (result) {
    case 'upgraded':
      return isDowngrade ? `${way}, which is older` : way;
    case 'would-upgrade':
      return `${way}${isDowngrade ? ', which is older' : ''}; nothing was written`;
    case 'already-there':
      return `${address} is at ${from ?? ''}, and there is nothing to ${verb}.`;
    case 'refused':
      return `${address} was not changed, and nothing was written.`;
  }
}

function heldBlocks({ held, from }: UpgradeOutcome): readonly Block[] {
  if (held.type !== 'other') return [];
  const line = `The lock holds ${held.version}, not the ${from ?? ''} of the manifest, so it is what is compared.`;
  return [{ type: 'paragraph', line }];
}

function diffBlocks(diff: TemplateDiff | null, { type }: UpgradeOutcome['held']): readonly Block[] {
  if (diff === null) {
    const why = type === 'nothing' ? 'Nothing was locked before' : 'What is locked cannot be read';
    return [{ type: 'paragraph', line: `${why}, so there is nothing to compare it with.` }];
  }
  if (isSameTemplate(diff)) return [{ type: 'paragraph', line: 'The template says the same in both versions.' }];
  const { capabilities, outputs } = diff;
  return [
    ...list(`Resources: ${resourceCounts(diff.resources)}`, diff.resources.flatMap(resourceLines)),
    ...list('Parameters', diff.parameters.flatMap(parameterLines)),
    ...list('Capabilities', [
      ...capabilities.added.map((name) => [
        span('+', 'add'),
        ` ${name}`,
        capabilities.unacknowledged.includes(name) ? span(', which nobody has acknowledged', 'bad') : '',
      ]),
      ...capabilities.removed.map((name) => [span('-', 'remove'), ` ${name}, which is no longer needed`]),
    ]),
    ...list('Permissions', diff.permissions.map(permissionLine)),
    ...list('Outputs', [
      ...outputs.added.map((name) => [span('+', 'add'), ` ${name}`]),
      ...outputs.removed.map((name) => [span('-', 'remove'), ` ${name}`]),
    ]),
  ];
}

const RESOURCES: Readonly<
  Record<ResourceChange['change'], { readonly sign: Span; readonly counted: string; readonly told: string }>
> = {
  added: { sign: span('+', 'add'), counted: 'added', told: '' },
  replaced: { sign: span('±', 'remove'), counted: 'replaced', told: ' is replaced, as predicted from its schema' },
  'may-be-replaced': { sign: span('±', 'remove'), counted: 'possibly replaced', told: ' may be replaced' },
  removed: { sign: span('-', 'remove'), counted: 'removed', told: '' },
  kept: { sign: span('○', 'warn'), counted: 'let go', told: ' leaves the stack and stays in the account' },
  changed: { sign: span('~', 'change'), counted: 'changed', told: '' },
};

function resourceCounts(resources: readonly ResourceChange[]): string {
  return (Object.keys(RESOURCES) as ResourceChange['change'][])
    .map((change) => ({ change, count: resources.filter((each) => each.change === change).length }))
    .filter(({ count }) => count > 0)
    .map(({ change, count }) => `${String(count)} ${RESOURCES[change].counted}`)
    .join(', ');
}

function resourceLines({ id, type, change, fields }: ResourceChange): readonly Line[] {
  const { sign, told } = RESOURCES[change];
  const isMoved = (change === 'replaced' || change === 'may-be-replaced') && fields.length === 0;
  const why = isMoved ? ', because of something that it refers to' : '';
  return [[sign, ' ', span(id, 'strong'), ` ${type}${told}${why}`], ...fields.map(indented)];
}

function parameterLines({ name, change, required, set, fields }: ParameterChange): readonly Line[] {
  switch (change) {
    case 'added':
      if (required && !set) return [[span('+', 'add'), ` ${name}`, span(', which needs a value', 'bad')]];
      return [[span('+', 'add'), ` ${name}`], ...fields.map(indented)];
    case 'removed':
      return [[span('-', 'remove'), ` ${name}`, set ? span(', which the manifest sets', 'bad') : '']];
    case 'changed':
      return [
        [span('~', 'change'), ` ${name}`, required && !set ? span(', which needs a value', 'bad') : ''],
        ...fields.map(indented),
      ];
  }
}

function permissionLine({ change, effect, principal, actions, resource, condition, within }: PermissionChange): Line {
  const sign = change === 'granted' ? span('+', 'add') : span('-', 'remove');
  const what = [effect, actions.join(', ')].filter((text) => text !== '').join(' ');
  const where = within === '' ? '' : ` (in ${within})`;
  return [
    sign,
    ' ',
    span(principal, 'strong'),
    `${where}: ${what === '' ? '' : `${what} on `}${resource}${condition === '' ? '' : ` if ${condition}`}`,
  ];
}

function fileBlocks({ written, removed, result }: UpgradeOutcome): readonly Block[] {
  const isLocked = (path: string): boolean => /(?:^|\/)\.locked\//.test(path);
  const locked = [...written, ...removed].filter(isLocked).length;
  const names = [...written.filter((path) => !isLocked(path)), ...(locked > 0 ? [counted(locked, 'locked file')] : [])];
  return list(result === 'upgraded' ? 'Written' : 'Would be written', names);
}

function nextSteps({ result, address, to, diagnostics }: UpgradeOutcome, folder: string): readonly Block[] {
  const path = folder === '' ? '.' : folder;
  const steps =
    result === 'upgraded'
      ? [
          ...(hasErrors(diagnostics) ? ['correct the manifest where the findings say so'] : []),
          `review what changed: git diff -- ${path}`,
          `see what it does to each account: evenkeel plan --path ${path}`,
          'commit the manifest, the lock file and .locked/ together',
        ]
      : [`write it: evenkeel upgrade ${address} --to ${to ?? ''} --path ${path}`];
  return list('What to do next', steps);
}

function list(text: string, items: readonly Line[]): readonly Block[] {
  return items.length === 0
    ? []
    : [
        { type: 'heading', text },
        { type: 'list', items },
      ];
}

/** Whoever wants to compare long structures reads the template, or the JSON. */
function indented(field: Field): Line {
  const isLong = (value: Field['before']): boolean => value !== null && /^[[{]/.test(value) && value.length > LONGEST;
  const told = isLong(field.before) || isLong(field.after) ? { ...field, before: null, after: null } : field;
  return ['    ', ...fieldLine(told)];
}

const LONGEST = 60;

function span(text: string, tone: Tone): Span {
  return { text, tone };
}
