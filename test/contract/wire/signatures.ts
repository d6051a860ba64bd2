import { expect } from 'vitest';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DescribeStacksCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { assumption, document, type Chapter, type SimulatedAws } from '../specification.js';
import { form, refusal, sendChanged, sendForged, whoAmI } from './raw-request.js';

const COMMON_ERRORS = document('STS API Reference, Common Errors');
const SCOPE = document('IAM User Guide, Troubleshoot Signature Version 4 signing for AWS API requests');
const HOSTS = 'it needs AWS’s host names';

const scopedTo = (authorization: string, service: string, region: string): string =>
  authorization.replace(/\/[a-z0-9-]+\/[a-z0-9-]+\/aws4_request/, `/${region}/${service}/aws4_request`);

/** Sessions of a quarter of an hour, which is over. */
async function expired(aws: SimulatedAws) {
  const RoleArn = `arn:aws:iam::${aws.members[0]}:role/OrganizationAccountAccessRole`;
  const asked = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'short', DurationSeconds: 900 });
  const { Credentials } = await aws.sts(aws.management).send(asked);
  aws.simulator.world.clock.advance(901);
  return {
    region: 'us-east-1',
    maxAttempts: 1,
    requestHandler: aws.simulator.requestHandler,
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  };
}

export const signatures: Chapter = {
  service: 'The wire',
  operation: 'Signatures',
  sentences: [
    {
      says: 'answers SignatureDoesNotMatch where the scope names a Region that AWS does not have, or another partition’s',
      source: assumption(
        'AWS has no endpoint there that could answer; nothing may stand in a Region that does not exist',
      ),
      alone: 'emulators answer in any Region',
      test: async (aws) => {
        for (const region of ['mars-north-1', 'us-gov-west-1'])
          await expect(
            aws.cloudFormation(aws.members[0], region).send(new ListStacksCommand({})),
          ).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
      },
    },
    {
      says: 'answers MissingAuthenticationToken, HTTP status 403, where nobody signed',
      source: COMMON_ERRORS,
      differs: { moto: 'answers as if somebody had', ministack: 'answers as if somebody had' },
      test: async (aws) => {
        const asked = whoAmI(aws.sts(), (request) => {
          delete request.headers['authorization'];
        });
        await expect(asked).rejects.toMatchObject(refusal('MissingAuthenticationToken', 403));
      },
    },
    {
      says: 'answers IncompleteSignature, HTTP status 400, with what is missing, where a part of the Authorization header is',
      source: COMMON_ERRORS,
      differs: { moto: 'does not look at it', ministack: 'does not look at it' },
      test: async (aws) => {
        const asked = whoAmI(aws.sts(), (request) => {
          request.headers['authorization'] = request.headers['authorization']!.replace(/, Signature=.*/, '');
        });
        const message = expect.stringContaining("Authorization header requires 'Signature' parameter.");
        await expect(asked).rejects.toMatchObject(refusal('IncompleteSignature', 400, message));
      },
    },
    {
      says: 'answers IncompleteSignature where the scope has not the five parts that it should have',
      source: COMMON_ERRORS,
      differs: { moto: 'does not look at it', ministack: 'does not look at it' },
      test: async (aws) => {
        const asked = whoAmI(aws.sts(), (request) => {
          request.headers['authorization'] = request.headers['authorization']!.replace('/aws4_request', '');
        });
        const message = expect.stringContaining('Credential must have exactly 5 slash-delimited elements');
        await expect(asked).rejects.toMatchObject(refusal('IncompleteSignature', 400, message));
      },
    },
    {
      says: 'answers InvalidClientTokenId, HTTP status 403, where nobody has the key',
      source: COMMON_ERRORS,
      differs: { moto: 'takes any key', ministack: 'takes any key' },
      test: async (aws) => {
        const asked = whoAmI(aws.sts(), (request) => {
          request.headers['authorization'] = request.headers['authorization']!.replace(
            /Credential=[^/]+/,
            'Credential=AKIAIOSFODNN7NOBODYS',
          );
        });
        await expect(asked).rejects.toMatchObject(refusal('InvalidClientTokenId', 403));
      },
    },
    {
      says: 'answers UnrecognizedClientException instead where the protocol is JSON',
      source: assumption('as of the services whose documentation names the errors of AWS JSON, such as DynamoDB'),
      differs: { moto: 'takes any key', ministack: 'takes any key' },
      test: async (aws) => {
        const asked = sendForged(aws.organizations(), new DescribeOrganizationCommand({}), (request) => {
          request.headers['authorization'] = request.headers['authorization']!.replace(
            /Credential=[^/]+/,
            'Credential=AKIAIOSFODNN7NOBODYS',
          );
        });
        await expect(asked).rejects.toMatchObject(refusal('UnrecognizedClientException', 400));
      },
    },
    {
      says: 'looks at the key before it looks at the input',
      source: assumption('who asks is settled before what is asked'),
      differs: {
        moto: 'takes any key, and the input with it',
        ministack: 'takes any key, and answers ValidationError',
      },
      test: async (aws) => {
        const command = new AssumeRoleCommand({ RoleArn: 'short', RoleSessionName: '' });
        const asked = sendForged(aws.sts(), command, (request) => {
          request.headers['authorization'] = request.headers['authorization']!.replace(
            /Credential=[^/]+/,
            'Credential=AKIAIOSFODNN7NOBODYS',
          );
        });
        await expect(asked).rejects.toMatchObject(refusal('InvalidClientTokenId', 403));
      },
    },
    {
      says: 'answers ExpiredToken, HTTP status 403, where the session is over',
      source: document('IAM User Guide, Using temporary credentials with AWS resources'),
      alone: 'an hour of the clock has to pass',
      test: async (aws) => {
        const client = new STSClient(await expired(aws));
        await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(refusal('ExpiredToken', 403));
      },
    },
    {
      says: 'answers ExpiredTokenException instead where the protocol is JSON',
      source: assumption('as of the services whose documentation names the errors of AWS JSON, such as DynamoDB'),
      alone: 'an hour of the clock has to pass',
      test: async (aws) => {
        const client = new OrganizationsClient(await expired(aws));
        await expect(client.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject(
          refusal('ExpiredTokenException', 400),
        );
      },
    },
    {
      says: 'answers SignatureDoesNotMatch, HTTP status 403, where the scope names another Region than the host',
      source: SCOPE,
      alone: HOSTS,
      test: async (aws) => {
        const client = aws.cloudFormation(aws.members[0], 'us-west-2');
        const asked = sendForged(client, new DescribeStacksCommand({}), ({ headers }) => {
          headers['authorization'] = scopedTo(headers['authorization']!, 'cloudformation', 'us-east-1');
        });
        await expect(asked).rejects.toMatchObject(
          refusal('SignatureDoesNotMatch', 403, 'Credential should be scoped to a valid region.'),
        );
      },
    },
    {
      says: 'answers SignatureDoesNotMatch where the scope names another service than the host',
      source: SCOPE,
      alone: HOSTS,
      test: async (aws) => {
        const asked = sendForged(aws.cloudFormation(), new DescribeStacksCommand({}), ({ headers }) => {
          headers['authorization'] = scopedTo(headers['authorization']!, 'sts', 'us-east-1');
        });
        await expect(asked).rejects.toMatchObject(
          refusal('SignatureDoesNotMatch', 403, "Credential should be scoped to correct service: 'cloudformation'."),
        );
      },
    },
    {
      says: 'answers InvalidAction where the host and the scope are one service’s and the body is another’s',
      source: COMMON_ERRORS,
      alone: HOSTS,
      test: async (aws) => {
        const asked = sendChanged(aws.sts(), new GetCallerIdentityCommand({}), (request) => {
          request.body = form('DescribeStacks');
        });
        await expect(asked).rejects.toMatchObject(refusal('InvalidAction', 400));
      },
    },
    {
      says: 'does not notice a signature that is wrong, or old, as long as it is whole',
      source: assumption('AWS answers SignatureDoesNotMatch; to check it is not simulated, and neither is its date'),
      alone: 'it is a limit of the simulator',
      test: async (aws) => {
        const asked = whoAmI(aws.sts(), (request) => {
          request.headers['authorization'] = request.headers['authorization']!.replace(/Signature=.*/, 'Signature=0');
          request.headers['x-amz-date'] = '20010101T000000Z';
        });
        await expect(asked).resolves.toMatchObject({ Account: aws.members[0] });
      },
    },
  ],
};
