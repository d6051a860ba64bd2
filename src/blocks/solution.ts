import type { Desired, Solution } from '../model/desired.js';
import type { Result } from '../model/diagnostic.js';
import type { Partition } from '../model/identifiers.js';
import type { Pin } from './pin.js';

/** An AWS solution implementation: by its address, or by its id, which the catalogue knows the address of. */
export function pinSolution(desired: Desired, { template, version }: Solution, _partition: Partition): Result<Pin> {
  if (template === null)
    return {
      value: null,
      diagnostics: [
        {
          code: 'EK2006',
          severity: 'error',
          address: desired.address,
          place: desired.at('spec', 'solution'),
          message: 'a solution by its id is not built yet',
          remedy: 'write template',
        },
      ],
    };
  return {
    value: {
      source: { template, version },
      tags: {},
      mainKey: 'template',
      keys: {},
      title: version === null ? template : `${template} ${version}`,
    },
    diagnostics: [],
  };
}
