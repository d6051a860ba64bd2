import { isObject, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { s3Place } from './code.js';
import { STATE_MACHINE_EVENTS } from './event-shapes.js';
import { linkedEvents } from './events.js';
import { checkProperties, shapes } from './properties.js';
import { executionRole, readPolicies, trusted } from './role.js';
import { machineDefinition } from './state-machine-definition.js';
import { stateMachineEvent } from './state-machine-events.js';
import { propagated } from './tags.js';
import type { Target } from './target.js';
import { getAtt, isGiven, ref, tagList } from './values.js';
import { made, ownAttributes, sharedAttributes, type Produced, type Work } from './work.js';

const SHAPES = shapes({
  map: 'Definition Logging DefinitionSubstitutions Tags Tracing',
  'string|map': 'DefinitionUri',
  string: 'Role Name Type PermissionsBoundary',
  any: 'RolePath AutoPublishAlias DeploymentPreference',
  'map of map': 'Events',
  boolean: 'PropagateTags',
  'boolean!': 'UseAliasAsEventTarget',
  'string|list of string|map': 'Policies',
});

/** A state machine with its role, its version and alias, and what starts it. */
export function expandStateMachine(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  properties: JsonObject,
): Produced {
  checkProperties(logicalId, 'AWS::Serverless::StateMachine', properties, SHAPES);
  const events = linkedEvents(work, logicalId, properties['Events'], STATE_MACHINE_EVENTS);
  const definition = definitionOf(logicalId, properties);
  if (isGiven(properties['Role']) && isGiven(properties['Policies']))
    throw refusedResource(
      logicalId,
      "Specify either 'Role' or 'Policies' (but not both at the same time) or neither of them",
    );
  const tags = [{ Key: 'stateMachine:createdBy', Value: 'SAM' }, ...tagList(properties['Tags'])];
  const owned: Produced = isGiven(properties['Role'])
    ? []
    : [[`${logicalId}Role`, roleOf(work, logicalId, resource, properties, tags)]];
  const machine = made('AWS::StepFunctions::StateMachine', ownAttributes(resource), {
    ...definition,
    RoleArn: isGiven(properties['Role']) ? properties['Role'] : getAtt(`${logicalId}Role`, 'Arn'),
    StateMachineName: properties['Name'],
    StateMachineType: properties['Type'],
    LoggingConfiguration: properties['Logging'],
    TracingConfiguration: properties['Tracing'],
    Tags: tags,
  });
  const published = publish(logicalId, resource, properties);
  const attributes = sharedAttributes(resource);
  const aliasId = published.at(-1)?.[0];
  const startedId = isGiven(properties['UseAliasAsEventTarget']) && aliasId !== undefined ? aliasId : logicalId;
  const target: Target = { logicalId: startedId, arn: ref(startedId), name: ref(startedId), attributes };
  const boundary = properties['PermissionsBoundary'];
  return propagated(
    [
      [logicalId, machine],
      ...owned,
      ...published,
      ...events.flatMap((event) => stateMachineEvent(work, event, target, boundary)),
    ],
    properties,
  );
}

function definitionOf(logicalId: string, properties: JsonObject): JsonObject {
  const { Definition, DefinitionUri, DefinitionSubstitutions } = properties;
  const given = isGiven(DefinitionSubstitutions) ? (DefinitionSubstitutions as JsonObject) : undefined;
  if (isGiven(Definition) && isGiven(DefinitionUri))
    throw refusedResource(logicalId, "Specify either 'Definition' or 'DefinitionUri' property and not both.");
  if (isGiven(Definition)) {
    const { text, substitutions } = machineDefinition(Definition);
    const all = { ...given, ...substitutions };
    return {
      DefinitionString: text,
      ...(Object.keys(all).length === 0 ? {} : { DefinitionSubstitutions: all }),
    };
  }
  if (!isGiven(DefinitionUri))
    throw refusedResource(logicalId, "Either 'Definition' or 'DefinitionUri' property must be specified.");
  const { Bucket, Key, Version } = s3Place(logicalId, 'DefinitionUri', DefinitionUri);
  return {
    DefinitionS3Location: { Bucket: Bucket!, Key: Key!, ...(Version === undefined ? {} : { Version }) },
    ...(given === undefined ? {} : { DefinitionSubstitutions: given }),
  };
}

function roleOf(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  properties: JsonObject,
  tags: readonly JsonObject[],
): JsonObject {
  const { Policies, Tracing } = properties;
  const traced = isObject(Tracing) && Tracing['Enabled'] === true;
  const tracing = work.partition === 'aws' ? 'AWSXrayWriteOnlyAccess' : 'AWSXRayDaemonWriteAccess';
  return executionRole(work, logicalId, {
    attributes: sharedAttributes(resource),
    trust: trusted('states.amazonaws.com'),
    managed: [],
    inline: [],
    policies: [...readPolicies(logicalId, Policies), ...(traced ? [tracing] : [])],
    path: properties['RolePath'],
    boundary: properties['PermissionsBoundary'],
    tags,
  });
}

/** A version of what is deployed, and the alias that traffic moves through. */
function publish(logicalId: string, resource: JsonObject, properties: JsonObject): Produced {
  const { AutoPublishAlias: alias, DeploymentPreference, UseAliasAsEventTarget } = properties;
  const requires = (what: string): Error =>
    refusedResource(logicalId, `'${what}' requires 'AutoPublishAlias' property to be specified.`);
  if (!isGiven(alias)) {
    if (isGiven(UseAliasAsEventTarget)) throw requires('UseAliasAsEventTarget');
    if (isGiven(DeploymentPreference)) throw requires('DeploymentPreference');
    return [];
  }
  if (typeof alias !== 'string') throw refusedResource(logicalId, 'Logical ids must be alphanumeric.');
  const attributes = sharedAttributes(resource);
  const versionId = `${logicalId}Version`;
  const preference = isGiven(DeploymentPreference) ? (DeploymentPreference as JsonObject) : { Type: 'ALL_AT_ONCE' };
  const version = made(
    'AWS::StepFunctions::StateMachineVersion',
    { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', ...attributes },
    { StateMachineArn: ref(logicalId), StateMachineRevisionId: getAtt(logicalId, 'StateMachineRevisionId') },
  );
  const before = made('AWS::StepFunctions::StateMachineAlias', attributes, {
    Name: alias,
    DeploymentPreference: { ...preference, StateMachineVersionArn: ref(versionId) },
  });
  return [
    [versionId, version],
    [`${logicalId}Alias${alias}`, before],
  ];
}
