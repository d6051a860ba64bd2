import { constructName } from '../../catalog/catalog.js';
import type { Construct, Desired } from '../../model/desired.js';
import type { DesiredFiles } from '../../model/files.js';
import type { JsonObject } from '../../model/json.js';
import { sha256 } from '../../model/canonical.js';
import { unreachable } from '../../model/unreachable.js';
import { BUCKET_PLACEHOLDER } from '../artifact-bucket.js';
import { readAssets } from './construct-assets.js';
import type { SynthesisAnswer, SynthesisRequest } from './construct-contract.js';
import { definitionOf, folderOf, zipOf } from './construct-material.js';
import { installedConstruct, ownInstallation, packageOf, readPropIndex } from './construct-package.js';
import type { ConstructInstallation, PackageFacts } from './construct-package.js';
import { SYNTHESIS_LIMITS, synthesise } from './construct-process.js';
import type { SynthesisEnd, SynthesisLimits } from './construct-process.js';
import { misfitsIn } from './construct-prop-types.js';
import { checkProps } from './construct-props.js';
import type { Material } from './construct-props.js';
import { LockRefusal } from '../lock/lock-refusal.js';
import type { LockSession, Served } from '../lock/served-block.js';

/** What every logical id of a synthesised template begins with. */
const CONSTRUCT_ID = 'Construct';

/** Where constructs are synthesised, and with what limits. */
export type SynthesisPlace = { readonly installation: ConstructInstallation; readonly limits: SynthesisLimits };

/** Synthesises a construct with the packages that Evenkeel was installed with. Throws a LockRefusal where it cannot be. */
export function serveConstruct(desired: Desired, block: Construct, session: LockSession): Promise<Served> {
  return serveConstructAt(desired, block, session, { installation: ownInstallation(), limits: SYNTHESIS_LIMITS });
}

/** The same, with other packages or limits. */
export async function serveConstructAt(
  desired: Desired,
  block: Construct,
  session: Pick<LockSession, 'files' | 'signal'>,
  { installation, limits }: SynthesisPlace,
): Promise<Served> {
  const construct = nameOf(block);
  const facts = await installedConstruct(construct, block.version, installation);
  await refuseMisfits(block.props, packageOf(construct), facts, installation);
  const code = codeOf(checkProps(block.props).material, session.files);
  const request = {
    package: packageOf(construct),
    stack: desired.name,
    id: CONSTRUCT_ID,
    props: block.props,
    bucket: BUCKET_PLACEHOLDER,
    code: code.keys,
    definitions: code.definitions,
  };
  return serveSynthesised({ request, code: code.objects, facts, installation, limits, signal: session.signal });
}

/** All of them at once; nothing where the index is of other versions than are installed. */
async function refuseMisfits(
  props: JsonObject,
  name: string,
  { version }: PackageFacts,
  installation: ConstructInstallation,
): Promise<void> {
  const index = await readPropIndex(installation);
  if (index?.constructs[name]?.version !== version) return;
  const [first, ...others] = misfitsIn(props, name, index);
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.map(({ path }) => pathOf(path)).join(', ')})`;
  throw new LockRefusal('EK4071', 'props', `${pathOf(first.path)}: ${first.message}${more}`, first.remedy, first.path);
}

const pathOf = (path: readonly (string | number)[]): string => ['props', ...path].join('.');

type Synthesis = SynthesisPlace & {
  readonly request: Omit<SynthesisRequest, 'modules'>;
  readonly code: ReadonlyMap<string, Uint8Array>;
  readonly facts: PackageFacts;
  readonly signal: AbortSignal;
};

function serveSynthesised({ request, code, facts, installation, limits, signal }: Synthesis): Promise<Served> {
  return synthesise(request, installation, limits, signal, async (end) => {
    const { answer, folder } = answerOf(end, request.package, limits);
    const { template, assets } = synthesisedOf(answer, request.package);
    const own = await readAssets(folder, assets);
    if (own === null)
      throw new LockRefusal('EK4074', 'construct', `${request.package} brings more files than a construct may`, REPORT);
    const objects = new Map([...own, ...code]);
    return {
      document: template,
      fetchObject: (location) => {
        const bytes =
          location.type === 's3' && location.bucket === BUCKET_PLACEHOLDER ? objects.get(location.key) : undefined;
        if (bytes !== undefined) return Promise.resolve(bytes);
        const name = location.type === 's3' ? `s3://${location.bucket}/${location.key}` : location.url;
        const message = `the template refers to ${name}, which is neither the construct's nor in the revision`;
        return Promise.reject(
          new LockRefusal('EK4074', 'props', message, 'put the code into code/, and write { $Code: { folder: … } }'),
        );
      },
      facts: {
        requiredCapabilities: [],
        licence: facts.licence,
        publisher: { author: facts.author, verified: false },
        sourceCodeUrl: facts.sourceCodeUrl,
      },
      diagnostics: [],
    };
  });
}

const REPORT = 'choose another version of the construct, or another construct';

function nameOf({ construct }: Construct): string {
  const found = constructName(construct);
  if (found.type === 'current' || found.type === 'renamed') return found.name;
  throw new Error(`${construct} was pinned, and there is no such construct`);
}

type Code = {
  readonly keys: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, string>>;
  readonly objects: ReadonlyMap<string, Uint8Array>;
};

/** Every folder of code as one archive, under a key that says what is in it. */
function codeOf(material: readonly Material[], files: DesiredFiles): Code {
  const keys = new Map<string, string>();
  const objects = new Map<string, Uint8Array>();
  const definitions = new Map<string, string>();
  for (const { type, path } of material) {
    if (type === 'folder') {
      if (keys.has(path)) continue;
      const archive = zipOf(folderOf(files, path));
      const key = `code/${sha256(archive)}.zip`;
      keys.set(path, key);
      objects.set(key, archive);
    } else definitions.set(path, definitionOf(files.files.get(path)!)!);
  }
  return { keys: Object.fromEntries(keys), definitions: Object.fromEntries(definitions), objects };
}

function answerOf(
  end: SynthesisEnd,
  name: string,
  limits: SynthesisLimits,
): { readonly answer: SynthesisAnswer; readonly folder: string } {
  switch (end.type) {
    case 'answered':
      return end;
    case 'too-slow':
      throw new LockRefusal(
        'EK4072',
        'construct',
        `${name} was not synthesised within ${limits.milliseconds / 1000} seconds, and was stopped`,
        'run `evenkeel lock` again; if it happens again, configure less in one construct',
      );
    case 'too-large':
      throw new LockRefusal(
        'EK4074',
        'construct',
        `${name} gives a template of ${end.bytes} bytes, and at most ${limits.answerBytes} are taken`,
        'configure less in one construct',
      );
    case 'broke-off':
      throw new LockRefusal('EK4073', 'construct', `${name} was not synthesised: ${shown(end.reason)}`, REPORT);
    default:
      return unreachable(end);
  }
}

function synthesisedOf(answer: SynthesisAnswer, name: string): Extract<SynthesisAnswer, { type: 'synthesised' }> {
  switch (answer.type) {
    case 'synthesised':
      return answer;
    case 'unfit':
      throw new LockRefusal(
        'EK4064',
        'props',
        `${pathOf(answer.path)}: ${shown(answer.message)}`,
        answer.remedy,
        answer.path,
      );
    case 'threw':
      throw new LockRefusal(
        'EK4070',
        'props',
        `${name} says: ${shown(answer.message)}`,
        'give it the props that it asks for',
      );
    case 'needs-more':
      throw new LockRefusal(
        'EK4076',
        'props',
        `${name} cannot be synthesised: ${shown(answer.message)}`,
        'name what stands already by its ARN',
      );
    default:
      return unreachable(answer);
  }
}

/** One line of a foreign program's words, without anything that could move a terminal's cursor. */
function shown(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 500);
}
