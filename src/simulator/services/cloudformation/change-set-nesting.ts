import { AwsError } from '../../kernel/contract.js';
import { fingerprint } from '../../templates/fingerprint.js';
import type { JsonObject } from '../../templates/json.js';
import { filled } from '../../templates/filled.js';
import { invalid } from '../../templates/refusal.js';
import { freshChangeSet, NO_CHANGES, type ChangeSet, type StackChangeSet } from './change-set.js';
import { changeSetId, listChangeSet } from './change-set-listing.js';
import { unwritten } from './change-set-stack.js';
import { areaOf, type Environment } from './environment.js';
import { nestedInputs, nestedName } from './nested-inputs.js';
import { NESTED } from './provisioning.js';
import { blankStack, updatedDefinition } from './requests.js';
import type { Definition, Stack } from './stack.js';

type Complete = (environment: Environment, stack: Stack, changeSet: ChangeSet) => void;

/** Change sets for the stacks nested in the change set's stack, by logical id; none where it does not include them. */
export function nestedChangeSets(
  environment: Environment,
  stack: Stack,
  changeSet: ChangeSet,
  complete: Complete,
): ReadonlyMap<string, StackChangeSet> {
  const made = new Map<string, StackChangeSet>();
  if (!changeSet.includesNested) return made;
  for (const change of changeSet.changes) {
    if (change.action === 'Remove' || change.definition.type !== NESTED) continue;
    const { logicalId } = change.definition;
    const standing = change.action === 'Modify' ? areaOf(environment, stack).find(change.before.physicalId) : undefined;
    const child = standing ?? childInReview(environment, stack, logicalId);
    const definition = nestedDefinition(environment, stack, child, standing !== undefined, change.properties);
    const nested = nestedChangeSet(environment, changeSet, child, { logicalId, definition });
    if (nested.changeSet.status !== 'FAILED') complete(environment, child, nested.changeSet);
    made.set(logicalId, nested);
  }
  const failed = [...made.values()].find((nested) => isBroken(nested));
  if (!failed) return made;
  changeSet.nested = made;
  throw invalid(`Nested change set ${failed.changeSet.id} was not successfully created: Currently in FAILED.`);
}

/** Refuses what is only to be done with the change set of the root stack. */
export function checkIsRoot({ id, parent }: ChangeSet, verb: 'execute' | 'delete'): void {
  if (parent === undefined) return;
  throw invalid(
    `Cannot ${verb} the nested change set [${id}]: ${verb} the root change set [${parent.rootId}] instead.`,
  );
}

function isBroken({ changeSet }: StackChangeSet): boolean {
  const harmless: readonly (string | undefined)[] = Object.values(NO_CHANGES);
  return changeSet.status === 'FAILED' && !harmless.includes(changeSet.reason);
}

function nestedChangeSet(
  environment: Environment,
  parent: ChangeSet,
  stack: Stack,
  { logicalId, definition }: { readonly logicalId: string; readonly definition: Definition | AwsError },
): StackChangeSet {
  const suffix = fingerprint(`${parent.id}/${logicalId}`, 13, 'upper');
  const name = `${parent.name.slice(0, 60)}-${logicalId.slice(0, 50)}-${suffix}`;
  const changeSet = freshChangeSet({
    ...parent,
    id: changeSetId(environment, stack, name),
    name,
    type: stack.status === 'CREATE_IN_PROGRESS' ? 'CREATE' : 'UPDATE',
    createdAt: environment.base.clock.now(),
    definition: definition instanceof AwsError ? unwritten() : definition,
    description: undefined,
    imports: { kind: 'none' },
    parent: { id: parent.id, rootId: parent.parent?.rootId ?? parent.id },
    token: undefined,
  });
  listChangeSet(environment, stack, changeSet);
  if (definition instanceof AwsError) {
    changeSet.status = 'FAILED';
    changeSet.reason = definition.message;
  }
  return { stack, changeSet };
}

function childInReview(environment: Environment, parent: Stack, logicalId: string): Stack {
  const request = {
    accountId: parent.place.accountId,
    region: parent.place.region,
    name: nestedName(parent, logicalId),
    tags: [],
    capabilities: [],
    roleArn: parent.roleArn,
    notificationArns: parent.place.notificationArns,
    token: undefined,
    terminationProtection: false,
    onFailure: 'DO_NOTHING' as const,
    retainExceptOnCreate: false,
    timeoutInMinutes: undefined,
    policy: undefined,
    parent: { stackId: parent.id, rootId: parent.parent?.rootId ?? parent.id },
  };
  return blankStack(environment, request, unwritten());
}

/** What the nested stack would be, or why that cannot be said. */
function nestedDefinition(
  environment: Environment,
  parent: Stack,
  child: Stack,
  exists: boolean,
  properties: JsonObject,
): Definition | AwsError {
  try {
    const inputs = nestedInputs(environment, parent, properties);
    if (exists) return updatedDefinition(child, inputs);
    return { ...inputs, ...filled(inputs.template, inputs.parameters, new Map()) };
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}
