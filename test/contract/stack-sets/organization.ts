import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateOrganizationalUnitCommand,
  EnableAWSServiceAccessCommand,
  ListParentsCommand,
  ListRootsCommand,
  MoveAccountCommand,
  RegisterDelegatedAdministratorCommand,
} from '@aws-sdk/client-organizations';
import type { Aws } from '../specification.js';
import { role } from './templates.js';

export const ADMINISTRATION = 'AWSCloudFormationStackSetAdministrationRole';
export const EXECUTION = 'AWSCloudFormationStackSetExecutionRole';
const PRINCIPAL = 'member.org.stacksets.cloudformation.amazonaws.com';

/** Gives the administrator and the targets the roles of self-managed permissions, as AWS documents them: by stacks. */
export async function trust(aws: Aws, targets: readonly string[], administrator = aws.management): Promise<void> {
  await deployRole(aws, administrator, ADMINISTRATION, { Service: 'cloudformation.amazonaws.com' });
  for (const target of targets) await deployRole(aws, target, EXECUTION, { AWS: `arn:aws:iam::${administrator}:root` });
}

async function deployRole(aws: Aws, account: string, name: string, trusts: object): Promise<void> {
  const client = aws.cloudFormation(account);
  try {
    await client.send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody: role(name, trusts),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
  } catch (error) {
    // Emulators keep their accounts from sentence to sentence.
    if (error instanceof Error && error.name === 'AlreadyExistsException') return;
    throw error;
  }
  await aws.until(
    async () => (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks![0]!.StackStatus,
    (status) => status === 'CREATE_COMPLETE',
  );
}

export async function rootOf(aws: Aws): Promise<string> {
  const { Roots } = await aws.organizations().send(new ListRootsCommand({}));
  return Roots![0]!.Id!;
}

/** A unit of its own, below the root or another unit, with these accounts in it. */
export async function unitWith(aws: Aws, accounts: readonly string[], parent?: string): Promise<string> {
  const { OrganizationalUnit } = await aws
    .organizations()
    .send(new CreateOrganizationalUnitCommand({ ParentId: parent ?? (await rootOf(aws)), Name: aws.unique('unit') }));
  const unit = OrganizationalUnit!.Id!;
  for (const account of accounts) await move(aws, account, unit);
  return unit;
}

export async function move(aws: Aws, account: string, unit: string): Promise<void> {
  const { Parents } = await aws.organizations().send(new ListParentsCommand({ ChildId: account }));
  await aws
    .organizations()
    .send(new MoveAccountCommand({ AccountId: account, SourceParentId: Parents![0]!.Id, DestinationParentId: unit }));
}

/** Makes an account a delegated administrator for stack sets. */
export async function delegate(aws: Aws, account: string): Promise<void> {
  await aws.organizations().send(new EnableAWSServiceAccessCommand({ ServicePrincipal: PRINCIPAL }));
  try {
    await aws
      .organizations()
      .send(new RegisterDelegatedAdministratorCommand({ AccountId: account, ServicePrincipal: PRINCIPAL }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AccountAlreadyRegisteredException') throw error;
  }
}

/** A stack set with service-managed permissions that deploys only when it is told to. */
export const MANAGED = { PermissionModel: 'SERVICE_MANAGED', AutoDeployment: { Enabled: false } } as const;
/** One that follows accounts into and out of its units. */
export const AUTOMATIC = {
  PermissionModel: 'SERVICE_MANAGED',
  AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
} as const;
/** Accounts that nobody ever gave a role: operations of a self-managed stack set fail there. */
export const strangers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => String(900_000_000_001 + index));
