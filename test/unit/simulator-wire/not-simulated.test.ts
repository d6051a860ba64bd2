import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as organizations from '@aws-sdk/client-organizations';
import * as s3 from '@aws-sdk/client-s3';
import * as serverlessRepository from '@aws-sdk/client-serverlessapplicationrepository';
import * as sts from '@aws-sdk/client-sts';
import { afterAll, describe, expect, it } from 'vitest';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { ENDPOINTS } from '../../../src/simulator/wire/endpoints.js';
import { AnyValue } from './any-value.js';
import { FORM, form, send, signed, target } from './raw.js';

type Client = { send(command: unknown): Promise<unknown>; destroy(): void };
type ClientClass = new (options: Record<string, unknown>) => Client;
type CommandClass = new (input: unknown) => unknown;

const SERVICES = [
  { id: 'sts', module: sts, client: sts.STSClient },
  { id: 'organizations', module: organizations, client: organizations.OrganizationsClient },
  { id: 'cloudformation', module: cloudFormation, client: cloudFormation.CloudFormationClient },
  {
    id: 'serverlessrepo',
    module: serverlessRepository,
    client: serverlessRepository.ServerlessApplicationRepositoryClient,
  },
  { id: 's3', module: s3, client: s3.S3Client },
] as const;

/** What the clients look at themselves before they send anything. */
const BELIEVABLE = {
  Bucket: 'bucket',
  Key: 'key',
  CopySource: 'bucket/key',
  ApplicationId: 'application',
  ChecksumAlgorithm: 'CRC32',
};

const simulator = createSimulator({ organization: 'demo' });
afterAll(() => simulator.close());

describe.each(SERVICES)('what AWS has and the simulator does not, of $id', ({ id, module, client }) => {
  const { model } = ENDPOINTS[id];
  const missing = model.operationNames.filter((name) => !simulator.operations.has(`${id}:${name}`));
  const sdk = new (client as unknown as ClientClass)({
    region: 'us-east-1',
    credentials: simulator.credentials('100000000001'),
    requestHandler: simulator.requestHandler,
    maxAttempts: 1,
    forcePathStyle: true,
    disableHostPrefix: true,
    disableS3ExpressSessionAuth: true,
  });
  afterAll(() => sdk.destroy());

  it('is nothing that the simulator claims to perform', () => {
    const performed = [...simulator.operations].filter((name) => name.startsWith(`${id}:`));
    expect(performed.length + missing.length).toBe(model.operationNames.length);
  });

  if (missing.length > 0)
    it.each(missing)('answers NotImplemented, and does nothing: %s', async (name) => {
      const Command = (module as unknown as Record<string, CommandClass>)[`${name}Command`]!;
      const values = new AnyValue(name.length).of(model.operation(name)!.input) as Record<string, unknown>;
      const believable = Object.entries(BELIEVABLE).filter(([member]) => member in values);
      const input = { ...values, ...Object.fromEntries(believable) };
      await expect(sdk.send(new Command(input))).rejects.toMatchObject({
        name: 'NotImplemented',
        // Some of S3's operations belong to a service of their own.
        message: expect.stringMatching(
          `^(${name} exists in AWS and|The service s3(express-control|-object-lambda)) is not simulated\\.$`,
        ),
        $metadata: { httpStatusCode: 501 },
      });
    });
});

describe('an operation that is not simulated', () => {
  it('says so before it looks at its input', async () => {
    const listTypes = { headers: { ...signed('cloudformation'), ...FORM }, body: form('ListTypes', '&MaxResults=x') };
    const transfers = { headers: { ...signed('organizations'), ...target('UpdateResponsibilityTransfer') }, body: '{' };
    for (const request of [listTypes, transfers])
      expect(await send(simulator, request)).toMatchObject({ status: 501, code: 'NotImplemented' });
  });
});
