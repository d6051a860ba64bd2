import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { ServerlessApplicationRepositoryClient } from '@aws-sdk/client-serverlessapplicationrepository';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { Aws } from './specification.js';

export const REGION = 'us-east-1';

/** How an endpoint is reached: what every client is given, and who an account's administrator is. */
export type Door = {
  readonly settings: { readonly endpoint?: string; readonly requestHandler?: object };
  readonly credentials: (account: string) => Promise<AwsCredentialIdentity>;
};

export type Clients = Pick<
  Aws,
  'cloudFormation' | 'cloudTrail' | 'organizations' | 'sns' | 'sts' | 'serverlessRepository' | 's3'
> & {
  destroy(): void;
};

/** Clients that try once, so that a sentence sees every refusal; each is made once. */
export function clientsOf(door: Door, management: string, member: string): Clients {
  const made = new Map<string, { destroy(): void }>();
  function client<Client extends { destroy(): void }>(
    // The SDK types each client's configuration by itself, and all of them take these.
    kind: new (settings: any) => Client,
    account: string,
    region: string,
  ): Client {
    const key = `${kind.name}/${account}/${region}`;
    const known = made.get(key);
    if (known !== undefined) return known as Client;
    const credentials = () => door.credentials(account);
    const fresh = new kind({ ...door.settings, region, credentials, maxAttempts: 1, forcePathStyle: true });
    made.set(key, fresh);
    return fresh;
  }
  return {
    cloudFormation: (account = member, region = REGION) => client(CloudFormationClient, account, region),
    cloudTrail: (account = member, region = REGION) => client(CloudTrailClient, account, region),
    sns: (account = member, region = REGION) => client(SNSClient, account, region),
    organizations: (account = management) => client(OrganizationsClient, account, REGION),
    sts: (account = member) => client(STSClient, account, REGION),
    serverlessRepository: (account = member, region = REGION) =>
      client(ServerlessApplicationRepositoryClient, account, region),
    s3: (account = member, region = REGION) => client(S3Client, account, region),
    destroy() {
      for (const each of made.values()) each.destroy();
    },
  };
}
