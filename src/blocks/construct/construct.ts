import { constructName } from '../../catalog/catalog.js';
import { digestOf, sha256 } from '../../model/canonical.js';
import type { Construct, Desired } from '../../model/desired.js';
import { hasErrors } from '../../model/diagnostic.js';
import type { Diagnostic, Result } from '../../model/diagnostic.js';
import type { DesiredFiles } from '../../model/files.js';
import type { Sha256 } from '../../model/identifiers.js';
import { unreachable } from '../../model/unreachable.js';
import { digestOfFolder, folderOf, objectionTo } from './construct-material.js';
import { checkProps } from './construct-props.js';
import type { Material } from './construct-props.js';
import type { Pin } from '../lock/pin.js';

/** A pattern of AWS Solutions Constructs, pinned by its name, version, props and all that these name in the revision. Pure: synthesises nothing. */
export function pinConstruct(desired: Desired, block: Construct, files: DesiredFiles): Result<Pin> {
  const named = nameOf(desired, block);
  const { problems, material } = checkProps(block.props);
  const objections = material.flatMap((wanted) => objectionTo(wanted, files) ?? []);
  const diagnostics: readonly Diagnostic[] = [
    ...named.diagnostics,
    ...problems.map(({ path, ...problem }) => mistake(desired, path, problem)),
    ...objections.map(({ material: { at }, ...problem }) => mistake(desired, at, problem)),
  ];
  if (named.value === null || hasErrors(diagnostics)) return { value: null, diagnostics };
  const { version, props } = block;
  return {
    value: {
      source: {
        construct: named.value,
        version,
        propsSha256: digestOf({ props, material: digestsOf(material, files) }),
      },
      tags: {},
      mainKey: 'construct',
      keys: { propsSha256: 'props' },
      title: `${named.value} ${version}`,
    },
    diagnostics,
  };
}

function digestsOf(material: readonly Material[], files: DesiredFiles): Readonly<Record<string, Sha256>> {
  return Object.fromEntries(
    material.map(({ type, path }) => [
      path,
      type === 'folder' ? digestOfFolder(folderOf(files, path)) : sha256(files.files.get(path)!),
    ]),
  );
}

/** The name that the construct has today. */
function nameOf(desired: Desired, { construct }: Construct): Result<string> {
  const found = constructName(construct);
  const said = { address: desired.address, place: desired.at('spec', 'construct') } as const;
  switch (found.type) {
    case 'current':
      return { value: found.name, diagnostics: [] };
    case 'renamed':
      return {
        value: found.name,
        diagnostics: [
          {
            ...said,
            code: 'EK4060',
            severity: 'warning',
            message: `${construct} is called ${found.name} now; its logical ids are others, so what was deployed under the old name is replaced`,
            remedy: `write ${found.name}, and look at what the plan replaces`,
          },
        ],
      };
    case 'retired':
      return refused({
        ...said,
        code: 'EK4061',
        severity: 'error',
        message: `${construct} was retired: ${found.reason}`,
        remedy: `use ${found.instead}, which is nearest to it`,
      });
    case 'unknown':
      return refused({
        ...said,
        code: 'EK4062',
        severity: 'error',
        message: `${construct} is no construct that Evenkeel knows`,
        remedy:
          found.nearest === null
            ? `write one of ${found.known.join(', ')}`
            : `write ${found.nearest}, if that is meant`,
      });
    default:
      return unreachable(found);
  }
}

function refused(diagnostic: Diagnostic): Result<string> {
  return { value: null, diagnostics: [diagnostic] };
}

function mistake(
  desired: Desired,
  path: readonly (string | number)[],
  { code, message, remedy }: Pick<Diagnostic, 'code' | 'message' | 'remedy'>,
): Diagnostic {
  const place = desired.at('spec', 'props', ...path);
  return { code, severity: 'error', address: desired.address, place, message: `${shown(path)}${message}`, remedy };
}

const shown = (path: readonly (string | number)[]): string =>
  path.length === 0 ? '' : `${['props', ...path].join('.')}: `;
