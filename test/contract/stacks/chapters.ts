import type { Chapter } from '../specification.js';

export const stacksChapters: readonly Chapter[] = [];
