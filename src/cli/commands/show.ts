import { FEDRAMP_AS_OF, FEDRAMP_LIST } from '../../catalog/fedramp.js';
import type { CardOutcome } from '../../installation/card.js';
import { parseAddress } from '../../model/address.js';
import { describeCard } from '../../reconciler/describe-card.js';
import { exitOfDiagnostics } from '../../reconciler/exit-code.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { folderOf, located } from '../located.js';
import { withProgress } from '../opening.js';
import { workingSource } from '../options.js';
import type { PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

export type ShowOptions = PrintOptions &
  SourceOptions & {
    readonly block: string;
    readonly blockVersion?: string;
    readonly part?: string;
    readonly offline: boolean;
  };

/** What a reviewer looks at before choosing a building block, or before approving the one that a manifest names. */
export async function run(options: ShowOptions, context: Context): Promise<ExitCode> {
  const { block, part, offline } = options;
  if (parseAddress(block) !== null && (part ?? options.blockVersion) !== undefined)
    throw new UsageError('a manifest says by itself which version and part it deploys: leave out --part and --version');
  const source = workingSource(options, context);
  const outcome = await withProgress(context, (watch) =>
    context.installations.card(
      {
        subject: block,
        version: options.blockVersion ?? null,
        part: part ?? null,
        ask: !offline,
        source,
        installation: options.installation ?? null,
        env: context.env,
        clock: context.clock,
      },
      watch,
    ),
  );
  const diagnostics = located(outcome.diagnostics, folderOf(source, context));
  print(describeCard(outcome.card, diagnostics, { asOf: FEDRAMP_AS_OF, address: FEDRAMP_LIST }), options, context);
  return exitOf(block, outcome);
}

/** What cannot be found or seen is a failure; only for a manifest's own card can the desired state be at fault. */
function exitOf(block: string, { card, diagnostics }: CardOutcome): ExitCode {
  if (card !== null) return EXIT.done;
  const code = exitOfDiagnostics(diagnostics);
  if (code === EXIT.credentials) return code;
  const ofManifest = parseAddress(block) !== null && !diagnostics.some((diagnostic) => diagnostic.code === 'EK4101');
  return ofManifest ? code : EXIT.failed;
}
