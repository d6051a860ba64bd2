import type { DeployableKind } from './address.js';
import type { Capability, Partition } from './identifiers.js';

/** One parameter as somebody who chooses the block reads it. */
export type CardParameter = {
  readonly name: string;
  readonly type: string;
  /** Null where a value is required. */
  readonly default: string | null;
  readonly allowedValues: readonly string[] | null;
  readonly description: string;
  readonly noEcho: boolean;
  /** What the manifest sets for every target; null where it sets nothing, or there is no manifest. */
  readonly set: string | null;
};

/** One statement of a policy in the template, intrinsic functions written as `${…}`. */
export type Grant = {
  /** Logical id of the role, user, policy or resource that it stands in. */
  readonly holder: string;
  readonly holderType: string;
  /** What a role or user may do; who may use a resource; or who may assume a role. */
  readonly on: 'identity' | 'resource' | 'trust';
  readonly effect: 'Allow' | 'Deny';
  /** Begins with `everything but` where the statement has NotAction. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Empty in an identity's policy. */
  readonly principals: readonly string[];
  readonly conditioned: boolean;
  /** Which of its parts is a wildcard: an action with `*`, the resource `*`, the principal `*`, or everything but something. */
  readonly wide: readonly ('actions' | 'resources' | 'principals')[];
};

/** A policy that somebody else keeps, so that what it grants stands elsewhere and may change. */
export type ManagedPolicy = { readonly holder: string; readonly policy: string };

/** Resources of one type. */
export type CardResources = {
  readonly type: string;
  readonly count: number;
  /** Null where the type is nobody's service, such as a custom resource. */
  readonly service: string | null;
  /** The highest FedRAMP baseline in which the service is known to be authorised. */
  readonly fedramp: 'high' | 'moderate' | 'unknown';
};

export type Nested = {
  readonly logicalId: string;
  /** The application's ARN, or the address of the template. */
  readonly of: string;
};

/** What a template says of itself. */
export type TemplateFacts = {
  readonly description: string;
  readonly parameters: readonly CardParameter[];
  /** What must be acknowledged. */
  readonly capabilities: readonly Capability[];
  readonly resources: readonly CardResources[];
  readonly nested: readonly Nested[];
  readonly grants: readonly Grant[];
  readonly managedPolicies: readonly ManagedPolicy[];
  readonly notes: readonly string[];
};

/** What a reviewer looks at before choosing a building block. */
export type Card = {
  /** What it was asked for by: an address, an ARN, an id of the catalogue. */
  readonly subject: string;
  readonly kind: DeployableKind;
  readonly name: string;
  readonly summary: string;
  /** Where the facts are from: files that are pinned or of the repository, the publisher's answer, or the catalogue alone. */
  readonly from: 'locked' | 'repository' | 'served' | 'catalogue';
  /** ARN, URL, name of the construct or file. */
  readonly source: string;
  /** Null where it has none. */
  readonly version: string | null;
  /** As far as they are known, the newest first; of a construct, the one that can be locked stands before them. */
  readonly versions: readonly string[];
  /** The templates that one can choose, the one that is shown marked by `part`. */
  readonly parts: readonly string[];
  readonly part: string | null;
  readonly publisher: string | null;
  /** Whether AWS has verified who the publisher is; null where nobody says. */
  readonly verified: boolean | null;
  readonly licence: string | null;
  readonly sourceCodeUrl: string | null;
  readonly controls: readonly string[];
  /** Empty where that is not known. */
  readonly partitions: readonly Partition[];
  readonly regions: 'all' | readonly string[];
  /** The id of the retired block's successor and why it was retired; null where it is alive. */
  readonly retired: { readonly reason: string; readonly instead: string } | null;
  /** Name by which it was asked for and is no longer called; null where it is its name. */
  readonly renamedFrom: string | null;
  /** Capabilities that the manifest acknowledges; null where there is no manifest. */
  readonly acknowledged: readonly Capability[] | null;
  /** First lines of the publisher's readme, each free of control characters; empty where there is none. */
  readonly readme: readonly string[];
  /** Null where the template could not be read. */
  readonly template: TemplateFacts | null;
  readonly notes: readonly string[];
};
