import type { AwsError } from '../../kernel/contract.js';
import type { Json, JsonObject } from '../../templates/json.js';
import type { ResolvedParameters } from '../../templates/parameters.js';
import type { Place } from '../../templates/pseudo-parameters.js';
import type { ResourceDefinition, Template } from '../../templates/definition.js';
import type { ChangeSet } from './change-set.js';

export type Tag = { readonly Key: string; readonly Value: string };
export type Output = {
  readonly OutputKey: string;
  readonly OutputValue: string;
  readonly Description?: string;
  readonly ExportName?: string;
};
export type OperationType =
  'CREATE_STACK' | 'UPDATE_STACK' | 'DELETE_STACK' | 'ROLLBACK' | 'CONTINUE_ROLLBACK' | 'CREATE_CHANGESET';
export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
export type DriftStatus = 'NOT_CHECKED' | 'IN_SYNC' | 'DRIFTED' | 'UNKNOWN';

export type PropertyDifference = {
  readonly PropertyPath: string;
  readonly ExpectedValue: string;
  readonly ActualValue: string;
  readonly DifferenceType: 'ADD' | 'REMOVE' | 'NOT_EQUAL';
};
export type ResourceDrift = {
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED' | 'UNKNOWN';
  /** Why it could not be checked. */
  readonly reason?: string;
  readonly at: Date;
  readonly actual: JsonObject | undefined;
  readonly differences: readonly PropertyDifference[];
};

/** Under what identity a resource was made that another stack has imported since: its attributes are still those. */
export type Origin = { readonly place: Place; readonly logicalId: string; readonly generation: number };

/** A resource as the stack knows it. Never changed in place: a snapshot of the map is a snapshot of the stack. */
export type LiveResource = {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly generation: number;
  readonly definition: ResourceDefinition;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
  readonly status: string;
  readonly reason: string | undefined;
  readonly updatedAt: Date;
  /** What really stands there: the properties, unless somebody changed or deleted the resource by hand. */
  readonly actual: JsonObject | 'deleted';
  readonly drift: ResourceDrift | undefined;
  /** Of an imported resource only. */
  readonly origin?: Origin | undefined;
};

export type StackEvent = {
  readonly EventId: string;
  readonly StackId: string;
  readonly StackName: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
  readonly Timestamp: Date;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  readonly ResourceProperties?: string;
  readonly ClientRequestToken?: string;
  readonly OperationId?: string;
};

/** All that a template and its parameters decide about a stack. */
export type Definition = {
  readonly template: Template;
  readonly parameters: ResolvedParameters;
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
};

export type Contents = {
  readonly resources: Map<string, LiveResource>;
  outputs: readonly Output[];
  imports: ReadonlySet<string>;
};

/** What was seen of a stack that was placed, and what was not. */
export type Seen = {
  /** Why nobody knows which resources it holds; undefined where they are known. */
  readonly unknown: () => AwsError | undefined;
  /** The outputs as they were seen, wherever they come out as they did at the beginning: secrets and names that AWS gave are not known here. */
  readonly asSeen: (outputs: readonly Output[]) => readonly Output[];
};

/** What an update would go back to, and what it has touched since, in order. */
export type Recovery = {
  readonly definition: Definition;
  readonly resources: ReadonlyMap<string, LiveResource>;
  readonly outputs: readonly Output[];
  readonly imports: ReadonlySet<string>;
  readonly touched: Set<string>;
  /** Whether a rollback brings back what really stood there rather than what the template said. */
  readonly toActual: boolean;
  /** Created by the update, to be deleted when it is rolled back: additions and replacements. */
  readonly created: LiveResource[];
};

export type Operation = {
  readonly id: string;
  readonly type: OperationType;
  readonly token: string | undefined;
  cancel: () => void;
};

export type Stack = {
  readonly id: string;
  readonly name: string;
  place: Place;
  /** Grows with every stack of the account and Region; a page's token is a place in this order. */
  readonly sequence: number;
  readonly createdAt: Date;
  readonly parent: { readonly stackId: string; readonly rootId: string } | undefined;
  definition: Definition;
  roleArn: string | undefined;
  onFailure: OnFailure;
  retainExceptOnCreate: boolean;
  timeoutInMinutes: number | undefined;
  status: string;
  reason: string | undefined;
  updatedAt: Date | undefined;
  deletedAt: Date | undefined;
  terminationProtection: boolean;
  policy: string | undefined;
  /** Stands in for the policy while one update runs. */
  policyDuringUpdate: string | undefined;
  /** Not yet worked out for a stack that was placed and that nobody has looked into. */
  contents: Contents | undefined;
  /** Of a placed stack alone. */
  readonly seen?: Seen;
  readonly events: StackEvent[];
  operations: readonly { readonly OperationType: OperationType; readonly OperationId: string }[];
  operation: Operation | undefined;
  recovery: Recovery | undefined;
  drift: { readonly status: DriftStatus; readonly checkedAt: Date | undefined };
  changeSetId: string | undefined;
  readonly changeSets: Map<string, ChangeSet>;
  readonly waiting: ((stack: Stack) => void)[];
};

export type Moment = 'create' | 'update' | 'delete' | 'read' | 'import' | 'import-rollback';

/** Deliberate failures that a template asks for: `Metadata: { Simulator: { Fail: create | update | … } }`, or a list. */
export function failsOn(metadata: JsonObject, moment: Moment): boolean {
  const simulator = metadata['Simulator'];
  const fail: Json | undefined =
    typeof simulator === 'object' && simulator !== null && !Array.isArray(simulator)
      ? (simulator as JsonObject)['Fail']
      : undefined;
  return fail === moment || (Array.isArray(fail) && fail.includes(moment));
}
