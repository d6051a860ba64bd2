import type { ResourceToImport } from '@aws-sdk/client-cloudformation';
import type { ResourceDefinition } from '../../templates/definition.js';
import { sameValue } from '../../templates/json.js';
import { invalid } from '../../templates/refusal.js';
import { resourceSpec } from '../../templates/resource-spec.js';
import { isCheckable } from './drift-checkable.js';
import type { ResourceChange } from './projection.js';
import type { Definition, Stack } from './stack.js';

/** What a request asks to import, and by what id it is known. */
export type ImportTarget = { readonly logicalId: string; readonly type: string; readonly physicalId: string };

/** Reads and checks the list of what to import against the template, in CloudFormation's order and words. */
export function importTargets(
  { template }: Definition,
  list: readonly ResourceToImport[] | undefined,
): readonly ImportTarget[] {
  if (list === undefined || list.length === 0) throw invalid('Must Provide at least one resource to import');
  const ids = list.map(({ LogicalResourceId = '' }) => LogicalResourceId);
  if (new Set(ids).size !== ids.length) throw invalid('Every resource to import must have unique LogicalResourceId');
  const unknown = ids.filter((id) => !template.resources.has(id));
  if (unknown.length > 0) {
    throw invalid(
      `The logical resource ids [${unknown.join(', ')}] provided in ResourceToImport do not exist in the template.`,
    );
  }
  return list.map(({ LogicalResourceId: logicalId = '', ResourceType: type = '', ResourceIdentifier = {} }) => {
    if (!isCheckable(type)) throw invalid(`ResourceTypes [${type}] are not supported for Import`);
    const keys = resourceSpec(type)?.primaryIdentifier ?? [];
    if (!sameValue([...keys].sort(), Object.keys(ResourceIdentifier).sort()))
      throw invalid(`Invalid resource identifier for resource type ${type}. Expected [${keys.join(', ')}]`);
    const declared = template.resources.get(logicalId)?.type;
    if (declared !== type) {
      throw invalid(
        `Resource type of [${logicalId}] passed in ResourceToImport does not match with resource type defined in the template. ` +
          `Resource type in ResourceToImport: ${type}; Resource type in Template: ${declared}.`,
      );
    }
    return { logicalId, type, physicalId: keys.map((key) => ResourceIdentifier[key] ?? '').join('|') };
  });
}

/** Refuses whatever an import would do besides importing. */
export function checkImportOnly(
  definition: Definition,
  changes: readonly ResourceChange[],
  targets: readonly ImportTarget[],
): void {
  const wanted = targets.map(({ logicalId }) => logicalId);
  const added = changes.flatMap((change) => ('before' in change ? [] : [change.definition.logicalId]));
  const others = changes.flatMap((change) => ('before' in change ? [change.before.logicalId] : []));
  if (added.length === 0) throw invalid('The template should contain at least one new resource to import.');
  refuseIf(
    wanted.filter((id) => !added.includes(id)),
    (ids) => `Resources ${ids} passed in ResourceToImport are already in a stack and cannot be imported.`,
  );
  refuseIf(
    added.filter((id) => !wanted.includes(id)),
    (ids) => `Resources ${ids} is missing from ResourceToImport list`,
  );
  refuseIf(
    [...others].sort(),
    (ids) =>
      `You have modified resources ${ids} in your template that are not being imported. ` +
      'Update, create or delete operations cannot be executed during import operations.',
  );
  refuseIf(
    wanted.filter((id) => definition.template.resources.get(id)?.statesDeletionPolicy !== true),
    (ids) => `The following resources to import ${ids} must have DeletionPolicy attribute specified in the template.`,
  );
}

/** Refuses an import that would also change what belongs to the stack itself. */
export function checkNothingElse(
  stack: Stack,
  definition: Definition,
  given: { readonly roleArn: string | undefined; readonly tags: readonly unknown[] | undefined },
): void {
  const before = stack.definition;
  const changed = [
    ...(sameValue(JSON.stringify(before.template.outputs), JSON.stringify(definition.template.outputs))
      ? []
      : ['Outputs']),
    ...(given.roleArn === undefined || given.roleArn === stack.roleArn ? [] : ['RoleArn']),
    ...(given.tags === undefined || sameValue(JSON.stringify(before.tags), JSON.stringify(definition.tags))
      ? []
      : ['Tags']),
  ];
  refuseIf(changed, (names) => `As part of the import operation, you cannot modify or add ${names}`);
}

/** The custom name that the template writes out for a resource, for imports that CloudFormation finds by itself. */
export function writtenIdentifier({ type, properties }: ResourceDefinition): string | undefined {
  const keys = resourceSpec(type)?.primaryIdentifier ?? [];
  const values = keys.map((key) => properties[key]);
  return values.length > 0 && values.every((value) => typeof value === 'string') ? values.join('|') : undefined;
}

function refuseIf(ids: readonly string[], text: (ids: string) => string): void {
  if (ids.length > 0) throw invalid(text(`[${ids.join(', ')}]`));
}
