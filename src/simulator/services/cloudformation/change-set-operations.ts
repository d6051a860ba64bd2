import type { DeleteChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import type { Call, Handler } from '../../kernel/contract.js';
import { hierarchyOf } from './change-set.js';
import { createChangeSet } from './change-set-creation.js';
import { describeChange, describeChangeSet, summarizeChangeSet } from './change-set-description.js';
import { executeChangeSet, wrongStatus } from './change-set-execution.js';
import { changeSetNamed, findChangeSet } from './change-set-lookup.js';
import { checkIsRoot } from './change-set-nesting.js';
import { startDeletion } from './deletion.js';
import { areaOf, type Environment } from './environment.js';
import { livingStack } from './lookup.js';
import { pageOf } from './pages.js';
import { bracketedStackMissing } from './refusals.js';

const PAGE = 100;

/** The operations on change sets. */
export function changeSetOperations(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    CreateChangeSet: (input, call) => createChangeSet(environment, input, call),
    DescribeChangeSet: (input, call) => {
      const { stack, changeSet } = changeSetNamed(environment, call, input);
      const { items, ...rest } = pageOf(changeSet.changes, input.NextToken, PAGE);
      const values = input.IncludePropertyValues === true ? 'with-values' : 'without-values';
      return {
        ...describeChangeSet(stack, changeSet),
        Changes: items.map((change) => describeChange(changeSet, change, values)),
        ...rest,
      };
    },
    ExecuteChangeSet: (input, call) => executeChangeSet(environment, input, call),
    DeleteChangeSet: (input, call) => deleteChangeSet(environment, input, call),
    ListChangeSets: (input, call) => {
      const stack = livingStack(environment, call, input.StackName, bracketedStackMissing);
      const { items, ...rest } = pageOf([...stack.changeSets.values()], input.NextToken, PAGE);
      return { Summaries: items.map((changeSet) => summarizeChangeSet(stack, changeSet)), ...rest };
    },
  };
}

/** Deletes a change set and those nested in it, with the stacks that stood only to be reviewed. One that is not there is no mistake. */
function deleteChangeSet(
  environment: Environment,
  input: DeleteChangeSetCommandInput,
  call: Call,
): Record<string, never> {
  const found = findChangeSet(environment, call, input);
  if (!found) return {};
  if (found.changeSet.execution === 'EXECUTE_IN_PROGRESS') throw wrongStatus(found.changeSet, 'deleted');
  checkIsRoot(found.changeSet, 'delete');
  for (const { stack, changeSet } of hierarchyOf(found)) {
    areaOf(environment, stack).pastChangeSets.delete(changeSet.id);
    if (stack.changeSets.get(changeSet.name) === changeSet) stack.changeSets.delete(changeSet.name);
    if (changeSet.parent === undefined || stack.status !== 'REVIEW_IN_PROGRESS') continue;
    const operationId = environment.base.identifiers.uuid();
    startDeletion(environment, stack, { operationId, token: undefined, retain: [], force: false });
  }
  return {};
}
