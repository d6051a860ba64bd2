import { DescribeStacksCommand, ListStackSetsCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import { GetObjectCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import { GetApplicationCommand } from '@aws-sdk/client-serverlessapplicationrepository';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import type { Trouble } from '../../../src/simulator/kernel/trouble.js';
import { clientsOf, MEMBER, OTHER, outcomeOf, troubled } from './world.js';

const ROLE = `arn:aws:iam::${OTHER}:role/OrganizationAccountAccessRole`;
const APPLICATION = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';

/** What each service says to the same trouble. */
async function everywhere(trouble: Trouble): Promise<Readonly<Record<string, string>>> {
  const { cloudFormation, sts, organizations, serverlessRepository, s3, dynamoDb } = clientsOf(troubled({ trouble }));
  return {
    cloudformation: await outcomeOf(cloudFormation.send(new ListStacksCommand({}))),
    sts: await outcomeOf(sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'session' }))),
    organizations: await outcomeOf(organizations.send(new ListAccountsCommand({}))),
    serverlessrepo: await outcomeOf(
      serverlessRepository.send(new GetApplicationCommand({ ApplicationId: APPLICATION })),
    ),
    s3: await outcomeOf(s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))),
    dynamodb: await outcomeOf(dynamoDb.send(new ListTablesCommand({}))),
  };
}

describe('trouble on the wire', () => {
  it('throttles in the words of each service', async () => {
    expect(await everywhere({ throttling: 1 })).toEqual({
      cloudformation: 'Throttling 400',
      sts: 'Throttling 400',
      organizations: 'TooManyRequestsException 400',
      serverlessrepo: 'TooManyRequestsException 429',
      s3: 'SlowDown 503',
      dynamodb: 'ThrottlingException 400',
    });
  });

  it('expires sessions in the words of each protocol', async () => {
    expect(await everywhere({ expired: 1 })).toEqual({
      cloudformation: 'ExpiredToken 403',
      sts: 'ExpiredToken 403',
      organizations: 'ExpiredTokenException 400',
      serverlessrepo: 'ExpiredTokenException 403',
      s3: 'ExpiredToken 400',
      dynamodb: 'ExpiredTokenException 400',
    });
  });

  it('denies in the words of each protocol', async () => {
    expect(await everywhere({ denied: 1 })).toEqual({
      cloudformation: 'AccessDenied 403',
      sts: 'AccessDenied 403',
      organizations: 'AccessDeniedException 400',
      serverlessrepo: 'AccessDeniedException 403',
      s3: 'AccessDenied 403',
      dynamodb: 'AccessDeniedException 400',
    });
  });

  it('fails with 500 under a name of the service, or with 503', async () => {
    const seen = new Map<string, Set<string>>();
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { cloudFormation, organizations, serverlessRepository, s3 } = clientsOf(
        troubled({ seed, trouble: { errors: 1 } }),
      );
      const outcomes = {
        cloudformation: await outcomeOf(cloudFormation.send(new ListStacksCommand({}))),
        organizations: await outcomeOf(organizations.send(new ListAccountsCommand({}))),
        serverlessrepo: await outcomeOf(
          serverlessRepository.send(new GetApplicationCommand({ ApplicationId: APPLICATION })),
        ),
        s3: await outcomeOf(s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))),
      };
      for (const [service, outcome] of Object.entries(outcomes))
        seen.set(service, (seen.get(service) ?? new Set()).add(outcome));
    }
    expect(Object.fromEntries([...seen].map(([service, outcomes]) => [service, [...outcomes].toSorted()]))).toEqual({
      cloudformation: ['InternalFailure 500', 'ServiceUnavailable 503'],
      organizations: ['ServiceException 500', 'ServiceUnavailable 503'],
      serverlessrepo: ['InternalServerErrorException 500', 'ServiceUnavailable 503'],
      s3: ['InternalError 500', 'ServiceUnavailable 503'],
    });
  });

  it('a denial names who wanted what of which resource', async () => {
    const { cloudFormation, sts, s3, organizations } = clientsOf(troubled({ trouble: { denied: 1 } }));
    const because = (action: string) => `because no identity-based policy allows the ${action} action`;
    const user = `User: arn:aws:iam::${MEMBER}:root is not authorized to perform:`;
    await expect(cloudFormation.send(new DescribeStacksCommand({ StackName: 'queue' }))).rejects.toThrow(
      `${user} cloudformation:DescribeStacks on resource: arn:aws:cloudformation:us-east-1:${MEMBER}:stack/queue/* ${because('cloudformation:DescribeStacks')}`,
    );
    await expect(cloudFormation.send(new ListStackSetsCommand({}))).rejects.toThrow(
      `${user} cloudformation:ListStackSets ${because('cloudformation:ListStackSets')}`,
    );
    await expect(sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'session' }))).rejects.toThrow(
      `${user} sts:AssumeRole on resource: ${ROLE} ${because('sts:AssumeRole')}`,
    );
    await expect(s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'a/key' }))).rejects.toThrow(
      `${user} s3:GetObject on resource: "arn:aws:s3:::bucket/a/key" ${because('s3:GetObject')}`,
    );
    await expect(organizations.send(new ListAccountsCommand({}))).rejects.toThrow('organizations:ListAccounts because');
  });

  it('GetCallerIdentity is denied to nobody', async () => {
    const { sts } = clientsOf(troubled({ trouble: { denied: 1 } }));
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(MEMBER);
  });

  it('an answer to HEAD has no words, only the status', async () => {
    const { s3 } = clientsOf(troubled({ trouble: { denied: 1 } }));
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'bucket' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });
});
