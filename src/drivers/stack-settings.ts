import type { Output, Parameter, Stack } from '@aws-sdk/client-cloudformation';
import { digestOf, sha256 } from '../model/canonical.js';
import type { Artifact } from '../model/artifact.js';
import type { Sha256 } from '../model/identifiers.js';
import type { ParameterValue, Settings } from '../model/settings.js';
import { observedTags } from './tags.js';

/** What CloudFormation answers for the value of a NoEcho parameter: asterisks, of which it promises no number. */
const NOECHO = /^\*{4,}$/;

/** A parameter as it stands in desired or recorded settings. */
export function wantedParameter(noEcho: boolean, value: string): ParameterValue {
  return noEcho ? { type: 'noecho', sha256: sha256(value) } : { type: 'plain', value };
}

/** The template's defaults, the given values over them. A NoEcho default counts like a given value. */
export function wantedParameters(
  artifact: Artifact,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, ParameterValue>> {
  const entries = Object.entries(artifact.parameters).flatMap(([name, definition]) => {
    const value = given[name] ?? definition.default;
    return value === null ? [] : [[name, wantedParameter(definition.noEcho, value)] as const];
  });
  return Object.fromEntries(entries);
}

export function observedParameters(
  parameters: readonly Parameter[] | undefined,
): Readonly<Record<string, ParameterValue>> {
  return Object.fromEntries(
    (parameters ?? []).map(({ ParameterKey, ParameterValue }) => [
      ParameterKey ?? '',
      observedParameter(ParameterValue ?? ''),
    ]),
  );
}

export function observedParameter(value: string): ParameterValue {
  return NOECHO.test(value) ? { type: 'noecho', sha256: null } : { type: 'plain', value };
}

export function observedOutputs(outputs: readonly Output[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']));
}

/** Everything in the walk that a change through CloudFormation moves: equal digests mean that nobody touched the stack. */
export function stackFingerprint(stack: Stack): Sha256 {
  // A change set that nobody executed changes nothing.
  const newest = (stack.LastOperations ?? []).find((operation) => operation.OperationType !== 'CREATE_CHANGESET');
  return digestOf({
    id: stack.StackId ?? null,
    status: stack.StackStatus ?? null,
    updated: (stack.LastUpdatedTime ?? stack.CreationTime)?.toISOString() ?? null,
    operation: newest?.OperationId ?? null,
    parameters: observedParameters(stack.Parameters),
    tags: observedTags(stack.Tags),
    roleArn: stack.RoleARN ?? null,
    terminationProtection: stack.EnableTerminationProtection ?? false,
  });
}

export function stackSettings(stack: Stack, template: Sha256): Settings {
  return {
    template,
    parameters: observedParameters(stack.Parameters),
    tags: observedTags(stack.Tags),
    options: { roleArn: stack.RoleARN ?? null, terminationProtection: stack.EnableTerminationProtection ?? false },
    members: {},
  };
}
