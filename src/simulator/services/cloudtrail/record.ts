import { fingerprint } from '../../templates/fingerprint.js';
import type { Sessions } from '../../kernel/sessions.js';
import type { TrailEvent } from '../../kernel/trail.js';

/** CloudTrail shows whole seconds. */
export function eventTime({ at }: TrailEvent): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}

/** The name by which events are looked up that somebody caused: of a session, its own; of the root user, `root`. */
export function userName({ principal }: Pick<TrailEvent, 'principal'>): string {
  return principal.arn.endsWith(':root') ? 'root' : principal.arn.slice(principal.arn.lastIndexOf('/') + 1);
}

/** The event as CloudTrail's own record of it. */
export function recordOf(event: TrailEvent, partition: string, sessions: Sessions): Readonly<Record<string, unknown>> {
  return {
    eventVersion: '1.11',
    userIdentity: identityOf(event, partition, sessions),
    eventTime: eventTime(event).toISOString().replace('.000Z', 'Z'),
    eventSource: event.source,
    eventName: event.name,
    awsRegion: event.region,
    sourceIPAddress: event.invokedBy ?? addressOf(event),
    userAgent: event.invokedBy ?? event.userAgent,
    ...(event.error === null ? {} : { errorCode: event.error.code, errorMessage: event.error.message }),
    requestParameters: event.request,
    responseElements: event.response,
    ...(event.requestId === null ? {} : { requestID: event.requestId }),
    eventID: event.id,
    readOnly: event.readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: event.account,
    eventCategory: 'Management',
  };
}

function identityOf({ principal, accessKeyId, invokedBy }: TrailEvent, partition: string, sessions: Sessions) {
  const { accountId, arn, userId } = principal;
  const who = { principalId: userId, arn, accountId, ...(accessKeyId === '' ? {} : { accessKeyId }) };
  const behalf = invokedBy === null ? {} : { invokedBy };
  const [, role] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role !== undefined) {
    const principalId = userId.split(':')[0]!;
    const session = sessions.behind(principal);
    const sourceIdentity = session?.inheritance.sourceIdentity;
    const sessionContext = {
      sessionIssuer: {
        type: 'Role',
        principalId,
        arn: `arn:${partition}:iam::${accountId}:role/${role}`,
        accountId,
        userName: role,
      },
      attributes: {
        ...(session === undefined ? {} : { creationDate: session.begunAt.toISOString().replace(/\.\d+Z$/, 'Z') }),
        mfaAuthenticated: 'false',
      },
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    };
    return { type: 'AssumedRole', ...who, sessionContext, ...behalf };
  }
  const user = /:user\/(?:.*\/)?(.+)$/.exec(arn)?.[1];
  return user === undefined
    ? { type: 'Root', ...who, ...behalf }
    : { type: 'IAMUser', ...who, userName: user, ...behalf };
}

/** Everybody has an address of their own, of those that are kept for examples. */
function addressOf({ principal }: TrailEvent): string {
  return `203.0.113.${1 + (parseInt(fingerprint(principal.arn, 8, 'hex'), 16) % 254)}`;
}
