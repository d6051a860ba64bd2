import type { Chapter } from '../specification.js';

export const changeSetsChapters: readonly Chapter[] = [];
