/** What an organization file says of CloudFormation: the stacks and stack sets that stood there when it was read, and what was not read. */

/** Why nothing is known of something: what AWS answered to whoever asked. */
export type Unread = { readonly code: string; readonly message: string };

type Texts = Readonly<Record<string, string>>;

export type PlacedOutput = {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
};

/** Times are ISO 8601. Account, Region and name stand in the id. */
export type PlacedStack = {
  readonly id: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly createdAt: string;
  readonly updatedAt?: string;
  /** A key of the file's `templates`. */
  readonly template: string | Unread;
  /** As DescribeStacks shows it, where the template does not tell it. */
  readonly description?: string;
  /** As DescribeStacks shows them: a NoEcho value is `****`. */
  readonly parameters?: Texts;
  /** What SSM parameters gave, where it is another value. */
  readonly resolved?: Texts;
  readonly tags?: Texts;
  readonly capabilities?: readonly string[];
  readonly outputs?: readonly PlacedOutput[];
  readonly roleArn?: string;
  readonly terminationProtection?: boolean;
  readonly disableRollback?: boolean;
  readonly notificationArns?: readonly string[];
  readonly timeoutInMinutes?: number;
  readonly parentId?: string;
  readonly rootId?: string;
  /** Newest first. */
  readonly operations?: readonly { readonly type: string; readonly id: string }[];
  readonly drift?: { readonly status: string; readonly checkedAt?: string };
};

/** One account in one Region: every stack of it, or why none is known. */
export type PlacedRegion = { readonly account: string; readonly region: string } & (
  { readonly stacks: readonly PlacedStack[] } | { readonly unread: Unread }
);

export type PlacedInstance = {
  readonly account: string;
  readonly region: string;
  readonly unit?: string;
  readonly stackId?: string;
  readonly overrides?: Texts;
  readonly status: string;
  readonly detailedStatus?: string;
  readonly reason?: string;
  /** Of the last operation on it. */
  readonly operation?: string;
};

export type PlacedStackSet =
  | { readonly name: string; readonly unread: Unread }
  | {
      readonly name: string;
      readonly id: string;
      readonly arn: string;
      readonly description?: string;
      /** A key of the file's `templates`. */
      readonly template: string;
      readonly parameters?: Texts;
      readonly capabilities?: readonly string[];
      readonly tags?: Texts;
      readonly permissionModel: 'SELF_MANAGED' | 'SERVICE_MANAGED';
      readonly administrationRoleArn?: string;
      readonly executionRoleName?: string;
      readonly autoDeployment?: {
        readonly enabled: boolean;
        readonly retainStacks: boolean;
        readonly dependsOn?: readonly string[];
      };
      readonly managedExecution: boolean;
      /** Units that it was deployed to, by id. */
      readonly units?: readonly string[];
      readonly instances: readonly PlacedInstance[];
    };

/** The stack sets that an account sees in a Region, called as itself or as delegated administrator: all of them, or why none is known. */
export type PlacedStackSets = {
  readonly account: string;
  readonly region: string;
  readonly callAs: 'SELF' | 'DELEGATED_ADMIN';
} & ({ readonly stackSets: readonly PlacedStackSet[] } | { readonly unread: Unread });
