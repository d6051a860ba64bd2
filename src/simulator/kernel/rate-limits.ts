import { AwsError, type Call, type OrganizationState, type VirtualClock } from './contract.js';

/** Requests a second, and how many may come at once. */
type Rate = readonly [perSecond: number, burst: number];
type Limit = { readonly account: Rate; readonly organization?: Rate };

const LISTING: Limit = { account: [5, 8], organization: [6, 10] };
const DESCRIPTION: Limit = { account: [2, 2], organization: [2, 3] };

/** AWS's published table for Organizations: what each account may ask, and what all accounts of the organization may together. */
export const ORGANIZATIONS_LIMITS: Readonly<Record<string, Limit>> = {
  ListAccounts: { account: [8, 12], organization: [9, 15] },
  ListParents: LISTING,
  ListAccountsForParent: LISTING,
  ListOrganizationalUnitsForParent: LISTING,
  ListChildren: { account: [6, 10], organization: [7, 12] },
  DescribeAccount: { account: [20, 30], organization: [24, 36] },
  DescribeOrganizationalUnit: DESCRIPTION,
  DescribeOrganization: { account: [1, 2] },
  ListRoots: { account: [1, 2], organization: [1, 3] },
  ListTagsForResource: { account: [10, 15], organization: [12, 18] },
  ListDelegatedAdministrators: LISTING,
  ListAWSServiceAccessForOrganization: { account: [1, 3], organization: [1, 4] },
  MoveAccount: { account: [2, 3] },
};

/** CloudTrail's, for each account and Region: two a second, also where nobody else is held to anything. */
export const CLOUDTRAIL_LIMITS: Readonly<Record<string, Rate>> = { LookupEvents: [2, 2] };

type Bucket = { tokens: number; at: number };

/** Token buckets that refill by the virtual clock, however it is moved. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: VirtualClock,
    /** Whose accounts are held to the limits; null where nobody is. */
    private readonly organization: Pick<OrganizationState, 'organizationId' | 'accounts'> | null,
  ) {}

  /** Takes a token of the caller's account and one of its organization, or throws what the service calls it and takes none. */
  take({ service, operation, principal, region }: Call): void {
    if (service === 'cloudtrail') this.#takeOfTrail(`${principal.accountId}/${region}/${operation}`, operation);
    const { organization } = this;
    const limit = service === 'organizations' ? ORGANIZATIONS_LIMITS[operation] : undefined;
    if (organization === null || limit === undefined) return;
    const { accountId } = principal;
    const buckets = [this.#filled(`${accountId}/${operation}`, limit.account)];
    const member = organization.accounts.get(accountId)?.parentId != null;
    if (member && limit.organization !== undefined)
      buckets.push(this.#filled(`${organization.organizationId}/${operation}`, limit.organization));
    if (buckets.some(({ tokens }) => tokens < 1))
      throw new AwsError(
        'TooManyRequestsException',
        'AWS Organizations is throttling your requests. Try again later.',
        400,
        { Type: operation },
      );
    for (const bucket of buckets) bucket.tokens -= 1;
  }

  #takeOfTrail(key: string, operation: string): void {
    const limit = CLOUDTRAIL_LIMITS[operation];
    if (limit === undefined) return;
    const bucket = this.#filled(key, limit);
    if (bucket.tokens < 1) throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
    bucket.tokens -= 1;
  }

  #filled(key: string, [rate, burst]: Rate): Bucket {
    const now = this.clock.now().getTime();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * rate);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
