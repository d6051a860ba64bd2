import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent, refusedResource } from '../serverless-refusal.js';
import { checkProperties, shapes } from './properties.js';
import { permission, type EventSource, type Target } from './target.js';
import { asList, getAtt, shown } from './values.js';
import { ownAttributes, type Produced, type Work } from './work.js';

/** A user pool with triggers is read anew by the transform, which knows these properties and no others. */
const POOL = shapes({
  any: 'AccountRecoverySetting AdminCreateUserConfig AliasAttributes AutoVerifiedAttributes DeletionProtection DeviceConfiguration EmailAuthenticationMessage EmailAuthenticationSubject EmailConfiguration EmailVerificationMessage EmailVerificationSubject EnabledMfas LambdaConfig MfaConfiguration Policies Schema SmsAuthenticationMessage SmsConfiguration SmsVerificationMessage UserAttributeUpdateSettings UsernameAttributes UsernameConfiguration UserPoolAddOns UserPoolName UserPoolTags UserPoolTier VerificationMessageTemplate WebAuthnRelyingPartyID WebAuthnUserVerification',
});

/** The user pool that an event names; it must be in the same template. */
export function userPoolId(work: Work, { name, id, properties }: EventSource): string {
  const pool = properties['UserPool'];
  if (isObject(pool) && pool['Ref'] !== undefined) {
    const poolId = pool['Ref'];
    if (typeof poolId !== 'string') throw refusedEvent(id, 'Ref in Userpool is not a string.');
    if (work.authored.has(poolId)) return poolId;
  }
  throw refusedEvent(name, 'Cognito events must reference a Cognito UserPool in the same template.');
}

/** The user pool's triggers, and the permission for the pool: one for all triggers of a function. */
export function userPoolEvent(work: Work, event: EventSource, target: Target): Produced {
  const id = userPoolId(work, event);
  const allowed = permission(target, `${target.logicalId}Cognito`, 'cognito-idp.amazonaws.com', {
    SourceArn: getAtt(id, 'Arn'),
  });
  const pool = triggering(id, work.authored.get(id)!, event, target);
  work.authored.set(id, pool);
  if (pool['Type'] !== 'AWS::Cognito::UserPool')
    throw refusedResource(
      id,
      `Resource has incorrect Type; expected 'AWS::Cognito::UserPool', got '${shown(pool['Type'])}'`,
    );
  const properties = pool['Properties'] as JsonObject;
  checkProperties(id, 'AWS::Cognito::UserPool', properties, POOL);
  return [allowed, [id, { Type: 'AWS::Cognito::UserPool', ...ownAttributes(pool), Properties: properties }]];
}

function triggering(
  id: string,
  pool: JsonObject,
  { name, properties: event }: EventSource,
  target: Target,
): JsonObject {
  const properties = isObject(pool['Properties']) ? pool['Properties'] : {};
  const before = properties['LambdaConfig'] ?? {};
  if (!isObject(before)) throw refusedResource(id, "Property 'LambdaConfig' should be a map.");
  const LambdaConfig: Record<string, Json> = { ...before };
  for (const trigger of asList(event['Trigger']!)) {
    if (LambdaConfig[shown(trigger)] !== undefined) {
      throw refusedEvent(name, `Cognito trigger "${shown(event['Trigger'])}" defined multiple times.`);
    }
    LambdaConfig[shown(trigger)] = target.arn;
  }
  return { ...pool, Properties: { ...properties, LambdaConfig } };
}
