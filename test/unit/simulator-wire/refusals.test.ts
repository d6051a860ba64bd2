import {
  CloudFormationClient,
  DescribeStackSetCommand,
  DescribeStacksCommand,
  OperationInProgressException,
  StackSetNotFoundException,
} from '@aws-sdk/client-cloudformation';
import {
  AccountNotFoundException,
  CreateAccountCommand,
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
import type { WireRequest } from '../../../src/simulator/wire/message.js';
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

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=123456789012/20300101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

function request(
  service: string,
  overrides: Partial<Omit<WireRequest, 'body'>> & { readonly body?: string },
): WireRequest {
  const { body = '', headers = {}, ...rest } = overrides;
  return {
    method: 'POST',
    hostname: 'localhost',
    path: '/',
    query: new Map(),
    ...rest,
    headers: { ...signed(service), ...headers },
    body: Buffer.from(body),
  };
}

async function answer(echo: Echo, message: WireRequest) {
  const response = await echo.gateway.handle(message);
  return { ...response, text: Buffer.from(response.body).toString('utf8') };
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

describe('a request that is wrongly formed', () => {
  it('lacks required members: each is named', async () => {
    const { echo, options } = world();
    const nothing = await answer(
      echo,
      request('cloudformation', { body: 'Action=CreateStack&Version=2010-05-15&Tags.member.1.Key=a' }),
    );
    expect(nothing.status).toBe(400);
    expect(nothing.text).toContain('<Code>ValidationError</Code>');
    expect(nothing.text).toContain('2 validation errors detected: Value null at &apos;stackName&apos;');
    expect(nothing.text).toContain('Value null at &apos;tags.1.member.value&apos;');
    expect(echo.seen).toBeUndefined();
    await expect(
      new OrganizationsClient(options).send(new CreateAccountCommand({ Email: 'a@b.c' } as never)),
    ).rejects.toThrow(/'accountName'/);
  });

  it.each([
    ['no action', 'cloudformation', { body: 'Version=2010-05-15' }, 400, 'MissingAction'],
    ['an action that AWS does not have', 'cloudformation', { body: 'Action=MakeTea' }, 400, 'InvalidAction'],
    [
      'a boolean that is none',
      'cloudformation',
      { body: 'Action=CreateStack&StackName=a&DisableRollback=maybe' },
      400,
      'MalformedInput',
    ],
    [
      'a number that is none',
      'cloudformation',
      { body: 'Action=CreateStack&StackName=a&TimeoutInMinutes=soon' },
      400,
      'MalformedInput',
    ],
    [
      'a key that is nested a thousand times',
      'cloudformation',
      { body: `Action=CreateStack&${'a.'.repeat(1000)}b=1` },
      400,
      'MalformedInput',
    ],
    [
      'JSON that is none',
      'organizations',
      { headers: { 'x-amz-target': 'AWSOrganizationsV20161128.DescribeAccount' }, body: '{"AccountId":' },
      400,
      'SerializationException',
    ],
    [
      'JSON of another form',
      'organizations',
      { headers: { 'x-amz-target': 'AWSOrganizationsV20161128.DescribeAccount' }, body: '{"AccountId":["a"]}' },
      400,
      'SerializationException',
    ],
    [
      'a target that AWS does not have',
      'organizations',
      { headers: { 'x-amz-target': 'X.MakeTea' }, body: '{}' },
      400,
      'UnknownOperationException',
    ],
    ['a path that leads nowhere', 'serverlessrepo', { path: '/teapots' }, 404, 'UnknownOperationException'],
    [
      'a path that is not percent-encoded text',
      'serverlessrepo',
      { method: 'GET', path: '/applications/%zz' },
      400,
      'BadRequestException',
    ],
    ['XML that is none', 's3', { method: 'PUT', path: '/bucket', body: '<a><b></a>' }, 400, 'MalformedXML'],
    [
      'chunks that end early',
      's3',
      { method: 'PUT', path: '/bucket/key', headers: { 'content-encoding': 'aws-chunked' }, body: 'ff\r\nabc' },
      400,
      'MalformedXML',
    ],
    ['a service that is not simulated', 'ec2', { body: 'Action=DescribeVpcs' }, 501, 'NotImplemented'],
  ])('%s', async (_what, service, overrides, status, code) => {
    const { echo } = world();
    const { status: answered, text, headers } = await answer(echo, request(service, overrides));
    expect(`${headers['x-amzn-errortype']} ${text}`).toContain(code);
    expect(answered).toBe(status);
    expect(echo.seen).toBeUndefined();
  });

  it('with no signature is told so', async () => {
    const { echo } = world();
    const unsigned = { ...request('cloudformation', { body: 'Action=DescribeStacks' }), headers: {} };
    const { status, text } = await answer(echo, unsigned);
    expect([status, text]).toEqual([403, expect.stringContaining('MissingAuthenticationToken')]);
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
