import {
  CloseAccountCommand,
  CreateAccountCommand,
  DescribeAccountCommand,
  DescribeCreateAccountStatusCommand,
  LeaveOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListCreateAccountStatusCommand,
  ListTagsForResourceCommand,
  MoveAccountCommand,
  RemoveAccountFromOrganizationCommand,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { assumption, document, model, type Chapter } from '../specification.js';
import { created, newAccount, newUnit, refused, rootOf, seasonedAccount } from './fixtures.js';

const CREATE = document('Organizations API Reference, CreateAccount');
const CLOSE = document('Organizations API Reference, CloseAccount');
const WAITING = model('Organizations 2016-11-28, ConstraintViolationException');
const MOVE = document('Organizations API Reference, MoveAccount');

const createAccount: Chapter = {
  service: 'Organizations',
  operation: 'CreateAccount',
  sentences: [
    {
      says: 'answers a request that is IN_PROGRESS, and no account yet',
      source: CREATE,
      differs: { moto: 'answers SUCCEEDED at once', ministack: 'answers SUCCEEDED at once' },
      test: async (aws) => {
        const name = aws.unique('account');
        const { CreateAccountStatus: status } = await aws
          .organizations()
          .send(new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }));
        expect(status).toMatchObject({ State: 'IN_PROGRESS', AccountName: name });
        expect(status).not.toHaveProperty('AccountId');
      },
    },
    {
      says: 'puts the new account below the root, ACTIVE, with the tags that came with the request',
      source: CREATE,
      differs: { ministack: 'gives no State' },
      test: async (aws) => {
        const { AccountId } = await created(aws, { Tags: [{ Key: 'team', Value: 'audit' }] });
        const client = aws.organizations();
        const { Account } = await client.send(new DescribeAccountCommand({ AccountId: AccountId! }));
        expect(Account).toMatchObject({ Id: AccountId, State: 'ACTIVE' });
        const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceId: AccountId! }));
        expect(Tags).toEqual([{ Key: 'team', Value: 'audit' }]);
      },
    },
    {
      says: 'makes the role OrganizationAccountAccessRole in the new account, or the one that RoleName names',
      source: CREATE,
      test: async (aws) => {
        for (const [input, role] of [
          [{}, 'OrganizationAccountAccessRole'],
          [{ RoleName: 'entrance' }, 'entrance'],
        ] as const) {
          const { AccountId } = await created(aws, input);
          const command = new AssumeRoleCommand({
            RoleArn: `arn:aws:iam::${AccountId}:role/${role}`,
            RoleSessionName: 'onlooker',
          });
          const { AssumedRoleUser } = await aws.sts(aws.management).send(command);
          expect(AssumedRoleUser?.Arn).toContain(AccountId);
        }
      },
    },
    {
      says: 'ends FAILED with EMAIL_ALREADY_EXISTS where the address belongs to an account',
      source: model('Organizations 2016-11-28, CreateAccountFailureReason'),
      differs: { moto: 'makes a second account', ministack: 'makes a second account' },
      test: async (aws) => {
        const Email = `${aws.unique('taken')}@example.com`;
        await created(aws, { Email });
        expect(await created(aws, { Email })).toMatchObject({ State: 'FAILED', FailureReason: 'EMAIL_ALREADY_EXISTS' });
      },
    },
    {
      says: 'takes addresses that differ in capitals only for one, and makes one account of two requests for it at a time',
      source: assumption('a sign-in address is not told from another by capitals'),
      differs: { moto: 'makes both accounts', ministack: 'makes both accounts' },
      test: async (aws) => {
        const address = `${aws.unique('same')}@example.com`;
        const client = aws.organizations();
        const ids: string[] = [];
        for (const Email of [address.toUpperCase(), address]) {
          const asked = await client.send(new CreateAccountCommand({ AccountName: 'same', Email }));
          ids.push(asked.CreateAccountStatus!.Id!);
        }
        const ends: (string | undefined)[] = [];
        for (const CreateAccountRequestId of ids) {
          const { CreateAccountStatus: status } = await aws.until(
            () => client.send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId })),
            (answer) => answer.CreateAccountStatus?.State !== 'IN_PROGRESS',
          );
          ends.push(status!.FailureReason ?? status!.State);
        }
        expect(ends.sort()).toEqual(['EMAIL_ALREADY_EXISTS', 'SUCCEEDED']);
      },
    },
    {
      says: 'refuses what is no e-mail address',
      source: model('Organizations 2016-11-28, Email'),
      differs: { moto: 'takes anything', ministack: 'takes anything' },
      test: async (aws) => {
        const command = new CreateAccountCommand({ AccountName: aws.unique('account'), Email: 'nobody' });
        await expect(aws.organizations().send(command)).rejects.toEqual(refused('InvalidInputException'));
      },
    },
    {
      says: 'is refused to everybody but the management account',
      source: document('Organizations User Guide, Creating a member account'),
      differs: { moto: 'lets a member create accounts', ministack: 'lets a member create accounts of its own' },
      test: async (aws) => {
        const command = new CreateAccountCommand({ AccountName: 'mine', Email: `${aws.unique('mine')}@example.com` });
        await expect(aws.organizations(aws.members[0]).send(command)).rejects.toEqual(refused('AccessDeniedException'));
      },
    },
  ],
};

const describeCreateAccountStatus: Chapter = {
  service: 'Organizations',
  operation: 'DescribeCreateAccountStatus',
  sentences: [
    {
      says: 'names the account once the request has SUCCEEDED',
      source: document('Organizations API Reference, DescribeCreateAccountStatus'),
      test: async (aws) => {
        const status = await created(aws);
        expect(status).toMatchObject({ State: 'SUCCEEDED', AccountId: expect.stringMatching(/^\d{12}$/) as string });
        expect(status.CompletedTimestamp).toBeInstanceOf(Date);
      },
    },
    {
      says: 'refuses a request that was never made',
      source: model('Organizations 2016-11-28, CreateAccountStatusNotFoundException'),
      differs: { moto: 'answers AccountNotFoundException' },
      test: async (aws) => {
        const CreateAccountRequestId = `car-${'0'.repeat(32)}`;
        await expect(
          aws.organizations().send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId })),
        ).rejects.toEqual(refused('CreateAccountStatusNotFoundException'));
      },
    },
  ],
};

const listCreateAccountStatus: Chapter = {
  service: 'Organizations',
  operation: 'ListCreateAccountStatus',
  lacks: { ministack: 'answers that there is no such operation' },
  sentences: [
    {
      says: 'lists requests in the states that are asked for',
      source: document('Organizations API Reference, ListCreateAccountStatus'),
      test: async (aws) => {
        const { Id } = await created(aws);
        const inState = async (state: 'SUCCEEDED' | 'FAILED') => {
          const answer = await aws.organizations().send(new ListCreateAccountStatusCommand({ States: [state] }));
          return answer.CreateAccountStatuses!.map((status) => status.Id);
        };
        expect(await inState('SUCCEEDED')).toContain(Id);
        expect(await inState('FAILED')).not.toContain(Id);
      },
    },
  ],
};

const describeAccount: Chapter = {
  service: 'Organizations',
  operation: 'DescribeAccount',
  sentences: [
    {
      says: 'gives the account’s state as State',
      source: model('Organizations 2016-11-28, Account'),
      differs: { ministack: 'knows Status only' },
      test: async (aws) => {
        const { Account } = await aws.organizations().send(new DescribeAccountCommand({ AccountId: aws.members[0] }));
        expect(Account).toMatchObject({ Id: aws.members[0], Name: 'member-1', State: 'ACTIVE' });
      },
    },
    {
      says: 'gives no Status, which was to be retired on 9 September 2026',
      source: model('Organizations 2016-11-28, Account$Status'),
      differs: { moto: 'still gives it', ministack: 'still gives it' },
      test: async (aws) => {
        const { Account } = await aws.organizations().send(new DescribeAccountCommand({ AccountId: aws.members[0] }));
        expect(Account).toHaveProperty('Id');
        expect(Account).not.toHaveProperty('Status');
      },
    },
    {
      says: 'gives the way from the organization through root and units to the account as Paths',
      source: model('Organizations 2016-11-28, Account$Paths'),
      differs: { moto: 'knows no Paths', ministack: 'knows no Paths' },
      test: async (aws) => {
        const root = await rootOf(aws);
        const above = await newUnit(aws, root);
        const unit = await newUnit(aws, above.Id);
        const AccountId = await newAccount(aws);
        await aws
          .organizations()
          .send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: unit.Id }));
        const { Account } = await aws.organizations().send(new DescribeAccountCommand({ AccountId }));
        expect(Account!.Paths).toEqual([
          expect.stringMatching(`^o-[a-z0-9]+/${root}/${above.Id}/${unit.Id}/${AccountId}/$`),
        ]);
      },
    },
    {
      says: 'answers AccountNotFoundException for an account that is not in the organization',
      source: model('Organizations 2016-11-28, AccountNotFoundException'),
      test: async (aws) => {
        await expect(
          aws.organizations().send(new DescribeAccountCommand({ AccountId: '999999999999' })),
        ).rejects.toEqual(refused('AccountNotFoundException'));
      },
    },
    {
      says: 'is answered to the management account and delegated administrators, and to no other member',
      source: document('Organizations API Reference, DescribeAccount'),
      differs: {
        moto: 'tells a member that it is in no organization',
        ministack: 'answers a member that its own organization has no such account',
      },
      test: async (aws) => {
        const command = new DescribeAccountCommand({ AccountId: aws.members[1] });
        await expect(aws.organizations(aws.members[0]).send(command)).rejects.toEqual(refused('AccessDeniedException'));
      },
    },
  ],
};

const listAccounts: Chapter = {
  service: 'Organizations',
  operation: 'ListAccounts',
  sentences: [
    {
      says: 'lists every account of the organization, the management account among them',
      source: document('Organizations API Reference, ListAccounts'),
      test: async (aws) => {
        const ids: (string | undefined)[] = [];
        let NextToken: string | undefined;
        do {
          const page = await aws
            .organizations()
            .send(new ListAccountsCommand(NextToken === undefined ? {} : { NextToken }));
          ids.push(...page.Accounts!.map((account) => account.Id));
          ({ NextToken } = page);
        } while (NextToken !== undefined);
        expect(ids).toEqual(expect.arrayContaining([aws.management, ...aws.members]));
        expect(new Set(ids).size).toBe(ids.length);
      },
    },
  ],
};

const listAccountsForParent: Chapter = {
  service: 'Organizations',
  operation: 'ListAccountsForParent',
  sentences: [
    {
      says: 'lists the accounts directly below the parent, and none of those below its units',
      source: document('Organizations API Reference, ListAccountsForParent'),
      test: async (aws) => {
        const root = await rootOf(aws);
        const above = await newUnit(aws, root);
        const below = await newUnit(aws, above.Id);
        const AccountId = await newAccount(aws);
        const client = aws.organizations();
        await client.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: below.Id }));
        const inside = async (ParentId: string) =>
          (await client.send(new ListAccountsForParentCommand({ ParentId }))).Accounts!.map((account) => account.Id);
        expect(await inside(below.Id)).toEqual([AccountId]);
        expect(await inside(above.Id)).toEqual([]);
      },
    },
    {
      says: 'answers ParentNotFoundException for a unit that is not there',
      source: model('Organizations 2016-11-28, ParentNotFoundException'),
      differs: { ministack: 'lists nothing' },
      test: async (aws) => {
        await expect(
          aws.organizations().send(new ListAccountsForParentCommand({ ParentId: 'ou-none-00000000' })),
        ).rejects.toEqual(refused('ParentNotFoundException'));
      },
    },
  ],
};

const moveAccount: Chapter = {
  service: 'Organizations',
  operation: 'MoveAccount',
  sentences: [
    {
      says: 'takes the account from one parent to the other at once',
      source: MOVE,
      test: async (aws) => {
        const [root, unit, AccountId] = [await rootOf(aws), await newUnit(aws), await newAccount(aws)];
        const client = aws.organizations();
        await client.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: unit.Id }));
        const { Accounts } = await client.send(new ListAccountsForParentCommand({ ParentId: unit.Id }));
        expect(Accounts).toMatchObject([{ Id: AccountId }]);
      },
    },
    {
      says: 'answers SourceParentNotFoundException where the account is elsewhere',
      source: MOVE,
      differs: { moto: 'moves the account', ministack: 'moves the account' },
      test: async (aws) => {
        const [one, other, AccountId] = [await newUnit(aws), await newUnit(aws), await newAccount(aws)];
        await expect(
          aws
            .organizations()
            .send(new MoveAccountCommand({ AccountId, SourceParentId: one.Id, DestinationParentId: other.Id })),
        ).rejects.toEqual(refused('SourceParentNotFoundException'));
      },
    },
    {
      says: 'answers DestinationParentNotFoundException where there is no such unit',
      source: MOVE,
      differs: { moto: 'answers ParentNotFoundException' },
      test: async (aws) => {
        const [root, AccountId] = [await rootOf(aws), await newAccount(aws)];
        await expect(
          aws
            .organizations()
            .send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: 'ou-none-00000000' })),
        ).rejects.toEqual(refused('DestinationParentNotFoundException'));
      },
    },
    {
      says: 'answers DuplicateAccountException where the account is there already',
      source: MOVE,
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const [root, AccountId] = [await rootOf(aws), await newAccount(aws)];
        await expect(
          aws
            .organizations()
            .send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: root })),
        ).rejects.toEqual(refused('DuplicateAccountException'));
      },
    },
    {
      says: 'answers AccountNotFoundException for an account that is not in the organization',
      source: MOVE,
      test: async (aws) => {
        const [root, unit] = [await rootOf(aws), await newUnit(aws)];
        await expect(
          aws
            .organizations()
            .send(
              new MoveAccountCommand({ AccountId: '999999999999', SourceParentId: root, DestinationParentId: unit.Id }),
            ),
        ).rejects.toEqual(refused('AccountNotFoundException'));
      },
    },
  ],
};

const closeAccount: Chapter = {
  service: 'Organizations',
  operation: 'CloseAccount',
  sentences: [
    {
      says: 'leaves the account PENDING_CLOSURE, and SUSPENDED a few minutes later, still in its unit',
      source: CLOSE,
      differs: { moto: 'suspends the account at once', ministack: 'suspends the account at once and knows no State' },
      test: async (aws) => {
        const AccountId = await newAccount(aws);
        const client = aws.organizations();
        const state = async () => (await client.send(new DescribeAccountCommand({ AccountId }))).Account?.State;
        await client.send(new CloseAccountCommand({ AccountId }));
        expect(await state()).toBe('PENDING_CLOSURE');
        expect(await aws.until(state, (now) => now !== 'PENDING_CLOSURE')).toBe('SUSPENDED');
        const { Accounts } = await client.send(new ListAccountsForParentCommand({ ParentId: await rootOf(aws) }));
        expect(Accounts!.map((account) => account.Id)).toContain(AccountId);
      },
    },
    {
      says: 'answers AccountAlreadyClosedException for an account that is closed',
      source: CLOSE,
      test: async (aws) => {
        const AccountId = await newAccount(aws);
        const client = aws.organizations();
        await client.send(new CloseAccountCommand({ AccountId }));
        const again = () =>
          client.send(new CloseAccountCommand({ AccountId })).then(
            () => 'accepted',
            (error: Error) => error.name,
          );
        expect(await aws.until(again, (name) => name !== 'ConflictException')).toBe('AccountAlreadyClosedException');
      },
    },
    {
      says: 'answers ConflictException for an account that is being closed',
      source: assumption('the error is modelled for this operation, without saying when'),
      differs: { moto: 'calls it closed', ministack: 'closes it at once' },
      test: async (aws) => {
        const AccountId = await newAccount(aws);
        const client = aws.organizations();
        await client.send(new CloseAccountCommand({ AccountId }));
        await expect(client.send(new CloseAccountCommand({ AccountId }))).rejects.toEqual(refused('ConflictException'));
      },
    },
    {
      says: 'refuses to close the management account',
      source: CLOSE,
      alone: 'an emulator that does close it is of no use to the other sentences',
      test: async (aws) => {
        await expect(aws.organizations().send(new CloseAccountCommand({ AccountId: aws.management }))).rejects.toEqual(
          refused('ConstraintViolationException', 'CANNOT_CLOSE_MANAGEMENT_ACCOUNT'),
        );
      },
    },
    {
      says: 'closes a tenth of the member accounts in thirty days, ten at least, and then answers CLOSE_ACCOUNT_QUOTA_EXCEEDED',
      source: document('Organizations User Guide, Quotas for AWS Organizations'),
      alone: 'an emulator that is shared would lose its accounts',
      test: async (aws) => {
        const client = aws.organizations();
        const accounts: string[] = [];
        for (let n = 0; n < 11; n += 1) accounts.push(await newAccount(aws));
        for (const AccountId of accounts.slice(1)) await client.send(new CloseAccountCommand({ AccountId }));
        const last = new CloseAccountCommand({ AccountId: accounts[0]! });
        await expect(client.send(last)).rejects.toEqual(
          refused('ConstraintViolationException', 'CLOSE_ACCOUNT_QUOTA_EXCEEDED'),
        );
        aws.simulator.world.clock.advance(31 * 24 * 3600);
        await client.send(last);
      },
    },
  ],
};

const removeAccountFromOrganization: Chapter = {
  service: 'Organizations',
  operation: 'RemoveAccountFromOrganization',
  lacks: { ministack: 'answers that there is no such operation' },
  sentences: [
    {
      says: 'takes the account out of every listing',
      source: document('Organizations API Reference, RemoveAccountFromOrganization'),
      test: async (aws) => {
        const AccountId = await seasonedAccount(aws);
        const client = aws.organizations();
        await client.send(new RemoveAccountFromOrganizationCommand({ AccountId }));
        await expect(client.send(new DescribeAccountCommand({ AccountId }))).rejects.toEqual(
          refused('AccountNotFoundException'),
        );
      },
    },
    {
      says: 'answers WAIT_PERIOD_ACTIVE for an account that the organization made less than four days ago',
      source: WAITING,
      differs: { moto: 'lets it go at once' },
      test: async (aws) => {
        const AccountId = await newAccount(aws);
        await expect(aws.organizations().send(new RemoveAccountFromOrganizationCommand({ AccountId }))).rejects.toEqual(
          refused('ConstraintViolationException', 'WAIT_PERIOD_ACTIVE'),
        );
      },
    },
    {
      says: 'lets go at once an account that it did not make',
      source: WAITING,
      alone: 'an emulator that is shared would lose its accounts',
      test: async (aws) => {
        const [AccountId] = aws.members;
        await aws.organizations().send(new RemoveAccountFromOrganizationCommand({ AccountId }));
      },
    },
    {
      says: 'refuses the management account',
      source: document('Organizations API Reference, RemoveAccountFromOrganization'),
      differs: { moto: 'answers AWSOrganizationsNotInUseException' },
      test: async (aws) => {
        await expect(
          aws.organizations().send(new RemoveAccountFromOrganizationCommand({ AccountId: aws.management })),
        ).rejects.toEqual(refused('MasterCannotLeaveOrganizationException'));
      },
    },
  ],
};

const leaveOrganization: Chapter = {
  service: 'Organizations',
  operation: 'LeaveOrganization',
  lacks: { moto: 'answers a page of HTML', ministack: 'answers that there is no such operation' },
  sentences: [
    {
      says: 'takes the account that calls out of the organization',
      source: document('Organizations API Reference, LeaveOrganization'),
      test: async (aws) => {
        const AccountId = await seasonedAccount(aws);
        await aws.organizations(AccountId).send(new LeaveOrganizationCommand({}));
        await expect(aws.organizations().send(new DescribeAccountCommand({ AccountId }))).rejects.toEqual(
          refused('AccountNotFoundException'),
        );
      },
    },
    {
      says: 'answers WAIT_PERIOD_ACTIVE for an account that the organization made less than four days ago',
      source: WAITING,
      test: async (aws) => {
        const AccountId = await newAccount(aws);
        await expect(aws.organizations(AccountId).send(new LeaveOrganizationCommand({}))).rejects.toEqual(
          refused('ConstraintViolationException', 'WAIT_PERIOD_ACTIVE'),
        );
      },
    },
  ],
};

export const accountChapters: readonly Chapter[] = [
  createAccount,
  describeCreateAccountStatus,
  listCreateAccountStatus,
  describeAccount,
  listAccounts,
  listAccountsForParent,
  moveAccount,
  closeAccount,
  removeAccountFromOrganization,
  leaveOrganization,
];
