import type { Address, ManifestAddress } from '../model/address.js';
import type { IgnoreRule } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document, Line } from '../model/document.js';
import { diagnosticBlocks } from './describe-diagnostics.js';
import { abbreviated, counted } from './describe-wording.js';

/** One subject whose drift is open, and the paths by which rules would accept it. */
export type OpenDrift = {
  readonly subject: string;
  readonly paths: readonly string[];
  /** Where it is open; sorted. */
  readonly addresses: readonly Address[];
};

export type AcceptedRule = Pick<IgnoreRule, 'resource' | 'path' | 'reason' | 'expires'>;

/** A line of a file that came in, went, or stands beside what changed. */
export type ChangedLine = { readonly sign: '+' | '-' | ' '; readonly text: string };

/** How much of what the ledger knows to be open the rules accept. */
export type Covered = {
  readonly addresses: readonly Address[];
  /** Those at which something else of the same subject stays open. */
  readonly inPart: readonly Address[];
};

export type AcceptOutcome =
  | {
      readonly type: 'accepted';
      readonly manifest: ManifestAddress;
      readonly file: string;
      readonly rules: readonly AcceptedRule[];
      readonly lines: readonly ChangedLine[];
      /** Null where the ledger was not asked. */
      readonly covered: Covered | null;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** Several things are open, and nobody said which is meant. */
  | {
      readonly type: 'choose';
      readonly address: Address;
      readonly open: readonly OpenDrift[];
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly type: 'refused'; readonly diagnostics: readonly Diagnostic[] };

export type AcceptView = {
  /** A word as the shell takes it. */
  readonly quoted: (word: string) => string;
  /** What the command was given beside what it asks for: ` --reason why --ledger ledger`. */
  readonly options: string;
};

const MOST_ADDRESSES = 5;
const MOST_CHOICES = 50;

/** What was written and what to do with it, or what there is to choose from. */
export function describeAccept(outcome: AcceptOutcome, view: AcceptView): Document {
  const data = { schemaVersion: 1, ...outcome } as const;
  switch (outcome.type) {
    case 'accepted':
      return { blocks: acceptedBlocks(outcome, view), data };
    case 'choose':
      return { blocks: choiceBlocks(outcome, view), data };
    case 'refused':
      return {
        blocks: [
          { type: 'paragraph', line: [{ text: 'Nothing was accepted, and nothing was written.', tone: 'strong' }] },
          ...diagnosticBlocks(outcome.diagnostics),
        ],
        data,
      };
  }
}

type Accepted = Extract<AcceptOutcome, { readonly type: 'accepted' }>;

function acceptedBlocks(accepted: Accepted, { quoted }: AcceptView): readonly Block[] {
  const { file, lines, rules, diagnostics } = accepted;
  return [
    { type: 'paragraph', line: headline(accepted) },
    { type: 'code', language: 'diff', text: lines.map(({ sign, text }) => `${sign} ${text}`).join('\n') },
    { type: 'paragraph', line: endsLine(rules) },
    ...coveredBlocks(accepted),
    ...diagnosticBlocks(diagnostics),
    { type: 'heading', text: 'What to do next' },
    {
      type: 'list',
      items: [
        `look at it: git diff -- ${quoted(file)}`,
        'commit it, and open a pull request: somebody else should agree that this may differ',
        'until that is merged and reconciled, the drift is reported as before',
      ],
    },
  ];
}

function headline({ manifest, file, rules }: Accepted): Line {
  return [{ text: `${manifest}: ${counted(rules.length, 'ignore rule')} written to ${file}`, tone: 'strong' }];
}

function endsLine(rules: readonly AcceptedRule[]): Line {
  const expires = rules[0]?.expires ?? null;
  const it = rules.length === 1 ? 'It' : 'They';
  if (expires === null) return `${it} never ${rules.length === 1 ? 'expires' : 'expire'}: --expires says until when.`;
  const through = expires.includes('T') ? 'until' : 'through';
  return `${it} ${rules.length === 1 ? 'counts' : 'count'} ${through} ${expires}; then it is drift again, and validate says so.`;
}

function coveredBlocks({ covered, manifest }: Accepted): readonly Block[] {
  if (covered === null)
    return [
      {
        type: 'paragraph',
        line: `The ledger was not asked what is open; it is accepted at every deployment of ${manifest}.`,
      },
    ];
  const { addresses, inPart } = covered;
  const part =
    inPart.length === 0 ? '' : `; more of the same resource stays open at ${abbreviated(inPart, MOST_ADDRESSES)}`;
  return [
    {
      type: 'paragraph',
      line: `That accepts what is open at ${counted(addresses.length, 'address', 'addresses')} (${abbreviated(addresses, MOST_ADDRESSES)})${part}.`,
    },
  ];
}

function choiceBlocks(
  { address, open }: Extract<AcceptOutcome, { readonly type: 'choose' }>,
  { quoted, options }: AcceptView,
): readonly Block[] {
  const choices = open.flatMap(({ subject, paths, addresses }) => paths.map((path) => ({ subject, path, addresses })));
  const shown = choices.slice(0, MOST_CHOICES).flatMap(({ subject, path, addresses }): Block[] => [
    {
      type: 'paragraph',
      line: [{ text: `${subject} ${path}`, tone: 'strong' }, ` at ${abbreviated(addresses, MOST_ADDRESSES)}`],
    },
    // Whole lines, so that they can be copied.
    {
      type: 'code',
      language: 'sh',
      text: `evenkeel drift accept ${quoted(address)} --resource ${quoted(subject)} --property ${quoted(path)}${options}`,
    },
  ]);
  const hidden = choices.length - MOST_CHOICES;
  return [
    {
      type: 'paragraph',
      line: [
        { text: `${counted(choices.length, 'thing')} differ at ${address}`, tone: 'strong' },
        ', and each is accepted by itself. Nothing was written.',
      ],
    },
    ...shown,
    ...(hidden > 0 ? [{ type: 'paragraph', line: `${String(hidden)} more are not listed.` } as const] : []),
  ];
}
