import { AwsError } from '../../kernel/contract.js';
import type { PlacedStack } from '../../kernel/placed.js';
import { physicalId, type ResourceSubject } from '../../templates/resource-identity.js';
import { evaluateOutputs, standingResources } from './composition.js';
import { areaOf, type Environment } from './environment.js';
import { notSimulated, placedDefinition, whyNotKnown, type PlacedTemplates } from './placed-definition.js';
import { NESTED } from './provisioning.js';
import type { Contents, Definition, DriftStatus, LiveResource, OperationType, Output, Seen, Stack } from './stack.js';

/** States in which no resource of a stack stands, or none is known to. */
const EMPTY = new Set([
  'REVIEW_IN_PROGRESS',
  'CREATE_IN_PROGRESS',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'DELETE_COMPLETE',
]);

/** What a placed stack holds as far as its template tells. */
type Worked = {
  readonly resources: Map<string, LiveResource>;
  imports: ReadonlySet<string>;
  /** As they come out here, which need not be what was seen. */
  readonly outputs: ReadonlyMap<string, Output>;
  readonly unknown: AwsError | undefined;
};

/** The name in a StackId; `region` and `account` are where it stands. */
export function partsOfId(id: string): { readonly region: string; readonly account: string; readonly name: string } {
  const [, , , region = '', account = '', resource = ''] = id.split(':', 6);
  // Not by splitting: emulators put colons into the names of stack set instances' stacks.
  return { region, account, name: /:stack\/([^/]+)/.exec(id)?.[1] ?? resource };
}

/**
 * A stack as it stood when its organization was read. Its template is read when somebody looks at the stack, and its resources are worked
 * out when somebody looks into it; what it was in the middle of, it stays in the middle of.
 */
export function placedStack(environment: Environment, placed: PlacedStack, templates: PlacedTemplates): Stack {
  const { id } = placed;
  const { region, account, name } = partsOfId(id);
  let definition: Definition | undefined;
  let contents: Contents | undefined;
  let worked: Worked | undefined;
  const work = (): Worked => (worked ??= workedOut(environment, stack, placed, whyNotKnown(placed, templates)));
  const stack: Stack = {
    id,
    name,
    place: {
      partition: environment.base.partition,
      accountId: account,
      region,
      stackId: id,
      stackName: name,
      notificationArns: placed.notificationArns ?? [],
    },
    sequence: environment.store.nextSequence(),
    createdAt: new Date(placed.createdAt),
    parent:
      placed.parentId === undefined
        ? undefined
        : { stackId: placed.parentId, rootId: placed.rootId ?? placed.parentId },
    get definition() {
      return (definition ??= placedDefinition(placed, templates));
    },
    set definition(next) {
      definition = next;
    },
    roleArn: placed.roleArn,
    onFailure: placed.disableRollback === true ? 'DO_NOTHING' : 'ROLLBACK',
    retainExceptOnCreate: false,
    timeoutInMinutes: placed.timeoutInMinutes,
    status: placed.status,
    reason: placed.statusReason,
    updatedAt: placed.updatedAt === undefined ? undefined : new Date(placed.updatedAt),
    deletedAt: undefined,
    terminationProtection: placed.terminationProtection ?? false,
    policy: undefined,
    policyDuringUpdate: undefined,
    get contents() {
      return (contents ??= placedContents(work, placed));
    },
    set contents(next) {
      contents = next;
    },
    seen: seenOf(work, placed),
    events: [],
    operations: (placed.operations ?? []).map(({ type, id: operation }) => ({
      OperationType: type as OperationType,
      OperationId: operation,
    })),
    operation: undefined,
    recovery: undefined,
    drift: {
      status: (placed.drift?.status ?? 'NOT_CHECKED') as DriftStatus,
      checkedAt: placed.drift?.checkedAt === undefined ? undefined : new Date(placed.drift.checkedAt),
    },
    changeSetId: undefined,
    changeSets: new Map(),
    waiting: [],
  };
  return stack;
}

/** The outputs that were seen, and resources that the template comes to: what AWS called them is not known, so they have names of ours. */
function placedContents(work: () => Worked, placed: PlacedStack): Contents {
  // Members of its own, and no class, so that a copy of it has them.
  return {
    get resources() {
      return work().resources;
    },
    outputs: (placed.outputs ?? []).map(shownOutput),
    get imports() {
      return work().imports;
    },
    set imports(next) {
      work().imports = next;
    },
  };
}

function seenOf(work: () => Worked, { outputs = [] }: PlacedStack): Seen {
  const seen = new Map(outputs.map((output) => [output.key, shownOutput(output)]));
  return {
    unknown: () => work().unknown,
    asSeen: (next) => next.map((output) => outputAsSeen(output, work().outputs, seen.get(output.OutputKey))),
  };
}

/** Member by member: what comes out as it did at the beginning is what was seen then. */
function outputAsSeen(next: Output, worked: ReadonlyMap<string, Output>, seen: Output | undefined): Output {
  const before = worked.get(next.OutputKey);
  if (before === undefined || seen === undefined) return next;
  const isSame = (member: keyof Output): boolean => next[member] === before[member];
  const { Description, ExportName } = {
    Description: (isSame('Description') ? seen : next).Description,
    ExportName: (isSame('ExportName') ? seen : next).ExportName,
  };
  return {
    OutputKey: next.OutputKey,
    OutputValue: (isSame('OutputValue') ? seen : next).OutputValue,
    ...(Description === undefined ? {} : { Description }),
    ...(ExportName === undefined ? {} : { ExportName }),
  };
}

/** What a placed stack's template comes to. Nothing is known where it cannot be read or evaluated, and that is not the same as nothing being there. */
function workedOut(
  environment: Environment,
  stack: Stack,
  { id, status }: PlacedStack,
  unknown: AwsError | undefined,
): Worked {
  const nothing: Worked = { resources: new Map(), imports: new Set(), outputs: new Map(), unknown: undefined };
  if (EMPTY.has(status)) return nothing;
  if (unknown !== undefined) return { ...nothing, unknown };
  try {
    const { resources, imports, scope } = standingResources(environment, stack, (subject) =>
      identityOf(environment, stack, subject),
    );
    const outputs = new Map(evaluateOutputs(stack.definition, scope).map((output) => [output.OutputKey, output]));
    return { resources, imports, outputs, unknown: undefined };
  } catch (error) {
    if (error instanceof AwsError) return { ...nothing, unknown: notSimulated(id, error) };
    throw error;
  }
}

/** A nested stack stands beside its parent, under the name that CloudFormation gave it. */
function identityOf(environment: Environment, stack: Stack, subject: ResourceSubject): string {
  if (subject.type === NESTED) {
    const prefix = `${stack.name}-${subject.logicalId}-`;
    for (const { id, name, parent } of areaOf(environment, stack).byName.values())
      if (parent?.stackId === stack.id && name.startsWith(prefix)) return id;
  }
  return physicalId(subject);
}

function shownOutput({ key, value, description, exportName }: NonNullable<PlacedStack['outputs']>[number]): Output {
  return {
    OutputKey: key,
    OutputValue: value,
    ...(description === undefined ? {} : { Description: description }),
    ...(exportName === undefined ? {} : { ExportName: exportName }),
  };
}
