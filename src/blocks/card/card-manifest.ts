import { stringify } from 'yaml';
import { PROPS_REFERENCE } from '../construct/construct-versions.js';
import type { CatalogSource } from '../../catalog/entry.js';
import type { Card, CardParameter } from '../../model/card.js';
import type { Partition } from '../../model/identifiers.js';

/** What a manifest deploys, in the words of its kind. */
export type Bought =
  | {
      readonly type: 'serverless-application';
      readonly application: PerPartition;
      readonly version: PerPartition;
    }
  | { readonly type: 'solution'; readonly solution: string; readonly part: string | null; readonly version: string }
  | { readonly type: 'construct'; readonly construct: string; readonly version: string };
type PerPartition = Readonly<Partial<Record<Partition, string>>>;

export type Draft = {
  /** What was asked for, as it was typed. */
  readonly subject: string;
  readonly name: string;
  /** Relative to the desired-state folder, with `/`. */
  readonly file: string;
  readonly bought: Bought;
  readonly card: Card;
};

export type WrittenManifest = {
  readonly text: string;
  /** Keys that are left empty, such as `spec.parameters.Namespace`; `validate` names each of them too. */
  readonly undecided: readonly string[];
};

const WIDTH = 110;
const MOST_VALUES = 12;
/** Where a manifest of each kind is put. */
const FOLDERS: Readonly<Record<CatalogSource['type'], string>> = {
  'serverless-application': 'applications',
  solution: 'solutions',
  construct: 'constructs',
};

/** The file for a manifest, where nobody says otherwise. */
export function fileFor(kind: CatalogSource['type'], name: string): string {
  return `${FOLDERS[kind]}/${name}.yaml`;
}

/**
 * A manifest with everything that is known and an empty value for everything that its author must decide. An empty value is not
 * valid where text, a list or a mapping is wanted, so `validate` names exactly what is still open, before anything is locked;
 * a guessed value would be valid, and stay.
 */
export function writeManifest(draft: Draft): WrittenManifest {
  const { card, bought, name } = draft;
  const parameters = parameterLines(card);
  const capabilities = card.template?.capabilities ?? [];
  const acknowledges = capabilities.length > 0;
  const undecided = [
    ...(bought.type === 'construct' ? ['spec.props'] : []),
    ...requiredOf(card).map((parameter) => `spec.parameters.${parameter.name}`),
    ...(acknowledges ? ['spec.acknowledge'] : []),
    'spec.targets',
  ];
  const depth = draft.file.split('/').length - 1;
  const lines = [
    `# yaml-language-server: $schema=${depth === 0 ? './' : '../'.repeat(depth)}schema.json`,
    `# Written by "evenkeel add ${visible(draft.subject)}". What is left empty is for you to decide; "evenkeel validate" names it.`,
    'apiVersion: evenkeel/v1',
    `kind: ${card.kind}`,
    'metadata:',
    `  name: ${name}`,
    ...(card.summary === '' ? [] : [`  description: ${scalar(card.summary.slice(0, 1024))}`]),
    ...(card.controls.length === 0 ? [] : [`  controls: [${card.controls.join(', ')}]`]),
    'spec:',
    ...boughtLines(bought, card),
    ...parameters,
    ...(acknowledges
      ? [
          '  # Read what it may do ("evenkeel show"), then write what you accept.',
          `  acknowledge: # [${capabilities.join(', ')}]`,
        ]
      : []),
    '  # Which accounts and Regions.',
    '  targets: # [{ organizationalUnits: [/Sandbox/**], regions: [us-east-1] }]',
  ];
  return { text: `${lines.join('\n')}\n`, undecided };
}

function boughtLines(bought: Bought, card: Card): readonly string[] {
  switch (bought.type) {
    case 'serverless-application':
      return [...perPartition('application', bought.application), ...perPartition('version', bought.version)];
    case 'solution':
      return [
        `  solution: ${bought.solution}`,
        ...(bought.part === null ? [] : [`  part: ${bought.part}`]),
        `  version: ${scalar(bought.version)}`,
      ];
    case 'construct':
      return [
        `  construct: ${bought.construct}`,
        `  version: ${scalar(bought.version)}`,
        ...comment(
          `The pattern says what it needs: ${card.sourceCodeUrl ?? 'see its documentation'}. How props are written: ${PROPS_REFERENCE}.`,
          2,
        ),
        '  props:',
      ];
  }
}

function perPartition(key: string, values: PerPartition): readonly string[] {
  const entries = Object.entries(values);
  if (entries.length === 1) return [`  ${key}: ${scalar(entries[0]![1])}`];
  return [`  ${key}:`, ...entries.map(([partition, value]) => `    ${partition}: ${scalar(value)}`)];
}

/** Required ones stand empty; of the others the default is shown, to be taken out of its comment. */
function parameterLines(card: Card): readonly string[] {
  const all = card.template?.parameters ?? [];
  const required = requiredOf(card);
  const optional = all.filter((parameter) => parameter.default !== null);
  const defaults = optional.flatMap((parameter) => [
    ...comment(about(parameter), 4),
    `    # ${key(parameter.name)}: ${quoted(parameter.default ?? '')}`,
  ]);
  if (all.length === 0) return [];
  return [
    required.length === 0 ? '  # parameters:' : '  parameters:',
    ...required.flatMap((parameter) => [...comment(about(parameter), 4), `    ${key(parameter.name)}:`]),
    ...defaults,
  ];
}

const requiredOf = (card: Card): readonly CardParameter[] =>
  (card.template?.parameters ?? []).filter((parameter) => parameter.default === null);

function about({ type, description, allowedValues, noEcho }: CardParameter): string {
  const values = allowedValues?.map((value) => JSON.stringify(value)) ?? [];
  const shown =
    values.length <= MOST_VALUES
      ? values.join(', ')
      : `${values.slice(0, MOST_VALUES).join(', ')} and ${String(values.length - MOST_VALUES)} more`;
  return [
    `${type}.`,
    visible(description),
    values.length === 0 ? '' : `One of ${shown}.`,
    noEcho ? 'Secret: write a dynamic reference such as {{resolve:secretsmanager:…}}.' : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Comment lines of one paragraph, broken at spaces. */
function comment(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  for (const word of visible(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH - indent)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${' '.repeat(indent)}# ${line}`);
}

/** On one line, and without characters that move a cursor or hide text. */
function visible(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .trim();
}

const scalar = (text: string): string => stringify(visible(text), { lineWidth: 0 }).trim();
const key = (name: string): string =>
  /^[A-Za-z0-9]+$/.test(name) ? stringify(name, { lineWidth: 0 }).trim() : quoted(name);

/** As JSON writes it, which is YAML too; what moves a cursor, hides text or ends a line is written by its number. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const point = character.codePointAt(0)!.toString(16);
    return point.length > 4 ? `\\U${point.padStart(8, '0')}` : `\\u${point.padStart(4, '0')}`;
  });
}
