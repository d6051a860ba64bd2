import { AwsError } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import { NO_CHANGES, type ChangeSet } from './change-set.js';
import { nestedChangeSets } from './change-set-nesting.js';
import { contentsOf } from './composition.js';
import { comparedWithActual } from './drift-comparison.js';
import type { Environment } from './environment.js';
import { writtenIdentifier } from './import-checks.js';
import type { Outside } from './import-outside.js';
import { importProblem } from './import-work.js';
import { project, type ResourceChange } from './projection.js';
import type { Stack } from './stack.js';

const IMPORT_ADVICE =
  'Verify that resources and their properties defined in the template match ' +
  'the intended configuration of the resource import to avoid unexpected changes.';

/** Works out the changes; what cannot be evaluated, or changes nothing, makes a FAILED change set rather than an error. */
export function completeChangeSet(environment: Environment, stack: Stack, changeSet: ChangeSet): void {
  try {
    const { definition, revertsDrift } = changeSet;
    const brought = broughtIn(environment, stack, changeSet);
    const { changes, any } = project(environment, stack, definition, { revertsDrift, imports: brought });
    changeSet.brought = brought;
    if (revertsDrift) changeSet.stackDrift = stackDrift(environment, stack);
    changeSet.changes = changes;
    changeSet.nested = nestedChangeSets(environment, stack, changeSet, completeChangeSet);
    const something = any && changes.some((change) => isChange(changeSet, change));
    const onlyOutputs = any && changes.length === 0;
    if (!something && !onlyOutputs) {
      throw invalid(NO_CHANGES[definition.template.transforms.length === 0 ? 'plain' : 'transformed']);
    }
    changeSet.status = 'CREATE_COMPLETE';
    changeSet.reason = changeSet.type === 'IMPORT' ? IMPORT_ADVICE : undefined;
    if (changeSet.execution === 'UNAVAILABLE') changeSet.execution = 'AVAILABLE';
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    changeSet.status = 'FAILED';
    changeSet.reason = error.message;
  }
}

/** Whether any resource differs from what was deployed last. */
function stackDrift(environment: Environment, stack: Stack): 'DRIFTED' | 'IN_SYNC' {
  const statuses = [...contentsOf(environment, stack).resources.values()].map(
    (resource) => comparedWithActual(resource, resource.properties).status,
  );
  return statuses.includes('MODIFIED') || statuses.includes('DELETED') ? 'DRIFTED' : 'IN_SYNC';
}

/** A nested stack that is only looked into counts where something changes inside. */
function isChange({ nested }: ChangeSet, change: ResourceChange): boolean {
  if (change.action !== 'Modify') return true;
  const child = nested.get(change.before.logicalId)?.changeSet;
  return child?.status !== 'FAILED' || change.details.some(({ source }) => source !== 'Automatic');
}

/** What the change set imports, by logical id; throws where that cannot be. */
function broughtIn(environment: Environment, stack: Stack, changeSet: ChangeSet): ReadonlyMap<string, Outside> {
  const { imports, definition } = changeSet;
  switch (imports.kind) {
    case 'none':
      return new Map();
    case 'listed':
      return new Map(
        imports.targets.map((target) => [target.logicalId, existing(environment, stack, target)] as const),
      );
    case 'existing': {
      const found = project(environment, stack, definition).changes.flatMap((change) => {
        if (change.action !== 'Add') return [];
        const { type, logicalId, deletionPolicy } = change.definition;
        const physicalId = writtenIdentifier(change.definition);
        if (physicalId === undefined || !environment.outside.find(stack, type, physicalId)) {
          const problem = physicalId && importProblem(environment, stack, { type, physicalId });
          if (problem?.includes('already exists')) throw invalid(problem);
          return [];
        }
        return [{ type, logicalId, physicalId, deletionPolicy }];
      });
      const unretained = found.filter(({ deletionPolicy }) => !deletionPolicy.startsWith('Retain'));
      if (unretained.length > 0) throw unretainedImports(unretained);
      return new Map(found.map((target) => [target.logicalId, existing(environment, stack, target)] as const));
    }
  }
}

function existing(
  environment: Environment,
  stack: Stack,
  target: { readonly type: string; readonly physicalId: string },
): Outside {
  const outside = environment.outside.find(stack, target.type, target.physicalId);
  if (outside) return outside;
  throw invalid(importProblem(environment, stack, target) ?? 'The resource cannot be imported.');
}

function unretainedImports(found: readonly { readonly logicalId: string; readonly physicalId: string }[]): AwsError {
  const names = found.map(({ logicalId, physicalId }) => `${logicalId} (${physicalId})`).join(', ');
  return invalid(
    'CloudFormation is attempting to import some resources because they already exist in your account. ' +
      "The resources must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' " +
      `in the template for successful import. The affected resources are ${names}`,
  );
}
