import type { IamAction } from '../reconciler/ports.js';

/** What the messenger calls in AWS, with the reason. */
export const NOTICE_ACTIONS: readonly IamAction[] = [
  { action: 'sns:Publish', role: 'controller', reason: 'sends notices to the topics that the Controller names' },
];
