import type { PlacedRegion, PlacedStackSets } from './placed.js';
import type { TrailOptions } from './trail.js';
import type { Deed, Trouble, TroubleName } from './trouble.js';

/**
 * What the simulator's rooms agree on. A service is a table of handlers over the one World; the wire layer turns a signed HTTP
 * request into a Call and a handler's answer, or its AwsError, into what AWS would have sent.
 */

export type ServiceId =
  'sts' | 'organizations' | 'cloudformation' | 'cloudtrail' | 'sns' | 'serverlessrepo' | 's3' | 'dynamodb';

/** Who signed the request. */
export type Principal = {
  readonly accountId: string;
  /** `arn:aws:iam::…:root` for an account's administrator, `arn:aws:sts::…:assumed-role/Role/session` for a session. */
  readonly arn: string;
  readonly userId: string;
};

export type Call = {
  readonly service: ServiceId;
  readonly operation: string;
  readonly region: string;
  readonly principal: Principal;
  readonly requestId: string;
  /** What the request said of its sender; absent where nobody sent one. */
  readonly sender?: Sender;
};

/** `accessKeyId` is empty where nobody signed. */
export type Sender = { readonly accessKeyId: string; readonly userAgent: string };

/** Input and output have the shapes of the SDK's schemas; a handler may answer later. Inputs arrive already parsed. */
export type Handler = (input: any, call: Call) => unknown; // eslint-disable-line @typescript-eslint/no-explicit-any -- one table holds every operation
export type Service = { readonly id: ServiceId; readonly operations: Readonly<Record<string, Handler>> };

/** What AWS answers when it refuses: the code on the wire, the text, the HTTP status. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the modelled error shape, such as OperationId. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** Simulated time. Nothing in the simulator reads the machine's clock. */
export interface VirtualClock {
  now(): Date;
  /** Runs `effect` when that many simulated seconds have passed; ties run in the order in which they were asked for. */
  after(seconds: number, effect: () => void): { cancel(): void };
  /** Moves time forward, running what falls due, in order. */
  advance(seconds: number): void;
  /** Moves time to the next thing that is due; false where nothing is. */
  advanceToNext(): boolean;
  /**
   * The clock on the wall jumps by so many seconds, back where they are negative: `now` says so from here on. No time passes by it,
   * so nothing falls due, and what is due stays as far away as it was.
   */
  jump(seconds: number): void;
}

/** Everything random, from one seed: the same calls give the same world. */
export interface Identifiers {
  uuid(): string;
  hex(length: number): string;
  /** `length` characters of A–Z and 0–9. */
  alphanumeric(length: number): string;
  /** A whole number from `from` to `to`, both included, that depends on the seed and the key only. */
  between(from: number, to: number, key: string): number;
}

export type SimulatedAccount = {
  readonly id: string;
  name: string;
  email: string;
  state: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';
  /** Null while it is in no organization. */
  parentId: string | null;
  joinedAt: Date;
  readonly tags: Map<string, string>;
  /** Names of the IAM roles that exist there → the external id that their trust demands, or null. */
  readonly roles: Map<string, string | null>;
};

export type SimulatedUnit = {
  readonly id: string;
  name: string;
  parentId: string | null;
  readonly tags: Map<string, string>;
};

/** Organizations' state; read by stack sets for OU targets. */
export interface OrganizationState {
  readonly organizationId: string | null;
  readonly managementAccountId: string | null;
  readonly rootId: string | null;
  readonly units: ReadonlyMap<string, SimulatedUnit>;
  readonly accounts: ReadonlyMap<string, SimulatedAccount>;
  /** Service principals with trusted access; `member.org.stacksets.cloudformation.amazonaws.com` for service-managed stack sets. */
  readonly trustedServices: Set<string>;
  /** Account → the service principals that it administers. */
  readonly delegatedAdministrators: Map<string, Set<string>>;
  /** Accounts directly and indirectly below a unit or the root. */
  accountsBelow(unitId: string): readonly SimulatedAccount[];
  /** Called after an account has moved, joined, been suspended or closed. */
  onChange(listener: (accountId: string) => void): void;
}

/** S3, as far as templates and code need it. Buckets are global; whoever is in the organization may read. */
export interface ObjectStore {
  put(bucket: string, key: string, bytes: Uint8Array, region?: string): void;
  remove(bucket: string, key: string): void;
  get(bucket: string, key: string): Uint8Array | undefined;
  /** Reads `https://bucket.s3.region.amazonaws.com/key` and the path style; undefined where it does not exist. */
  fetch(url: string): Uint8Array | undefined;
}

export type StackRequest = {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly roleArn?: string;
  readonly token?: string;
  readonly terminationProtection?: boolean;
};

export type StackView = {
  readonly stackId: string;
  readonly name: string;
  readonly status: string;
  readonly statusReason: string | undefined;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  readonly driftStatus: 'NOT_CHECKED' | 'IN_SYNC' | 'DRIFTED' | 'UNKNOWN';
};

/** Stacks as stack sets and SAR need them: the same engine that the CloudFormation operations drive. */
export interface StackEngine {
  /** Begins; throws AwsError where CloudFormation would refuse the call. Answers the StackId. */
  create(request: StackRequest): string;
  update(request: StackRequest & { readonly stackId: string }): 'begun' | 'no-updates';
  delete(accountId: string, region: string, stackId: string): void;
  find(accountId: string, region: string, nameOrId: string): StackView | undefined;
  /** Calls back once, when the operation that is running on the stack has ended; at once where none is. */
  whenSettled(accountId: string, region: string, stackId: string, then: (stack: StackView) => void): void;
}

/** What every service reads and writes. Each part has one owner; the others go through these interfaces. */
export interface World {
  readonly partition: string;
  readonly clock: VirtualClock;
  readonly identifiers: Identifiers;
  readonly organization: OrganizationState;
  readonly objects: ObjectStore;
  readonly stacks: StackEngine;
}

/** A fault that a test asks for: every matching call fails with it, or the n-th page only. */
export type Fault = {
  readonly service: ServiceId;
  readonly operation: string;
  readonly account?: string;
  readonly region?: string;
  /** Which of the matching calls fail, counted from 1; all of them where it is absent. */
  readonly calls?: readonly number[];
  /** `before`: nothing happened. `after`: the effect took place and the answer was lost. */
  readonly when: 'before' | 'after';
  /** Real milliseconds that the call takes longer; none where it is absent. */
  readonly delay?: number;
  /** `reset` breaks the connection, `silence` never answers, `none` only comes late. An error goes out exactly as it is. */
  readonly error:
    { readonly code: string; readonly message: string; readonly status: number } | 'reset' | 'silence' | 'none';
};

/** A call as the log keeps it: `outcome` is `ok`, AWS's code, or how the connection ended; `struck` the trouble that struck it. */
export type LoggedCall = Call & { readonly at: Date; readonly outcome: string; readonly struck: string | null };

export interface CallLog {
  readonly total: number;
  /** `cloudformation:DescribeStacks` → how often. */
  byOperation(): Readonly<Record<string, number>>;
  /** Calls in order, with account and Region. */
  entries(): readonly LoggedCall[];
  reset(): void;
}

/** A role that stands in an account: its name, or the name with the external id that its trust demands. */
export type PlacedRole = string | { readonly name: string; readonly externalId: string };

/** An organization on disk (YAML or JSON): written by hand, or by `evenkeel snapshot`, which says everything with its id. */
export type OrganizationFile = {
  readonly formatVersion?: 1;
  /** When it was read, ISO 8601: simulated time begins no earlier. */
  readonly takenAt?: string;
  readonly partition?: string;
  readonly organizationId?: string;
  readonly rootId?: string;
  /** The account that read it, which therefore may read the organization. */
  readonly controller?: string;
  readonly managementAccount: {
    readonly id: string;
    readonly name: string;
    readonly email?: string;
    readonly unit?: string;
    readonly state?: SimulatedAccount['state'];
    readonly joinedAt?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly roles?: readonly PlacedRole[];
  };
  /** `name` is the last step of the path, for a name that has a `/` in it. */
  readonly units: readonly { readonly path: string; readonly id?: string; readonly name?: string }[];
  readonly accounts: readonly {
    readonly id: string;
    readonly name: string;
    readonly email?: string;
    readonly unit: string;
    readonly state?: SimulatedAccount['state'];
    readonly joinedAt?: string;
    readonly tags?: Readonly<Record<string, string>>;
    /** Roles that exist besides OrganizationAccountAccessRole. */
    readonly roles?: readonly PlacedRole[];
  }[];
  /** Roles that exist in every account, the management account included. */
  readonly roles?: readonly PlacedRole[];
  /** How many stacks that are not ours stand at each account and Region. */
  readonly foreignStacks?: { readonly regions: readonly string[]; readonly count: number };
  /** S3 buckets that exist from the start. */
  readonly buckets?: readonly { readonly name: string; readonly account: string; readonly region: string }[];
  readonly trustedServices?: readonly string[];
  readonly delegatedAdministrators?: readonly { readonly account: string; readonly service: string }[];
  /** Template texts by the key that stacks and stack sets name them with. */
  readonly templates?: Readonly<Record<string, string>>;
  /** Where this is present, nothing is known of the accounts' stacks anywhere else, and CloudFormation refuses to say. */
  readonly places?: readonly PlacedRegion[];
  readonly stackSets?: readonly PlacedStackSets[];
};

export type SimulatorOptions = {
  readonly seed?: number;
  readonly organization?: 'empty' | 'demo' | OrganizationFile;
  /** Simulated seconds for each real second; 0, the default, means that time moves only when it is told to. */
  readonly speed?: number;
  readonly partition?: string;
  /** Where simulated time begins; 2030-01-01 where it is absent, so that the same seed gives the same world. */
  readonly startAt?: Date;
  /** Whether Organizations holds callers to AWS's published request rates; it does not where this is absent. */
  readonly throttling?: boolean;
  /** How CloudTrail keeps its books. */
  readonly trail?: TrailOptions;
  /** What goes wrong by itself, drawn from the seed; nothing where it is absent. */
  readonly trouble?: Trouble | TroubleName;
  /** Told of each call once it is over. */
  readonly onCall?: (call: LoggedCall) => void;
  /** Told of what the trouble's people do. */
  readonly onDeed?: (deed: Deed) => void;
};

/** AWS in process. */
export interface Simulator {
  readonly world: World;
  readonly calls: CallLog;
  /** Every operation that it performs, as `cloudformation:CreateStack`; what else AWS has answers NotImplemented. */
  readonly operations: ReadonlySet<string>;
  /** A Smithy HttpHandler: give it to any SDK client as `requestHandler`. */
  readonly requestHandler: { handle(request: any, options?: any): Promise<{ response: any }> }; // eslint-disable-line @typescript-eslint/no-explicit-any -- the SDK's own type is structural
  /** Administrator's credentials of an account. */
  credentials(accountId: string): { readonly accessKeyId: string; readonly secretAccessKey: string };
  inject(fault: Fault): void;
  clearFaults(): void;
  /** Ends the trouble that the options asked for: nothing of it strikes from here on. */
  calm(): void;
  /** Serves on the loopback until closed; also DynamoDB, by dynalite. `port` 0 takes a free one. */
  listen(port: number): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Stops timers and whatever it started. */
  close(): Promise<void>;
}
