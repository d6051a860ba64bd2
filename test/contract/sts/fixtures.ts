import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  AssumeRoleCommand,
  STSClient,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  type Credentials,
} from '@aws-sdk/client-sts';
import type { Aws } from '../specification.js';

export const ROLE = 'OrganizationAccountAccessRole';

export const roleArn = (account: string, role = ROLE): string => `arn:aws:iam::${account}:role/${role}`;

/** The management account assumes the role that the first member has from its creation, where nothing else is said. */
export function assume(
  aws: Aws,
  asked: Partial<AssumeRoleCommandInput> = {},
  client: STSClient = aws.sts(aws.management),
): Promise<AssumeRoleCommandOutput> {
  const usual = { RoleArn: roleArn(aws.members[0]), RoleSessionName: 'run-1' };
  return client.send(new AssumeRoleCommand({ ...usual, ...asked }));
}

type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** STS at the same endpoint, asked by somebody else. */
export function stsWith(aws: Aws, credentials: Keys): STSClient {
  const { requestHandler, endpoint } = aws.sts(aws.management).config;
  return new STSClient({
    region: 'us-east-1',
    credentials,
    requestHandler,
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

export const keysOf = (credentials: Credentials | undefined) => ({
  accessKeyId: credentials!.AccessKeyId!,
  secretAccessKey: credentials!.SecretAccessKey!,
  sessionToken: credentials!.SessionToken!,
});

/** STS, asked in the session. */
export const stsAs = (aws: Aws, { Credentials }: { readonly Credentials?: Credentials | undefined }): STSClient =>
  stsWith(aws, keysOf(Credentials));

/** A new role of the first member, under a path where one is given, with a trust that demands the external id where one is given; answers its ARN. */
export async function newRole(
  aws: Aws,
  { path = '/', externalId }: { readonly path?: string; readonly externalId?: string },
): Promise<string> {
  const RoleName = aws.unique('role');
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: aws.management },
    Action: 'sts:AssumeRole',
    ...(externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
  };
  const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement: [trust] };
  const Properties = { RoleName, Path: path, AssumeRolePolicyDocument };
  const client = aws.cloudFormation();
  const StackName = aws.unique('role');
  await client.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify({ Resources: { Role: { Type: 'AWS::IAM::Role', Properties } } }),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  await aws.until(
    () => client.send(new DescribeStacksCommand({ StackName })),
    ({ Stacks }) => Stacks![0]!.StackStatus === 'CREATE_COMPLETE',
  );
  return roleArn(aws.members[0], `${path.slice(1)}${RoleName}`);
}
