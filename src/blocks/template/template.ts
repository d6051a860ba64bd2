import { posix } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import type { Artifact } from '../../model/artifact.js';
import type { Desired } from '../../model/desired.js';
import type { Diagnostic, Result } from '../../model/diagnostic.js';
import type { DesiredFiles } from '../../model/files.js';
import { makeArtifact } from './artifact.js';
import { decodeUtf8 } from './template-text.js';

/** A template in the repository: pinned by the revision alone. */
export function resolveTemplate(desired: Desired, path: string, files: DesiredFiles): Result<Artifact> {
  const normal = posix.normalize(path);
  if (posix.isAbsolute(path) || path.includes('\\') || normal === '..' || normal.startsWith('../')) {
    return refuse(
      desired,
      'EK4002',
      `template ${path} leads out of the desired-state folder`,
      'name a file inside the desired-state folder, relative to it and with /',
    );
  }
  const bytes = files.files.get(normal);
  if (bytes === undefined) return missing(desired, normal, files);
  const template = decodeUtf8(bytes);
  if (template === null)
    return refuse(desired, 'EK4008', `template ${normal} is not UTF-8 text`, 'save the file as UTF-8');
  return makeArtifact({
    address: desired.address,
    file: normal,
    template,
    objects: [],
    tags: {},
    extraCapabilities: [],
  });
}

function missing(desired: Desired, path: string, files: DesiredFiles): Result<Artifact> {
  const unread = files.diagnostics.find((diagnostic) => diagnostic.place?.file === path);
  if (unread !== undefined)
    return refuse(desired, 'EK4001', `template ${path} was not read: ${unread.message}`, unread.remedy);
  const nearest = nearestName(path, [...files.files.keys()]);
  return refuse(
    desired,
    'EK4001',
    `template ${path} does not exist in the desired-state folder`,
    nearest === null
      ? 'add the file, or correct the path, which is relative to the desired-state folder'
      : `write "${nearest}", or add the file`,
  );
}

/** A name that may have been meant: a file of the same name elsewhere, else the one with the fewest letters changed; null where all are far away. */
function nearestName(path: string, existing: readonly string[]): string | null {
  // Elsewhere in the folder stand manifests, which no manifest deploys.
  const names = existing.filter((name) => name.startsWith('templates/')).sort();
  if (names.length === 0) return null;
  const sameFile = names.find((name) => posix.basename(name) === posix.basename(path));
  if (sameFile !== undefined) return sameFile;
  const near = closest(path, names);
  return distance(path, near) <= Math.max(3, Math.floor(path.length / 3)) ? near : null;
}

function refuse(desired: Desired, code: Diagnostic['code'], message: string, remedy: string): Result<Artifact> {
  return {
    value: null,
    diagnostics: [
      { code, severity: 'error', address: desired.address, place: desired.at('spec', 'template'), message, remedy },
    ],
  };
}
