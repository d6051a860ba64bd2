import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ServerlessApplicationRepositoryClient } from '@aws-sdk/client-serverlessapplicationrepository';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { AccountId, Partition, Region, Revision, RunId } from '../model/identifiers.js';

/** Whose credentials a call is signed with: the controller's own, or a role's in an account. There is no fallback from one to the other. */
export type Identity =
  | { readonly type: 'controller' }
  | { readonly type: 'role'; readonly account: AccountId; readonly role: 'plan' | 'apply' };

/** One client for each service, identity and Region, shared; credentials of a role are assumed on first use, once, and verified to be of that account. */
export interface Aws {
  readonly partition: Partition;
  readonly homeRegion: Region;
  /** The account that the controller runs in: one GetCallerIdentity, remembered. */
  controllerAccount(): Promise<AccountId>;
  cloudFormation(identity: Identity, region: Region): CloudFormationClient;
  cloudTrail(identity: Identity, region: Region): CloudTrailClient;
  organizations(): OrganizationsClient;
  serverlessRepository(region: Region): ServerlessApplicationRepositoryClient;
  s3(region: Region): S3Client;
  sns(region: Region): SNSClient;
  dynamoDb(): DynamoDBClient;
  /** For role sessions made from here on: RoleSessionName and SourceIdentity. */
  attribute(session: { readonly run: RunId; readonly revision: Revision }): void;
}

/** The role could not be assumed, or the credentials that came back are another account's. Thrown by a call made with a role's client. */
export class RoleNotAssumable extends Error {
  override readonly name = 'RoleNotAssumable';
  constructor(
    readonly account: AccountId,
    readonly role: string,
    override readonly cause: unknown,
  ) {
    super(
      `the role ${role} in account ${account} could not be assumed: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}
