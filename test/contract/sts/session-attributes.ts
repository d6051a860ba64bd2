import { expect } from 'vitest';
import { assumption, document, model, type Aws, type Sentence } from '../specification.js';
import { assume, roleArn, stsAs } from './fixtures.js';

const REQUEST = model('STS 2011-06-15, AssumeRoleRequest');
const SOURCE_IDENTITY = document('IAM User Guide, Monitor and control actions taken with assumed roles');
const TAGS = document('IAM User Guide, Pass session tags in AWS STS');
const UNCHECKED = { moto: 'takes it', ministack: 'takes it' };

const refused = (aws: Aws, asked: Parameters<typeof assume>[1], name = 'ValidationError') =>
  expect(assume(aws, asked)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });

const tagged = (...keys: readonly string[]) => keys.map((Key) => ({ Key, Value: 'value' }));

const policyOf = (length: number): string => {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*', Sid: '' };
  const bare = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  return bare.replace('"Sid":""', `"Sid":"${'s'.repeat(length - bare.length)}"`);
};

const GRAMMAR = document('IAM User Guide, Grammar of the IAM JSON policy language');
const WHOLE = { Effect: 'Deny', Action: '*', Resource: '*' };
const saying = (changed: object) => ({ Version: '2012-10-17', Statement: [{ ...WHOLE, ...changed }] });

/** What is wrong with a policy, and such a policy. */
const MALFORMED: readonly (readonly [string, object])[] = [
  ['of a Version that is no version of the language', { Version: '2020-01-01', Statement: [WHOLE] }],
  ['with an element that the language does not have', saying({ Actions: '*' })],
  ['with a Principal', saying({ Principal: '*' })],
  ['with an action that names no service', saying({ Action: 'GetObject' })],
  ['with a statement that has no action in its list', saying({ Action: [] })],
  ['with a resource that is no ARN', saying({ Resource: 'my-bucket' })],
  [
    'with a condition under an operator that there is not',
    saying({ Condition: { StringIs: { 'aws:PrincipalTag/a': 'b' } } }),
  ],
];

/** What a caller writes on a session: its name, where it comes from, tags. */
const marks: readonly Sentence[] = [
  {
    says: 'takes a RoleSessionName of 2 to 64 of the characters \\w+=,.@- and answers ValidationError to others',
    source: REQUEST,
    differs: { moto: 'refuses none but those of more than 64 characters', ministack: 'takes it' },
    test: async (aws) => {
      await assume(aws, { RoleSessionName: 'a=b,c.d@e-f+g_h' });
      for (const RoleSessionName of ['a', 'a'.repeat(65), 'two words', 'a/b']) await refused(aws, { RoleSessionName });
    },
  },
  {
    says: 'answers the SourceIdentity that it was given, of 2 to 64 of the same characters',
    source: REQUEST,
    differs: { moto: 'answers none', ministack: 'answers none' },
    test: async (aws) => {
      expect(await assume(aws, { SourceIdentity: 'revision-abc' })).toMatchObject({ SourceIdentity: 'revision-abc' });
      for (const SourceIdentity of ['a', 'a'.repeat(65), 'two words']) await refused(aws, { SourceIdentity });
    },
  },
  {
    says: 'keeps the SourceIdentity down the chain, and answers AccessDenied where a session names another',
    source: SOURCE_IDENTITY,
    differs: { moto: 'forgets it', ministack: 'forgets it' },
    test: async (aws) => {
      const session = stsAs(aws, await assume(aws, { SourceIdentity: 'revision-abc' }));
      const RoleArn = roleArn(aws.members[1]);
      expect(await assume(aws, { RoleArn }, session)).toMatchObject({ SourceIdentity: 'revision-abc' });
      const same = await assume(aws, { RoleArn, SourceIdentity: 'revision-abc' }, session);
      await expect(
        assume(aws, { RoleArn: roleArn(aws.members[0]), SourceIdentity: 'another' }, stsAs(aws, same)),
      ).rejects.toMatchObject({
        name: 'AccessDenied',
        message: expect.stringContaining('is not authorized to perform: sts:SetSourceIdentity on resource: '),
      });
    },
  },
  {
    says: 'takes 50 session tags and answers ValidationError to 51',
    source: REQUEST,
    differs: UNCHECKED,
    test: async (aws) => {
      const tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
      await assume(aws, { Tags: tags.slice(1) });
      await refused(aws, { Tags: tags });
    },
  },
  {
    says: 'answers InvalidParameterValue to session tags whose keys differ in capitals only',
    source: TAGS,
    differs: UNCHECKED,
    test: (aws) => refused(aws, { Tags: tagged('Team', 'team') }, 'InvalidParameterValue'),
  },
  {
    says: 'answers InvalidParameterValue to a transitive tag that is not among the tags',
    source: TAGS,
    differs: UNCHECKED,
    test: async (aws) => {
      await assume(aws, { Tags: tagged('team'), TransitiveTagKeys: ['team'] });
      await refused(aws, { Tags: tagged('team'), TransitiveTagKeys: ['plan'] }, 'InvalidParameterValue');
    },
  },
  {
    says: 'answers InvalidParameterValue, anywhere down the chain, to a tag that the calling session has as a transitive one',
    source: TAGS,
    differs: UNCHECKED,
    test: async (aws) => {
      const first = await assume(aws, { Tags: tagged('team', 'plan'), TransitiveTagKeys: ['team'] });
      const RoleArn = roleArn(aws.members[1]);
      const second = await assume(aws, { RoleArn, Tags: tagged('plan') }, stsAs(aws, first));
      await expect(assume(aws, { Tags: tagged('Team') }, stsAs(aws, second))).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
    },
  },
];

/** What narrows a session. The simulator evaluates no permissions, so it denies nothing by them. */
const policies: readonly Sentence[] = [
  {
    says: 'takes a session policy of 2,048 characters, and answers ValidationError to a longer one, the ARNs of managed ones counted in',
    source: REQUEST,
    differs: UNCHECKED,
    test: async (aws) => {
      await assume(aws, { Policy: policyOf(2048) });
      await refused(aws, { Policy: policyOf(2049) });
      await refused(aws, { Policy: policyOf(2048), PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] });
    },
  },
  {
    says: 'answers ValidationError to more than ten managed session policies',
    source: REQUEST,
    differs: UNCHECKED,
    test: async (aws) => {
      const PolicyArns = Array.from({ length: 11 }, (_, index) => ({ arn: `arn:aws:iam::aws:policy/Policy${index}` }));
      await assume(aws, { PolicyArns: PolicyArns.slice(1) });
      await refused(aws, { PolicyArns });
    },
  },
  {
    says: 'answers ValidationError to a managed session policy of an account that is not the role’s',
    source: REQUEST,
    differs: UNCHECKED,
    test: async (aws) => {
      const arnIn = (account: string) => ({ arn: `arn:aws:iam::${account}:policy/narrow` });
      await refused(aws, { PolicyArns: [arnIn(aws.members[1])] });
    },
  },
  {
    says: 'answers MalformedPolicyDocument to a session policy that is not JSON, or whose statements lack effect, action or resource',
    source: model('STS 2011-06-15, MalformedPolicyDocumentException'),
    differs: UNCHECKED,
    test: async (aws) => {
      const whole = { Effect: 'Deny', Action: '*', Resource: '*' };
      const documents = [[], [{ ...whole, Effect: 'Maybe' }], [{ Effect: 'Deny' }]].map((Statement) =>
        JSON.stringify({ Version: '2012-10-17', Statement }),
      );
      for (const Policy of ['{', '[]', ...documents])
        await expect(assume(aws, { Policy })).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
    },
  },
  {
    says: 'takes the ARN of a managed session policy whether there is such a policy or not, where AWS demands that there is',
    source: assumption('which managed policies there are is not simulated; their ARNs are looked at'),
    test: async (aws) => {
      const arn = 'arn:aws:iam::aws:policy/NobodyHasWrittenThis';
      expect((await assume(aws, { PolicyArns: [{ arn }] })).Credentials).toBeDefined();
    },
  },
  {
    says: 'answers ValidationError to a managed session policy whose ARN has no name of a policy',
    source: model('STS 2011-06-15, arnType'),
    differs: UNCHECKED,
    test: async (aws) => {
      for (const arn of ['arn:aws:iam::aws:policy/', 'arn:aws:iam::aws:policy/two words', 'arn:aws:iam::aws:role/Role'])
        await refused(aws, { PolicyArns: [{ arn }] });
    },
  },
  {
    says: 'takes a session policy with any of the elements that the grammar of permissions policies has',
    source: GRAMMAR,
    test: async (aws) => {
      const full = {
        Version: '2012-10-17',
        Id: 'narrow',
        Statement: [
          { Sid: 'One', Effect: 'Allow', NotAction: ['iam:*', 's3:Get?bject'], NotResource: 'arn:aws:s3:::mine/*' },
          {
            Sid: 'Two',
            Effect: 'Deny',
            Action: '*',
            Resource: ['*'],
            Condition: {
              'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': ['a', 'b'] },
              Null: { 'aws:TokenIssueTime': true },
              NumericLessThanEquals: { 'aws:MultiFactorAuthAge': 10 },
            },
          },
        ],
      };
      await assume(aws, { Policy: JSON.stringify(full) });
      const single = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };
      await assume(aws, { Policy: JSON.stringify({ Version: '2008-10-17', Statement: single }) });
    },
  },
  ...MALFORMED.map(([what, document]): Sentence => ({
    says: `answers MalformedPolicyDocument, with status 400, to a session policy ${what}`,
    source: GRAMMAR,
    differs: UNCHECKED,
    test: async (aws) => {
      await expect(assume(aws, { Policy: JSON.stringify(document) })).rejects.toMatchObject({
        name: 'MalformedPolicyDocumentException',
        $metadata: { httpStatusCode: 400 },
      });
    },
  })),
  {
    says: 'answers, as PackedPolicySize, how full the space for session policies and tags is, in percent, and nothing of it where there are none',
    source: model('STS 2011-06-15, AssumeRoleResponse'),
    differs: { moto: 'always answers 6', ministack: 'always answers 0' },
    test: async (aws) => {
      expect((await assume(aws)).PackedPolicySize).toBeUndefined();
      const { PackedPolicySize: small } = await assume(aws, { Policy: policyOf(200) });
      const { PackedPolicySize: larger } = await assume(aws, { Policy: policyOf(200), Tags: tagged('team', 'plan') });
      expect(small).toBeGreaterThan(0);
      expect(larger).toBeGreaterThan(small!);
      expect(larger).toBeLessThanOrEqual(100);
    },
  },
  {
    says: 'answers PackedPolicyTooLarge, with the percentage, long before 50 tags are of their full length',
    source: assumption('nine tags of 250 characters are reported to take 498 percent; what policies take is a guess'),
    differs: UNCHECKED,
    test: async (aws) => {
      const Tags = Array.from({ length: 9 }, (_, index) => ({ Key: `T${index}`, Value: 'a'.repeat(250) }));
      await expect(assume(aws, { Tags })).rejects.toMatchObject({
        name: 'PackedPolicyTooLargeException',
        message: 'Packed size of session tags consumes 498% of allotted space.',
      });
    },
  },
];

export const sessionAttributes: readonly Sentence[] = [...marks, ...policies];
