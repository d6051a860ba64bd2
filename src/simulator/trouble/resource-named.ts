import type { Call } from '../kernel/contract.js';

/** What a call asks for, with the members that its service's schemas name. */
export type Input = Readonly<Record<string, unknown>>;

/** The ARN that a call is about, as IAM sees it; undefined where it is about nothing in particular. */
export function resourceOf(call: Call, partition: string, input: Input | undefined): string | undefined {
  const named = (member: string): string | undefined => {
    const value = input?.[member];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const { region, principal } = call;
  const arn = (service: string, tail: string): string =>
    `arn:${partition}:${service}:${region}:${principal.accountId}:${tail}`;
  switch (call.service) {
    case 'sts':
      return named('RoleArn');
    case 'serverlessrepo':
      return named('ApplicationId');
    case 'cloudformation': {
      const [stack, set] = [named('StackName'), named('StackSetName')];
      if (set !== undefined) return set.startsWith('arn:') ? set : arn('cloudformation', `stackset/${set}:*`);
      if (stack !== undefined) return stack.startsWith('arn:') ? stack : arn('cloudformation', `stack/${stack}/*`);
      return undefined;
    }
    case 's3': {
      const [bucket, key] = [named('Bucket'), named('Key')];
      if (bucket === undefined) return undefined;
      return `"arn:${partition}:s3:::${bucket}${key === undefined ? '' : `/${key}`}"`;
    }
    case 'sns':
      return named('TopicArn');
    case 'organizations':
    case 'cloudtrail':
    case 'dynamodb':
      return undefined;
  }
}
