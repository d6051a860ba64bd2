import { unreachable } from '../../model/unreachable.js';
import { serveApplication } from '../application/served-application.js';
import type { Serve } from './served-block.js';
import { serveConstruct } from '../construct/served-construct.js';
import { serveSolution } from '../solution/served-solution.js';

/** Asks whoever publishes a manifest's building block. */
export const serve: Serve = (desired, session) => {
  const { block } = desired;
  switch (block.type) {
    case 'template':
      throw new Error(`${desired.address} has a template of its own, which nobody serves`);
    case 'serverless-application':
      return serveApplication(desired, block, session);
    case 'solution':
      return serveSolution(desired, block, session);
    case 'construct':
      return serveConstruct(desired, block, session);
    default:
      return unreachable(block);
  }
};
