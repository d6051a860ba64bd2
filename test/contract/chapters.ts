import { changeSetsChapters } from './change-sets/chapters.js';
import { cloudTrailChapters } from './cloudtrail/chapters.js';
import { organizationsChapters } from './organizations/chapters.js';
import { s3Chapters } from './s3/chapters.js';
import { serverlessrepoChapters } from './serverlessrepo/chapters.js';
import { snsChapters } from './sns/chapters.js';
import type { Chapter } from './specification.js';
import { stackSetsChapters } from './stack-sets/chapters.js';
import { stacksChapters } from './stacks/chapters.js';
import { stsChapters } from './sts/chapters.js';
import { wireChapters } from './wire/chapters.js';

/** The whole specification, in the order of docs/simulator.md. */
export const CHAPTERS: readonly Chapter[] = [
  ...wireChapters,
  ...stsChapters,
  ...organizationsChapters,
  ...stacksChapters,
  ...changeSetsChapters,
  ...stackSetsChapters,
  ...cloudTrailChapters,
  ...snsChapters,
  ...serverlessrepoChapters,
  ...s3Chapters,
];
