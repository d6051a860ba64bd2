import { createArtifactSource } from '../blocks/artifact-source.js';
import { readLock } from '../blocks/lock/lock-file.js';
import type { LockEntry } from '../blocks/lock/lock-file.js';
import { offerOf } from '../blocks/versions/newer-versions.js';
import { chooseVersion } from '../blocks/versions/versions-choice.js';
import type { Choice } from '../blocks/versions/versions-choice.js';
import { lockOne } from '../blocks/versions/versions-lock.js';
import { isSameVersion } from '../blocks/versions/versions-order.js';
import { changeVersion } from '../manifest/edit.js';
import type { Artifact } from '../model/artifact.js';
import { canonicalJson } from '../model/canonical.js';
import type { Desired } from '../model/desired.js';
import { hasErrors } from '../model/diagnostic.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import type { Partition } from '../model/identifiers.js';
import { nearest } from '../model/nearest.js';
import type { Field } from '../model/plan.js';
import type { UpgradeOutcome } from '../reconciler/describe-upgrade.js';
import { diffTemplates } from '../reconciler/template-diff.js';
import { leafFields } from '../reconciler/template-fields.js';
import { desiredStateOf } from './desired-state.js';
import type { DesiredState } from './desired-state.js';
import { writeFiles } from './lock.js';
import { versionSession } from './outdated.js';
import type { Versioning } from './outdated.js';
import type { SessionWatch, UpgradeWish } from './session.js';
import { mistakesIn } from './validate.js';

type Chosen = Extract<Choice, { readonly type: 'version' }>;
type Edited = { readonly state: DesiredState; readonly file: string; readonly shared: boolean };

const MOST_FACTS = 10;

/**
 * Pins another version of one building block: the manifest, the lock file and the locked files, or nothing at all where the new version
 * cannot be locked. What the manifest now lacks is said, and left to a person.
 */
export async function upgrade(wish: UpgradeWish, on: Versioning, watch: SessionWatch): Promise<UpgradeOutcome> {
  const { state, source } = on;
  const desired = state.desired.find(({ address }) => address === wish.address);
  const session = versionSession(on, watch);
  const offer = desired === undefined ? null : await offerOf(desired, session);
  if (desired === undefined || offer === null)
    return refused(wish, null, [desired === undefined ? unknownAddress(wish, state) : withoutVersions(desired)]);

  const choice = chooseVersion(desired, offer, wish.to);
  if (choice.type === 'refused') return refused(wish, choice.from, choice.diagnostics);
  if (choice.type === 'already-there')
    return { ...refused(wish, choice.from, []), to: choice.from, result: 'already-there' };

  const edited = edit(desired, choice, state);
  if ('code' in edited) return refused(wish, choice.from, [edited]);
  const after = edited.state.desired.find(({ address }) => address === desired.address);
  if (hasErrors(edited.state.diagnostics) || after === undefined)
    return refused(wish, choice.from, edited.state.diagnostics);

  const locked = await lockOne(after, { ...session, files: edited.state.files });
  if (locked.files === null) return refused(wish, choice.from, locked.diagnostics);
  const settled = { ...edited.state, files: withFiles(edited.state.files, locked.files) };
  const written = new Map([[edited.file, settled.files.files.get(edited.file)!], ...locked.files.write]);
  const lockedBefore = entryOf(desired, state);
  const isWritten = !wish.dryRun && source.type === 'folder';
  if (isWritten) await writeFiles(source.path, { write: written, remove: locked.files.remove });
  return {
    address: desired.address,
    from: choice.from,
    to: choice.to,
    result: isWritten ? 'upgraded' : 'would-upgrade',
    isDowngrade: choice.isDowngrade,
    held: lockedBefore === null ? { type: 'nothing' } : heldBy(lockedBefore, choice.from),
    diff: await compared(desired, state, after, settled),
    facts: factsChanged(desired, state, settled),
    written: [...written.keys()].sort(),
    removed: locked.files.remove,
    diagnostics: [
      ...locked.diagnostics,
      ...(edited.shared ? locked.elsewhere.map((partition) => alsoPinned(after, partition)) : []),
      ...newMistakes(state, settled),
    ],
  };
}

function refused({ address }: UpgradeWish, from: string | null, diagnostics: readonly Diagnostic[]): UpgradeOutcome {
  const nothing = {
    held: { type: 'nothing' },
    diff: null,
    facts: [],
    written: [],
    removed: [],
    isDowngrade: false,
  } as const;
  return { address, from, to: null, result: 'refused', ...nothing, diagnostics };
}

function unknownAddress({ address }: UpgradeWish, { desired }: DesiredState): Diagnostic {
  const known = desired.filter(({ block }) => block.type !== 'template').map((each) => each.address);
  const near = nearest(address, known);
  return {
    code: 'EK4120',
    severity: 'error',
    message: `no manifest has the address ${address}`,
    remedy: near === null ? '`evenkeel outdated` shows the addresses of all that is pinned' : `did you mean ${near}?`,
  };
}

function withoutVersions(desired: Desired): Diagnostic {
  return {
    code: 'EK4121',
    severity: 'error',
    address: desired.address,
    place: desired.at('spec', 'template'),
    message: 'its template is a file of the desired state, so it has no versions but revisions',
    remedy: 'edit the template',
  };
}

/** The desired state with the other version in the manifest's file, or why it cannot be written there. */
function edit(desired: Desired, { from, to }: Chosen, state: DesiredState): Edited | Diagnostic {
  const { kind, name } = desired;
  const { file } = desired.at('spec');
  const { partition, name: installation } = state.controller!;
  // With the byte order mark, where there is one, so that it stays.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(state.files.files.get(file));
  const edited = changeVersion(text, { kind, name, partition, from, to });
  if (edited.type === 'refused')
    return {
      code: 'EK4124',
      severity: 'error',
      address: desired.address,
      place: desired.at(...edited.path),
      message: `${edited.path.length === 0 ? desired.address : edited.path.join('.')} ${edited.reason}`,
      remedy: `write ${to} by hand, then run \`evenkeel lock\``,
    };
  const files = withFiles(state.files, { write: new Map([[file, Buffer.from(edited.text, 'utf8')]]), remove: [] });
  return { state: desiredStateOf(files, installation), file, shared: edited.shared };
}

function withFiles(
  files: DesiredFiles,
  { write, remove }: { readonly write: ReadonlyMap<string, Uint8Array>; readonly remove: readonly string[] },
): DesiredFiles {
  const kept = [...files.files].filter(([path]) => !remove.includes(path));
  return { ...files, files: new Map([...kept, ...write]) };
}

async function compared(before: Desired, was: DesiredState, after: Desired, is: DesiredState) {
  const entry = entryOf(before, was);
  const old = entry === null ? null : artifactOf(asLocked(before, entry), was);
  const young = artifactOf(after, is);
  if (old === null || young === null) return null;
  const set = [after.parameters, ...after.overrides.map(({ parameters }) => parameters)].flatMap(Object.keys);
  return diffTemplates(old, young, { parameters: new Set(set), acknowledge: after.acknowledge });
}

function entryOf({ address }: Desired, { controller, files }: DesiredState): LockEntry | null {
  return readLock(files, controller!.partition).value?.entries.get(address) ?? null;
}

/** The manifest as it was when it was locked, which may have been with another version. */
function asLocked(desired: Desired, { source }: LockEntry): Desired {
  const { block } = desired;
  if (block.type === 'serverless-application' && 'application' in source)
    return { ...desired, block: { ...block, ...source } };
  if (block.type === 'solution' && 'template' in source)
    return { ...desired, block: { type: 'solution', solution: null, part: null, ...source } };
  if (block.type === 'construct' && 'construct' in source)
    return { ...desired, block: { ...block, construct: source.construct, version: source.version } };
  return desired;
}

function heldBy({ source }: LockEntry, from: string): UpgradeOutcome['held'] {
  return source.version === null || isSameVersion(source.version, from)
    ? { type: 'pinned' }
    : { type: 'other', version: source.version };
}

function artifactOf(desired: Desired, { controller, files }: DesiredState): Artifact | null {
  const { artifactBucket, partition } = controller!;
  return createArtifactSource({ artifactBucket, partition, controllerAccount: null }).resolve(desired, files).value;
}

function factsChanged(desired: Desired, was: DesiredState, is: DesiredState): readonly Field[] {
  const factsOf = (state: DesiredState): object | null => {
    const entry = entryOf(desired, state);
    if (entry === null) return null;
    const { licence, publisher, sourceCodeUrl } = entry;
    return { licence, publisher, sourceCodeUrl };
  };
  const before = factsOf(was);
  return before === null ? [] : leafFields(before, factsOf(is), MOST_FACTS);
}

/** What is wrong now and was not before: parameters and capabilities of this manifest, and what others expect of it. */
function newMistakes(was: DesiredState, is: DesiredState): readonly Diagnostic[] {
  const keyOf = ({ code, address, message }: Diagnostic): string => canonicalJson([code, address ?? null, message]);
  const known = new Set(mistakesIn(was).map(keyOf));
  return mistakesIn(is).filter((mistake) => !known.has(keyOf(mistake)));
}

function alsoPinned(desired: Desired, partition: Partition): Diagnostic {
  return {
    code: 'EK4125',
    severity: 'warning',
    address: desired.address,
    place: desired.at('spec', 'version'),
    message: `the same value is the version in ${partition}, where another one is locked`,
    remedy: `run \`evenkeel lock\` with the installation of ${partition}, or write one version for each partition`,
  };
}
