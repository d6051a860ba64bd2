import type { Chapter } from '../specification.js';
import { objectChapters } from './objects.js';

export const s3Chapters: readonly Chapter[] = objectChapters;
