import type { Call, Handler } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import { describeResource, describedBytes, describeStack, stackResources, summarizeStack } from './descriptions.js';
import type { Environment } from './environment.js';
import { callersArea, forgotten, namedStack } from './lookup.js';
import { pageByOrder, pageOf } from './pages.js';
import { bracketedStackMissing, quotedStackMissing } from './refusals.js';
import type { Stack, StackEvent } from './stack.js';

const PAGE = 100;

/** The operations that read stacks, their resources, events and exports. */
export function stackReads(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    DescribeStacks: (input, call) => {
      if (input.StackName !== undefined && input.StackName !== '') {
        return { Stacks: [describeStack(environment, namedStack(environment, call, input.StackName))] };
      }
      const newestFirst = [...callersArea(environment, call).byName.values()].reverse();
      const { items, ...rest } = pageByOrder(newestFirst, input.NextToken, PAGE, {
        order: ({ sequence }) => sequence,
        show: (stack) => describeStack(environment, stack),
        bytes: describedBytes,
      });
      return { Stacks: items, ...rest };
    },
    ListStacks: (input, call) => {
      const filter: readonly string[] = input.StackStatusFilter ?? [];
      const shown = callersArea(environment, call).all.filter(
        (stack) => (filter.length === 0 || filter.includes(stack.status)) && !forgotten(environment, stack),
      );
      const { items, ...rest } = pageByOrder(shown.reverse(), input.NextToken, PAGE, {
        order: ({ sequence }) => sequence,
        show: summarizeStack,
        bytes: () => 900,
      });
      return { StackSummaries: items, ...rest };
    },
    ListStackResources: (input, call) => {
      const stack = namedStack(environment, call, input.StackName);
      const { items, ...rest } = pageOf(stackResources(environment, stack), input.NextToken, PAGE);
      const summaries = items.map((resource) => ({
        ...describeResource(resource),
        LastUpdatedTimestamp: resource.updatedAt,
      }));
      return { StackResourceSummaries: summaries, ...rest };
    },
    DescribeStackResources: (input, call) => {
      const stack = stackOf(environment, call, input);
      const resources = stackResources(environment, stack)
        .filter(({ logicalId }) => input.LogicalResourceId === undefined || logicalId === input.LogicalResourceId)
        .slice(0, PAGE);
      return {
        StackResources: resources.map((resource) => ({
          ...describeResource(resource),
          StackId: stack.id,
          StackName: stack.name,
          Timestamp: resource.updatedAt,
        })),
      };
    },
    DescribeStackResource: (input, call) => {
      const stack = namedStack(environment, call, input.StackName, quotedStackMissing);
      const resource = stackResources(environment, stack).find(
        ({ logicalId }) => logicalId === input.LogicalResourceId,
      );
      if (!resource) throw invalid(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
      return {
        StackResourceDetail: {
          ...describeResource(resource),
          StackId: stack.id,
          StackName: stack.name,
          LastUpdatedTimestamp: resource.updatedAt,
          Metadata: JSON.stringify(resource.metadata),
        },
      };
    },
    DescribeStackEvents: (input, call) => {
      const stack = namedStack(environment, call, input.StackName, bracketedStackMissing);
      const { items, ...rest } = pageByOrder(
        stack.events.map((event, order) => ({ event, order })).reverse(),
        input.NextToken,
        PAGE,
        { order: ({ order }) => order, show: ({ event }) => event, bytes: eventBytes },
      );
      return { StackEvents: items, ...rest };
    },
    ListExports: (input, call) => {
      const { items, ...rest } = pageOf([...callersArea(environment, call).exports.values()], input.NextToken, PAGE);
      const Exports = items.map(({ name, value, stackId }) => ({
        Name: name,
        Value: value,
        ExportingStackId: stackId,
      }));
      return { Exports, ...rest };
    },
    ListImports: (input, call) => {
      const importers = callersArea(environment, call).importers(input.ExportName);
      if (importers.length === 0) throw invalid(`Export '${input.ExportName}' is not imported by any stack.`);
      const { items, ...rest } = pageOf(importers, input.NextToken, PAGE);
      return { Imports: items, ...rest };
    },
  };
}

/** The stack that is named, or the one that a physical resource belongs to. */
function stackOf(
  environment: Environment,
  call: Call,
  { StackName, PhysicalResourceId: id }: { readonly StackName?: string; readonly PhysicalResourceId?: string },
): Stack {
  if (id === undefined) return namedStack(environment, call, StackName);
  if (StackName !== undefined) throw invalid('Only one of StackName or PhysicalResourceId can be specified.');
  const owner = [...callersArea(environment, call).byName.values()].find((stack) =>
    stackResources(environment, stack).some(({ physicalId }) => physicalId === id),
  );
  if (!owner) throw invalid(`Stack for ${id} does not exist`);
  return owner;
}

/** Its size on the wire, near enough to cut pages at 1 MB. */
function eventBytes({ ResourceProperties = '', ResourceStatusReason = '' }: StackEvent): number {
  return 1_500 + 2 * (ResourceProperties.length + ResourceStatusReason.length);
}
