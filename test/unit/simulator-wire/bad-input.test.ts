import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/kernel/contract.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { FORM, form, send, signed, target, type RawAnswer, type RawRequest } from './raw.js';

const MANAGEMENT = '100000000001';

let simulator: Simulator;
beforeAll(() => {
  simulator = createSimulator({ organization: 'demo' });
});
afterAll(() => simulator.close());

const TEMPLATE = encodeURIComponent('{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}');
const query = (service: string, body: string): RawRequest => ({ headers: { ...signed(service), ...FORM }, body });
const json = (operation: string, body: string): RawRequest => ({
  headers: { ...signed('organizations', MANAGEMENT), ...target(operation) },
  body,
});

/** Requests that AWS would take, of every protocol. */
const VALID: readonly RawRequest[] = [
  query('sts', 'Action=GetCallerIdentity&Version=2011-06-15'),
  query(
    'sts',
    'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A100000000011%3Arole%2Fevenkeel-plan&RoleSessionName=run-1&DurationSeconds=900&Tags.member.1.Key=a&Tags.member.1.Value=b',
  ),
  query('cloudformation', form('DescribeStacks')),
  query('cloudformation', form('ListStacks', '&StackStatusFilter.member.1=CREATE_COMPLETE')),
  query('cloudformation', form('ValidateTemplate', `&TemplateBody=${TEMPLATE}`)),
  query('cloudformation', form('GetTemplateSummary', `&TemplateBody=${TEMPLATE}`)),
  query(
    'cloudformation',
    form(
      'CreateStack',
      `&StackName=valid&TemplateBody=${TEMPLATE}&Tags.member.1.Key=a&Tags.member.1.Value=b&Capabilities.member.1=CAPABILITY_IAM&TimeoutInMinutes=5`,
    ),
  ),
  query(
    'cloudformation',
    form('CreateChangeSet', `&StackName=changed&ChangeSetName=c&ChangeSetType=CREATE&TemplateBody=${TEMPLATE}`),
  ),
  query(
    'cloudformation',
    form(
      'CreateStackSet',
      `&StackSetName=set&TemplateBody=${TEMPLATE}&Parameters.member.1.ParameterKey=a&Parameters.member.1.ParameterValue=b`,
    ),
  ),
  json('ListAccounts', '{"MaxResults":20}'),
  json('DescribeAccount', '{"AccountId":"100000000011"}'),
  json('ListTagsForResource', '{"ResourceId":"100000000011"}'),
  json('TagResource', '{"ResourceId":"100000000011","Tags":[{"Key":"a","Value":"b"}]}'),
  { method: 'GET', path: '/applications', query: { maxItems: '5' }, headers: signed('serverlessrepo') },
  {
    method: 'POST',
    path: '/applications',
    headers: { ...signed('serverlessrepo'), 'content-type': 'application/json' },
    body: '{"author":"a","description":"d","name":"n","labels":["l"]}',
  },
  { method: 'PUT', path: '/bucket', headers: signed('s3') },
  { method: 'PUT', path: '/bucket/key', headers: signed('s3'), body: 'bytes' },
  { method: 'GET', path: '/bucket', query: { 'list-type': '2' }, headers: signed('s3') },
];

async function expectAlive(): Promise<void> {
  const answer = await send(simulator, VALID[0]!);
  expect(answer.text).toContain('<Account>100000000004</Account>');
}

/** A success, or an error of AWS's form that is not the simulator's own failure. */
function expectAnswered(answer: RawAnswer, request: RawRequest): void {
  if (answer.status < 400) return;
  const described = JSON.stringify({ request, status: answer.status, text: answer.text }).slice(0, 2000);
  if (request.method !== 'HEAD') expect(answer.code, described).toBeDefined();
  expect(answer.code, described).not.toBe('InternalFailure');
  expect(answer.status === 501 || answer.status < 500, described).toBe(true);
}

describe('random requests', () => {
  it('that are none of AWS’s are answered as AWS would, and the next one works', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const service = fc.constantFrom('sts', 'cloudformation', 'organizations', 'serverlessrepo', 's3', 'ec2', '');
    const headers = fc.record(
      {
        'content-type': fc.oneof(
          fc.constantFrom(
            'application/x-www-form-urlencoded',
            'application/json',
            'application/x-amz-json-1.1',
            'application/cbor',
            'text/xml',
          ),
          text,
        ),
        'x-amz-target': fc.oneof(
          fc.constantFrom('AWSOrganizationsV20161128.ListAccounts', 'AWSOrganizationsV20161128.', '.'),
          text,
        ),
        'content-encoding': fc.constantFrom('gzip', 'aws-chunked', 'br'),
        authorization: fc.oneof(
          {
            weight: 6,
            arbitrary: fc.constant(
              'AWS4-HMAC-SHA256 Credential=100000000004/20300101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0',
            ),
          },
          text,
        ),
        'x-amz-security-token': text,
      },
      { requiredKeys: [] },
    );
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'BREW'),
      hostname: fc.constantFrom(
        '127.0.0.1',
        'localhost',
        '',
        'cloudformation.us-east-1.amazonaws.com',
        'sts.amazonaws.com',
        's3.amazonaws.com',
        'b.s3.us-east-1.amazonaws.com',
        '[::1]',
      ),
      path: fc.oneof(
        fc.constantFrom('/', '', '//', '/%', '/applications', '/bucket/key', '/applications/%zz'),
        text.map((rest) => `/${rest}`),
      ),
      query: fc.dictionary(
        fc.oneof(
          text,
          fc.constantFrom('Action', 'Version', 'X-Amz-Credential', 'X-Amz-Algorithm', 'list-type', 'uploads', 'acl'),
        ),
        text,
        { maxKeys: 4 },
      ),
      signature: fc.option(service),
      headers,
      body: fc.oneof(bytes, text, fc.json()),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ signature, headers: own, ...rest }) => {
        const raw = { ...rest, headers: { ...(signature === null ? {} : signed(signature)), ...own } };
        expectAnswered(await send(simulator, raw), raw);
      }),
      { numRuns: 1500 },
    );
    await expectAlive();
  });

  it('that were valid before something in them was changed are answered as AWS would, and the next one works', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '&',
        '=',
        '%',
        '%zz',
        '%00',
        '%ff',
        '.',
        '.member.',
        '-1',
        '999999999',
        '0',
        '{',
        '}',
        '[',
        ']',
        '"',
        'null',
        '1e400',
        '\\ud800',
        '\u0000',
        '😀',
        'é',
        '&Action=DescribeStacks',
        'NaN',
        'true',
        '__proto__',
        'constructor',
        '<a>',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const change = fc.record({ at: fc.nat(400), cut: fc.nat(6), piece });
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    const valid = fc.constantFrom(...VALID);
    await fc.assert(
      fc.asyncProperty(valid, changes, changes, fc.boolean(), async (request, inBody, inUrl, url) => {
        const body = String(request.body ?? '');
        const raw: RawRequest = {
          ...request,
          body: changed(body, inBody),
          ...(url ? { path: `/${changed((request.path ?? '/').slice(1), inUrl)}` } : {}),
          ...(url
            ? {
                query: Object.fromEntries(
                  Object.entries(request.query ?? {}).map(([name, value]) => [name, changed(value, inUrl)]),
                ),
              }
            : {}),
        };
        expectAnswered(await send(simulator, raw), raw);
      }),
      { numRuns: 3000 },
    );
    await expectAlive();
  });
});

function changed(
  text: string,
  changes: readonly { readonly at: number; readonly cut: number; readonly piece: string }[],
): string {
  return changes.reduce((current, { at, cut, piece }) => {
    const from = current.length === 0 ? 0 : at % (current.length + 1);
    return current.slice(0, from) + piece + current.slice(from + cut);
  }, text);
}

describe('what no ledger sends', () => {
  it.each(['{', '[null]', 'null', '"a"', '1'])('DynamoDB refuses as well: %s', async (body) => {
    const headers = { ...signed('dynamodb'), 'content-type': 'application/x-amz-json-1.0' };
    const answer = await send(simulator, { headers: { ...headers, 'x-amz-target': 'DynamoDB_20120810.Query' }, body });
    expect([answer.status, answer.code]).toEqual([400, 'SerializationException']);
    await expectAlive();
  });
});
