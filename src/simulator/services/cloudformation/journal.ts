import { fingerprint, fingerprintUuid } from '../../templates/fingerprint.js';
import type { LiveResource, Operation, OperationType, Stack } from './stack.js';

const REMEMBERED_OPERATIONS = 5;

/** Moves a stack to a status and says so in its events. */
export function setStatus(stack: Stack, status: string, at: Date, reason?: string): void {
  stack.status = status;
  stack.reason = reason;
  record(stack, {
    logicalId: stack.name,
    physicalId: stack.id,
    type: 'AWS::CloudFormation::Stack',
    status,
    reason,
    at,
  });
}

/** Keeps a resource's new state and says so in the stack's events. */
export function keepResource(stack: Stack, resource: LiveResource): void {
  stack.contents?.resources.set(resource.logicalId, resource);
  recordResource(stack, resource);
}

/** Only says it: for resources that have left the stack, such as replaced ones. */
export function recordResource(stack: Stack, resource: LiveResource): void {
  const { logicalId, physicalId, type, status, reason, updatedAt } = resource;
  record(stack, {
    logicalId,
    physicalId,
    type,
    status,
    reason,
    at: updatedAt,
    properties: masked(stack, JSON.stringify(resource.properties)),
  });
}

/** The text without the values of NoEcho parameters. */
function masked({ definition }: Stack, text: string): string {
  const secrets = [...definition.parameters.values()].filter(
    ({ definition: { noEcho }, resolved }) => noEcho && resolved !== '',
  );
  return secrets.reduce((shown, { resolved }) => shown.replaceAll(JSON.stringify(resolved).slice(1, -1), '****'), text);
}

/** Notes that an operation began; the newest is first. */
export function noteOperation(stack: Stack, type: OperationType, id: string): void {
  stack.operations = [{ OperationType: type, OperationId: id }, ...stack.operations].slice(0, REMEMBERED_OPERATIONS);
}

/** Begins an operation on the stack under an id of its own. */
export function beginOperation(stack: Stack, type: OperationType, id: string, token: string | undefined): Operation {
  const operation: Operation = { id, type, token, cancel: () => undefined };
  stack.operation = operation;
  noteOperation(stack, type, id);
  return operation;
}

type Entry = {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly at: Date;
  readonly properties?: string;
};

function record(stack: Stack, entry: Entry): void {
  const key = `${stack.id}/${stack.events.length}`;
  const token = stack.operation?.token;
  stack.events.push({
    StackId: stack.id,
    StackName: stack.name,
    EventId:
      entry.physicalId === stack.id
        ? fingerprintUuid(key)
        : `${entry.logicalId}-${entry.status}-${fingerprint(key, 16, 'lower')}`,
    LogicalResourceId: entry.logicalId,
    PhysicalResourceId: entry.physicalId,
    ResourceType: entry.type,
    Timestamp: entry.at,
    ResourceStatus: entry.status,
    ...(entry.reason === undefined ? {} : { ResourceStatusReason: entry.reason }),
    ...(entry.properties === undefined ? {} : { ResourceProperties: entry.properties }),
    ...(token === undefined ? {} : { ClientRequestToken: token }),
    ...(stack.operation ? { OperationId: stack.operation.id } : {}),
  });
}
