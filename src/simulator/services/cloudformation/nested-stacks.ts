import { AwsError } from '../../kernel/contract.js';
import { isObject, scalarText, type Json, type JsonObject } from '../../templates/json.js';
import type { GivenParameter } from '../../templates/parameters.js';
import { fingerprint } from '../../templates/fingerprint.js';
import { invalid } from '../../templates/refusal.js';
import { outputsOf } from './composition.js';
import { areaOf, type Environment, type NestedEnd, type NestedStacks } from './environment.js';
import { startDeletion } from './deletion.js';
import { requestCreation, requestUpdate } from './requests.js';
import type { Stack, Tag } from './stack.js';
import { storedTemplate } from './template-source.js';

/** Nested stacks are stacks like any other, whose requests come from their parent. */
export function nestedStacks(environment: () => Environment): NestedStacks {
  return {
    create: (parent, logicalId, properties, then) => {
      attempt('', then, () => {
        const suffix = fingerprint(`${parent.id}/${logicalId}/${parent.events.length}`, 12, 'upper');
        const { stackId } = requestCreation(environment(), {
          ...inputsOf(environment(), parent, properties),
          accountId: parent.place.accountId,
          region: parent.place.region,
          name: `${parent.name.slice(0, 60)}-${logicalId.slice(0, 50)}-${suffix}`,
          notificationArns: parent.place.notificationArns,
          token: undefined,
          terminationProtection: false,
          onFailure: 'DO_NOTHING',
          retainExceptOnCreate: parent.retainExceptOnCreate,
          timeoutInMinutes: undefined,
          policy: undefined,
          parent: { stackId: parent.id, rootId: parent.parent?.rootId ?? parent.id },
        });
        whenEnded(environment(), parent, stackId, 'CREATE_COMPLETE', 'created', then);
      });
    },
    update: (parent, stackId, properties, then) => {
      attempt(stackId, then, () => {
        const child = childOf(environment(), parent, stackId);
        try {
          requestUpdate(environment(), child, {
            ...inputsOf(environment(), parent, properties),
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

function inputsOf(environment: Environment, parent: Stack, properties: JsonObject) {
  const url = properties['TemplateURL'];
  if (typeof url !== 'string') throw invalid('TemplateURL must be a string');
  return {
    template: storedTemplate(environment, url),
    parameters: givenParameters(properties['Parameters']),
    tags: [...parent.definition.tags, ...ownTags(properties['Tags'])],
    capabilities: parent.definition.capabilities,
    roleArn: parent.roleArn,
  };
}

function givenParameters(section: Json | undefined): readonly GivenParameter[] {
  return Object.entries(isObject(section) ? section : {}).map(([key, value]) => ({
    key,
    value: Array.isArray(value) ? (value as readonly Json[]).map(scalarText).join(',') : scalarText(value),
  }));
}

function ownTags(section: Json | undefined): readonly Tag[] {
  return (Array.isArray(section) ? (section as readonly Json[]) : []).filter(isObject).map(({ Key, Value }) => ({
    Key: scalarText(Key ?? ''),
    Value: scalarText(Value ?? ''),
  }));
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
  verb: string,
  then: (end: NestedEnd) => void,
): void {
  childOf(environment, parent, stackId).waiting.push(({ status, reason }) => {
    const failure =
      status === wanted ? undefined : `Embedded stack ${stackId} was not successfully ${verb}: ${reason ?? status}`;
    then({ stackId, failure });
  });
}

function attempt(stackId: string, then: (end: NestedEnd) => void, begin: () => void): void {
  try {
    begin();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    then({ stackId, failure: error.message });
  }
}
