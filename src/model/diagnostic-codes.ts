import { BLOCK_CODES } from './codes/blocks.js';
import { DRIVER_CODES } from './codes/drivers.js';
import { FILE_CODES } from './codes/files.js';
import { MANIFEST_CODES } from './codes/manifest.js';
import { RECONCILE_CODES } from './codes/reconcile.js';
import { TARGET_CODES } from './codes/targets.js';

/**
 * The one table of codes; the reference page is generated from it. A code is never used for two things and never used again.
 * EK1 files, EK2 manifests, EK3 organization and targets, EK4 building blocks, EK5 drivers, EK6 reconcile.
 */
export const DIAGNOSTIC_CODES = {
  ...FILE_CODES,
  ...MANIFEST_CODES,
  ...TARGET_CODES,
  ...BLOCK_CODES,
  ...DRIVER_CODES,
  ...RECONCILE_CODES,
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
