import { describe, expect, it } from 'vitest';
import { inputViolations } from '../../../src/simulator/wire/endpoints.js';
import { InProcessHandler } from '../../../src/simulator/wire/request-handler.js';
import { Echo } from './echo.js';
import { FORM, form, send, signed, target, type RawRequest } from './raw.js';

const echo = new Echo(inputViolations);
const simulator = { requestHandler: new InProcessHandler(echo.gateway) };
const ask = (request: RawRequest) => {
  echo.seen = undefined;
  return send(simulator, request);
};

const stacks = (body: string, headers: Record<string, string> = FORM): RawRequest => ({
  headers: { ...signed('cloudformation'), ...headers },
  body,
});
const create = (rest: string): RawRequest => stacks(form('CreateStack', `&StackName=a${rest}`));
const account = (body: string, headers: Record<string, string> = target('DescribeAccount')): RawRequest => ({
  headers: { ...signed('organizations'), ...headers },
  body,
});
const applications = (rest: RawRequest): RawRequest => ({ headers: signed('serverlessrepo'), ...rest });
const objects = (rest: RawRequest): RawRequest => ({ headers: signed('s3'), ...rest });

describe('a form', () => {
  it.each([
    ['without an action', stacks('Version=2010-05-15'), 400, 'MissingAction'],
    ['that is empty', stacks(''), 400, 'MissingAction'],
    [
      'whose type is not that of a form',
      stacks(form('ListStacks'), { 'content-type': 'application/json' }),
      400,
      'MissingAction',
    ],
    ['that is put', { ...stacks(form('ListStacks')), method: 'PUT' }, 400, 'MissingAction'],
    [
      'that is a URL without an action',
      { ...stacks(''), method: 'GET', query: { Tea: 'green' } },
      400,
      'MissingAction',
    ],
    ['with an action that AWS does not have', stacks(form('MakeTea')), 400, 'InvalidAction'],
    ['without a version', stacks('Action=ListStacks'), 400, 'InvalidAction'],
    [
      'with a version that the service does not have',
      stacks('Action=ListStacks&Version=2009-01-01'),
      400,
      'InvalidAction',
    ],
    ['with an escape that is none', create('&Description=%zz'), 404, 'MalformedQueryString'],
    ['with a parameter that comes twice', create('&StackName=b'), 400, 'MalformedInput'],
    ['with a key that is nested a thousand times', create(`&${'a.'.repeat(1000)}b=1`), 400, 'MalformedInput'],
    ['with a boolean that is none', create('&DisableRollback=maybe'), 400, 'MalformedInput'],
    ['with a number that is none', create('&TimeoutInMinutes=soon'), 400, 'MalformedInput'],
    ['with a number that is empty', create('&TimeoutInMinutes='), 400, 'MalformedInput'],
    ['with a fraction where a whole number belongs', create('&TimeoutInMinutes=1.5'), 400, 'MalformedInput'],
    ['with a number beyond its type', create('&TimeoutInMinutes=99999999999'), 400, 'MalformedInput'],
    ['with NaN', create('&TimeoutInMinutes=NaN'), 400, 'MalformedInput'],
    ['with text where a list belongs', create('&Tags=a'), 400, 'MalformedInput'],
    ['with text where a structure belongs', create('&RollbackConfiguration=a'), 400, 'MalformedInput'],
    ['with text where a list of structures has one', create('&Tags.member.1=a'), 400, 'MalformedInput'],
    ['with a structure where text belongs', create('&Description.a=b&TemplateBody.b=c'), 400, 'MalformedInput'],
    ['with an index that is a word', create('&Tags.member.x.Key=a'), 400, 'MalformedInput'],
    ['with an index below one', create('&Tags.member.0.Key=a'), 400, 'MalformedInput'],
    ['with a negative index', create('&Tags.member.-1.Key=a'), 400, 'MalformedInput'],
    ['with an index that no list can have', create('&Tags.member.99999999999.Key=a'), 400, 'MalformedInput'],
    ['with a list that is not called member', create('&Tags.1.Key=a'), 400, 'MalformedInput'],
    ['of which nothing is as it should be', stacks(form('CreateStack', '&Tags.member.1.Key=')), 400, 'ValidationError'],
    [
      'that is too large',
      stacks(form('CreateStack', `&TemplateBody=${'a'.repeat(1024 * 1024)}`)),
      413,
      'RequestEntityTooLarge',
    ],
  ])('%s is refused', async (_what, request, status, code) => {
    const answer = await ask(request);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('text/xml');
    expect(answer.text).toMatch(/<RequestId>[0-9a-f-]{36}<\/RequestId>/);
    expect(echo.seen).toBeUndefined();
  });

  it.each([
    ['a list that is empty', '&Tags=', { Tags: [] }],
    [
      'an index that leaves a gap',
      '&NotificationARNs.member.999999999=b&NotificationARNs.member.7=a',
      { NotificationARNs: ['a', 'b'] },
    ],
    ['bytes that are no UTF-8', '&TemplateBody=%ff%41', { TemplateBody: '\ufffdA' }],
    ['a parameter that AWS does not have', '&Tea=green', {}],
    [
      'names that JavaScript keeps for itself',
      '&__proto__=a&constructor.member.1=b&Tags.member.1.Key=__proto__&Tags.member.1.Value=v',
      { Tags: [{ Key: '__proto__', Value: 'v' }] },
    ],
  ])('may have %s', async (_what, rest, input) => {
    expect(await ask(create(rest))).toMatchObject({ status: 200 });
    expect(echo.seen?.input).toEqual({ StackName: 'a', ...input });
  });

  it('may come in a URL', async () => {
    const query = { Action: 'DescribeStacks', Version: '2010-05-15', StackName: 'a&b' };
    expect(await ask({ method: 'GET', headers: signed('cloudformation'), query })).toMatchObject({ status: 200 });
    expect(echo.seen?.input).toEqual({ StackName: 'a&b' });
  });
});

describe('JSON', () => {
  it.each([
    ['that ends early', account('{"AccountId":'), 400, 'SerializationException'],
    ['that is a list', account('[]'), 400, 'SerializationException'],
    ['that is null', account('null'), 400, 'SerializationException'],
    ['that is CBOR', account('\u00a1iAccountIdl1'), 400, 'SerializationException'],
    ['of a million brackets', account('['.repeat(1_000_000)), 400, 'SerializationException'],
    ['with a list where text belongs', account('{"AccountId":["a"]}'), 400, 'SerializationException'],
    [
      'with text where a number belongs',
      account('{"MaxResults":"20"}', target('ListAccounts')),
      400,
      'SerializationException',
    ],
    [
      'with a fraction where a whole number belongs',
      account('{"MaxResults":1.5}', target('ListAccounts')),
      400,
      'SerializationException',
    ],
    [
      'with a number beyond its type',
      account('{"MaxResults":1e400}', target('ListAccounts')),
      400,
      'SerializationException',
    ],
    [
      'with text where a list belongs',
      account('{"ResourceId":"1","Tags":"a"}', target('TagResource')),
      400,
      'SerializationException',
    ],
    [
      'without a target',
      account('{}', { 'content-type': 'application/x-amz-json-1.1' }),
      400,
      'UnknownOperationException',
    ],
    ['for an operation that AWS does not have', account('{}', target('MakeTea')), 400, 'UnknownOperationException'],
    [
      'for a service that has another name',
      account('{}', { ...target(''), 'x-amz-target': 'X.DescribeAccount' }),
      400,
      'UnknownOperationException',
    ],
    [
      'of another type',
      account('{}', { ...target('DescribeAccount'), 'content-type': 'application/cbor' }),
      400,
      'UnknownOperationException',
    ],
    ['without what is required', account('{}'), 400, 'InvalidInputException'],
    ['that is too large', account(`{"AccountId":"${'1'.repeat(1024 * 1024)}"}`), 413, 'RequestEntityTooLargeException'],
  ])('%s is refused', async (_what, request, status, code) => {
    const answer = await ask(request);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(echo.seen).toBeUndefined();
  });

  it.each([
    [
      'longer than allowed',
      { AccountId: '1234567890123' },
      'MAX_LENGTH_EXCEEDED',
      'You provided a string parameter that is longer than allowed.',
    ],
    [
      'of another pattern',
      { AccountId: '12345678901x' },
      'INVALID_PATTERN',
      'You provided a value that does not match the required pattern.',
    ],
    ['missing', {}, 'INPUT_REQUIRED', 'You must include a value for all required parameters.'],
  ])('with a value that is %s is told the reason', async (_what, input, reason, message) => {
    const { text } = await ask(account(JSON.stringify(input)));
    expect(JSON.parse(text)).toEqual({ __type: 'InvalidInputException', Message: message, Reason: reason });
  });
});

describe('a path', () => {
  it.each([
    ['that leads nowhere', applications({ path: '/teapots' }), 404, 'UnknownOperationException'],
    [
      'that is not percent-encoded text',
      applications({ method: 'GET', path: '/applications/%zz' }),
      400,
      'BadRequestException',
    ],
    [
      'whose query is no number',
      applications({ method: 'GET', path: '/applications', query: { maxItems: 'all' } }),
      400,
      'BadRequestException',
    ],
    [
      'whose query is beyond its range',
      applications({ method: 'GET', path: '/applications', query: { maxItems: '101' } }),
      400,
      'BadRequestException',
    ],
    ['with JSON that is none', applications({ path: '/applications', body: '{' }), 400, 'BadRequestException'],
    ['with JSON that lacks something', applications({ path: '/applications', body: '{}' }), 400, 'BadRequestException'],
    ['of S3 that is not percent-encoded text', objects({ method: 'GET', path: '/bucket/%zz' }), 400, 'InvalidURI'],
    [
      'of S3 with XML that is none',
      objects({ method: 'PUT', path: '/bucket', body: '<a><b></a>' }),
      400,
      'MalformedXML',
    ],
    [
      'of S3 with XML that is bytes',
      objects({ method: 'PUT', path: '/bucket', body: new Uint8Array([0, 255, 1]) }),
      400,
      'MalformedXML',
    ],
    [
      'of S3 with chunks that end early',
      objects({
        method: 'PUT',
        path: '/bucket/key',
        headers: { ...signed('s3'), 'content-encoding': 'aws-chunked' },
        body: 'ff\r\nabc',
      }),
      400,
      'MalformedXML',
    ],
    [
      'of S3 with a method that it does not have',
      objects({ method: 'PATCH', path: '/bucket' }),
      405,
      'MethodNotAllowed',
    ],
  ])('%s is refused', async (_what, request, status, code) => {
    const answer = await ask(request);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(echo.seen).toBeUndefined();
  });

  it.each([
    ['entities that grow a thousandfold at each step', entityBomb()],
    ['a hundred thousand elements inside each other', '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
  ])('with XML of %s is answered at once', async (_what, body) => {
    const begun = performance.now();
    const { status, code } = await ask(objects({ method: 'PUT', path: '/bucket', body }));
    expect(performance.now() - begun).toBeLessThan(3000);
    expect([200, 400]).toContain(status);
    expect(['MalformedXML', undefined]).toContain(code);
  });
});

describe('a signature', () => {
  const calling = (headers: Record<string, string>, rest: RawRequest = {}): RawRequest => ({
    headers: { ...FORM, ...headers },
    body: form('DescribeStacks'),
    ...rest,
  });
  const scope = (credential: string) => ({
    ...signed('cloudformation'),
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
  });
  const oregon = { hostname: 'cloudformation.us-west-2.amazonaws.com' };

  it.each([
    ['none', calling({}), 403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'],
    [
      'none at a host of AWS',
      calling({}, oregon),
      403,
      'MissingAuthenticationToken',
      'Request is missing Authentication Token',
    ],
    [
      'half of one',
      calling({ authorization: 'AWS4-HMAC-SHA256 Credential=A/20300101/us-east-1/sts/aws4_request' }),
      400,
      'IncompleteSignature',
      `Authorization header requires &apos;Signature&apos; parameter. Authorization header requires &apos;SignedHeaders&apos; parameter. Authorization header requires existence of either a &apos;X-Amz-Date&apos; or a &apos;Date&apos; header.`,
    ],
    [
      'one of another kind',
      calling({ authorization: 'Bearer token' }),
      400,
      'IncompleteSignature',
      'Authorization header requires &apos;Credential&apos; parameter.',
    ],
    [
      'one whose scope lacks a part',
      calling(scope('A/20300101/us-east-1/cloudformation')),
      400,
      'IncompleteSignature',
      'Credential must have exactly 5 slash-delimited elements',
    ],
    [
      'one in the URL of which a part is missing',
      { method: 'GET', query: { 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256' } },
      400,
      'IncompleteSignature',
      'AWS query-string parameters must include &apos;X-Amz-Credential&apos;.',
    ],
    [
      'one for another Region than the host’s',
      calling(signed('cloudformation'), oregon),
      403,
      'SignatureDoesNotMatch',
      '<Message>Credential should be scoped to a valid region.</Message>',
    ],
    [
      'one for another service than the host’s',
      calling(signed('sts', '100000000004', 'us-west-2'), oregon),
      403,
      'SignatureDoesNotMatch',
      '<Message>Credential should be scoped to correct service: &apos;cloudformation&apos;.</Message>',
    ],
    [
      'one for neither',
      calling(signed('ec2'), oregon),
      403,
      'SignatureDoesNotMatch',
      'Credential should be scoped to a valid region. Credential should be scoped to correct service: &apos;cloudformation&apos;.',
    ],
    [
      'one for another Region than the oldest endpoint of STS',
      calling(signed('sts', '100000000004', 'us-west-2'), {
        hostname: 'sts.amazonaws.com',
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
      }),
      403,
      'SignatureDoesNotMatch',
      'valid region',
    ],
    [
      'one for another service than the body’s, where the host says nothing',
      calling(signed('sts')),
      403,
      'SignatureDoesNotMatch',
      'Credential should be scoped to correct service: &apos;cloudformation&apos;.',
    ],
    [
      'one that ends otherwise',
      calling(scope('A/20300101/us-east-1/cloudformation/aws5_request')),
      403,
      'SignatureDoesNotMatch',
      'valid terminator: &apos;aws4_request&apos;, not &apos;aws5_request&apos;',
    ],
    [
      'one with a key that nobody was given',
      calling(signed('cloudformation', 'AKIAIOSFODNN7EXAMPLE')),
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    ],
    [
      'one for a service that is not simulated',
      calling(signed('ec2')),
      501,
      'NotImplemented',
      'The service ec2 is not simulated.',
    ],
    [
      'one for a host that is not simulated',
      calling(signed('ec2'), { hostname: 'ec2.us-east-1.amazonaws.com' }),
      501,
      'NotImplemented',
      'The service ec2 is not simulated.',
    ],
    [
      'one for the body’s service at the host of another',
      calling(signed('sts', '100000000004', 'us-west-2'), { hostname: 'sts.us-west-2.amazonaws.com' }),
      400,
      'InvalidAction',
      'Could not find operation DescribeStacks for version 2010-05-15',
    ],
  ])('that is %s', async (_what, request, status, code, message) => {
    const answer = await ask(request);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.text).toContain(message);
    expect(echo.seen).toBeUndefined();
  });

  it.each([
    ['none', {}, 400, 'MissingAuthenticationTokenException'],
    ['half of one', { authorization: 'AWS4-HMAC-SHA256 Credential=a' }, 400, 'IncompleteSignatureException'],
    ['one for another service', signed('cloudformation'), 400, 'InvalidSignatureException'],
    [
      'one with a key that nobody was given',
      signed('organizations', 'AKIAIOSFODNN7EXAMPLE'),
      400,
      'UnrecognizedClientException',
    ],
  ])('of JSON that is %s has other codes', async (_what, headers, status, code) => {
    const hostname = 'organizations.us-east-1.amazonaws.com';
    const answer = await ask({ hostname, headers: { ...target('ListRoots'), ...headers }, body: '{}' });
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  it.each([
    ['cloudformation.us-west-2.amazonaws.com', 'us-west-2'],
    ['cloudformation-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['cloudformation.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['cloudformation.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
    ['cloudformation.eu-west-3.api.aws', 'eu-west-3'],
    ['127.0.0.1', 'us-west-2'],
    ['localhost', 'ap-southeast-2'],
    ['[::1]', 'ap-southeast-2'],
    ['simulator.example.com', 'ap-southeast-2'],
  ])('for the Region of %s is taken', async (hostname, region) => {
    const headers = { ...signed('cloudformation', '100000000004', region), ...FORM };
    expect(await ask({ hostname, headers, body: form('DescribeStacks') })).toMatchObject({ status: 200 });
    expect(echo.seen?.call.region).toBe(region);
  });

  it('in a URL is taken', async () => {
    const query = {
      Action: 'DescribeStacks',
      Version: '2010-05-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': '100000000004/20300101/us-east-1/cloudformation/aws4_request',
      'X-Amz-Date': '20300101T000000Z',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '0',
    };
    expect(await ask({ method: 'GET', query })).toMatchObject({ status: 200 });
    expect(echo.seen?.call).toMatchObject({ operation: 'DescribeStacks', principal: { accountId: '100000000004' } });
  });
});

function entityBomb(): string {
  const steps = Array.from({ length: 12 }, (_, step) => `<!ENTITY e${step + 1} "${`&e${step};`.repeat(10)}">`);
  return `<!DOCTYPE a [<!ENTITY e0 "boom">${steps.join('')}]><a>&e12;</a>`;
}
