import type {
  ApplicationPolicyStatement,
  PutApplicationPolicyRequest,
  UnshareApplicationRequest,
} from '@aws-sdk/client-serverlessapplicationrepository';
import type { Handler, World } from '../../kernel/contract.js';
import { isPublic, owned, POLICY_ACTIONS } from './access.js';
import type { Application, PolicyStatement } from './application.js';
import { accessDenied, badRequest, notFound } from './refusals.js';
import type { Shelf } from './shelf.js';

const LONGEST_POLICY = 6_144;

/** Who else may use an application: a policy replaces the one before as a whole. */
export function sharingOperations(world: World, shelf: Shelf): Record<string, Handler> {
  return {
    PutApplicationPolicy: (input: PutApplicationPolicyRequest, call) => {
      const application = owned(shelf, input.ApplicationId!, call);
      const policy = (input.Statements ?? []).map((statement) => statementOf(world, statement));
      for (const statement of policy) checkStatement(world, application, statement);
      if (new Set(policy.map(({ StatementId }) => StatementId)).size < policy.length)
        throw badRequest('Statement ids must be unique');
      if (JSON.stringify(policy).length > LONGEST_POLICY)
        throw badRequest(`The policy is longer than ${LONGEST_POLICY} characters`);
      if (isPublic({ ...application, policy })) checkPublishable(application);
      application.policy = policy;
      return { Statements: policy };
    },
    GetApplicationPolicy: (input: { readonly ApplicationId: string }, call) => ({
      Statements: owned(shelf, input.ApplicationId, call).policy,
    }),
    UnshareApplication: (input: UnshareApplicationRequest, call) => {
      const { organizationId, managementAccountId } = world.organization;
      const ours = input.OrganizationId === organizationId && managementAccountId === call.principal.accountId;
      if (!ours) throw accessDenied(call, input.ApplicationId!);
      const application = shelf.get(input.ApplicationId!);
      const shares = ({ PrincipalOrgIDs }: PolicyStatement): boolean => PrincipalOrgIDs.includes(organizationId);
      if (application?.region !== call.region || !application.policy.some(shares))
        throw notFound(`Application with id ${input.ApplicationId} could not be found.`);
      application.policy = application.policy.filter((statement) => !shares(statement));
      application.unsharedBy.add(organizationId);
      return {};
    },
  };
}

const statementOf = (world: World, statement: ApplicationPolicyStatement): PolicyStatement => ({
  StatementId: statement.StatementId ?? world.identifiers.uuid(),
  Principals: statement.Principals ?? [],
  PrincipalOrgIDs: statement.PrincipalOrgIDs ?? [],
  Actions: statement.Actions ?? [],
});

function checkStatement(world: World, application: Application, statement: PolicyStatement): void {
  const { Actions, Principals, PrincipalOrgIDs } = statement;
  const unknown = Actions.find((action) => !POLICY_ACTIONS.has(action));
  if (Actions.length === 0 || unknown !== undefined) throw badRequest(`Action '${unknown ?? ''}' is not supported`);
  const stranger = Principals.find((principal) => principal !== '*' && !/^\d{12}$/.test(principal));
  if (Principals.length === 0 || stranger !== undefined)
    throw badRequest(`Principal '${stranger ?? ''}' is not an account id, nor *`);
  if (PrincipalOrgIDs.length === 0) return;
  const { organizationId, managementAccountId, accounts } = world.organization;
  const member = application.account === managementAccountId || accounts.get(application.account)?.parentId != null;
  if (!member || PrincipalOrgIDs.some((id) => id !== organizationId))
    throw badRequest('An application can only be shared with the organization that its account is a member of');
  if (PrincipalOrgIDs.some((id) => application.unsharedBy.has(id)))
    throw badRequest('The application was unshared from the organization and cannot be shared with it again');
  if (!Actions.includes('UnshareApplication'))
    throw badRequest('To share an application with an organization, UnshareApplication must be among the actions');
}

/** What everybody may use needs a licence and a version whose source can be read. */
function checkPublishable({ licenseUrl, versions }: Application): void {
  if (licenseUrl === undefined) throw badRequest('A public application must have a license');
  if ([...versions.values()].every(({ sourceCodeUrl }) => sourceCodeUrl === undefined))
    throw badRequest('A public application must have a version with a SourceCodeUrl');
}
