import type { VersionState } from '../../model/versions.js';
import { describeOutdated } from '../../reconciler/describe-versions.js';
import { exitOfDiagnostics } from '../../reconciler/exit-code.js';
import { EXIT, firstOf } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import { withProgress, withSession } from '../opening.js';
import { workingSource } from '../options.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';
import { quoted } from '../shell-word.js';

export type OutdatedOptions = PrintOptions & SourceOptions & LedgerOptions;

/** What is not known is no good news, and no news of a newer version either. */
const EXITS: Readonly<Record<VersionState, ExitCode>> = {
  current: EXIT.done,
  unversioned: EXIT.done,
  outdated: EXIT.changes,
  withdrawn: EXIT.changes,
  unavailable: EXIT.changes,
  superseded: EXIT.changes,
  unknown: EXIT.failed,
};

/** Where the same desired state is read from. */
function given({ path, installation }: SourceOptions): readonly string[] {
  return [
    ...(path === undefined ? [] : ['--path', quoted(path)]),
    ...(installation === undefined ? [] : ['--installation', quoted(installation)]),
  ];
}

/** Which newer versions there are of what is pinned; asks the publishers, and writes nothing. */
export async function run(options: OutdatedOptions, context: Context): Promise<ExitCode> {
  return withSession({ ...options, source: workingSource(options, context) }, context, async (session) => {
    const outcome = await withProgress(context, (watch) => session.outdated(watch));
    print(describeOutdated(outcome, given(options)), options, context);
    return firstOf([exitOfDiagnostics(outcome.diagnostics), ...outcome.lines.map(({ state }) => EXITS[state])]);
  });
}
