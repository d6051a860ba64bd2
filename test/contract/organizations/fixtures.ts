import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  DescribeCreateAccountStatusCommand,
  ListRootsCommand,
  type CreateAccountCommandInput,
  type CreateAccountStatus,
} from '@aws-sdk/client-organizations';
import { expect } from 'vitest';
import type { Aws, SimulatedAws } from '../specification.js';

/** What AWS answers, by the name of the SDK's error and, where it matters, the reason. */
export const refused = (name: string, Reason?: string): object =>
  expect.objectContaining({ name, ...(Reason === undefined ? {} : { Reason }) }) as object;

export async function rootOf(aws: Aws): Promise<string> {
  return (await aws.organizations().send(new ListRootsCommand({}))).Roots![0]!.Id!;
}

/** A new unit below the root, or below that parent. */
export async function newUnit(aws: Aws, parent?: string): Promise<{ readonly Id: string; readonly Name: string }> {
  const ParentId = parent ?? (await rootOf(aws));
  const command = new CreateOrganizationalUnitCommand({ ParentId, Name: aws.unique('unit') });
  const { OrganizationalUnit } = await aws.organizations().send(command);
  return { Id: OrganizationalUnit!.Id!, Name: OrganizationalUnit!.Name! };
}

/** How the creation of an account ended. */
export async function created(aws: Aws, input: Partial<CreateAccountCommandInput> = {}): Promise<CreateAccountStatus> {
  const name = aws.unique('account');
  const asked = await aws
    .organizations()
    .send(new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com`, ...input }));
  const CreateAccountRequestId = asked.CreateAccountStatus!.Id!;
  const answer = await aws.until(
    () => aws.organizations().send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId })),
    ({ CreateAccountStatus: status }) => status?.State !== 'IN_PROGRESS',
  );
  return answer.CreateAccountStatus!;
}

/** A new account, at the root. */
export async function newAccount(aws: Aws): Promise<string> {
  return (await created(aws)).AccountId!;
}

const isSimulated = (aws: Aws): aws is SimulatedAws => 'simulator' in aws;

/** A new account, at the root, that has waited long enough to be let go; emulators let go at once. */
export async function seasonedAccount(aws: Aws): Promise<string> {
  const AccountId = await newAccount(aws);
  if (isSimulated(aws)) aws.simulator.world.clock.advance(4 * 24 * 3600);
  return AccountId;
}
