import { AwsError, type SimulatedAccount } from '../kernel/contract.js';
import type { Guarded, Organizations } from './context.js';
import { pageOf, type PageRequest } from './page.js';
import { accountNotFound, parentNotFound } from './refusal.js';
import { accountView } from './view.js';

type AccountInput = { readonly AccountId: string };
type MoveInput = AccountInput & { readonly SourceParentId: string; readonly DestinationParentId: string };
type CreateInput = Parameters<Organizations['creations']['begin']>[0];

/** Accounts: seen, made and moved. */
export function accountOperations(context: Organizations): Readonly<Record<string, Guarded>> {
  const { tree, creations } = context;
  const accountOf = ({ AccountId }: AccountInput): SimulatedAccount => {
    const account = tree.accounts.get(AccountId);
    if (account === undefined || account.parentId === null) throw accountNotFound();
    return account;
  };
  return {
    ListAccounts: {
      audience: 'readers',
      handler: (input: PageRequest) => {
        const members = [...tree.accounts.values()].filter((account) => account.parentId !== null);
        const { items, next } = pageOf('accounts', members, input);
        return { Accounts: items.map((account) => accountView(context, account)), ...next };
      },
    },
    ListAccountsForParent: {
      audience: 'readers',
      handler: (input: PageRequest & { readonly ParentId: string }) => {
        if (!tree.isParent(input.ParentId)) throw parentNotFound();
        const { items, next } = pageOf(`accounts/${input.ParentId}`, tree.accountsIn(input.ParentId), input);
        return { Accounts: items.map((account) => accountView(context, account)), ...next };
      },
    },
    DescribeAccount: {
      audience: 'readers',
      handler: (input: AccountInput) => ({ Account: accountView(context, accountOf(input)) }),
    },
    CreateAccount: {
      audience: 'management',
      handler: (input: CreateInput) => ({ CreateAccountStatus: creations.begin(input) }),
    },
    DescribeCreateAccountStatus: {
      audience: 'readers',
      handler: (input: { readonly CreateAccountRequestId: string }) => ({
        CreateAccountStatus: creations.find(input.CreateAccountRequestId),
      }),
    },
    ListCreateAccountStatus: {
      audience: 'readers',
      handler: (input: PageRequest & { readonly States?: readonly string[] }) => {
        const { items, next } = pageOf('creations', creations.all(input.States), input);
        return { CreateAccountStatuses: items, ...next };
      },
    },
    MoveAccount: { audience: 'management', handler: (input: MoveInput) => move(context, accountOf(input), input) },
  };
}

function move({ tree }: Organizations, account: SimulatedAccount, input: MoveInput): Record<string, never> {
  if (account.parentId !== input.SourceParentId) {
    throw new AwsError(
      'SourceParentNotFoundException',
      "You specified a source parent that doesn't exist or doesn't contain the account.",
    );
  }
  if (!tree.isParent(input.DestinationParentId)) {
    throw new AwsError(
      'DestinationParentNotFoundException',
      "You specified a destination container that doesn't exist.",
    );
  }
  if (input.SourceParentId === input.DestinationParentId) {
    throw new AwsError('DuplicateAccountException', 'That account is already present in the specified destination.');
  }
  account.parentId = input.DestinationParentId;
  tree.changed(account.id);
  return {};
}
