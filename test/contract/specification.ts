import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ServerlessApplicationRepositoryClient } from '@aws-sdk/client-serverlessapplicationrepository';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { STSClient } from '@aws-sdk/client-sts';
import type { StorySimulator } from '../../src/simulator/simulator.js';

/**
 * What AWS does, as sentences that can be asked of anything that claims to be AWS. One list serves three readers: the suite asks the
 * simulator, the suite asks the independent emulators, and docs/simulator.md is printed from it.
 */

export type PeerName = 'moto' | 'ministack';

/** What a sentence rests on: a page of AWS's documentation, a place in a service model, or nothing better than a reason. */
export type Source = { readonly document: string } | { readonly model: string } | { readonly assumption: string };

type Said = {
  /** One sentence without a full stop that goes on from the operation's name: `answers the StackId while the stack is CREATE_IN_PROGRESS`. */
  readonly says: string;
  readonly source: Source;
};

/**
 * `differs` names the emulators that do otherwise, and what they do instead, as a sentence without a full stop: the test is asked of
 * them too, and has to fail there, so that nobody believes in a difference that is gone.
 */
export type Agreed = Said & {
  readonly alone?: undefined;
  readonly differs?: Readonly<Partial<Record<PeerName, string>>>;
  readonly test: (aws: Aws) => Promise<void>;
};

/** What cannot be asked of an emulator, because it needs time that obeys, or a hand behind AWS's back; `alone` says which. */
export type Alone = Said & { readonly alone: string; readonly test: (aws: SimulatedAws) => Promise<void> };

export type Sentence = Agreed | Alone;

export type ServiceName =
  | 'STS'
  | 'Organizations'
  | 'CloudFormation'
  | 'CloudTrail'
  | 'SNS'
  | 'Serverless Application Repository'
  | 'S3'
  | 'The wire';

export type Chapter = {
  readonly service: ServiceName;
  /** As AWS spells it; for what no single operation owns, a subject, such as `Paging`. */
  readonly operation: string;
  readonly sentences: readonly Sentence[];
  /** Emulators that have no such operation, with what they answer: the first sentence is asked of them, and has to fail. */
  readonly lacks?: Readonly<Partial<Record<PeerName, string>>>;
};

/** An organization at one endpoint: a management account and two ACTIVE members, with `OrganizationAccountAccessRole` in both. */
export type Aws = {
  readonly management: string;
  readonly members: readonly [string, string];
  /** Clients are an administrator's of that account; the first member's, in us-east-1, where nothing is said, and the management account's for Organizations. */
  cloudFormation(account?: string, region?: string): CloudFormationClient;
  cloudTrail(account?: string, region?: string): CloudTrailClient;
  organizations(account?: string): OrganizationsClient;
  sns(account?: string, region?: string): SNSClient;
  sts(account?: string): STSClient;
  serverlessRepository(account?: string, region?: string): ServerlessApplicationRepositoryClient;
  s3(account?: string, region?: string): S3Client;
  /** A name that nothing else has: the stem, a hyphen, and letters. */
  unique(stem: string): string;
  /** Asks again until the answer is as wanted, and gives it; time passes in between. Throws where that does not come true. */
  until<Answer>(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean): Promise<Answer>;
};

export type SimulatedAws = Aws & { readonly simulator: StorySimulator };

export const document = (name: string): Source => ({ document: name });
export const model = (place: string): Source => ({ model: place });
export const assumption = (reason: string): Source => ({ assumption: reason });

export const isAlone = (sentence: Sentence): sentence is Alone => sentence.alone !== undefined;
