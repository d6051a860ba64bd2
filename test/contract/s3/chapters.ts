import type { Chapter } from '../specification.js';

export const s3Chapters: readonly Chapter[] = [];
