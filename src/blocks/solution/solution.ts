import { solutionTemplate } from '../../catalog/catalog.js';
import type { SolutionTemplate } from '../../catalog/catalog.js';
import type { DiagnosticCode } from '../../model/diagnostic-codes.js';
import type { Desired, Solution } from '../../model/desired.js';
import type { Diagnostic, Result } from '../../model/diagnostic.js';
import type { Partition } from '../../model/identifiers.js';
import { unreachable } from '../../model/unreachable.js';
import type { SpecKey } from '../lock/lock-refusal.js';
import type { Pin } from '../lock/pin.js';

/** What a folder of versions may be called: it becomes part of an address. */
const VERSION = /^(?:v?\d[\w.+-]*|latest)$/;

/** An AWS solution implementation: by its address, or by its id, which the catalogue knows the address of. */
export function pinSolution(desired: Desired, block: Solution, partition: Partition): Result<Pin> {
  const { template, solution, version } = block;
  if (template !== null) {
    const title = version === null ? template : `${template} ${version}`;
    return found({ source: { template, version }, tags: {}, mainKey: 'template', keys: {}, title });
  }
  // The schema lets neither be absent where there is no address.
  if (solution === null || version === null) throw new Error(`${desired.address} names no solution`);
  return pinById(desired, { solution, part: block.part, version }, partition);
}

type ById = { readonly solution: string; readonly part: string | null; readonly version: string };

function pinById(desired: Desired, wanted: ById, partition: Partition): Result<Pin> {
  const { solution, part, version } = wanted;
  if (!VERSION.test(version))
    return refused(desired, {
      code: 'EK4055',
      key: 'version',
      message: `${version} is not a version of a solution`,
      remedy: 'write it as its publisher does, such as v3.1.5',
    });
  const known = solutionTemplate(solution, part, version, partition);
  if (known.type !== 'found') return refused(desired, whyNot(known, wanted, partition));
  const { id, name } = known.entry;
  const renamed: Diagnostic = {
    code: 'EK4044',
    severity: 'warning',
    address: desired.address,
    place: desired.at('spec', 'solution'),
    message: `${solution} has been succeeded by ${id}, ${name}, and that is what is meant`,
    remedy: `write solution: ${id}, and read what changes: its parameters and resources may be others`,
  };
  return found(
    {
      source: { template: known.url, version },
      tags: {},
      mainKey: 'solution',
      keys: { template: part === null ? 'solution' : 'part' },
      title: [id, ...(part === null ? [] : [part]), version].join(' '),
    },
    known.renamedFrom === null ? [] : [renamed],
  );
}

type Refusal = {
  readonly code: DiagnosticCode;
  readonly key: SpecKey;
  readonly message: string;
  readonly remedy: string;
};

function whyNot(
  known: Exclude<SolutionTemplate, { readonly type: 'found' }>,
  { solution, part }: ById,
  partition: Partition,
): Refusal {
  switch (known.type) {
    case 'unknown-solution':
      return {
        code: 'EK4040',
        key: 'solution',
        message: `${solution} is not a solution that is known here`,
        remedy: `${known.nearest === null ? '' : `write ${known.nearest}, or `}name its template by its address with template`,
      };
    case 'unknown-part':
      return {
        code: 'EK4041',
        key: 'part',
        message: `${solution} has no template ${part ?? ''}; it has ${known.parts.join(', ')}`,
        remedy: known.nearest === null ? 'write one of them' : `write ${known.nearest}`,
      };
    case 'not-in-partition':
      return {
        code: 'EK4042',
        key: 'solution',
        message: `${solution} is not published in the partition ${partition}; it is in ${known.partitions.join(', ')}`,
        remedy: 'aim the manifest at one of those partitions, or name a template of your own by its address',
      };
    case 'retired':
      return {
        code: 'EK4043',
        key: 'solution',
        message: `${solution} was retired: ${known.reason}`,
        remedy: `write ${known.instead}, the nearest that lives`,
      };
    default:
      return unreachable(known);
  }
}

function found(value: Pin, diagnostics: readonly Diagnostic[] = []): Result<Pin> {
  return { value, diagnostics };
}

function refused(desired: Desired, { code, key, message, remedy }: Refusal): Result<Pin> {
  const place = desired.at('spec', key);
  return { value: null, diagnostics: [{ code, severity: 'error', address: desired.address, place, message, remedy }] };
}
