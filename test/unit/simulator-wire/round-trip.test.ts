import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as organizations from '@aws-sdk/client-organizations';
import * as serverlessRepository from '@aws-sdk/client-serverlessapplicationrepository';
import * as sts from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../../src/simulator/wire/endpoints.js';
import { listen } from '../../../src/simulator/wire/listener.js';
import { InProcessHandler } from '../../../src/simulator/wire/request-handler.js';
import { AnyValue } from './any-value.js';
import { Echo } from './echo.js';

type Client = { send(command: unknown): Promise<Record<string, unknown>>; destroy(): void };
type ClientClass = new (options: Record<string, unknown>) => Client;
type CommandClass = new (input: unknown) => unknown;

const SERVICES = [
  { id: 'sts', module: sts, client: sts.STSClient, operations: 11 },
  { id: 'organizations', module: organizations, client: organizations.OrganizationsClient, operations: 63 },
  { id: 'cloudformation', module: cloudFormation, client: cloudFormation.CloudFormationClient, operations: 92 },
  {
    id: 'serverlessrepo',
    module: serverlessRepository,
    client: serverlessRepository.ServerlessApplicationRepositoryClient,
    operations: 14,
  },
] as const;

/** Called before there are credentials. */
const UNSIGNED = ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'];

/** Organizations has one home in a partition, and what is not signed names no Region. */
const REGIONS = ['us-west-2', 'us-east-1', ''];

const ROUNDS = 4;

/** SAR's old client leaves members that are undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What the client fills in by itself where the caller leaves it out. */
const IDEMPOTENCY_TOKENS = ['ClientRequestToken', 'OperationId'];

function withoutTokens(seen: unknown, sent: unknown): unknown {
  const added = IDEMPOTENCY_TOKENS.filter((token) => !(token in (sent as object)));
  return Object.fromEntries(Object.entries(seen as object).filter(([name]) => !added.includes(name)));
}

describe.each(SERVICES)('$id', ({ id, module, client, operations }) => {
  const echo = new Echo();
  const commands = module as unknown as Record<string, CommandClass>;
  const Client = client as unknown as ClientClass;
  const common = {
    region: 'us-west-2',
    credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' },
    maxAttempts: 1,
    disableHostPrefix: true,
  };
  let server: Awaited<ReturnType<typeof listen>>;

  beforeAll(async () => {
    server = await listen(echo.gateway, 0);
  });
  afterAll(() => server.close());

  it('knows every operation that the SDK can send', () => {
    expect(ENDPOINTS[id].model.operationNames).toHaveLength(operations);
    for (const name of ENDPOINTS[id].model.operationNames) expect(commands[`${name}Command`], name).toBeDefined();
  });

  it.each(['in process', 'over HTTP'])(
    'carries random inputs and outputs of every operation unchanged, %s',
    async (way) => {
      const transport =
        way === 'in process' ? { requestHandler: new InProcessHandler(echo.gateway) } : { endpoint: server.url };
      const sdk = new Client({ ...common, ...transport });
      for (const name of ENDPOINTS[id].model.operationNames) {
        const operation = ENDPOINTS[id].model.operation(name)!;
        for (let round = 0; round < (way === 'in process' ? ROUNDS : 1); round += 1) {
          const values = new AnyValue(round * 7919 + name.length * 31 + 1);
          const input = values.of(operation.input);
          echo.reply = values.of(operation.output);
          const { $metadata, ...answer } = await sdk.send(new commands[`${name}Command`]!(input));
          expect(echo.seen?.call, name).toMatchObject({
            operation: name,
            principal: { accountId: UNSIGNED.includes(name) ? 'anonymous' : '123456789012' },
          });
          expect(REGIONS).toContain(echo.seen?.call.region);
          expect(plain(withoutTokens(echo.seen?.input, input)), `${name} input`).toEqual(plain(input));
          expect(plain(answer), `${name} output`).toEqual(plain(echo.reply));
          expect($metadata).toMatchObject({ requestId: echo.seen?.call.requestId });
        }
      }
      sdk.destroy();
    },
  );
});
