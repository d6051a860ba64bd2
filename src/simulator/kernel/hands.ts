import type { Principal } from './contract.js';

/**
 * Somebody at work in an account: in a session of a role, as whoever signs in through IAM Identity Center or assumes one by hand, or as
 * an IAM user. The role need not stand in the account, since nobody here looks at policies.
 */
export type Person = { readonly accountId: string } & (
  | {
      /** `AdministratorAccess`. */
      readonly role: string;
      /** The session's name, which CloudTrail calls the Username: `j.doe`. */
      readonly session: string;
    }
  | { readonly user: string }
);

/** Keys for any SDK client; a session's expire after twelve simulated hours, a user's do not. */
export type PersonalKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** One resource of one stack. */
export type ResourcePlace = {
  readonly accountId: string;
  readonly region: string;
  /** Name or StackId, such as that of a stack set's instance. */
  readonly stack: string;
  /** Of a resource in a nested stack with what leads there: `Child.Grandchild.Queue`. */
  readonly resource: string;
};

/** Whose hand it was; CloudTrail's user agent and event name may be given where a story needs others than are usual for the type. */
export type Hand = {
  readonly principal: Principal;
  readonly userAgent?: string;
  /** `SetQueueAttributes`. */
  readonly event?: string;
};

type Values = Readonly<Record<string, unknown>>;

/**
 * People who change things without asking, each deed with an event in CloudTrail that names them. What they do through CloudFormation
 * they do with an SDK client and the keys of `signIn`: an update of an instance's stack, past its stack set, for instance.
 */
export interface Hands {
  signIn(person: Person): PersonalKeys;
  /**
   * Sets properties of a resource behind CloudFormation's back, as the template writes them; `null` removes one. Throws AwsError where
   * there is no such stack or resource.
   */
  change(place: ResourcePlace, properties: Values, by: Person, event?: string): void;
  /** Deletes a resource behind CloudFormation's back. */
  remove(place: ResourcePlace, by: Person, event?: string): void;
  /** The StackId of a stack set's instance; undefined where it has none that stands. */
  instanceStack(stackSet: string, accountId: string, region: string): string | undefined;
}
