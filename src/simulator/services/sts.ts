import { accountOfKeyId } from '../kernel/access-key-id.js';
import { AwsError, type Service } from '../kernel/contract.js';
import type { Sessions } from '../kernel/sessions.js';
import { assumeRole, type AssumeRoleInput, type Realm } from './sts/assume-role.js';
import { credentialsView } from './sts/credentials-view.js';
import { invalid } from './sts/refusals.js';

/** What a root user's session lasts at most, and where nothing is asked; seconds. */
const ROOT_SECONDS = 3600;

/** The Security Token Service: who is calling, and sessions of the roles that exist in the organization's accounts. */
export function securityTokenService(realm: Realm, sessions: Sessions): Service {
  return {
    id: 'sts',
    operations: {
      GetCallerIdentity: (_input: unknown, { principal }) => ({
        Account: principal.accountId,
        Arn: principal.arn,
        UserId: principal.userId,
      }),
      AssumeRole: (input: AssumeRoleInput, call) => assumeRole(realm, sessions, input, call),
      GetSessionToken: (input: { readonly DurationSeconds?: number }, { principal }) => {
        if (sessions.behind(principal) !== undefined)
          throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', 403);
        const seconds = Math.min(input.DurationSeconds ?? ROOT_SECONDS, ROOT_SECONDS);
        return { Credentials: credentialsView(sessions.issueToken(principal, seconds)) };
      },
      GetAccessKeyInfo: (input: { readonly AccessKeyId: string }) => {
        const Account = accountOfKeyId(input.AccessKeyId);
        if (Account === undefined) throw invalid('Access key ID is not valid.');
        return { Account };
      },
    },
  };
}
