import type { Chapter } from '../specification.js';

export const organizationsChapters: readonly Chapter[] = [];
