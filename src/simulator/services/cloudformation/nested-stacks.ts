import { AwsError } from '../../kernel/contract.js';
import { filled } from '../../templates/filled.js';
import { invalid } from '../../templates/refusal.js';
import { outputsOf } from './composition.js';
import { startCreation } from './creation.js';
import { areaOf, type Environment, type NestedEnd, type NestedStacks } from './environment.js';
import { startDeletion } from './deletion.js';
import { nestedInputs, nestedName } from './nested-inputs.js';
import { project } from './projection.js';
import { checkCapabilities, requestCreation, requestUpdate } from './requests.js';
import type { Definition, Stack } from './stack.js';
import { startUpdate } from './updating.js';

/** Nested stacks are stacks like any other, whose requests come from their parent. */
export function nestedStacks(environment: () => Environment): NestedStacks {
  /** What each was before its last update: what it goes back to where its parent does. */
  const before = new WeakMap<Stack, Definition>();
  return {
    create: (parent, logicalId, properties, then) => {
      attempt('', then, () => {
        const inputs = nestedInputs(environment(), parent, properties);
        const stackId =
          createReviewed(environment(), parent, logicalId, inputs) ??
          requestCreation(environment(), {
            ...inputs,
            accountId: parent.place.accountId,
            region: parent.place.region,
            name: nestedName(parent, logicalId),
            notificationArns: parent.place.notificationArns,
            token: undefined,
            terminationProtection: false,
            onFailure: 'DO_NOTHING',
            retainExceptOnCreate: parent.retainExceptOnCreate,
            timeoutInMinutes: undefined,
            policy: undefined,
            parent: { stackId: parent.id, rootId: parent.parent?.rootId ?? parent.id },
          }).stackId;
        whenEnded(environment(), parent, stackId, 'CREATE_COMPLETE', 'created', then);
      });
    },
    update: (parent, stackId, properties, then) => {
      attempt(stackId, then, () => {
        const child = childOf(environment(), parent, stackId);
        before.set(child, child.definition);
        try {
          requestUpdate(environment(), child, {
            ...nestedInputs(environment(), parent, properties),
            token: undefined,
            disableRollback: false,
          });
        } catch (error) {
          if (error instanceof AwsError && error.message === 'No updates are to be performed.')
            return then({ stackId, failure: undefined });
          throw error;
        }
        whenEnded(environment(), parent, stackId, 'UPDATE_COMPLETE', 'updated', then);
      });
    },
    restore: (parent, stackId, then) => {
      attempt(stackId, then, () => {
        const child = childOf(environment(), parent, stackId);
        const definition = before.get(child);
        if (definition === undefined || definition === child.definition) return then({ stackId, failure: undefined });
        const operationId = environment().base.identifiers.uuid();
        const options = { operationId, token: undefined, disableRollback: false, revertsDrift: false };
        startUpdate(environment(), child, definition, options);
        whenEnded(environment(), parent, stackId, 'UPDATE_COMPLETE', 'updated', then);
      });
    },
    delete: (parent, stackId, then) => {
      const child = areaOf(environment(), parent).find(stackId);
      if (!child || child.status === 'DELETE_COMPLETE') return then({ stackId, failure: undefined });
      const operationId = environment().base.identifiers.uuid();
      startDeletion(environment(), child, { operationId, token: undefined, retain: [], force: false });
      whenEnded(environment(), parent, stackId, 'DELETE_COMPLETE', 'deleted', then);
    },
    output: (parent, stackId, name) => {
      const child = areaOf(environment(), parent).find(stackId);
      return child && outputsOf(environment(), child).find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    },
  };
}

/** Begins the stack that the parent's change set has left in review; undefined where there is none. */
function createReviewed(
  environment: Environment,
  parent: Stack,
  logicalId: string,
  inputs: ReturnType<typeof nestedInputs>,
): string | undefined {
  const executed = [...parent.changeSets.values()].find(({ execution }) => execution === 'EXECUTE_IN_PROGRESS');
  const child = executed?.nested.get(logicalId)?.stack;
  if (child?.status !== 'REVIEW_IN_PROGRESS') return undefined;
  checkCapabilities(inputs.template, inputs.capabilities);
  child.definition = { ...inputs, ...filled(inputs.template, inputs.parameters, new Map()) };
  project(environment, child, child.definition);
  startCreation(environment, child, environment.base.identifiers.uuid(), undefined);
  return child.id;
}

function childOf(environment: Environment, parent: Stack, stackId: string): Stack {
  const child = areaOf(environment, parent).find(stackId);
  if (!child) throw invalid(`Stack [${stackId}] does not exist`);
  return child;
}

function whenEnded(
  environment: Environment,
  parent: Stack,
  stackId: string,
  wanted: string,
  verb: 'created' | 'updated' | 'deleted',
  then: (end: NestedEnd) => void,
): void {
  childOf(environment, parent, stackId).waiting.push((child) =>
    then({ stackId, failure: child.status === wanted ? undefined : failureOf(child, verb) }),
  );
}

/** Why the parent says that its nested stack failed; of an update, in the words with which the child began to go back. */
function failureOf(child: Stack, verb: 'created' | 'updated' | 'deleted'): string {
  const failed = `Embedded stack ${child.id} was not successfully ${verb}`;
  const turned = child.events.findLast(
    ({ PhysicalResourceId, ResourceStatus, ResourceStatusReason }) =>
      PhysicalResourceId === child.id &&
      ResourceStatusReason !== undefined &&
      (ResourceStatus === 'UPDATE_ROLLBACK_IN_PROGRESS' || ResourceStatus === child.status),
  );
  const reason = (turned?.ResourceStatusReason ?? child.status).trimEnd();
  return verb === 'updated' && turned
    ? `${failed}. Currently in ${turned.ResourceStatus} with reason: ${reason}`
    : `${failed}: ${reason}`;
}

function attempt(stackId: string, then: (end: NestedEnd) => void, begin: () => void): void {
  try {
    begin();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    then({ stackId, failure: error.message });
  }
}
