import type { VirtualClock } from '../kernel/contract.js';
import { AwsError, type Identifiers } from '../kernel/contract.js';
import type { OrganizationIds } from './identity.js';
import { freshAccount } from './identity.js';
import type { OrganizationTree } from './organization-tree.js';
import { invalidInput } from './refusal.js';
import { type Tag, tagMap } from './tags.js';

type CreateAccountInput = {
  readonly Email: string;
  readonly AccountName: string;
  readonly RoleName?: string;
  readonly Tags?: readonly Tag[];
};

type Creation = {
  readonly Id: string;
  readonly AccountName: string;
  State: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  readonly RequestedTimestamp: Date;
  CompletedTimestamp?: Date;
  AccountId?: string;
  FailureReason?: string;
};

export type AccountCreationParts = {
  readonly tree: OrganizationTree;
  readonly ids: OrganizationIds;
  readonly identifiers: Identifiers;
  readonly clock: VirtualClock;
  /** What the landing zone puts into each account, some time after it joined. */
  readonly baselineRoles: ReadonlyMap<string, string | null>;
};

const CREATION_SECONDS = [20, 90] as const;
/** For so long after it joined, an account has no role but the one that Organizations made. */
const BASELINE_SECONDS = 180;

/** New accounts, made while the caller waits elsewhere and polls. */
export class AccountCreations {
  readonly #creations = new Map<string, Creation>();

  constructor(private readonly parts: AccountCreationParts) {}

  begin(input: CreateAccountInput): Creation {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(input.Email))
      throw invalidInput('INVALID_EMAIL_ADDRESS_TARGET', 'You specified an email address that is not valid.');
    const { clock, identifiers, ids } = this.parts;
    const creation: Creation = {
      Id: ids.creation(),
      AccountName: input.AccountName,
      State: 'IN_PROGRESS',
      RequestedTimestamp: clock.now(),
    };
    this.#creations.set(creation.Id, creation);
    clock.after(identifiers.between(...CREATION_SECONDS, creation.Id), () => this.#finish(creation, input));
    return creation;
  }

  find(id: string): Creation {
    const creation = this.#creations.get(id);
    if (creation === undefined)
      throw new AwsError(
        'CreateAccountStatusNotFoundException',
        "We can't find a create account request with the CreateAccountRequestId that you specified.",
      );
    return creation;
  }

  /** When the organization made the account; undefined where it was there before or came otherwise. */
  madeAt(accountId: string): Date | undefined {
    return [...this.#creations.values()].find(({ AccountId }) => AccountId === accountId)?.CompletedTimestamp;
  }

  /** Newest last; those in one of the states only, where states are given. */
  all(states: readonly string[] | undefined): readonly Creation[] {
    return [...this.#creations.values()].filter(({ State }) => states === undefined || states.includes(State));
  }

  #finish(creation: Creation, input: CreateAccountInput): void {
    const { tree, ids, clock, baselineRoles } = this.parts;
    creation.CompletedTimestamp = clock.now();
    const address = input.Email.toLowerCase();
    if ([...tree.accounts.values()].some(({ email }) => email.toLowerCase() === address)) {
      creation.State = 'FAILED';
      creation.FailureReason = 'EMAIL_ALREADY_EXISTS';
      return;
    }
    const account = freshAccount(clock, {
      id: ids.account(tree.accounts),
      name: input.AccountName,
      email: input.Email,
    });
    account.parentId = tree.rootId;
    account.roles.set(input.RoleName ?? 'OrganizationAccountAccessRole', null);
    for (const [key, value] of tagMap(input.Tags ?? [])) account.tags.set(key, value);
    creation.State = 'SUCCEEDED';
    creation.AccountId = account.id;
    tree.addAccount(account);
    clock.after(BASELINE_SECONDS, () => {
      for (const [name, externalId] of baselineRoles) account.roles.set(name, externalId);
    });
  }
}
