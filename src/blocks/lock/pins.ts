import type { Desired } from '../../model/desired.js';
import type { Result } from '../../model/diagnostic.js';
import type { DesiredFiles } from '../../model/files.js';
import type { Partition } from '../../model/identifiers.js';
import { unreachable } from '../../model/unreachable.js';
import { pinConstruct } from '../construct/construct.js';
import type { Pin } from './pin.js';
import { pinServerlessApplication } from '../application/serverless-application.js';
import { pinSolution } from '../solution/solution.js';

/** Null for what is pinned by the revision alone. Pure: asks nobody, reads only the files of the revision. */
export function pinOf(desired: Desired, files: DesiredFiles, partition: Partition): Result<Pin> | null {
  const { block } = desired;
  switch (block.type) {
    case 'template':
      return null;
    case 'serverless-application':
      return { value: pinServerlessApplication(block), diagnostics: [] };
    case 'solution':
      return pinSolution(desired, block, partition);
    case 'construct':
      return pinConstruct(desired, block, files);
    default:
      return unreachable(block);
  }
}
