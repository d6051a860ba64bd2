import { existsSync } from 'node:fs';
import type { LedgerChoice, LedgerSession, Session, SessionWatch, Source } from '../installation/session.js';
import { describeDiagnostics } from '../reconciler/describe-diagnostics.js';
import { exitOfDiagnostics } from '../reconciler/exit-code.js';
import { EXIT } from '../reconciler/outcome.js';
import type { ExitCode } from '../reconciler/outcome.js';
import { UsageError } from './context.js';
import type { Context } from './context.js';
import { folderOf, located, locatedSession } from './located.js';
import { ledgerChoice, revisionSource } from './options.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from './options.js';

import { print } from './printer.js';
import { createProgress } from './progress.js';

/** Opens the installation, hands it over, and closes it whatever happens; where it cannot be opened, says why. */
export async function withSession(
  options: PrintOptions & SourceOptions & LedgerOptions & { readonly source: Source },
  context: Context,
  use: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const folder = folderOf(options.source, context);
  const { session, diagnostics } = await context.installations.open({
    source: options.source,
    installation: options.installation ?? null,
    ledger: ledgerChoice(options, context),
    env: context.env,
    clock: context.clock,
  });
  if (session === null) {
    print(describeDiagnostics(located(diagnostics, folder)), options, context);
    const code = exitOfDiagnostics(diagnostics);
    return code === EXIT.done ? EXIT.failed : code;
  }
  try {
    return await use(locatedSession(session, folder));
  } finally {
    await session.close();
  }
}

/** Shows on stderr how far the call is while it lasts. */
export async function withProgress<T>(context: Context, call: (watch: SessionWatch) => Promise<T>): Promise<T> {
  const { progress, finish } = createProgress(context.stderr, { tty: context.stderr.isTTY });
  try {
    return await call({ signal: context.signal, progress });
  } finally {
    finish();
  }
}

/** Opens the ledger to read it: by itself where it is a folder, so that it can be read when the desired state cannot; else through the installation. */
export async function withLedger(
  options: PrintOptions & SourceOptions & LedgerOptions,
  context: Context,
  use: (ledger: LedgerSession) => Promise<ExitCode>,
): Promise<ExitCode> {
  const choice = ledgerChoice(options, context);
  if (choice.type === 'table')
    return withSession({ ...options, source: revisionSource(options, context) }, context, use);
  requireLedger(choice);
  const ledger = await context.installations.openLedgerOnly(choice.path);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

/** Opening makes what is not there, and a mistyped folder must not read as a ledger that is empty. */
function requireLedger(choice: LedgerChoice): void {
  if (choice.type === 'folder' && !existsSync(choice.path))
    throw new UsageError(
      `there is no ledger in ${choice.path}: name the folder that --ledger gave when it was written`,
    );
}

/** What a command that reads has at hand: `session` is null where the ledger was opened by itself, and no desired state was asked for. */
export type Reading = { readonly ledger: LedgerSession; readonly session: Session | null; readonly folder: string };

/** Opens the ledger to read it, with the desired state where one was asked for, or where only its Controller knows the table. */
export async function withReading(
  options: PrintOptions & SourceOptions & LedgerOptions,
  context: Context,
  use: (reading: Reading) => Promise<ExitCode>,
): Promise<ExitCode> {
  const choice = ledgerChoice(options, context);
  if (choice.type === 'folder' && options.path === undefined && options.revision === undefined)
    return withLedger(options, context, (ledger) => use({ ledger, session: null, folder: '' }));
  requireLedger(choice);
  const source = revisionSource(options, context);
  return withSession({ ...options, source }, context, (session) =>
    use({ ledger: session, session, folder: folderOf(source, context) }),
  );
}
