import type { Capability, Sha256 } from './identifiers.js';

/** One parameter as the template declares it. */
export type ParameterDefinition = {
  readonly type: string;
  /** Null where the template has none, so that a value is required. */
  readonly default: string | null;
  readonly noEcho: boolean;
  readonly description: string;
  readonly allowedValues: readonly string[] | null;
  readonly allowedPattern: string | null;
  readonly constraintDescription: string | null;
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly minValue: number | null;
  readonly maxValue: number | null;
  /** Logical ids of the resources that name it, in the template's order. */
  readonly usedBy: readonly string[];
};

/** Something that the template refers to by the digest of its bytes: Lambda code, a layer, a nested template. */
export type ArtifactObject = { readonly sha256: Sha256; readonly bytes: Uint8Array };

/** A building block resolved to bytes. */
export type Artifact = {
  /** Over the template's meaning, the tags it brings and the objects: what a deployment of it is pinned to. */
  readonly sha256: Sha256;
  /** The text that CloudFormation gets. */
  readonly template: string;
  /** Of the template parsed and written as RFC 8785 JSON, so that comments and spacing do not count: what is compared with GetTemplate. */
  readonly templateSha256: Sha256;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  /** Logical id → resource type. */
  readonly resourceTypes: Readonly<Record<string, string>>;
  /** Names of the outputs; one that a condition may take away is `conditional`. */
  readonly outputs: Readonly<Record<string, 'always' | 'conditional'>>;
  readonly transforms: readonly string[];
  readonly requiredCapabilities: readonly Capability[];
  readonly objects: readonly ArtifactObject[];
  /** What was written into the template beside what its publisher wrote, one line for each kind of thing, such as `permissions boundary in 3 roles`. */
  readonly injected: readonly string[];
  /** Tags that belong to the block itself, such as `serverlessrepo:semanticVersion`. */
  readonly tags: Readonly<Record<string, string>>;
};

/** CloudFormation takes a template inline up to this many bytes. */
export const INLINE_TEMPLATE_BYTES = 51_200;
/** CloudFormation takes a template from S3 up to this many bytes. */
export const MAXIMUM_TEMPLATE_BYTES = 1_000_000;
