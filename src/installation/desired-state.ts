import { readFolder } from '../git/folder.js';
import { readRevision } from '../git/revision.js';
import { parseDesiredState } from '../manifest/parse.js';
import { resolveDesired } from '../manifest/resolve.js';
import type { Controller, Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import type { Source } from './session.js';

/** A revision's text, read and checked as far as nobody needs to be asked. */
export type DesiredState = {
  readonly files: DesiredFiles;
  /** Null where the manifests do not say which installation this is. */
  readonly controller: Controller | null;
  readonly desired: readonly Desired[];
  readonly diagnostics: readonly Diagnostic[];
};

export async function readDesiredState(source: Source, installation: string | null): Promise<DesiredState> {
  const files = source.type === 'folder' ? await readFolder(source.path) : await readRevision(source);
  // That there is no Controller in what could not be read is no news.
  if (files.files.size === 0 && files.diagnostics.length > 0)
    return { files, controller: null, desired: [], diagnostics: files.diagnostics };
  return desiredStateOf(files, installation);
}

/** The same of files that are at hand. */
export function desiredStateOf(files: DesiredFiles, installation: string | null): DesiredState {
  const parsed = parseDesiredState(files);
  const { controller, desired, diagnostics } = resolveDesired(parsed.manifests, installation);
  return { files, controller, desired, diagnostics: [...parsed.diagnostics, ...diagnostics] };
}
