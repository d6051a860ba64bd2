import type { Chapter } from '../specification.js';

export const serverlessrepoChapters: readonly Chapter[] = [];
