import type { Document } from '../../model/document.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import { withSession } from '../opening.js';
import { revisionSource } from '../options.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

/** Makes the installation's table with all its indexes; a table that is there already is left as it is. */
export async function run(options: PrintOptions & SourceOptions & LedgerOptions, context: Context): Promise<ExitCode> {
  return withSession({ ...options, source: revisionSource(options, context) }, context, async (session) => {
    const result = await session.createLedger();
    const name = options.ledger === undefined ? `table ${session.controller.table}` : `folder ${options.ledger}`;
    const text = result === 'created' ? `Created the ledger: ${name}.` : `The ledger exists already: ${name}.`;
    const document: Document = {
      blocks: [{ type: 'paragraph', line: [{ text, tone: 'good' }] }],
      data: { schemaVersion: 1, result, ledger: options.ledger ?? session.controller.table },
    };
    print(document, options, context);
    return EXIT.done;
  });
}
