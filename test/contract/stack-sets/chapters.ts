import type { Chapter } from '../specification.js';

export const stackSetsChapters: readonly Chapter[] = [];
