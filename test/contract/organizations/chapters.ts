import type { Chapter } from '../specification.js';
import { accountChapters } from './accounts.js';
import { limitChapters } from './limits.js';
import { trustChapters } from './trust.js';
import { unitChapters } from './units.js';

export const organizationsChapters: readonly Chapter[] = [
  ...unitChapters,
  ...accountChapters,
  ...trustChapters,
  ...limitChapters,
];
