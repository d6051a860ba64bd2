import { expect } from 'vitest';
import {
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeAccountCommand } from '@aws-sdk/client-organizations';
import { assumption, document, model, type Chapter } from '../specification.js';
import { form, sendForm } from './raw-request.js';

const TEMPLATE = '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

type SdkError = Error & {
  readonly Type?: string;
  readonly Error?: { readonly Type?: string };
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
};

const caught = async (asked: Promise<unknown>): Promise<SdkError> =>
  (await asked.then(() => new Error('it was answered')).catch((error: unknown) => error)) as SdkError;

export const errors: Chapter = {
  service: 'The wire',
  operation: 'Errors',
  sentences: [
    {
      says: 'gives every answer a request id of its own, a UUID',
      source: document('CloudFormation API Reference, Common Parameters and responses'),
      differs: { moto: 'gives ids of 52 letters and digits to some' },
      test: async (aws) => {
        const client = aws.cloudFormation();
        const ids = [
          (await client.send(new ListStacksCommand({}))).$metadata.requestId!,
          (await client.send(new ListStacksCommand({}))).$metadata.requestId!,
          (await caught(client.send(new DescribeStacksCommand({ StackName: aws.unique('nothing') })))).$metadata
            .requestId!,
        ];
        for (const id of ids) expect(id).toMatch(UUID);
        expect(new Set(ids).size).toBe(3);
      },
    },
    {
      says: 'says that the sender is at fault where the query protocol refuses',
      source: document('CloudFormation API Reference, Common Errors'),
      test: async (aws) => {
        const error = await caught(
          aws.cloudFormation().send(new DescribeStacksCommand({ StackName: aws.unique('nothing') })),
        );
        expect(error.name).toBe('ValidationError');
        expect(error.Type ?? error.Error?.Type).toBe('Sender');
      },
    },
    {
      says: 'has the HTTP status that the model has for the error',
      source: model('CloudFormation 2010-05-15, ChangeSetNotFoundException'),
      differs: { moto: 'answers ValidationError, HTTP status 400' },
      test: async (aws) => {
        const StackName = aws.unique('held');
        await aws.cloudFormation().send(new CreateStackCommand({ StackName, TemplateBody: TEMPLATE }));
        const error = await caught(
          aws.cloudFormation().send(new DescribeChangeSetCommand({ StackName, ChangeSetName: aws.unique('nothing') })),
        );
        expect([error.name, error.$metadata.httpStatusCode]).toEqual(['ChangeSetNotFoundException', 404]);
      },
    },
    {
      says: 'has HTTP status 400 for an error of Organizations that is the client’s, whatever status the model has for it',
      source: assumption('users report 400 where the model has 404, and AWS JSON has no other status for the client'),
      test: async (aws) => {
        const error = await caught(aws.organizations().send(new DescribeAccountCommand({ AccountId: '999999999998' })));
        expect([error.name, error.$metadata.httpStatusCode]).toEqual(['AccountNotFoundException', 400]);
      },
    },
    {
      says: 'carries texts with the characters that XML keeps for itself, and characters that XML cannot carry as U+FFFD',
      source: assumption('nothing that was asked may break the answer'),
      differs: { moto: 'accepts any value', ministack: 'sends the control character itself' },
      test: async (aws) => {
        const token = encodeURIComponent('<&>"\'\u0001');
        const error = await caught(
          sendForm(
            aws.cloudFormation(),
            form(
              'CreateStack',
              `&StackName=${aws.unique('s')}&TemplateBody=${encodeURIComponent(TEMPLATE)}&OnFailure=${token}`,
            ),
          ),
        );
        expect(error.message).toContain("'<&>\"'\ufffd'");
      },
    },
  ],
};
