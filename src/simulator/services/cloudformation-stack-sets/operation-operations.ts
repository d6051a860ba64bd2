import type { Call, Handler } from '../../kernel/contract.js';
import { callerOf } from './caller.js';
import { findOperation, stop } from './operations.js';
import { pageOf } from './pages.js';
import { invalid } from '../../templates/refusal.js';
import type { StackSetRegistry } from './registry.js';
import { placeOf } from './stack-set.js';
import type { StackSet } from './stack-set.js';
import { operationSummary, operationView, resultView } from './views.js';
import type { StackSetWorld } from './world.js';

/** Newest first, and yet under a key that grows along the list, as text, and stays when further operations are added. */
const NEWEST_FIRST = 9_999_999_999;

/** The operations on stack set operations. */
export function operationOperations(world: StackSetWorld, registry: StackSetRegistry): Record<string, Handler> {
  const found = (input: { readonly CallAs?: string; readonly StackSetName: string }, call: Call): StackSet =>
    registry.named(callerOf(world, input.CallAs, call), input.StackSetName);
  return {
    DescribeStackSetOperation: (input, call) => {
      const set = found(input, call);
      return { StackSetOperation: operationView(world, set, findOperation(set, input.OperationId)) };
    },
    ListStackSetOperations: (input, call) => {
      const operations = [...found(input, call).operations.values()]
        .map((operation, index) => ({ operation, key: String(NEWEST_FIRST - index) }))
        .reverse();
      const page = pageOf(operations, ({ key }) => key, input);
      return { Summaries: page.items.map(({ operation }) => operationSummary(operation)), NextToken: page.NextToken };
    },
    ListStackSetOperationResults: (input, call) => {
      const operation = findOperation(found(input, call), input.OperationId);
      const statuses = (input.Filters ?? []).map(statusFilter);
      const results = [...operation.results.values()]
        .filter(({ status }) => statuses.every((wanted: string) => wanted === status))
        .sort((left, right) => (placeOf(left.target) < placeOf(right.target) ? -1 : 1));
      const page = pageOf(results, ({ target }) => placeOf(target), input);
      return { Summaries: page.items.map(resultView), NextToken: page.NextToken };
    },
    ListStackSetAutoDeploymentTargets: (input, call) => {
      const targets = [...found(input, call).watched].sort(([left], [right]) => (left < right ? -1 : 1));
      const page = pageOf(targets, ([unitId]) => unitId, input);
      const Summaries = page.items.map(([OrganizationalUnitId, regions]) => ({
        OrganizationalUnitId,
        Regions: [...regions].sort(),
      }));
      return { Summaries, NextToken: page.NextToken };
    },
    StopStackSetOperation: (input, call) => {
      const set = found(input, call);
      stop(world, set, findOperation(set, input.OperationId));
      return {};
    },
  };
}

function statusFilter({ Name, Values }: { readonly Name?: string; readonly Values?: string }): string {
  if (Name !== 'OPERATION_RESULT_STATUS') throw invalid(`Filter ${Name} is not known`);
  return Values ?? '';
}
