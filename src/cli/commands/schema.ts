import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';

/** The JSON Schema of a manifest, for editors. */
export async function run(_options: Readonly<Record<string, never>>, context: Context): Promise<ExitCode> {
  context.stdout.write(`${JSON.stringify(await context.installations.manifestSchema(), null, 2)}\n`);
  return EXIT.done;
}
