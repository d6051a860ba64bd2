import { scalarText, type JsonObject } from '../../templates/json.js';
import type { Environment } from './environment.js';
import type { LiveResource, Stack } from './stack.js';

const TOKEN =
  /^arn:aws[a-z-]*:(?:lambda:([a-z0-9-]+):(\d{12}):function:[\w-]{1,140}(?::[\w$-]{1,128})?|sns:([a-z0-9-]+):(\d{12}):[\w-]{1,256})$/;

/**
 * Why nobody can answer for the custom resource; undefined for other types. Whatever function or topic could stand behind
 * the token counts as answering SUCCESS: none of them is run here.
 */
export function unansweredToken(
  { base }: Environment,
  { place }: Stack,
  { type, properties }: Pick<LiveResource, 'type' | 'properties'>,
): string | undefined {
  if (!isCustom(type)) return undefined;
  const token = tokenOf(properties);
  if (token === '') return 'Property ServiceToken cannot be empty.';
  const [, lambdaRegion, lambdaAccount, topicRegion, topicAccount] = TOKEN.exec(token) ?? [];
  const [region, account] = [lambdaRegion ?? topicRegion, lambdaAccount ?? topicAccount];
  if (region === undefined || account === undefined)
    return `Invalid service token: ${token} is the ARN of neither a Lambda function nor an SNS topic`;
  if (region !== place.region)
    return `Invalid service token: ${token} is not in the Region of the stack, ${place.region}`;
  if (!base.organization.accounts.has(account))
    return `Invalid service token: there is no account ${account} that could have made ${token}`;
  return undefined;
}

/** Why an update of the resource is refused for its type alone; undefined where it is not. */
export function fixedProperties(before: LiveResource, after: Pick<LiveResource, 'type' | 'properties'>) {
  if (before.type !== after.type || !isCustom(after.type)) return undefined;
  return tokenOf(before.properties) === tokenOf(after.properties)
    ? undefined
    : 'Modifying service token is not allowed.';
}

function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function tokenOf(properties: JsonObject): string {
  return scalarText(properties['ServiceToken'] ?? '');
}
