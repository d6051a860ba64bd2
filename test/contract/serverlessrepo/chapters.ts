import type { Chapter, Sentence } from '../specification.js';
import { acknowledgement } from './change-set-acknowledgement.js';
import { request } from './change-set-request.js';
import { stacks } from './change-set-stacks.js';
import { changing } from './changing.js';
import { createApplicationVersion } from './create-application-version.js';
import { createApplication } from './create-application.js';
import { LACKS } from './fixtures.js';
import { access } from './get-application-access.js';
import { capabilities } from './get-application-capabilities.js';
import { version } from './get-application-version.js';
import { listing } from './listing.js';
import { sharing } from './sharing.js';
import { templates } from './templates.js';

const chapter = (operation: string, sentences: readonly Sentence[]): Chapter => ({
  service: 'Serverless Application Repository',
  operation,
  lacks: LACKS,
  sentences,
});

export const serverlessrepoChapters: readonly Chapter[] = [
  createApplication,
  createApplicationVersion,
  ...changing,
  chapter('GetApplication', [...version, ...capabilities, ...access]),
  ...listing,
  ...sharing,
  ...templates,
  chapter('CreateCloudFormationChangeSet', [...stacks, ...request, ...acknowledgement]),
];
