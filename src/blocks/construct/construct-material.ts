import { zipSync } from 'fflate';
import { digestOf, sha256 } from '../../model/canonical.js';
import type { DesiredFiles } from '../../model/files.js';
import type { Sha256 } from '../../model/identifiers.js';
import { nearest } from '../../model/nearest.js';
import type { Material } from './construct-props.js';
import { decodeUtf8 } from '../template/template-text.js';

const MIB = 1024 * 1024;
/** Lambda takes a package of 50 MiB; Step Functions a definition of a million characters. */
const LIMITS = { files: 2_000, folderBytes: 50 * MIB, definitionBytes: MIB } as const;

export type MaterialProblem = {
  readonly code: 'EK4065' | 'EK4066' | 'EK4067';
  readonly material: Material;
  readonly message: string;
  readonly remedy: string;
};

/** Path inside a folder → bytes. */
export type Folder = ReadonlyMap<string, Uint8Array>;

/** Every file below a folder of the revision; empty where there is no such folder. */
export function folderOf(files: DesiredFiles, path: string): Folder {
  const prefix = `${path}/`;
  return new Map(
    [...files.files]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, bytes]): [string, Uint8Array] => [name.slice(prefix.length), bytes])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Over every path and every byte. */
export function digestOfFolder(folder: Folder): Sha256 {
  return digestOf([...folder].map(([path, bytes]) => [path, sha256(bytes)]));
}

/** Why the revision cannot give what the props name; null where it can. */
export function objectionTo(material: Material, files: DesiredFiles): MaterialProblem | null {
  return material.type === 'folder' ? folderProblem(material, files) : definitionProblem(material, files);
}

function folderProblem(material: Material, files: DesiredFiles): MaterialProblem | null {
  const folder = folderOf(files, material.path);
  const bytes = [...folder.values()].reduce((sum, file) => sum + file.length, 0);
  if (folder.size === 0) {
    const isFile = files.files.has(material.path);
    const folders = [...files.files.keys()].filter((name) => name.startsWith('code/')).map(parentOf);
    const meant = nearest(material.path, [...new Set(folders)]);
    return {
      code: 'EK4065',
      material,
      message: isFile ? `${material.path} is a file` : `there is no file in the folder ${material.path}`,
      remedy: isFile ? 'name the folder that it is in' : meant === null ? 'add the code to it' : `write ${meant}`,
    };
  }
  const over =
    folder.size > LIMITS.files ? `${folder.size} files` : bytes > LIMITS.folderBytes ? `${bytes} bytes` : null;
  if (over === null) return null;
  return {
    code: 'EK4066',
    material,
    message: `${material.path} has ${over}; a folder of code may have ${LIMITS.files} files and ${LIMITS.folderBytes} bytes`,
    remedy: 'bundle the code, and leave out what it does not need to run',
  };
}

function definitionProblem(material: Material, files: DesiredFiles): MaterialProblem | null {
  const bytes = files.files.get(material.path);
  const problem = (message: string, remedy: string): MaterialProblem => ({ code: 'EK4067', material, message, remedy });
  if (bytes === undefined) {
    const meant = nearest(
      material.path,
      [...files.files.keys()].filter((name) => /^code\/.*\.json$/.test(name)),
    );
    return problem(`${material.path} does not exist`, meant === null ? 'add it' : `write ${meant}`);
  }
  if (bytes.length > LIMITS.definitionBytes)
    return problem(
      `${material.path} has ${bytes.length} bytes; a state machine's definition may have ${LIMITS.definitionBytes}`,
      'split the state machine',
    );
  return definitionOf(bytes) === null
    ? problem(`${material.path} is not a JSON object`, 'write the definition in the Amazon States Language')
    : null;
}

/** A state machine's definition without its spacing, so that it costs none of a template's bytes; null where it is not a JSON object. */
export function definitionOf(bytes: Uint8Array): string | null {
  const text = decodeUtf8(bytes);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const parentOf = (path: string): string => path.split('/').slice(0, -1).join('/');

/**
 * The same folder gives the same bytes on every machine: sorted names, one time, one mode, and a compressor that is not the machine's own.
 * Every file may be executed, because the revision does not say which may.
 */
export function zipOf(folder: Folder): Uint8Array {
  // An archive holds the hour that the clock on the wall shows.
  const every = { mtime: new Date(1980, 0, 1, 12), os: 3, attrs: (0o100755 << 16) >>> 0, level: 9 } as const;
  return zipSync(Object.fromEntries([...folder].map(([path, bytes]) => [path, [bytes, every]])));
}
