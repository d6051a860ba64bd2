import type { Desired } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import { sha256 } from '../../model/canonical.js';
import type { Capability, Partition } from '../../model/identifiers.js';
import type { DesiredFiles } from '../../model/files.js';
import type { TemplateDocument } from '../../model/template.js';
import { makeArtifact } from '../template/artifact.js';
import { objectKey } from '../artifact-bucket.js';
import type { FetchObject } from '../fetch/fetched-objects.js';
import { lockedParameters } from './lock-file.js';
import type { LockEntry } from './lock-file.js';
import { LockRefusal } from './lock-refusal.js';
import { lockedFolder, lockedTemplateFile } from './locked-files.js';
import { lockTemplate } from './locked-template.js';
import type { ReferenceProblem } from './locked-template.js';
import type { Pin } from './pin.js';
import type { Download } from '../fetch/served-objects.js';
import type { Session } from '../application/serverless-repository.js';
import { uniteCapabilities } from '../template/template-capabilities.js';
import { writeForCloudFormation, writeReadable } from '../template/template-text.js';
import type { Surroundings } from '../template/template-values.js';

/** Whom `lock` may ask, and what the manifests may refer to. */
export type LockSession = Session & Download & { readonly files: DesiredFiles };

/** What a publisher serves for one manifest, before it is locked. */
export type Served = {
  readonly document: TemplateDocument;
  /** An object that the template refers to; throws a LockRefusal where it cannot be had. */
  readonly fetchObject: FetchObject;
  /** What expressions that name objects are evaluated with; absent where only names that are written out are known. */
  readonly surroundings?: Surroundings;
  readonly facts: {
    /** What must be acknowledged besides what the template shows. */
    readonly requiredCapabilities: readonly Capability[];
    readonly licence: string | null;
    readonly publisher: LockEntry['publisher'];
    readonly sourceCodeUrl: string | null;
  };
  readonly diagnostics: readonly Diagnostic[];
};

/** Asks a publisher for a building block. Throws a LockRefusal where it cannot be had. */
export type Serve = (desired: Desired, session: LockSession) => Promise<Served>;

/** What is served for one manifest, as it would be locked. The same version gives the same bytes at every call. */
export type LockableBlock = {
  readonly entry: LockEntry;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly diagnostics: readonly Diagnostic[];
};

const NOTED: Readonly<Record<ReferenceProblem['type'], Pick<Diagnostic, 'code' | 'remedy'>>> = {
  computed: {
    code: 'EK4027',
    remedy: 'see that the place is one you trust: what it holds is not pinned by the lock',
  },
  default: { code: 'EK4051', remedy: 'leave the parameter at its default' },
  elsewhere: {
    code: 'EK4052',
    remedy: 'see what the resource does with it, and that the place is one you trust',
  },
  unusable: { code: 'EK4026', remedy: 'ask the publisher of the building block' },
};

/** Fetches every object that a served template refers to, and names each by its SHA-256. Throws a LockRefusal where it cannot be locked. */
export async function lockServed(
  desired: Desired,
  pin: Pin,
  served: Served,
  partition: Partition,
): Promise<LockableBlock> {
  const place = { address: desired.address, partition };
  const locked = await lockTemplate(served.document, served.fetchObject, served.surroundings ?? null);
  const unusable = locked.problems.find(({ type }) => type === 'unusable');
  if (unusable !== undefined)
    throw new LockRefusal('EK4026', pin.mainKey, unusable.message, 'ask the publisher of the building block');

  const template = Buffer.from(writeReadable(locked.document), 'utf8');
  const artifact = makeArtifact({
    address: desired.address,
    file: lockedTemplateFile(place),
    template: writeForCloudFormation(locked.document),
    objects: [],
    tags: pin.tags,
    extraCapabilities: uniteCapabilities(served.facts.requiredCapabilities, locked.nestedCapabilities),
  });
  if (artifact.value === null)
    throw new LockRefusal(
      'EK4025',
      pin.mainKey,
      `the template that is served cannot be deployed: ${artifact.diagnostics.map(({ message }) => message).join('; ')}`,
      'ask the publisher of the building block',
    );

  const objects = [...locked.objects].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    entry: {
      source: pin.source,
      templateSha256: sha256(template),
      objects: objects.map(([digest]) => digest),
      requiredCapabilities: [...artifact.value.requiredCapabilities],
      parameters: lockedParameters(artifact.value.parameters),
      licence: served.facts.licence,
      publisher: served.facts.publisher,
      sourceCodeUrl: served.facts.sourceCodeUrl,
    },
    files: new Map([
      [lockedTemplateFile(place), template],
      ...objects.map(([digest, bytes]): [string, Uint8Array] => [`${lockedFolder(place)}${objectKey(digest)}`, bytes]),
    ]),
    diagnostics: [
      ...locked.problems.map(({ type, message }): Diagnostic => ({
        ...NOTED[type],
        severity: 'warning',
        address: desired.address,
        place: desired.at('spec', pin.mainKey),
        message,
      })),
      ...served.diagnostics,
    ],
  };
}
