import { expect } from 'vitest';
import {
  type Capability,
  CreateChangeSetCommand,
  CreateStackCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeAccountCommand,
  ListAccountsCommand,
  ListChildrenCommand,
  TagResourceCommand,
} from '@aws-sdk/client-organizations';
import { ListApplicationsCommand } from '@aws-sdk/client-serverlessapplicationrepository';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { assumption, model, type Chapter } from '../specification.js';
import { form, refusal, sendForm, sendJson } from './raw-request.js';

const TEMPLATE = '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}';

const detected = (count: number, ...each: readonly string[]): string =>
  `${count === 1 ? '1 validation error' : `${count} validation errors`} detected: ${each.join('; ')}`;

const failed = (value: string, place: string, demand: string): string =>
  `Value ${value} at '${place}' failed to satisfy constraint: ${demand}`;

export const validation: Chapter = {
  service: 'The wire',
  operation: 'Validation',
  sentences: [
    {
      says: 'answers ValidationError, HTTP status 400, with value, place and pattern where a text does not match the pattern as a whole',
      source: model('CloudFormation 2010-05-15, ChangeSetName'),
      differs: {
        moto: 'accepts the name, and finds no such stack',
        ministack: 'accepts the name, and finds no such stack',
      },
      test: async (aws) => {
        const ChangeSetName = 'starts_well';
        const asked = new CreateChangeSetCommand({
          StackName: aws.unique('stack'),
          ChangeSetName,
          TemplateBody: TEMPLATE,
        });
        const message = detected(
          1,
          failed(
            `'${ChangeSetName}'`,
            'changeSetName',
            'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
          ),
        );
        await expect(aws.cloudFormation().send(asked)).rejects.toMatchObject(refusal('ValidationError', 400, message));
      },
    },
    {
      says: 'names the bound where a text is too long or too short, or a number too small',
      source: model('CloudFormation 2010-05-15, NextToken and TimeoutMinutes'),
      differs: { moto: 'accepts all of them', ministack: 'accepts all of them, or says that the token is invalid' },
      test: async (aws) => {
        const client = aws.cloudFormation();
        const stack = { StackName: aws.unique('s'), TemplateBody: TEMPLATE };
        const token = 'a'.repeat(1025);
        const length = 'Member must have length';
        const wrong = [
          [
            new ListStacksCommand({ NextToken: token }),
            `'${token}'`,
            'nextToken',
            `${length} less than or equal to 1024`,
          ],
          [new ListStacksCommand({ NextToken: '' }), `''`, 'nextToken', `${length} greater than or equal to 1`],
          [
            new CreateStackCommand({ ...stack, TimeoutInMinutes: 0 }),
            `'0'`,
            'timeoutInMinutes',
            'Member must have value greater than or equal to 1',
          ],
        ] as const;
        for (const [command, value, place, demand] of wrong)
          await expect(client.send(command as ListStacksCommand), demand).rejects.toMatchObject(
            refusal('ValidationError', 400, detected(1, failed(value, place, demand))),
          );
      },
    },
    {
      says: 'lists the values that are possible where a value is none of them',
      source: model('CloudFormation 2010-05-15, OnFailure'),
      differs: { moto: 'accepts any value' },
      test: async (aws) => {
        const asked = new CreateStackCommand({
          StackName: aws.unique('s'),
          TemplateBody: TEMPLATE,
          OnFailure: 'PRAY' as never,
        });
        const message = detected(
          1,
          failed(`'PRAY'`, 'onFailure', 'Member must satisfy enum value set: [DO_NOTHING, ROLLBACK, DELETE]'),
        );
        await expect(aws.cloudFormation().send(asked)).rejects.toMatchObject(refusal('ValidationError', 400, message));
      },
    },
    {
      says: 'shows the whole list, and what each item must satisfy, where an item does not',
      source: model('CloudFormation 2010-05-15, Capabilities'),
      differs: { moto: 'accepts any value', ministack: 'says what an item must satisfy as if the list had to' },
      test: async (aws) => {
        const Capabilities: Capability[] = ['CAPABILITY_IAM', 'CAPABILITY_EVERYTHING' as Capability];
        const asked = new CreateStackCommand({ StackName: aws.unique('s'), TemplateBody: TEMPLATE, Capabilities });
        const message = expect.stringMatching(
          /^1 validation error detected: Value '\[CAPABILITY_IAM, CAPABILITY_EVERYTHING\]' at 'capabilities' failed to satisfy constraint: Member must satisfy constraint: \[Member must satisfy enum value set: \[CAPABILITY_.*\]\]$/,
        );
        await expect(aws.cloudFormation().send(asked)).rejects.toMatchObject(refusal('ValidationError', 400, message));
      },
    },
    {
      says: 'says of a required member that is missing that it must not be null, wherever in the input it is',
      source: model('CloudFormation 2010-05-15, Tag'),
      differs: { moto: 'fails with a page in HTML', ministack: 'accepts a tag without a value' },
      test: async (aws) => {
        const asked = form(
          'CreateStack',
          `&StackName=${aws.unique('s')}&TemplateBody=${encodeURIComponent(TEMPLATE)}&Tags.member.1.Key=a`,
        );
        const message = detected(1, failed('null', 'tags.1.member.value', 'Member must not be null'));
        await expect(sendForm(aws.cloudFormation(), asked)).rejects.toMatchObject(
          refusal('ValidationError', 400, message),
        );
      },
    },
    {
      says: 'tells all that is wrong at once, counted, with semicolons between',
      source: model('CloudFormation 2010-05-15, CreateStackInput'),
      differs: { moto: 'accepts all of it', ministack: 'tells one mistake only' },
      test: async (aws) => {
        const asked = new CreateStackCommand({
          StackName: aws.unique('s'),
          TemplateBody: TEMPLATE,
          TimeoutInMinutes: 0,
          ClientRequestToken: '-',
          Tags: [{ Key: 'empty', Value: '' }],
        });
        const caught = (await aws
          .cloudFormation()
          .send(asked)
          .catch((error: unknown) => error)) as Error;
        expect(caught.message).toMatch(/^3 validation errors detected: [^;]+; [^;]+; [^;]+$/);
        expect(caught.message).toContain(
          failed(`'0'`, 'timeoutInMinutes', 'Member must have value greater than or equal to 1'),
        );
        expect(caught.message).toContain(
          failed(`''`, 'tags.1.member.value', 'Member must have length greater than or equal to 1'),
        );
        expect(caught.message).toContain(`Value '-' at 'clientRequestToken'`);
      },
    },
    {
      says: 'refuses an empty tag value in CloudFormation',
      source: model('CloudFormation 2010-05-15, TagValue'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const asked = new CreateStackCommand({
          StackName: aws.unique('s'),
          TemplateBody: TEMPLATE,
          Tags: [{ Key: 'empty', Value: '' }],
        });
        await expect(aws.cloudFormation().send(asked)).rejects.toMatchObject(refusal('ValidationError', 400));
      },
    },
    {
      says: 'counts the characters of a text, not their halves',
      source: assumption('Smithy counts Unicode characters'),
      differs: { moto: 'accepts any length', ministack: 'says that the token is invalid' },
      test: async (aws) => {
        const client = aws.cloudFormation();
        const ask = (length: number) => client.send(new ListStacksCommand({ NextToken: '😀'.repeat(length) }));
        const tooLong = expect.stringContaining('Member must have length less than or equal to 1024');
        await expect(ask(1025)).rejects.toMatchObject(refusal('ValidationError', 400, tooLong));
        await expect(ask(1024)).rejects.not.toMatchObject({ message: tooLong });
      },
    },
    {
      says: 'holds STS to the bounds of its model in the same words',
      source: model('STS 2011-06-15, AssumeRoleRequest'),
      differs: { moto: 'accepts any duration', ministack: 'accepts any duration' },
      test: async (aws) => {
        const RoleArn = `arn:aws:iam::${aws.members[0]}:role/OrganizationAccountAccessRole`;
        const asked = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', DurationSeconds: 899 });
        const message = detected(
          1,
          failed(`'899'`, 'durationSeconds', 'Member must have value greater than or equal to 900'),
        );
        await expect(aws.sts(aws.management).send(asked)).rejects.toMatchObject(
          refusal('ValidationError', 400, message),
        );
      },
    },
    {
      says: 'answers InvalidInputException with Reason INVALID_PATTERN where an id of Organizations is none',
      source: model('Organizations 2016-11-28, AccountId'),
      differs: { moto: 'answers AccountNotFoundException', ministack: 'answers AccountNotFoundException' },
      test: async (aws) => {
        await expect(
          aws.organizations().send(new DescribeAccountCommand({ AccountId: '12345678901x' })),
        ).rejects.toMatchObject({
          ...refusal('InvalidInputException', 400, 'You provided a value that does not match the required pattern.'),
          Reason: 'INVALID_PATTERN',
        });
      },
    },
    {
      says: 'answers Reason MAX_LENGTH_EXCEEDED where a text is too long for Organizations, whatever its pattern',
      source: model('Organizations 2016-11-28, AccountId'),
      differs: { moto: 'answers AccountNotFoundException', ministack: 'answers AccountNotFoundException' },
      test: async (aws) => {
        await expect(
          aws.organizations().send(new DescribeAccountCommand({ AccountId: '1'.repeat(13) })),
        ).rejects.toMatchObject({ ...refusal('InvalidInputException', 400), Reason: 'MAX_LENGTH_EXCEEDED' });
      },
    },
    {
      says: 'answers Reason MIN_LENGTH_EXCEEDED where a text is too short for Organizations',
      source: model('Organizations 2016-11-28, TagKey'),
      differs: { moto: 'accepts an empty key', ministack: 'accepts an empty key' },
      test: async (aws) => {
        const asked = new TagResourceCommand({ ResourceId: aws.members[0], Tags: [{ Key: '', Value: 'v' }] });
        await expect(aws.organizations().send(asked)).rejects.toMatchObject({
          ...refusal('InvalidInputException', 400),
          Reason: 'MIN_LENGTH_EXCEEDED',
        });
      },
    },
    {
      says: 'answers Reason MIN_VALUE_EXCEEDED or MAX_VALUE_EXCEEDED where a page of Organizations would have less than 1 or more than 20 items',
      source: model('Organizations 2016-11-28, MaxResults'),
      differs: { moto: 'accepts any number', ministack: 'accepts any number' },
      test: async (aws) => {
        const ask = (MaxResults: number) => aws.organizations().send(new ListAccountsCommand({ MaxResults }));
        await expect(ask(0)).rejects.toMatchObject({ name: 'InvalidInputException', Reason: 'MIN_VALUE_EXCEEDED' });
        await expect(ask(21)).rejects.toMatchObject({ name: 'InvalidInputException', Reason: 'MAX_VALUE_EXCEEDED' });
        await expect(ask(20)).resolves.toBeDefined();
      },
    },
    {
      says: 'answers Reason INVALID_ENUM where Organizations has no such value',
      source: model('Organizations 2016-11-28, ChildType'),
      differs: { moto: 'answers ParentNotFoundException', ministack: 'has no ListChildren, and answers InvalidAction' },
      test: async (aws) => {
        const asked = new ListChildrenCommand({ ParentId: 'r-root', ChildType: 'ROBOT' as never });
        await expect(aws.organizations().send(asked)).rejects.toMatchObject({
          ...refusal('InvalidInputException', 400),
          Reason: 'INVALID_ENUM',
        });
      },
    },
    {
      says: 'answers Reason INPUT_REQUIRED where Organizations is not given what it needs',
      source: model('Organizations 2016-11-28, DescribeAccountRequest'),
      differs: { moto: 'fails with a page in HTML', ministack: 'answers the exception without a Reason' },
      test: async (aws) => {
        await expect(sendJson(aws.organizations(), 'DescribeAccount', '{}')).rejects.toMatchObject({
          ...refusal('InvalidInputException', 400),
          Reason: 'INPUT_REQUIRED',
        });
      },
    },
    {
      says: 'answers BadRequestException, HTTP status 400, where the Serverless Application Repository is asked for less than 1 or more than 100 items',
      source: model('Serverless Application Repository 2017-09-08, MaxItems'),
      differs: {
        moto: 'has no such service, and answers a page in HTML',
        ministack: 'has no such service, and takes the path for a bucket',
      },
      test: async (aws) => {
        const ask = (MaxItems: number) => aws.serverlessRepository().send(new ListApplicationsCommand({ MaxItems }));
        await expect(ask(0)).rejects.toMatchObject(refusal('BadRequestException', 400));
        await expect(ask(101)).rejects.toMatchObject(refusal('BadRequestException', 400));
        await expect(ask(100)).resolves.toBeDefined();
      },
    },
  ],
};
