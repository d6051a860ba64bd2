import {
  CloudFormationClient,
  DescribeStackSetCommand,
  DescribeStacksCommand,
  OperationInProgressException,
  StackSetNotFoundException,
} from '@aws-sdk/client-cloudformation';
import {
  AccountNotFoundException,
  DescribeAccountCommand,
  InvalidInputException,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import {
  GetApplicationCommand,
  NotFoundException,
  ServerlessApplicationRepositoryClient,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/simulator/kernel/contract.js';
import { InProcessHandler } from '../../../src/simulator/wire/request-handler.js';
import { Echo } from './echo.js';

function world() {
  const echo = new Echo();
  const options = {
    region: 'us-east-1',
    credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' },
    requestHandler: new InProcessHandler(echo.gateway),
    maxAttempts: 1,
  };
  return { echo, options };
}

describe('a modelled error', () => {
  it('of the query protocol becomes the SDK exception, with the status of the model', async () => {
    const { echo, options } = world();
    const client = new CloudFormationClient(options);
    echo.reply = new AwsError('StackSetNotFoundException', 'StackSet "a <b> & c" not found');
    const error = await client
      .send(new DescribeStackSetCommand({ StackSetName: 'a' }))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StackSetNotFoundException);
    expect(error).toMatchObject({ message: 'StackSet "a <b> & c" not found', $metadata: { httpStatusCode: 404 } });
    echo.reply = new AwsError('OperationInProgressException', 'busy');
    await expect(client.send(new DescribeStackSetCommand({ StackSetName: 'a' }))).rejects.toBeInstanceOf(
      OperationInProgressException,
    );
  });

  it('of the JSON protocol carries its further members', async () => {
    const { echo, options } = world();
    echo.reply = new AwsError('InvalidInputException', 'no', 400, { Reason: 'INVALID_NEXT_TOKEN' });
    const error = await new OrganizationsClient(options)
      .send(new DescribeAccountCommand({ AccountId: '1' }))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidInputException);
    expect(error).toMatchObject({ message: 'no', Reason: 'INVALID_NEXT_TOKEN' });
    echo.reply = new AwsError('AccountNotFoundException', 'gone');
    await expect(
      new OrganizationsClient(options).send(new DescribeAccountCommand({ AccountId: '1' })),
    ).rejects.toBeInstanceOf(AccountNotFoundException);
  });

  it('of the REST protocols becomes the SDK exception too', async () => {
    const { echo, options } = world();
    echo.reply = new AwsError('NotFoundException', 'no such application', 404, { ErrorCode: 'x' });
    const sar = new ServerlessApplicationRepositoryClient(options);
    const missing = await sar
      .send(new GetApplicationCommand({ ApplicationId: 'arn:aws:serverlessrepo:us-east-1:1:applications/a' }))
      .catch((caught: unknown) => caught);
    expect(missing).toBeInstanceOf(NotFoundException);
    expect(missing).toMatchObject({
      message: 'no such application',
      ErrorCode: 'x',
      $metadata: { httpStatusCode: 404 },
    });
    echo.reply = new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: 'k' });
    await expect(
      new S3Client(options).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' })),
    ).rejects.toBeInstanceOf(NoSuchKey);
  });
});

describe('a code that the model does not have', () => {
  it('keeps its name, its text and the status that the handler gave', async () => {
    const { echo, options } = world();
    echo.reply = new AwsError('ValidationError', 'Stack with id x does not exist', 400);
    await expect(
      new CloudFormationClient(options).send(new DescribeStacksCommand({ StackName: 'x' })),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id x does not exist',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('a handler that fails', () => {
  it('is an InternalFailure that says so, and the next call is answered', async () => {
    const { echo, options } = world();
    const client = new CloudFormationClient(options);
    echo.reply = new TypeError('our own bug');
    await expect(client.send(new DescribeStacksCommand({}))).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
    });
    echo.reply = { Stacks: [] };
    await expect(client.send(new DescribeStacksCommand({}))).resolves.toMatchObject({ Stacks: [] });
  });
});
