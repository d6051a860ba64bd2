import { AwsError, type Call, type Handler, type OrganizationState } from '../kernel/contract.js';
import type { StackDesk, StandingStack } from '../services/cloudformation/engine.js';
import type { JsonObject } from '../templates/json.js';

/** What people can lay hands on. */
export type Reach = {
  readonly stacks: StackDesk;
  readonly organization: OrganizationState;
  readonly cloudFormation: Readonly<Record<string, Handler>>;
};

/** What a deed is done to. */
export type Subject = {
  /** Subjects are chosen from in this order, which does not depend on who made them first. */
  readonly key: string;
  readonly account: string;
  readonly region: string;
  /** As AWS finds it: an id, or a stack set's name. */
  readonly id: string;
  readonly name: string;
  readonly logicalId?: string;
};

const subjectOf = ({ accountId, region, stackId, name }: StandingStack): Subject => ({
  key: `${accountId}/${region}/${name}`,
  account: accountId,
  region,
  id: stackId,
  name,
});

/** Stacks at rest that stand for themselves. */
export const stacksOf = ({ stacks }: Reach): readonly Subject[] =>
  stacks
    .standing()
    .filter(({ nested, status }) => !nested && status.endsWith('_COMPLETE'))
    .map(subjectOf);

/** A world that was read from a file may know less of a place than CloudFormation would. */
function orNothing<Answer>(look: () => Answer, nothing: Answer): Answer {
  try {
    return look();
  } catch (error) {
    if (error instanceof AwsError) return nothing;
    throw error;
  }
}

/** Resources of those stacks, of the first hundred stacks by name: looking into all of a large world would take too long. */
export function resourcesOf(reach: Reach): readonly Subject[] {
  const stacks = [...stacksOf(reach)].sort((left, right) => (left.key < right.key ? -1 : 1)).slice(0, 100);
  return stacks.flatMap((stack) =>
    [
      ...orNothing(
        () => reach.stacks.resources(stack.account, stack.region, stack.id),
        new Map<string, JsonObject>(),
      ).keys(),
    ].map((logicalId) => ({
      ...stack,
      key: `${stack.key}/${logicalId}`,
      name: `${stack.name}/${logicalId}`,
      logicalId,
    })),
  );
}

type ListedSets = { readonly Summaries?: readonly { readonly StackSetName: string }[] };

/** Stack sets that are not deleted, as the accounts see them that they belong to. */
export function stackSetsOf({ stacks, organization, cloudFormation }: Reach): readonly Subject[] {
  const regions = new Set(['us-east-1', ...stacks.standing().map(({ region }) => region)]);
  const places = [...organization.accounts.keys()].flatMap((account) =>
    [...regions].map((region) => ({ account, region })),
  );
  return places.flatMap(({ account, region }) => {
    const call = { principal: { accountId: account, arn: '', userId: '' }, region } as Call;
    const listed = orNothing(() => cloudFormation['ListStackSets']?.({ Status: 'ACTIVE' }, call), {});
    const { Summaries } = (listed ?? {}) as ListedSets;
    return (Summaries ?? []).map(({ StackSetName: name }) => ({
      key: `${account}/${region}/${name}`,
      account,
      region,
      id: name,
      name,
    }));
  });
}
