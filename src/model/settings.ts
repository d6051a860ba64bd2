import type { Address } from './address.js';
import type { Sha256 } from './identifiers.js';
import type { TargetKey } from './target.js';

/**
 * A parameter's value. CloudFormation answers `****` for NoEcho, so what is observed of one carries no digest;
 * what is desired or recorded carries the digest of what was given, which is enough to see that it changed.
 * Only what is desired in a plan can be `pending`.
 */
export type ParameterValue =
  | { readonly type: 'plain'; readonly value: string }
  | { readonly type: 'noecho'; readonly sha256: Sha256 | null }
  /** Made of outputs of deployments that are changed first: nobody knows it before. */
  | { readonly type: 'pending'; readonly after: readonly Address[] };

/**
 * What a unit looks like, in the manifest's words: the one shape that desired, observed and recorded share,
 * so that a diff is a comparison of two of them and knows no driver.
 */
export type Settings = {
  /** Artifact.templateSha256. */
  readonly template: Sha256;
  /** Every parameter of the template, defaults filled in. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly tags: Readonly<Record<string, string>>;
  /** In the driver's words: `roleArn`, `terminationProtection`; `permissionModel`, `executionRoleName`, … Null means not set. */
  readonly options: Readonly<Record<string, string | boolean | null>>;
  /** A stack set's instances, by account and Region; empty for a stack. */
  readonly members: Readonly<Record<TargetKey, MemberSettings>>;
};

export type MemberSettings = {
  /** ParameterOverrides: what this instance sets differently from its stack set. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
};
