import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import type { Announced } from '../model/action.js';
import type { LogicalId } from '../model/identifiers.js';

/**
 * What a change set says that it replaces and removes. CloudFormation lists a resource as conditionally replaced wherever it reads another
 * resource that changes at all; where that other one keeps its identity and only its identity is read, the condition cannot come true.
 */
export function announcedBy(resources: readonly ResourceChange[]): Announced {
  const changes = new Map(resources.map((change) => [change.LogicalResourceId ?? '', change]));
  const replaces = new Set(resources.filter(isForeseen).map(idOf));
  // Whoever reads the identity of what is replaced may be replaced itself, and so on until nobody is added.
  for (let before = -1; before < replaces.size;) {
    before = replaces.size;
    for (const change of resources)
      if (
        change.Replacement === 'Conditional' &&
        !conditionsOf(change).every((detail) => isSteady(detail, changes, replaces))
      )
        replaces.add(idOf(change));
  }
  return {
    replaces: [...replaces],
    removes: [...new Set(resources.filter((change) => change.Action === 'Remove').map(idOf))],
  };
}

const idOf = (change: ResourceChange): LogicalId => change.LogicalResourceId as LogicalId;

/** `Dynamic`: CloudFormation itself does not know yet what will be done to it. */
function isForeseen({ Action, Replacement }: ResourceChange): boolean {
  return Action === 'Dynamic' || (Action === 'Modify' && Replacement === 'True');
}

const conditionsOf = ({ Details }: ResourceChange): readonly (ResourceChangeDetail | null)[] => {
  const conditions = (Details ?? []).filter(({ Target }) => Target?.RequiresRecreation !== 'Never');
  // A condition that is not told cannot be judged.
  return conditions.length === 0 ? [null] : conditions;
};

/** Attributes that name the resource itself, and stay while it is the same one: a table's `Arn`, and not its `StreamArn`. */
function isIdentity(attribute: string, { ResourceType }: ResourceChange): boolean {
  const own = ResourceType?.split('::').at(-1) ?? '';
  return [...IDENTITIES, ...IDENTITIES.map((name) => `${own}${name}`)].includes(attribute);
}

const IDENTITIES = ['Arn', 'ARN', 'Id'];

function isSteady(
  detail: ResourceChangeDetail | null,
  changes: ReadonlyMap<string, ResourceChange>,
  replaces: ReadonlySet<string>,
): boolean {
  const { Target, Evaluation, ChangeSource, CausingEntity } = detail ?? {};
  if (Evaluation !== 'Dynamic' || Target?.RequiresRecreation !== 'Always' || CausingEntity === undefined) return false;
  const [cause = '', attribute = ''] = CausingEntity.split(/\.(.*)/s);
  const read = changes.get(cause);
  if (read?.Action !== 'Modify' || replaces.has(cause)) return false;
  return ChangeSource === 'ResourceReference' || (ChangeSource === 'ResourceAttribute' && isIdentity(attribute, read));
}
