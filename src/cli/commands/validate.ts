import { hasErrors } from '../../model/diagnostic.js';
import { describeDiagnostics } from '../../reconciler/describe-diagnostics.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import { folderOf, located } from '../located.js';
import { workingSource } from '../options.js';
import type { PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

/** Every mistake in the desired state at once, without asking AWS anything. */
export async function run(options: PrintOptions & SourceOptions, context: Context): Promise<ExitCode> {
  const source = workingSource(options, context);
  const installation = options.installation ?? null;
  const found = await context.installations.validate({ source, installation, env: context.env });
  const diagnostics = located(found, folderOf(source, context));
  print(describeDiagnostics(diagnostics), options, context);
  return hasErrors(diagnostics) ? EXIT.invalid : EXIT.done;
}
