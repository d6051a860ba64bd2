import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document } from '../model/document.js';
import { diagnosticBlocks } from './describe-diagnostics.js';

/** A manifest that was written, `file` as its author would open it. */
export type AddedLine = {
  readonly address: string;
  readonly file: string;
  readonly undecided: readonly string[];
  readonly parametersKnown: boolean;
};

/** Where the manifest is, what its author must still decide, and what to do then. */
export function describeAdded(added: AddedLine | null, diagnostics: readonly Diagnostic[]): Document {
  const data = { schemaVersion: 1, added, diagnostics } as const;
  if (added === null) return { blocks: diagnosticBlocks(diagnostics), data };
  const unknown: readonly Block[] = added.parametersKnown
    ? []
    : [
        {
          type: 'paragraph',
          line: 'Which parameters it takes and what it must be allowed is not known here: "evenkeel lock" finds out, and "evenkeel validate" then names what is missing.',
        },
      ];
  return {
    blocks: [
      { type: 'paragraph', line: ['Wrote ', { text: added.address, tone: 'strong' }, ` to ${added.file}.`] },
      { type: 'paragraph', line: 'Left for you to decide:' },
      { type: 'list', items: added.undecided },
      ...unknown,
      {
        type: 'paragraph',
        line: 'Then run "evenkeel lock", and "evenkeel validate" until it finds nothing.',
      },
      ...diagnosticBlocks(diagnostics),
    ],
    data,
  };
}
