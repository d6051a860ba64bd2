import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as organizations from '@aws-sdk/client-organizations';
import * as serverlessRepository from '@aws-sdk/client-serverlessapplicationrepository';
import * as sts from '@aws-sdk/client-sts';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/simulator/kernel/contract.js';
import { ENDPOINTS } from '../../../src/simulator/wire/endpoints.js';
import { listen } from '../../../src/simulator/wire/listener.js';
import { InProcessHandler } from '../../../src/simulator/wire/request-handler.js';
import type { Shape } from '../../../src/simulator/wire/shape.js';
import { AnyValue } from './any-value.js';
import { hasModels, modelsTitle, serviceModel, type ModelShape } from './aws-models.js';
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

/** A call of each service that the client lets through, to be refused. */
const ERROR_QUESTIONS = {
  sts: [{}, 'GetCallerIdentity'],
  organizations: [{}, 'DescribeOrganization'],
  cloudformation: [{}, 'DescribeStacks'],
  serverlessrepo: [{}, 'ListApplications'],
} as const;

/** AWS JSON knows whose fault it was, and no more; its models have statuses all the same. */
const STATUS: Readonly<Record<string, (status: number) => number>> = {
  organizations: (status) => (status < 500 ? 400 : 500),
};

/** Of everything that the codec reads from the client's schemas: where a new client changes one of them, look at what it changes. */
const DIGESTS = {
  sts: 'f606e3783f1fd7ba',
  organizations: 'd89fdd96ca476ede',
  cloudformation: 'b4f67bbf34ec084b',
  serverlessrepo: 'efa30a8d1e235314',
} as const;

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

  it('carries every modelled error with its members, and its status', async () => {
    const sdk = new Client({ ...common, requestHandler: new InProcessHandler(echo.gateway) });
    const [asked, command] = ERROR_QUESTIONS[id];
    const { errors } = ENDPOINTS[id].model;
    expect(errors.length).toBeGreaterThan(0);
    for (const [index, { shape, wireCode, status }] of errors.entries()) {
      const values = new AnyValue(index + 1).of(shape) as Record<string, unknown>;
      const isText = (name: string) => name.toLowerCase() === 'message';
      const members = Object.fromEntries(Object.entries(values).filter(([name]) => !isText(name)));
      const text = `it is <${index}> & "so"`;
      for (const code of new Set([shape.name, wireCode])) {
        echo.reply = new AwsError(code, text, 400, members);
        const caught = (await sdk
          .send(new commands[`${command}Command`]!(asked))
          .catch((error: unknown) => error)) as Error;
        const knownTo = Object.values(module).filter((each) => typeof each === 'function' && each.name === shape.name);
        for (const Kind of knownTo) expect(caught, code).toBeInstanceOf(Kind);
        expect(caught, code).toMatchObject({
          message: text,
          $metadata: { httpStatusCode: STATUS[id]?.(status) ?? status },
        });
        expect([shape.name, wireCode], code).toContain(caught.name);
        // SAR's old client knows errors by their names and takes their members as they come.
        expect(plain(caught), code).toMatchObject(plain(members) as object);
      }
    }
    echo.reply = {};
    sdk.destroy();
  });

  it('reads the same schemas as when this was written', () => {
    const { model } = ENDPOINTS[id];
    const written = [
      ...[...model.operationNames].sort().map((name) => {
        const { input, output, http } = model.operation(name)!;
        return { name, http, input: described(input), output: described(output) };
      }),
      ...model.errors.map(({ shape, ...rest }) => ({ ...rest, shape: described(shape) })),
    ];
    expect(createHash('sha256').update(JSON.stringify(written)).digest('hex').slice(0, 16)).toBe(DIGESTS[id]);
  });

  it.skipIf(!hasModels)(modelsTitle('has what AWS’s own model has'), () => {
    const { shapes, operations: modelled } = serviceModel(id);
    for (const [name, operation] of Object.entries(modelled)) {
      const known = ENDPOINTS[id].model.operation(name);
      expect(known, name).toBeDefined();
      if (operation.input !== undefined) expectShape(known!.input, operation.input.shape, shapes, name);
      if (operation.output !== undefined) expectShape(known!.output, operation.output.shape, shapes, name);
      for (const error of operation.errors ?? [])
        expect(
          ENDPOINTS[id].model.errors.map(({ shape }) => shape.name),
          name,
        ).toContain(error.shape);
    }
  });
});

/** A shape without its repetitions: a structure that is being described already is its name. */
function described(shape: Shape, inside: readonly string[] = []): unknown {
  switch (shape.type) {
    case 'structure':
      if (inside.includes(shape.name)) return shape.name;
      return {
        ...shape,
        members: shape.members.map((member) => ({
          ...member,
          shape: described(member.shape, [...inside, shape.name]),
        })),
      };
    case 'list':
      return { ...shape, member: described(shape.member, inside) };
    case 'map':
      return { ...shape, value: described(shape.value, inside) };
    default:
      return shape;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  integer: 'number',
  long: 'number',
  double: 'number',
  float: 'number',
};

function expectShape(
  shape: Shape,
  modelName: string,
  shapes: Readonly<Record<string, ModelShape>>,
  place: string,
  seen = new Set<string>(),
): void {
  const model = shapes[modelName]!;
  if (seen.has(modelName)) return;
  seen.add(modelName);
  expect(shape.type === 'unit' ? 'structure' : shape.type, place).toBe(TYPES[model.type] ?? model.type);
  if (shape.type === 'list') expectShape(shape.member, model.member!.shape, shapes, place, seen);
  if (shape.type === 'map') expectShape(shape.value, model.value!.shape, shapes, place, seen);
  if (shape.type !== 'structure') return;
  const required = shape.members.filter((member) => member.required).map(({ name }) => name);
  expect(required.sort(), `${place}: required of ${modelName}`).toEqual([...(model.required ?? [])].sort());
  for (const [name, { shape: of }] of Object.entries(model.members ?? {})) {
    const member = shape.members.find((each) => each.name === name);
    expect(member, `${place}: ${modelName}.${name}`).toBeDefined();
    expectShape(member!.shape, of, shapes, `${place}.${name}`, seen);
  }
}
