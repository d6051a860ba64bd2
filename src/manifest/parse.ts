import type { At, Controller } from '../model/desired.js';
import { parseAddress } from '../model/address.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import { nearest } from '../model/nearest.js';
import { badChannels } from './channels.js';
import { controllerOf } from './controller.js';
import { readDocuments } from './documents.js';
import type { ManifestDocument } from './documents.js';
import { badIgnoreRules } from './ignore-rules.js';
import { diagnosticsOf, error } from './issues.js';
import { valueAt } from './raw.js';
import { badReferences } from './reference-check.js';
import { brokenRules } from './rules.js';
import { API_VERSION } from './schema/deployable.js';
import { KINDS, isKind } from './schema/kinds.js';
import type { Kind } from './schema/kinds.js';
import type { ConstructManifest } from './schema/construct.js';
import type { ServerlessApplicationManifest } from './schema/serverless-application.js';
import type { SolutionManifest } from './schema/solution.js';
import type { StackManifest } from './schema/stack.js';
import type { StackSetManifest } from './schema/stack-set.js';
import { unbuiltFeatures } from './unbuilt.js';
import { unreachable } from '../model/unreachable.js';

/** A manifest of a kind that deploys something. */
export type DeployableManifest =
  StackSetManifest | StackManifest | ServerlessApplicationManifest | SolutionManifest | ConstructManifest;

/**
 * One document of the desired state. `broken` is one whose mistakes leave nothing to work with: it has been diagnosed,
 * and still counts where somebody asks which addresses there are, or whether there is a Controller at all.
 */
export type Manifest =
  | { readonly type: 'controller'; readonly controller: Controller }
  | { readonly type: 'deployable'; readonly manifest: DeployableManifest; readonly at: At }
  | { readonly type: 'broken'; readonly kind: string | null; readonly name: string | null; readonly at: At | null };

/** More mistakes than this in one file are counted, not shown. */
const SHOWN_PER_FILE = 100;

/** Every manifest of the desired state, and every mistake in every file. */
export function parseDesiredState(files: DesiredFiles): {
  readonly manifests: readonly Manifest[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const parsed = [...files.files]
    .filter(([path]) => holdsManifests(path))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, bytes]) => parseFile(path, bytes));
  return {
    manifests: parsed.flatMap((file) => file.manifests),
    diagnostics: [...files.diagnostics, ...parsed.flatMap((file) => file.diagnostics)],
  };
}

/** `templates/`, `code/` and folders whose name begins with a dot hold no manifests, and the lock file is not one. */
export function holdsManifests(path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  if (folders[0] === 'templates' || folders[0] === 'code' || folders.some((folder) => folder.startsWith('.')))
    return false;
  return /\.ya?ml$/.test(path) && path !== 'evenkeel.lock.yaml';
}

type Parsed = { readonly manifests: readonly Manifest[]; readonly diagnostics: readonly Diagnostic[] };

function parseFile(path: string, bytes: Uint8Array): Parsed {
  const read = readDocuments(path, bytes);
  const parsed = read.documents.map(parseDocument);
  const lost: Manifest = { type: 'broken', kind: null, name: null, at: null };
  return {
    manifests: [...parsed.flatMap((document) => document.manifests), ...(read.unreadable ? [lost] : [])],
    diagnostics: bounded(path, [...read.diagnostics, ...parsed.flatMap((document) => document.diagnostics)]),
  };
}

function bounded(path: string, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const ordered = [...diagnostics].sort(
    ({ place: left }, { place: right }) =>
      (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0),
  );
  const hidden = ordered.length - SHOWN_PER_FILE;
  if (hidden <= 0) return ordered;
  const message = `${path} holds ${hidden} more mistakes than are shown`;
  const rest: Diagnostic = { code: 'EK1014', severity: 'error', message, remedy: 'correct those that are shown first' };
  return [...ordered.slice(0, SHOWN_PER_FILE), rest];
}

function parseDocument(document: ManifestDocument): Parsed {
  const kind = valueAt(document.value, ['kind']);
  const stranger = strangeDocument(document, kind);
  if (stranger !== null) return { manifests: [broken(document)], diagnostics: [stranger] };
  return parseKind(document, kind as Kind);
}

/** A document that is no manifest of ours gets one answer, not one for each of its keys. */
function strangeDocument({ value, places }: ManifestDocument, kind: unknown): Diagnostic | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return error('EK2003', 'a manifest is a mapping', 'begin with apiVersion, kind, metadata and spec', places.at());
  }
  const version = valueAt(value, ['apiVersion']);
  if (version === undefined && kind === undefined) {
    const template = 'Resources' in value || 'AWSTemplateFormatVersion' in value;
    const remedy = template
      ? 'move it to templates/, where the desired state keeps its templates'
      : `begin with apiVersion: ${API_VERSION} and kind, or move it to a folder whose name begins with a dot`;
    return error(
      'EK2005',
      'the document has neither apiVersion nor kind, so it is not a manifest',
      remedy,
      places.at(),
    );
  }
  if (kind === undefined) return error('EK2002', 'kind is missing from the manifest', 'add kind', places.at());
  if (!isKind(kind)) {
    const near = typeof kind === 'string' ? nearest(kind, Object.keys(KINDS)) : null;
    const remedy = near === null ? `write one of ${Object.keys(KINDS).join(', ')}` : `did you mean ${near}?`;
    return error('EK2005', `${JSON.stringify(kind)} is not a kind of manifest`, remedy, places.at('kind'));
  }
  if (version !== undefined && version !== API_VERSION) {
    const message = `${JSON.stringify(version)} is not an apiVersion that this version of Evenkeel knows`;
    return error('EK2005', message, `write ${API_VERSION}`, places.at('apiVersion'));
  }
  return null;
}

function parseKind(document: ManifestDocument, kind: Kind): Parsed {
  const result = KINDS[kind].safeParse(document.value);
  const diagnostics = [
    ...(result.success ? [] : diagnosticsOf(document, result.error.issues)),
    ...brokenRules(document, kind),
    ...badReferences(document, kind),
    ...badChannels(document, kind),
    ...badIgnoreRules(document, kind),
    ...unbuiltFeatures(document, kind),
  ];
  const manifest = result.success ? manifestOf(document, result.data) : broken(document);
  return { manifests: [manifest], diagnostics: addressed(document, kind, diagnostics) };
}

type AnyManifest = ReturnType<(typeof KINDS)[Kind]['parse']>;

function manifestOf(document: ManifestDocument, data: AnyManifest): Manifest {
  const { at } = document.places;
  switch (data.kind) {
    case 'Controller':
      return { type: 'controller', controller: controllerOf(data, at) };
    case 'StackSet':
    case 'Stack':
    case 'ServerlessApplication':
    case 'Solution':
    case 'Construct':
      return { type: 'deployable', manifest: data, at };
    default:
      return unreachable(data);
  }
}

function broken({ value, places }: ManifestDocument): Manifest {
  const text = (found: unknown): string | null => (typeof found === 'string' ? found : null);
  return {
    type: 'broken',
    kind: text(valueAt(value, ['kind'])),
    name: text(valueAt(value, ['metadata', 'name'])),
    at: places.at,
  };
}

/** Says whose mistake it is, where the manifest has an address. */
function addressed(document: ManifestDocument, kind: Kind, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const address = parseAddress(`${kind}/${String(valueAt(document.value, ['metadata', 'name']))}`)?.manifest;
  return address === undefined ? diagnostics : diagnostics.map((diagnostic) => ({ ...diagnostic, address }));
}
