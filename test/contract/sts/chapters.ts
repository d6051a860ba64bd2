import type { Chapter } from '../specification.js';
import { trust } from './assume-role.js';
import { getAccessKeyInfo, getCallerIdentity, getSessionToken } from './identity.js';
import { sessionAttributes } from './session-attributes.js';
import { sessionDuration } from './session-duration.js';

const assumeRole: Chapter = {
  service: 'STS',
  operation: 'AssumeRole',
  sentences: [...trust, ...sessionDuration, ...sessionAttributes],
};

export const stsChapters: readonly Chapter[] = [getCallerIdentity, assumeRole, getSessionToken, getAccessKeyInfo];
