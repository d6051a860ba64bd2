import type { Call, World } from '../../kernel/contract.js';
import type { Application, PolicyStatement } from './application.js';
import { forbidden, notFound } from './refusals.js';

/** From these Regions a public application reaches all others of its partition. */
const HOME_REGIONS = new Set(['us-east-1', 'us-gov-west-1', 'cn-north-1']);

const isPublic = ({ policy }: Application): boolean =>
  policy.some(({ Principals, PrincipalOrgIDs = [] }) => Principals.includes('*') && PrincipalOrgIDs.length === 0);

function isShared(world: World, { policy }: Application, accountId: string): boolean {
  const { organizationId, accounts } = world.organization;
  const member = accounts.get(accountId)?.parentId != null || accountId === world.organization.managementAccountId;
  const inOrganization = ({ PrincipalOrgIDs = [] }: PolicyStatement): boolean =>
    member && organizationId !== null && PrincipalOrgIDs.includes(organizationId);
  return policy.some((statement) => statement.Principals.includes(accountId) || inOrganization(statement));
}

/** Refuses an application that the caller may not use, and one that its Region does not show. */
export function checkReadable(world: World, application: Application, call: Call): void {
  const { accountId } = call.principal;
  const open = isPublic(application);
  if (call.region !== application.region && !(open && HOME_REGIONS.has(application.region)))
    throw notFound(`No application found with ID '${application.id}'`);
  if (application.account === accountId || open || isShared(world, application, accountId)) return;
  throw forbidden(
    `User: ${call.principal.arn} is not authorized to perform: serverlessrepo:${call.operation} on resource: ${application.id}`,
  );
}

/** Only its publisher changes an application, whatever its policy grants. */
export function checkOwned(application: Application, call: Call): void {
  if (application.account === call.principal.accountId && application.region === call.region) return;
  throw forbidden(
    `User: ${call.principal.arn} is not authorized to perform: serverlessrepo:${call.operation} on resource: ${application.id}`,
  );
}
