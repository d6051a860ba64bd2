import { GetAccessKeyInfoCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { assumption, document, model, type Chapter } from '../specification.js';
import { assume, keysOf, roleArn, stsAs, stsWith } from './fixtures.js';

const IDENTITY = document('STS API Reference, GetCallerIdentity');
const DENY_ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
});

const invalidToken = {
  name: 'InvalidClientTokenId',
  message: 'The security token included in the request is invalid.',
  $metadata: { httpStatusCode: 403 },
};

export const getCallerIdentity: Chapter = {
  service: 'STS',
  operation: 'GetCallerIdentity',
  sentences: [
    {
      says: 'answers the account whose credentials signed the request',
      source: IDENTITY,
      test: async (aws) => {
        const [member] = aws.members;
        expect(await aws.sts(member).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: member });
      },
    },
    {
      says: 'answers a root user with the ARN that ends in root and the account’s id as UserId',
      source: document('IAM User Guide, IAM JSON policy elements: Principal'),
      differs: { moto: 'answers a user named moto' },
      test: async (aws) => {
        const Account = aws.management;
        const answer = await aws.sts(Account).send(new GetCallerIdentityCommand({}));
        expect(answer).toMatchObject({ Account, Arn: `arn:aws:iam::${Account}:root`, UserId: Account });
      },
    },
    {
      says: 'needs no permission: a session whose policy denies everything is answered',
      source: IDENTITY,
      test: async (aws) => {
        const session = await assume(aws, { Policy: DENY_ALL });
        const answer = await stsAs(aws, session).send(new GetCallerIdentityCommand({}));
        expect(answer.Arn).toBe(session.AssumedRoleUser!.Arn);
      },
    },
    {
      says: 'answers InvalidClientTokenId, as every operation does, to a key that nobody was given',
      source: document('STS API Reference, Common errors'),
      differs: { moto: 'takes it for the management account', ministack: 'takes it for an account of its own' },
      test: async (aws) => {
        const nobody = stsWith(aws, { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'anything' });
        await expect(nobody.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(invalidToken);
      },
    },
    {
      says: 'answers InvalidClientTokenId to a session’s key without its session token, and with another',
      source: document('IAM User Guide, Use temporary credentials with AWS resources'),
      differs: { moto: 'does not look at it', ministack: 'does not look at it' },
      test: async (aws) => {
        const { accessKeyId, secretAccessKey, sessionToken } = keysOf((await assume(aws)).Credentials);
        for (const keys of [
          { accessKeyId, secretAccessKey },
          { accessKeyId, secretAccessKey, sessionToken: `${sessionToken.slice(1)}0` },
        ])
          await expect(stsWith(aws, keys).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(invalidToken);
      },
    },
  ],
};

export const getAccessKeyInfo: Chapter = {
  service: 'STS',
  operation: 'GetAccessKeyInfo',
  sentences: [
    {
      says: 'answers the account of a session’s key, to whoever asks',
      source: document('STS API Reference, GetAccessKeyInfo'),
      differs: { moto: 'answers the account that asks' },
      test: async (aws) => {
        const { Credentials } = await assume(aws);
        const { AccessKeyId } = Credentials!;
        const answer = await aws.sts(aws.members[1]).send(new GetAccessKeyInfoCommand({ AccessKeyId }));
        expect(answer.Account).toBe(aws.members[0]);
      },
    },
    {
      says: 'reads the account from the id itself, also of a key that nobody was given',
      source: assumption(
        'the operation tells nothing of the state of a key, and researchers have shown how the id holds the account',
      ),
      differs: { moto: 'answers the account that asks' },
      test: async (aws) => {
        const AccessKeyId = 'AKIAQAAAAAAAAAAAAAAA';
        const { Account } = await aws.sts(aws.management).send(new GetAccessKeyInfoCommand({ AccessKeyId }));
        expect(Account).toBe('000000000000');
      },
    },
    {
      says: 'answers ValidationError to fewer than 16 characters, and to an id of another kind',
      source: model('STS 2011-06-15, GetAccessKeyInfoRequest'),
      differs: { moto: 'answers the account that asks' },
      test: async (aws) => {
        for (const AccessKeyId of ['AKIA', 'ABCD'.repeat(5)])
          await expect(
            aws.sts(aws.management).send(new GetAccessKeyInfoCommand({ AccessKeyId })),
          ).rejects.toMatchObject({ name: 'ValidationError' });
      },
    },
  ],
};

const SESSION_TOKEN = document('STS API Reference, GetSessionToken');

export const getSessionToken: Chapter = {
  service: 'STS',
  operation: 'GetSessionToken',
  sentences: [
    {
      says: 'answers temporary credentials of the very caller',
      source: SESSION_TOKEN,
      test: async (aws) => {
        const client = aws.sts(aws.management);
        const { Arn } = await client.send(new GetCallerIdentityCommand({}));
        const session = await client.send(new GetSessionTokenCommand({}));
        expect((await stsAs(aws, session).send(new GetCallerIdentityCommand({}))).Arn).toBe(Arn);
      },
    },
    {
      says: 'gives a root user an hour where more is asked for, and where nothing is',
      source: SESSION_TOKEN,
      alone: 'the time has to be known to the second',
      test: async (aws) => {
        const until = aws.simulator.world.clock.now().getTime() + 3_600_000;
        for (const input of [{}, { DurationSeconds: 43_200 }]) {
          const { Credentials } = await aws.sts(aws.management).send(new GetSessionTokenCommand(input));
          expect(Credentials!.Expiration!.getTime()).toBe(until);
        }
      },
    },
    {
      says: 'answers AccessDenied in a session',
      source: document('STS API Reference, AssumeRole'),
      differs: { moto: 'gives credentials', ministack: 'gives credentials' },
      test: async (aws) => {
        const session = stsAs(aws, await assume(aws));
        await expect(session.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
          name: 'AccessDenied',
          message: 'Cannot call GetSessionToken with session credentials',
        });
      },
    },
    {
      says: 'gives credentials whose sessions of roles are chained ones, of an hour at most',
      source: assumption('users report the limit of role chaining for them'),
      differs: { moto: 'knows no such limit', ministack: 'knows no such limit' },
      test: async (aws) => {
        const session = stsAs(aws, await aws.sts(aws.management).send(new GetSessionTokenCommand({})));
        const RoleArn = roleArn(aws.members[1]);
        await assume(aws, { RoleArn }, session);
        await expect(assume(aws, { RoleArn, DurationSeconds: 3601 }, session)).rejects.toMatchObject({
          name: 'ValidationError',
          message: expect.stringContaining('role chaining'),
        });
      },
    },
  ],
};
