import { parseTemplate } from '../../model/template.js';
import { sha256 } from '../../model/canonical.js';
import type { ManifestAddress } from '../../model/address.js';
import type { DesiredFiles } from '../../model/files.js';
import type { Partition, Sha256 } from '../../model/identifiers.js';
import { PARTITIONS } from '../../model/partitions.js';
import type { TemplateDocument } from '../../model/template.js';
import { objectKey } from '../artifact-bucket.js';
import type { LockEntry } from './lock-file.js';
import type { Objects } from './locked-template.js';
import { decodeUtf8 } from '../template/template-text.js';

export type LockedProblem = {
  readonly code: 'EK4014' | 'EK4015' | 'EK4016' | 'EK4017';
  /** The key of the lock's entry that the file does not fit. */
  readonly key: readonly (string | number)[];
  readonly message: string;
};

export type LockedBlock =
  | { readonly type: 'locked'; readonly document: TemplateDocument; readonly objects: Objects; readonly file: string }
  | { readonly type: 'broken'; readonly problems: readonly LockedProblem[] };

/** Where all locked files are. */
export const LOCKED_FOLDER = '.locked/';

/** Whose locked files: one manifest's in one partition. */
export type LockedPlace = { readonly address: ManifestAddress; readonly partition: Partition };

/** The folder of a building block's locked files, with `/` at its end. */
export function lockedFolder({ address, partition }: LockedPlace): string {
  return `${LOCKED_FOLDER}${address}/${partition}/`;
}

/** Where `evenkeel lock` writes a template. */
export function lockedTemplateFile(place: LockedPlace): string {
  return `${lockedFolder(place)}template.json`;
}

/** The partition that a locked file is of; null where the path is not of this form. */
export function partitionOfLocked(path: string): Partition | null {
  const name = /^\.locked\/[A-Za-z]+\/[^/]+\/([^/]+)\//.exec(path)?.[1];
  return PARTITIONS.find((partition) => partition === name) ?? null;
}

/** The template and the objects that an entry of the lock names, every byte checked against it. */
export function readLocked(place: LockedPlace, entry: LockEntry, files: DesiredFiles): LockedBlock {
  const folder = lockedFolder(place);
  const problems: LockedProblem[] = [];
  const objects = new Map<Sha256, Uint8Array>();
  entry.objects.forEach((digest, index) => {
    const bytes = files.files.get(`${folder}${objectKey(digest)}`);
    if (bytes === undefined)
      problems.push({
        code: 'EK4016',
        key: ['objects', index],
        message: `locked object ${folder}${objectKey(digest)} is missing`,
      });
    else if (sha256(bytes) !== digest)
      problems.push({
        code: 'EK4017',
        key: ['objects', index],
        message: `locked object ${folder}${objectKey(digest)} has the SHA-256 ${sha256(bytes)}`,
      });
    else objects.set(digest, bytes);
  });

  const file = [`${folder}template.json`, `${folder}template.yaml`].find((name) => files.files.has(name));
  if (file === undefined)
    return {
      type: 'broken',
      problems: [
        {
          code: 'EK4014',
          key: ['templateSha256'],
          message: `locked template ${lockedTemplateFile(place)} is missing`,
        },
        ...problems,
      ],
    };
  const bytes = files.files.get(file)!;
  const text = decodeUtf8(bytes);
  const parsed = text === null ? null : parseTemplate(text);
  if (sha256(bytes) !== entry.templateSha256 || parsed === null || parsed.type === 'not-a-template') {
    return {
      type: 'broken',
      problems: [
        {
          code: 'EK4015',
          key: ['templateSha256'],
          message: `locked template ${file} has the SHA-256 ${sha256(bytes)}, and the lock says ${entry.templateSha256}`,
        },
        ...problems,
      ],
    };
  }
  return problems.length > 0
    ? { type: 'broken', problems }
    : { type: 'locked', document: parsed.document, objects, file };
}
