import { join, posix, relative } from 'node:path';
import { parseAddress } from '../../model/address.js';
import { describeAdded } from '../../reconciler/describe-added.js';
import { exitOfDiagnostics } from '../../reconciler/exit-code.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { withProgress } from '../opening.js';
import { workingSource } from '../options.js';
import type { PrintOptions } from '../options.js';
import { print } from '../printer.js';

export type AddCommandOptions = PrintOptions & {
  readonly block: string;
  readonly name?: string;
  readonly blockVersion?: string;
  readonly part?: string;
  readonly path?: string;
  readonly file?: string;
  readonly offline: boolean;
};

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Writes the manifest of a building block, with what its author must decide left empty. */
export async function run(options: AddCommandOptions, context: Context): Promise<ExitCode> {
  refuseWrongUse(options);
  const where = { repository: '.', folder: 'desired-state', ...(options.path === undefined ? {} : options) };
  const source = workingSource(where, context);
  const folder = source.type === 'folder' ? source.path : where.folder;
  const outcome = await withProgress(context, (watch) =>
    context.installations.add(
      {
        subject: options.block,
        version: options.blockVersion ?? null,
        part: options.part ?? null,
        ask: !options.offline,
        folder,
        name: options.name ?? null,
        file: options.file ?? null,
        env: context.env,
        clock: context.clock,
      },
      watch,
    ),
  );
  const { added, diagnostics } = outcome;
  const here = added === null ? null : { ...added, file: join(relative(context.cwd, folder), added.file) };
  print(describeAdded(here, diagnostics), options, context);
  if (added !== null) return EXIT.done;
  return exitOfDiagnostics(diagnostics) === EXIT.credentials ? EXIT.credentials : EXIT.failed;
}

function refuseWrongUse({ block, name, file }: AddCommandOptions): void {
  if (parseAddress(block) !== null)
    throw new UsageError(`${block} is the address of a manifest: name a building block, such as one of "catalog"`);
  if (name !== undefined && !NAME.test(name))
    throw new UsageError(
      `"${name}" cannot be a manifest's name: write a lower-case letter and at most 62 more lower-case letters, digits or hyphens`,
    );
  if (file !== undefined && !isManifestFile(file))
    throw new UsageError(
      `"${file}" cannot hold a manifest: write a .yaml file inside the desired-state folder, relative to it, and not under templates/ or a folder that begins with a dot`,
    );
}

function isManifestFile(file: string): boolean {
  const parts = file.split('/');
  return (
    /\.ya?ml$/.test(file) &&
    !file.includes('\\') &&
    !posix.isAbsolute(file) &&
    file !== 'evenkeel.lock.yaml' &&
    parts[0] !== 'templates' &&
    parts.every((part) => part !== '' && !part.startsWith('.'))
  );
}
