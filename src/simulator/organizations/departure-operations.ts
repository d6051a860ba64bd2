import { AwsError, type Call, type SimulatedAccount } from '../kernel/contract.js';
import type { Guarded, Organizations } from './context.js';
import { accountNotFound, constraintViolated } from './refusal.js';

type AccountInput = { readonly AccountId: string };

/** How long an account is PENDING_CLOSURE before it is SUSPENDED. */
const CLOSING_SECONDS = 60;
/** How long an account that the organization made has to stay in it. */
const WAITING_SECONDS = 4 * 24 * 3600;
const CLOSING_WINDOW_SECONDS = 30 * 24 * 3600;
/** A tenth of the member accounts may be closed in any thirty days, but ten always may, and never more than a thousand. */
const closable = (members: number): number => Math.min(1_000, Math.max(10, Math.floor(members / 10)));

/** How accounts leave: closed, removed, or by themselves. */
export function departureOperations(context: Organizations): Readonly<Record<string, Guarded>> {
  const closedAt: Date[] = [];
  return {
    CloseAccount: {
      audience: 'management',
      handler: (input: AccountInput) => close(context, memberOf(context, input.AccountId), closedAt),
    },
    RemoveAccountFromOrganization: {
      audience: 'management',
      handler: (input: AccountInput) => leave(context, memberOf(context, input.AccountId)),
    },
    LeaveOrganization: {
      audience: 'members',
      handler: (_input: unknown, call: Call) => leave(context, memberOf(context, call.principal.accountId)),
    },
  };
}

function memberOf({ tree }: Organizations, id: string): SimulatedAccount {
  const account = tree.accounts.get(id);
  if (account === undefined || account.parentId === null) throw accountNotFound();
  return account;
}

function close({ tree, clock }: Organizations, account: SimulatedAccount, closedAt: Date[]): Record<string, never> {
  if (account.id === tree.managementAccountId)
    throw constraintViolated('CANNOT_CLOSE_MANAGEMENT_ACCOUNT', 'You cannot close the management account.');
  if (account.state === 'PENDING_CLOSURE')
    throw new AwsError('ConflictException', 'The request failed because the account is being closed.', 409);
  if (account.state !== 'ACTIVE')
    throw new AwsError('AccountAlreadyClosedException', 'You attempted to close an account that is already closed.');
  administersNothing({ tree }, account);
  const recently = clock.now().getTime() - CLOSING_WINDOW_SECONDS * 1000;
  const members = [...tree.accounts.values()].filter(({ parentId }) => parentId !== null).length - 1;
  if (closedAt.filter((at) => at.getTime() > recently).length >= closable(members))
    throw constraintViolated(
      'CLOSE_ACCOUNT_QUOTA_EXCEEDED',
      'You have exceeded close account quota for the past 30 days.',
    );
  closedAt.push(clock.now());
  account.state = 'PENDING_CLOSURE';
  tree.changed(account.id);
  clock.after(CLOSING_SECONDS, () => {
    account.state = 'SUSPENDED';
    tree.changed(account.id);
  });
  return {};
}

/** What leaves goes on to exist, with what stands in it; the organization just no longer knows it. */
function leave({ tree, clock, creations }: Organizations, account: SimulatedAccount): Record<string, never> {
  if (account.id === tree.managementAccountId)
    throw new AwsError(
      'MasterCannotLeaveOrganizationException',
      "You can't remove a management account from an organization.",
    );
  administersNothing({ tree }, account);
  const madeAt = creations.madeAt(account.id);
  if (madeAt !== undefined && clock.now().getTime() < madeAt.getTime() + WAITING_SECONDS * 1000)
    throw constraintViolated(
      'WAIT_PERIOD_ACTIVE',
      'You must wait until at least four days after the account was created.',
    );
  account.parentId = null;
  tree.changed(account.id);
  return {};
}

function administersNothing({ tree }: Pick<Organizations, 'tree'>, account: SimulatedAccount): void {
  if ((tree.delegatedAdministrators.get(account.id)?.size ?? 0) === 0) return;
  throw constraintViolated(
    'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
    'The account is a delegated administrator.',
  );
}
