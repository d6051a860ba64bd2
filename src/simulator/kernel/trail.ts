import type { Principal } from './contract.js';

/** How CloudTrail keeps its books. */
export type TrailOptions = {
  /** Simulated seconds until an event can be looked up; 120 where it is absent. AWS says about five minutes on average, and promises nothing. */
  readonly delay?: number;
  /** Whether calls that only read are recorded too, as AWS does; they are not where this is absent, because nobody's memory is endless. */
  readonly reads?: boolean;
};

/** What an event is about, in CloudTrail's words: `AWS::CloudFormation::Stack` and a name, an id, or an ARN. */
export type TrailResource = { readonly type: string; readonly name: string };

/** Something that somebody did, or tried to do. */
export type TrailEntry = {
  readonly account: string;
  readonly region: string;
  /** `sqs.amazonaws.com`. */
  readonly source: string;
  /** `SetQueueAttributes`. */
  readonly name: string;
  readonly principal: Principal;
  /** Empty where nobody signed. */
  readonly accessKeyId: string;
  readonly userAgent: string;
  /** `cloudformation.amazonaws.com` where a service did it on the principal's behalf. */
  readonly invokedBy: string | null;
  readonly resources: readonly TrailResource[];
  readonly readOnly: boolean;
  readonly requestId: string | null;
  readonly request: Readonly<Record<string, unknown>> | null;
  readonly response: Readonly<Record<string, unknown>> | null;
  readonly error: { readonly code: string; readonly message: string } | null;
};

/** An entry as it was written down. */
export type TrailEvent = TrailEntry & {
  readonly id: string;
  /** Grows with every event of all accounts and Regions. */
  readonly sequence: number;
  /** By the virtual clock; CloudTrail shows whole seconds of it. */
  readonly at: Date;
};
