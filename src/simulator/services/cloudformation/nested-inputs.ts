import { fingerprint } from '../../templates/fingerprint.js';
import { isObject, scalarText, type Json, type JsonObject } from '../../templates/json.js';
import type { GivenParameter } from '../../templates/parameters.js';
import { invalid } from '../../templates/refusal.js';
import type { Environment } from './environment.js';
import type { Stack, Tag } from './stack.js';
import { storedTemplate } from './template-source.js';

/** What a resource of type AWS::CloudFormation::Stack says of the stack it stands for. */
export function nestedInputs(environment: Environment, parent: Stack, properties: JsonObject) {
  const url = properties['TemplateURL'];
  if (typeof url !== 'string') throw invalid('TemplateURL must be a string');
  return {
    template: storedTemplate(environment, url),
    parameters: givenParameters(properties['Parameters']),
    tags: inheritedTags(parent.definition.tags, ownTags(properties['Tags'])),
    capabilities: parent.definition.capabilities,
    roleArn: parent.roleArn,
  };
}

/** The name of a stack that is nested under the logical id: its parent's, the id, and what makes it unique. */
export function nestedName(parent: Stack, logicalId: string): string {
  const suffix = fingerprint(`${parent.id}/${logicalId}/${parent.events.length}`, 12, 'upper');
  return `${parent.name.slice(0, 60)}-${logicalId.slice(0, 50)}-${suffix}`;
}

function givenParameters(section: Json | undefined): readonly GivenParameter[] {
  return Object.entries(isObject(section) ? section : {}).map(([key, value]) => ({
    key,
    value: Array.isArray(value) ? (value as readonly Json[]).map(scalarText).join(',') : scalarText(value),
  }));
}

/** The parent's tags come down to its nested stacks; where both have a key, the nested stack's own value stands. */
function inheritedTags(parents: readonly Tag[], own: readonly Tag[]): readonly Tag[] {
  return [...parents.filter(({ Key }) => own.every((tag) => tag.Key !== Key)), ...own];
}

function ownTags(section: Json | undefined): readonly Tag[] {
  return (Array.isArray(section) ? (section as readonly Json[]) : []).filter(isObject).map(({ Key, Value }) => ({
    Key: scalarText(Key ?? ''),
    Value: scalarText(Value ?? ''),
  }));
}
