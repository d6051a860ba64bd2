import { AwsError, type Call, type VirtualClock } from './contract.js';

/** Requests a second and how many may come at once, for each account; AWS's published table for Organizations. */
const ORGANIZATIONS: Readonly<Record<string, readonly [rate: number, burst: number]>> = {
  ListAccounts: [8, 12],
  ListParents: [5, 8],
  ListAccountsForParent: [5, 8],
  ListOrganizationalUnitsForParent: [5, 8],
  ListChildren: [6, 10],
  DescribeAccount: [20, 30],
  DescribeOrganizationalUnit: [2, 2],
  DescribeOrganization: [1, 2],
  ListRoots: [1, 2],
  ListTagsForResource: [10, 15],
  ListDelegatedAdministrators: [5, 8],
  ListAWSServiceAccessForOrganization: [1, 3],
  MoveAccount: [2, 3],
};

type Bucket = { tokens: number; at: number };

/** Token buckets that refill by the virtual clock, however it is moved. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly enabled: boolean,
  ) {}

  /** Takes one token for the call, or throws TooManyRequestsException. */
  take(call: Call): void {
    const limit = this.enabled && call.service === 'organizations' ? ORGANIZATIONS[call.operation] : undefined;
    if (limit === undefined) return;
    const [rate, burst] = limit;
    const key = `${call.principal.accountId}/${call.operation}`;
    const now = this.clock.now().getTime();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1)
      throw new AwsError(
        'TooManyRequestsException',
        'AWS Organizations is throttling your requests. Try again later.',
        400,
        { Type: call.operation },
      );
    bucket.tokens -= 1;
  }
}
