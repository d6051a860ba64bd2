import {
  CloseAccountCommand,
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
} from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { assumption, document, model, type Aws, type Sentence } from '../specification.js';
import { assume, newRole, roleArn, stsAs } from './fixtures.js';

const REFERENCE = document('STS API Reference, AssumeRole');
const ACCESS_DENIED = document('IAM User Guide, Troubleshoot IAM roles');

/** AWS’s words, whoever asks. */
const denial = (RoleArn: string) => ({
  name: 'AccessDenied',
  message: expect.stringMatching(
    new RegExp(`^User: arn:aws:\\S+ is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}$`),
  ),
  $metadata: { httpStatusCode: 403 },
});

async function closedAccount(aws: Aws): Promise<string> {
  const client = aws.organizations();
  const AccountName = aws.unique('closing');
  const asked = await client.send(new CreateAccountCommand({ AccountName, Email: `${AccountName}@example.com` }));
  const CreateAccountRequestId = asked.CreateAccountStatus!.Id!;
  const { CreateAccountStatus } = await aws.until(
    () => client.send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId })),
    (answer) => answer.CreateAccountStatus!.State === 'SUCCEEDED',
  );
  const AccountId = CreateAccountStatus!.AccountId!;
  await client.send(new CloseAccountCommand({ AccountId }));
  return AccountId;
}

/** Whom a role lets in, and who that is then. */
export const trust: readonly Sentence[] = [
  {
    says: 'answers credentials that are the role’s in its account, under the name of the session',
    source: REFERENCE,
    test: async (aws) => {
      const session = await assume(aws, { RoleSessionName: 'run-42' });
      expect(session.AssumedRoleUser!.Arn).toBe(
        `arn:aws:sts::${aws.members[0]}:assumed-role/OrganizationAccountAccessRole/run-42`,
      );
      expect(session.Credentials!.AccessKeyId).toMatch(/^ASIA/);
      expect(await stsAs(aws, session).send(new GetCallerIdentityCommand({}))).toMatchObject({
        Account: aws.members[0],
        Arn: session.AssumedRoleUser!.Arn,
        UserId: session.AssumedRoleUser!.AssumedRoleId,
      });
    },
  },
  {
    says: 'answers an AssumedRoleId of the role’s unique id, a colon and the name of the session, with the same unique id in every session',
    source: document('IAM User Guide, IAM identifiers'),
    differs: { ministack: 'makes another unique id for each session' },
    test: async (aws) => {
      const ids = [await assume(aws), await assume(aws, { RoleSessionName: 'run-2' })].map(
        ({ AssumedRoleUser }) => AssumedRoleUser!.AssumedRoleId!,
      );
      expect(ids[0]).toMatch(/^AROA[A-Z0-9]{17}:run-1$/);
      expect(ids[1]).toBe(ids[0]!.replace('run-1', 'run-2'));
    },
  },
  {
    says: 'leaves the path of the role out of the session’s ARN',
    source: document('IAM User Guide, IAM identifiers'),
    test: async (aws) => {
      const RoleArn = await newRole(aws, { path: '/some/path/' });
      const { AssumedRoleUser } = await assume(aws, { RoleArn });
      expect(RoleArn).toContain(':role/some/path/');
      expect(AssumedRoleUser!.Arn).toBe(
        `arn:aws:sts::${aws.members[0]}:assumed-role/${RoleArn.split('/').at(-1)}/run-1`,
      );
    },
  },
  {
    says: 'answers AccessDenied, with caller, action and role in its text, where there is no such role or no such account',
    source: ACCESS_DENIED,
    differs: { moto: 'gives a session of it', ministack: 'gives a session of it' },
    test: async (aws) => {
      for (const RoleArn of [roleArn(aws.members[0], 'nobody'), roleArn('987654321098')])
        await expect(assume(aws, { RoleArn })).rejects.toMatchObject(denial(RoleArn));
    },
  },
  {
    says: 'answers AccessDenied where the account of the role is closed',
    source: assumption('a closed account’s roles serve nobody, and STS does not tell why it refuses'),
    differs: { moto: 'gives a session of it', ministack: 'gives a session of it' },
    test: async (aws) => {
      const RoleArn = roleArn(await closedAccount(aws));
      await expect(assume(aws, { RoleArn })).rejects.toMatchObject(denial(RoleArn));
    },
  },
  {
    says: 'answers AccessDenied to an account outside the organization',
    source: document('Organizations User Guide, Accessing member accounts in an organization'),
    differs: { moto: 'gives a session to everybody', ministack: 'gives a session to everybody' },
    test: async (aws) => {
      await expect(assume(aws, {}, aws.sts('999999999999'))).rejects.toMatchObject(denial(roleArn(aws.members[0])));
    },
  },
  {
    says: 'answers AccessDenied without the ExternalId that the role’s trust demands, and with another one',
    source: document('IAM User Guide, Access to AWS accounts owned by third parties'),
    differs: { moto: 'does not look at the trust', ministack: 'does not look at the trust' },
    test: async (aws) => {
      const RoleArn = await newRole(aws, { externalId: 'the-secret' });
      expect((await assume(aws, { RoleArn, ExternalId: 'the-secret' })).Credentials).toBeDefined();
      await expect(assume(aws, { RoleArn })).rejects.toMatchObject(denial(RoleArn));
      await expect(assume(aws, { RoleArn, ExternalId: 'another' })).rejects.toMatchObject(denial(RoleArn));
    },
  },
  {
    says: 'takes an ExternalId that the role’s trust does not ask for',
    source: REFERENCE,
    test: async (aws) => expect((await assume(aws, { ExternalId: 'unasked' })).Credentials).toBeDefined(),
  },
  {
    says: 'takes the keys that stand for an account’s administrator, although they call themselves the root user, to whom AWS gives no role',
    source: assumption('the simulator has no IAM users, and administrators have to begin somewhere'),
    test: async (aws) => expect((await assume(aws)).Credentials).toBeDefined(),
  },
  {
    says: 'answers ValidationError to an ARN that is not a role’s',
    source: model('STS 2011-06-15, AssumeRoleRequest'),
    differs: { moto: 'gives a session' },
    test: async (aws) => {
      for (const RoleArn of [`arn:aws:iam::${aws.members[0]}:user/somebody`, 'OrganizationAccountAccessRole'])
        await expect(assume(aws, { RoleArn })).rejects.toMatchObject({
          name: 'ValidationError',
          $metadata: { httpStatusCode: 400 },
        });
    },
  },
];
