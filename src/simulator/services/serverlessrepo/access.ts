import type { Call, World } from '../../kernel/contract.js';
import type { Application, PolicyStatement } from './application.js';
import { accessDenied, badRequest, notFound } from './refusals.js';
import type { Shelf } from './shelf.js';

/** What Deploy stands for in a policy. */
const DEPLOYING = [
  'GetApplication',
  'CreateCloudFormationChangeSet',
  'CreateCloudFormationTemplate',
  'ListApplicationVersions',
  'ListApplicationDependencies',
  'SearchApplications',
] as const;

export type DeployAction = (typeof DEPLOYING)[number];

/** All that a policy can name. */
export const POLICY_ACTIONS: ReadonlySet<string> = new Set([...DEPLOYING, 'Deploy', 'UnshareApplication']);

const ARN = /^arn:[a-z-]+:serverlessrepo:[a-z0-9-]+:(\d{12}):applications\/[a-zA-Z0-9-]+$/;

const isPublicStatement = ({ Principals, PrincipalOrgIDs }: PolicyStatement): boolean =>
  Principals.includes('*') && PrincipalOrgIDs.length === 0;

export const isPublic = ({ policy }: Application): boolean => policy.some(isPublicStatement);

/** Both must hold: the account is named, or everybody is; and it is in the organization, where one is named. */
function grants(world: World, statement: PolicyStatement, accountId: string, action: DeployAction): boolean {
  const { organizationId, managementAccountId, accounts } = world.organization;
  const member = accountId === managementAccountId || accounts.get(accountId)?.parentId != null;
  const { Actions, Principals, PrincipalOrgIDs } = statement;
  return (
    (Actions.includes('Deploy') || Actions.includes(action)) &&
    (Principals.includes('*') || Principals.includes(accountId)) &&
    (PrincipalOrgIDs.length === 0 || (member && organizationId !== null && PrincipalOrgIDs.includes(organizationId)))
  );
}

/** The application, where its policy lets the caller do this. A stranger is not told whether there is one; private and shared ones exist in their own Region only. */
export function permitted(world: World, shelf: Shelf, id: string, call: Call, action: DeployAction): Application {
  const { accountId } = call.principal;
  const application = shelf.get(id);
  const here =
    application !== undefined && (application.region === call.region || isPublic(application))
      ? application
      : undefined;
  if (ownerOf(id) === accountId) {
    if (here === undefined) throw missing(id);
    return here;
  }
  if (here === undefined || !here.policy.some((statement) => grants(world, statement, accountId, action)))
    throw accessDenied(call, id);
  return here;
}

/** The caller's own application: only its publisher changes one, in its Region, whatever its policy grants. */
export function owned(shelf: Shelf, id: string, call: Call): Application {
  if (ownerOf(id) !== call.principal.accountId) throw accessDenied(call, id);
  const application = shelf.get(id);
  if (application === undefined || application.region !== call.region) throw missing(id);
  return application;
}

function ownerOf(id: string): string {
  const account = ARN.exec(id)?.[1];
  if (account === undefined) throw badRequest(`'${id}' is not the ARN of an application`);
  return account;
}

const missing = (id: string) => notFound(`Application with id ${id} could not be found.`);
