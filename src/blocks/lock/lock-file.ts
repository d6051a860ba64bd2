import { stringify, parseDocument } from 'yaml';
import * as z from 'zod';
import { parseAddress } from '../../model/address.js';
import type { ManifestAddress } from '../../model/address.js';
import type { At } from '../../model/desired.js';
import type { Diagnostic, Result } from '../../model/diagnostic.js';
import type { DesiredFiles } from '../../model/files.js';
import { PARTITIONS } from '../../model/partitions.js';
import type { Partition, Sha256 } from '../../model/identifiers.js';
import type { ParameterDefinition } from '../../model/artifact.js';
import { placeAt } from '../template/place.js';
import { decodeUtf8 } from '../template/template-text.js';

export const LOCK_FILE = 'evenkeel.lock.yaml';

/** A lock file of this size describes some ten thousand building blocks. */
const MAXIMUM_LOCK_BYTES = 16 * 1024 * 1024;

const HEADER = [
  '# Written by `evenkeel lock`: what each building block resolved to when it was locked. Review it as you would review code.',
  '# The templates and the objects that they refer to stand under .locked/; plan and apply read them and ask nobody.',
  '',
].join('\n');

const Digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')
  .transform((digest) => digest as Sha256);
const LockedParameter = z.strictObject({ type: z.string(), default: z.string().nullable(), noEcho: z.boolean() });

/** What the manifest asked for when it was locked: another wish is another lock. */
const LockSource = z.union([
  z.strictObject({ application: z.string(), version: z.string() }),
  z.strictObject({ template: z.string(), version: z.string().nullable() }),
  z.strictObject({ construct: z.string(), version: z.string(), propsSha256: Digest }),
]);

const LockEntry = z.strictObject({
  source: LockSource,
  templateSha256: Digest,
  objects: z.array(Digest),
  requiredCapabilities: z.array(
    z.enum(['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_RESOURCE_POLICY']),
  ),
  parameters: z.record(z.string(), LockedParameter),
  licence: z.string().nullable(),
  publisher: z.strictObject({ author: z.string().nullable(), verified: z.boolean() }),
  sourceCodeUrl: z.string().nullable(),
  /** Present where the publisher no longer served it when it was last asked for: what is locked goes on being deployed. */
  withdrawn: z.literal(true).optional(),
});

const LockDocument = z.strictObject({
  lockVersion: z.literal(1),
  partitions: z.partialRecord(
    z.enum(PARTITIONS),
    z.record(
      z.string().refine((key) => parseAddress(key)?.target === null, 'must be the address of a manifest, Kind/name'),
      LockEntry,
    ),
  ),
});

export type LockedParameter = z.infer<typeof LockedParameter>;
export type LockSource = z.infer<typeof LockSource>;
/** What one building block resolved to. It holds no time, so that locking again changes nothing. */
export type LockEntry = z.infer<typeof LockEntry>;
export type LockEntries = ReadonlyMap<ManifestAddress, LockEntry>;

/** What is locked in one partition: publishers serve other versions, from other places, in each. */
export type Lock = {
  readonly entries: LockEntries;
  /** What other installations of the repository have locked in theirs. */
  readonly elsewhere: ReadonlyMap<Partition, LockEntries>;
  /** Where a key of an entry stands: `at(address, 'objects', 0)`. */
  readonly at: At;
};

/** The lock of a revision in one partition; empty where there is no lock file. */
export function readLock(files: DesiredFiles, partition: Partition): Result<Lock> {
  const bytes = files.files.get(LOCK_FILE);
  return bytes === undefined
    ? { value: { entries: new Map(), elsewhere: new Map(), at: () => placeAt(LOCK_FILE, '', []) }, diagnostics: [] }
    : parseLock(bytes, partition);
}

function parseLock(bytes: Uint8Array, partition: Partition): Result<Lock> {
  const text = bytes.length > MAXIMUM_LOCK_BYTES ? null : decodeUtf8(bytes);
  if (text === null) return unreadable('', [], `${LOCK_FILE} is not UTF-8 text of at most ${MAXIMUM_LOCK_BYTES} bytes`);
  const document = parseDocument(text, { schema: 'core', prettyErrors: false, logLevel: 'silent' });
  const error = document.errors[0];
  if (error !== undefined) return unreadable(text, [], `${LOCK_FILE} is not YAML: ${error.message}`);
  const checked = LockDocument.safeParse(plainValue(() => document.toJS({ maxAliasCount: 0 })));
  if (!checked.success) {
    return {
      value: null,
      diagnostics: checked.error.issues.flatMap(
        (issue) =>
          unreadable(text, issue.path.map(String), `${LOCK_FILE}: ${issue.path.join('.')}: ${issue.message}`)
            .diagnostics,
      ),
    };
  }
  const sections = new Map(
    Object.entries(checked.data.partitions).map(([name, blocks]): [Partition, LockEntries] => [
      name as Partition,
      new Map(Object.entries(blocks) as [ManifestAddress, LockEntry][]),
    ]),
  );
  return {
    value: {
      entries: sections.get(partition) ?? new Map(),
      elsewhere: new Map([...sections].filter(([name]) => name !== partition)),
      at: (...path) => placeAt(LOCK_FILE, text, ['partitions', partition, ...path]),
    },
    diagnostics: [],
  };
}

/** The parser throws where aliases are used, which the writer never does. */
function plainValue(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReferenceError) return null;
    throw error;
  }
}

function unreadable(
  text: string,
  path: readonly string[],
  message: string,
): { readonly value: null; readonly diagnostics: readonly Diagnostic[] } {
  return {
    value: null,
    diagnostics: [
      {
        code: 'EK4010',
        severity: 'error',
        place: placeAt(LOCK_FILE, text, path),
        message,
        remedy: 'run `evenkeel lock`, which writes the file anew',
      },
    ],
  };
}

/** The same entries always give the same bytes; empty where nothing is locked in any partition. */
export function writeLock(sections: ReadonlyMap<Partition, LockEntries>): string {
  const partitions = Object.fromEntries(
    [...sections]
      .filter(([, entries]) => entries.size > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([partition, entries]) => [partition, blocksOf(entries)]),
  );
  if (Object.keys(partitions).length === 0) return '';
  return `${HEADER}${stringify({ lockVersion: 1, partitions }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function blocksOf(entries: LockEntries): Readonly<Record<string, LockEntry>> {
  return Object.fromEntries(
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([address, entry]) => [address, ordered(entry)]),
  );
}

/** Keys and lists in one order, whoever made the entry. */
export function ordered(entry: LockEntry): LockEntry {
  return {
    source: entry.source,
    templateSha256: entry.templateSha256,
    objects: [...entry.objects].sort(),
    requiredCapabilities: [...entry.requiredCapabilities].sort(),
    parameters: Object.fromEntries(
      Object.entries(entry.parameters)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { type, default: value, noEcho }]) => [name, { type, default: value, noEcho }]),
    ),
    licence: entry.licence,
    publisher: { author: entry.publisher.author, verified: entry.publisher.verified },
    sourceCodeUrl: entry.sourceCodeUrl,
    ...(entry.withdrawn === undefined ? {} : { withdrawn: entry.withdrawn }),
  };
}

/** What a reviewer should see of a template's parameters. */
export function lockedParameters(
  definitions: Readonly<Record<string, ParameterDefinition>>,
): Record<string, LockedParameter> {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { type, default: value, noEcho }]) => [
      name,
      { type, default: value, noEcho },
    ]),
  );
}
