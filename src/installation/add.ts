import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileFor, writeManifest } from '../blocks/card/card-manifest.js';
import type { Bought } from '../blocks/card/card-manifest.js';
import { lockableNote } from '../blocks/construct/construct-versions.js';
import { findEntry } from '../catalog/catalog.js';
import type { CatalogEntry, CatalogSource } from '../catalog/entry.js';
import { readFolder } from '../git/folder.js';
import { parseDesiredState } from '../manifest/parse.js';
import type { Manifest } from '../manifest/parse.js';
import type { ManifestAddress } from '../model/address.js';
import type { Card } from '../model/card.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Partition } from '../model/identifiers.js';
import { unreachable } from '../model/unreachable.js';
import { card } from './card.js';
import type { CardOptions } from './card.js';
import type { SessionWatch } from './session.js';

/** What a manifest is to be written for, and where. */
export type AddOptions = Omit<CardOptions, 'source' | 'installation'> & {
  /** The desired-state folder; it is made where there is none. */
  readonly folder: string;
  /** What the manifest is to be called; null takes the block's own name. */
  readonly name: string | null;
  /** Relative to the folder, with `/`; null chooses one by kind and name. */
  readonly file: string | null;
};

export type Added = {
  readonly address: ManifestAddress;
  /** Relative to the folder. */
  readonly file: string;
  /** Keys that the author still has to decide. */
  readonly undecided: readonly string[];
  /** False where nobody could say which parameters the block takes. */
  readonly parametersKnown: boolean;
};
/** What was written is absent exactly where a finding is an error. */
export type AddOutcome = { readonly added: Added | null; readonly diagnostics: readonly Diagnostic[] };

/** Writes a manifest for a block, as far as it can be known, and overwrites nothing. */
export async function add(options: AddOptions, watch: SessionWatch): Promise<AddOutcome> {
  const source = { type: 'folder', path: options.folder } as const;
  const entry = findEntry(options.subject)?.entry ?? null;
  const { manifests } = parseDesiredState(await readFolder(options.folder));
  const seen = await card({ ...options, source, installation: null }, watch);
  if (seen.card === null) return { added: null, diagnostics: seen.diagnostics };
  const name = options.name ?? entry?.manifestName ?? manifestName(seen.card.name);
  const bought = boughtAs(entry, seen.card, { ...options, partitions: partitionsOf(manifests) });
  if (bought.value === null) return { added: null, diagnostics: [bought.diagnostic] };

  const named = bought.value.type === 'solution' && options.part !== null && options.name === null;
  const fullName = named ? `${name}-${options.part}` : name;
  const file = options.file ?? fileFor(bought.value.type, fullName);
  const address: ManifestAddress = `${seen.card.kind}/${fullName}`;
  const taken = manifests.some((manifest) => addressOf(manifest) === address);
  if (taken) return refused(nameTaken(address));
  const { text, undecided } = writeManifest({
    subject: options.part === null ? options.subject : `${options.subject} --part ${options.part}`,
    name: fullName,
    file,
    bought: bought.value,
    card: { ...seen.card, summary: entry?.summary ?? seen.card.summary },
  });
  if (!(await writeNew(join(options.folder, file), text))) return refused(fileTaken(file));
  return {
    added: { address, file, undecided, parametersKnown: seen.card.template !== null },
    diagnostics: [...renamed(seen.card, bought.value), ...notLockable(entry, bought.value), ...seen.diagnostics],
  };
}

type BoughtOrNot =
  { readonly value: Bought; readonly diagnostic: null } | { readonly value: null; readonly diagnostic: Diagnostic };

/** The part of the manifest that says what is deployed. */
function boughtAs(
  entry: CatalogEntry | null,
  seen: Card,
  wanted: { readonly version: string | null; readonly part: string | null; readonly partitions: readonly Partition[] },
): BoughtOrNot {
  if (seen.retired !== null) return not(retired(seen.name, seen.retired));
  if (entry === null) {
    const partition = seen.source.split(':')[1] as Partition;
    const version = seen.version ?? '';
    return bought({
      type: 'serverless-application',
      application: { [partition]: seen.source },
      version: { [partition]: version },
    });
  }
  const { source } = entry;
  switch (source.type) {
    case 'serverless-application':
      return applicationOf(entry, source, seen, wanted);
    case 'solution':
      return bought({
        type: 'solution',
        solution: source.solution,
        part: wanted.part,
        version: wanted.version ?? source.version,
      });
    case 'construct':
      return bought({
        type: 'construct',
        construct: source.construct,
        version: wanted.version ?? source.versions[0] ?? '',
      });
    default:
      return unreachable(source);
  }
}

/** One value for each partition that the repository has an installation in, since publishers have other versions there. */
function applicationOf(
  { name }: CatalogEntry,
  source: Extract<CatalogSource, { type: 'serverless-application' }>,
  seen: Card,
  wanted: { readonly version: string | null; readonly partitions: readonly Partition[] },
): BoughtOrNot {
  const published = Object.keys(source.application) as readonly Partition[];
  const common = wanted.partitions.filter((partition) => published.includes(partition));
  const partitions = common.length > 0 ? common : published.slice(0, 1);
  if (partitions.length === 0)
    return not({
      code: 'EK4107',
      severity: 'error',
      message: `the ARN of ${name} is not known, so no manifest can name it`,
      remedy: `put its template under templates/ and write a manifest of kind Stack; its source code is ${seen.sourceCodeUrl ?? 'not known'}`,
    });
  const answered = seen.source.split(':')[1];
  const versionIn = (partition: Partition): string =>
    wanted.version ?? (partition === answered ? seen.version : null) ?? source.versions[partition] ?? '';
  return bought({
    type: 'serverless-application',
    application: Object.fromEntries(partitions.map((partition) => [partition, source.application[partition]!])),
    version: Object.fromEntries(partitions.map((partition) => [partition, versionIn(partition)])),
  });
}

const bought = (value: Bought): BoughtOrNot => ({ value, diagnostic: null });
const not = (diagnostic: Diagnostic): BoughtOrNot => ({ value: null, diagnostic });
const refused = (diagnostic: Diagnostic): AddOutcome => ({ added: null, diagnostics: [diagnostic] });

/** Those of the repository's installations, each once. */
function partitionsOf(manifests: readonly Manifest[]): readonly Partition[] {
  const all = manifests.flatMap((manifest) => (manifest.type === 'controller' ? [manifest.controller.partition] : []));
  return all.length === 0 ? ['aws'] : [...new Set(all)].sort();
}

function addressOf(manifest: Manifest): string | null {
  switch (manifest.type) {
    case 'controller':
      return null;
    case 'deployable':
      return `${manifest.manifest.kind}/${manifest.manifest.metadata.name}`;
    case 'broken':
      return `${manifest.kind ?? ''}/${manifest.name ?? ''}`;
    default:
      return unreachable(manifest);
  }
}

/** What is left of a name when it has to be one of a manifest. */
function manifestName(name: string): string {
  const kebab = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return kebab.slice(0, 63).replace(/-+$/, '') || 'block';
}

/** False where there is something under that name already. */
async function writeNew(path: string, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function retired(name: string, { reason, instead }: NonNullable<Card['retired']>): Diagnostic {
  return {
    code: 'EK4102',
    severity: 'error',
    message: `${name} is retired: ${reason}`,
    remedy: `add ${instead} instead, after reading \`evenkeel show ${instead}\``,
  };
}

function renamed({ renamedFrom, source }: Card, { type }: Bought): readonly Diagnostic[] {
  if (renamedFrom === null) return [];
  const diagnostic: Diagnostic = {
    code: 'EK4104',
    severity: 'warning',
    message: `${renamedFrom} is called ${source} now, and that is what the manifest names`,
    remedy:
      type === 'construct'
        ? 'where the former one is deployed, read what the plan replaces: logical ids differ'
        : 'where the former one is deployed, read its notes with `evenkeel show` first',
  };
  return [diagnostic];
}

/** A version of a construct that Evenkeel does not come with; whoever installs it can lock it all the same. */
function notLockable(entry: CatalogEntry | null, chosen: Bought): readonly Diagnostic[] {
  const source = entry?.source;
  if (chosen.type !== 'construct' || source?.type !== 'construct' || chosen.version === source.synthesised) return [];
  return [
    {
      code: source.synthesised === null ? 'EK4068' : 'EK4069',
      severity: 'warning',
      message: lockableNote(source),
      remedy:
        source.synthesised === null
          ? `install ${chosen.construct} ${chosen.version} where Evenkeel is installed, before \`evenkeel lock\``
          : `write ${source.synthesised}, or install ${chosen.version} where Evenkeel is installed`,
    },
  ];
}

function nameTaken(address: ManifestAddress): Diagnostic {
  return {
    code: 'EK4105',
    severity: 'error',
    message: `there is a manifest ${address} already`,
    remedy: 'choose another name with --name, or edit that manifest',
  };
}

function fileTaken(file: string): Diagnostic {
  return {
    code: 'EK4106',
    severity: 'error',
    message: `${file} exists already, and nothing is overwritten`,
    remedy: 'choose another file with --file, or another name with --name',
  };
}
