import type { Diagnostic } from './diagnostic.js';
import type { Revision } from './identifiers.js';

/** The desired state's files at one revision, read as blobs; paths are relative to its folder, with `/`. */
export type DesiredFiles = {
  readonly revision: Revision;
  readonly origin: 'git' | 'folder';
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What was refused while reading: links, submodules, sizes. */
  readonly diagnostics: readonly Diagnostic[];
};
