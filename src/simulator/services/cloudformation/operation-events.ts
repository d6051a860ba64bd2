import type { Handler } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import { changeSetNamed } from './change-set-lookup.js';
import type { Environment } from './environment.js';
import { callersArea, namedStack } from './lookup.js';
import { pageByOrder } from './pages.js';
import { bracketedStackMissing } from './refusals.js';
import type { Stack, StackEvent } from './stack.js';

const PAGE = 100;

/** DescribeEvents: a stack's events by operation, newest first, all of them or only those that tell of a failure. */
export function operationEvents(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    DescribeEvents: (input, call) => {
      const { StackName, ChangeSetName, OperationId } = input;
      if (StackName === undefined && ChangeSetName === undefined && OperationId === undefined) {
        throw invalid('One of ChangeSetName, OperationId or StackName must be specified');
      }
      const stacks =
        ChangeSetName !== undefined
          ? [changeSetNamed(environment, call, input).stack]
          : StackName !== undefined
            ? [namedStack(environment, call, StackName, bracketedStackMissing)]
            : callersArea(environment, call).all;
      const events = stacks
        .flatMap((stack) => stack.events.map((event, order) => ({ stack, event, order })))
        .filter(({ event }) => OperationId === undefined || event.OperationId === OperationId)
        .filter(({ event }) => input.Filters?.FailedEvents !== true || failed(event));
      const { items, ...rest } = pageByOrder(events.reverse(), input.NextToken, PAGE, {
        order: ({ order }) => order,
        show: ({ stack, event }) => describe(stack, event),
        bytes: ({ ResourceProperties = '' }) => 1_500 + 2 * ResourceProperties.length,
      });
      return { OperationEvents: items, ...rest };
    },
  };
}

function describe(stack: Stack, event: StackEvent) {
  const { OperationId } = event;
  const operation = stack.operations.find((entry) => entry.OperationId === OperationId);
  const ofStack = event.PhysicalResourceId === stack.id;
  return {
    ...event,
    ...(operation === undefined ? {} : { OperationType: operation.OperationType }),
    EventType: ofStack ? 'STACK_EVENT' : failed(event) ? 'PROVISIONING_ERROR' : 'PROGRESS_EVENT',
    ...(ofStack ? { OperationStatus: operationStatus(event) } : {}),
  };
}

function failed({ ResourceStatus }: StackEvent): boolean {
  return ResourceStatus.endsWith('_FAILED');
}

function operationStatus(event: StackEvent): 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' {
  if (event.ResourceStatus.endsWith('_IN_PROGRESS')) return 'IN_PROGRESS';
  return failed(event) || event.ResourceStatus.includes('ROLLBACK') ? 'FAILED' : 'SUCCEEDED';
}
