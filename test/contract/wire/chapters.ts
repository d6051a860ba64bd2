import type { Chapter } from '../specification.js';

export const wireChapters: readonly Chapter[] = [];
