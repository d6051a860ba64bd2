import type { Json, JsonObject } from './json.js';

export type ParameterDefinition = {
  readonly name: string;
  readonly type: string;
  readonly default: string | undefined;
  readonly description: string | undefined;
  readonly noEcho: boolean;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: string | undefined;
  readonly constraintDescription: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minValue: number | undefined;
  readonly maxValue: number | undefined;
};

export type ResourceDefinition = {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
  readonly condition: string | undefined;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: string;
  /** False where the deletion policy is only the default. */
  readonly statesDeletionPolicy: boolean;
  readonly updateReplacePolicy: string;
  /** CreationPolicy and UpdatePolicy, as they stand. */
  readonly policies: JsonObject;
};

export type OutputDefinition = {
  readonly name: string;
  readonly value: Json;
  readonly description: string | undefined;
  readonly condition: string | undefined;
  readonly exportName: Json | undefined;
};

export type RuleDefinition = {
  readonly name: string;
  readonly condition: Json | undefined;
  readonly assertions: readonly { readonly assert: Json; readonly description: string }[];
};

/** A template that holds together: every reference resolves, nothing turns in a circle. Shared by all stacks of the same text. */
export type Template = {
  readonly text: string;
  /** Where it was read for: transforms look at it. */
  readonly partition: string;
  /** What the transforms made of it; the text itself where there are none. */
  readonly processed: string;
  readonly description: string | undefined;
  readonly version: string | undefined;
  readonly metadata: JsonObject | undefined;
  readonly transforms: readonly string[];
  readonly parameters: ReadonlyMap<string, ParameterDefinition>;
  readonly mappings: JsonObject;
  readonly conditions: JsonObject;
  readonly rules: readonly RuleDefinition[];
  /** In an order in which each comes after all that it depends on. */
  readonly resources: ReadonlyMap<string, ResourceDefinition>;
  readonly outputs: readonly OutputDefinition[];
  readonly capabilities: readonly string[];
  readonly capabilitiesReason: string | undefined;
};
