import { existsSync } from 'node:fs';
import type { LedgerSession, Session, SessionWatch, Source } from '../installation/session.js';
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
  // Opening makes what is not there, and a mistyped folder must not read as a ledger that is empty.
  if (!existsSync(choice.path))
    throw new UsageError(
      `there is no ledger in ${choice.path}: name the folder that --ledger gave when it was written`,
    );
  const ledger = await context.installations.openLedgerOnly(choice.path);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}
