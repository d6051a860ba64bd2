import { unreachable } from '../model/unreachable.js';
import { LockRefusal } from './lock-refusal.js';
import { serveApplication } from './served-application.js';
import type { Serve } from './served-block.js';

/** Asks whoever publishes a manifest's building block. */
export const serve: Serve = (desired, session) => {
  const { block } = desired;
  switch (block.type) {
    case 'template':
      throw new Error(`${desired.address} has a template of its own, which nobody serves`);
    case 'serverless-application':
      return serveApplication(desired, block, session);
    case 'solution':
    case 'construct':
      throw new LockRefusal('EK2006', 'template', `the kind ${desired.kind} is not built yet`, 'remove the manifest');
    default:
      return unreachable(block);
  }
};
