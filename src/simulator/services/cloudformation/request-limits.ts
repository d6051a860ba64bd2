import { AwsError } from '../../kernel/contract.js';
import type { Template } from '../../templates/definition.js';
import { invalid } from '../../templates/refusal.js';

/** What a request may say besides the stack's contents, in members that CreateStack, UpdateStack and CreateChangeSet share. */
type Limits = {
  readonly Capabilities?: readonly string[] | undefined;
  readonly ResourceTypes?: readonly string[] | undefined;
  readonly NotificationARNs?: readonly string[] | undefined;
  readonly RollbackConfiguration?:
    | {
        readonly RollbackTriggers?: readonly unknown[] | undefined;
        readonly MonitoringTimeInMinutes?: number | undefined;
      }
    | undefined;
};

const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;

/** Refuses what CloudFormation would refuse of these members, and what the simulator could only pretend to do. */
export function checkLimits({ Capabilities, ResourceTypes, NotificationARNs, RollbackConfiguration }: Limits): void {
  if ((Capabilities ?? []).length > 0 && (ResourceTypes ?? []).length > 0)
    throw invalid('Only one of the Capabilities and ResourceType parameters can be specified');
  const strange = (NotificationARNs ?? []).find((arn) => !TOPIC.test(arn));
  if (strange !== undefined) throw invalid(`Notification ARN ${strange} is not the ARN of an SNS topic`);
  const { RollbackTriggers = [], MonitoringTimeInMinutes = 0 } = RollbackConfiguration ?? {};
  if (RollbackTriggers.length > 0 || MonitoringTimeInMinutes > 0) {
    const what = 'A RollbackConfiguration with triggers or a monitoring time';
    throw new AwsError('NotImplemented', `${what} is not simulated.`, 501);
  }
}

/** Refuses a template with a resource of a type that is not among those listed; an empty list stands for all. */
export function checkResourceTypes({ resources }: Template, listed: readonly string[] | undefined): void {
  if (listed === undefined || listed.length === 0) return;
  const other = [...resources.values()].find(({ type }) => !listed.some((pattern) => covers(pattern, type)));
  if (other !== undefined)
    throw invalid(`Resource type ${other.type} is not allowed by parameter ResourceTypes [${listed.join(', ')}]`);
}

/** `AWS::*`, `AWS::SNS::*` and `Custom::*` stand for all types that begin so. */
function covers(pattern: string, type: string): boolean {
  return pattern.endsWith('::*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}
