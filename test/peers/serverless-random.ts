import fc from 'fast-check';
import type { ServerlessCase } from './serverless-cases.js';

/**
 * Templates with REST APIs as nobody would think of them: a deployment's logical id is a hash of the definition in an order that depends on
 * every key and on everything that was done to it, which no template written by hand covers.
 */
export function randomCases(count: number, seed: number): readonly ServerlessCase[] {
  return fc.sample(templates, { numRuns: count, seed }).map((template, at) => ({
    name: `random: ${seed}, ${at}`,
    template,
    parameters: { Stage: 'given' },
  }));
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const word = fc
  .string({ unit: fc.constantFrom(...letters, 'A', 'B', '7'), minLength: 1, maxLength: 7 })
  .map((s) => `k${s}`);
const some = <T>(value: fc.Arbitrary<T>, maxKeys: number): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(word, value, { minKeys: 1, maxKeys });

const path = fc
  .array(fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: word.map((w) => `{${w}}`) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => `/${parts.join('/')}`);

const authorizer = fc.constantFrom(
  { UserPoolArn: 'arn' },
  { FunctionArn: 'arn' },
  { FunctionArn: { 'Fn::Sub': 'x${AWS::Region}' }, FunctionPayloadType: 'REQUEST', Identity: { Headers: ['H'] } },
);

const auth = some(authorizer, 6).chain((Authorizers) =>
  fc.record(
    {
      Authorizers: fc.constant(Authorizers),
      DefaultAuthorizer: fc.constantFrom(...Object.keys(Authorizers)),
      ApiKeyRequired: fc.constant(true),
    },
    { requiredKeys: ['Authorizers'] },
  ),
);

const gatewayResponses = some(
  fc.record({
    StatusCode: fc.constantFrom('400', 500),
    ResponseParameters: fc.record({ Headers: some(fc.constant("'v'"), 7) }),
  }),
  7,
);

const api = fc.record(
  {
    StageName: fc.constantFrom<unknown>('Prod', 'my-stage', { Ref: 'Stage' }),
    Cors: fc.constantFrom<unknown>("'*'", { AllowOrigin: "'x'", AllowHeaders: "'h'", MaxAge: "'1'" }),
    Auth: auth,
    GatewayResponses: gatewayResponses,
    OpenApiVersion: fc.constant('3.0.1'),
    BinaryMediaTypes: fc.constant(['a~1b', 'c']),
    DisableExecuteApiEndpoint: fc.constant(true),
  },
  { requiredKeys: ['StageName'] },
);

const event = (apis: readonly string[]): fc.Arbitrary<unknown> => {
  const Path = path;
  const Method = fc.constantFrom('get', 'POST', 'put', 'any', 'delete', 'patch', 'head');
  const RestApiId = fc.constantFrom(...apis.map((Ref) => ({ Ref })));
  const Auth = fc.constantFrom({ ApiKeyRequired: true }, { Authorizer: 'AWS_IAM' });
  const rest = fc.record({ Path, Method, RestApiId, Auth }, { requiredKeys: ['Path', 'Method'] });
  return fc.oneof(
    { weight: 8, arbitrary: rest.map((Properties) => ({ Type: 'Api', Properties })) },
    { weight: 1, arbitrary: fc.record({ Path, Method }).map((Properties) => ({ Type: 'HttpApi', Properties })) },
    { weight: 1, arbitrary: fc.constant({ Type: 'Schedule', Properties: { Schedule: 'rate(1 day)' } }) },
  );
};

const code = { Handler: 'h', Runtime: 'nodejs22.x', InlineCode: 'x' };

const serverlessFunction = (apis: readonly string[]): fc.Arbitrary<unknown> =>
  fc.tuple(some(event(apis), 12), fc.option(fc.constantFrom('A', 'B')), fc.boolean()).map(([Events, when, live]) => ({
    Type: 'AWS::Serverless::Function',
    ...(when === null ? {} : { Condition: when }),
    Properties: {
      ...code,
      FunctionName: { 'Fn::Sub': 'f-${AWS::StackName}' },
      ...(live ? { AutoPublishAlias: 'live' } : {}),
      Events,
    },
  }));

const templates: fc.Arbitrary<Record<string, unknown>> = some(api, 3).chain((apis) =>
  fc.tuple(some(serverlessFunction(Object.keys(apis)), 4), fc.option(gatewayResponses)).map(([functions, shared]) => ({
    Parameters: { Stage: { Type: 'String' } },
    Conditions: { A: { 'Fn::Equals': ['a', 'a'] }, B: { 'Fn::Equals': ['b', 'b'] } },
    ...(shared === null ? {} : { Globals: { Api: { GatewayResponses: shared, Cors: "'*'" } } }),
    Resources: {
      ...Object.fromEntries(
        Object.entries(apis).map(([id, Properties]) => [`Api${id}`, { Type: 'AWS::Serverless::Api', Properties }]),
      ),
      ...Object.fromEntries(Object.entries(functions).map(([id, one]) => [`Fn${id}`, prefixed(one)])),
    },
  })),
);

/** References to APIs by the logical ids that they have in the template. */
const prefixed = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll('"RestApiId":{"Ref":"', '"RestApiId":{"Ref":"Api')) as unknown;
