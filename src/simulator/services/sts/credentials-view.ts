import type { Session } from '../../kernel/sessions.js';

export const credentialsView = ({ credentials }: Session) => ({
  AccessKeyId: credentials.accessKeyId,
  SecretAccessKey: credentials.secretAccessKey,
  SessionToken: credentials.sessionToken,
  Expiration: credentials.expiration,
});
