import { unzipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../../src/blocks/construct/construct-material.js';
import type { JsonObject } from '../../../src/model/json.js';
import { resourcesOf } from '../../../src/model/template-resources.js';
import { block, installationOf, serve } from './construct-material.js';
import { files } from './material.js';

const FILES = files({
  'code/handler/index.js': 'exports.handler = async () => {};',
  'code/handler/lib/more.js': 'exports.more = 1;',
  'code/machine.asl.json': '{ "StartAt": "Note",\n "States": { "Note": { "Type": "Pass", "End": true } } }',
});
const AS_CODE = { name: 'Code of a function', holds: 'bytes' } as const;
const FUNCTION = {
  code: { $Code: { folder: 'code/handler' } },
  runtime: { $Runtime: 'nodejs22.x' },
  handler: 'index.handler',
};
const EVERY_HOUR = { schedule: { $Schedule: 'rate(1 hour)' } };
const LAMBDA = { lambdaFunctionProps: FUNCTION, eventRuleProps: EVERY_HOUR };
const machine = (more: JsonObject = {}, others: JsonObject = {}): JsonObject => ({
  stateMachineProps: { definitionBody: { $DefinitionBody: { file: 'code/machine.asl.json' } }, ...more },
  eventRuleProps: EVERY_HOUR,
  ...others,
});
const STEP_FUNCTIONS = 'aws-eventbridge-stepfunctions';

const lambda = (props: JsonObject) => serve(block(props), FILES);
const stepFunctions = (props: JsonObject) => serve(block(props, STEP_FUNCTIONS), FILES);

/** The properties of the only resource of a type. */
async function only(type: string, served: ReturnType<typeof serve>): Promise<unknown> {
  const found = resourcesOf((await served).document).filter((resource) => resource.type === type);
  expect(found).toHaveLength(1);
  return found[0]!.properties;
}

describe('props become what they stand for', () => {
  it('folders of code become archives that are named by what is in them', async () => {
    const served = await lambda(LAMBDA);
    const { Code } = (await only('AWS::Lambda::Function', Promise.resolve(served))) as {
      Code: { S3Bucket: string; S3Key: string };
    };
    expect(Code).toEqual({
      S3Bucket: 'EVENKEEL_ARTIFACT_BUCKET',
      S3Key: expect.stringMatching(/^code\/[0-9a-f]{64}\.zip$/),
    });
    const archive = await served.fetchObject(
      { type: 's3', bucket: Code.S3Bucket, key: Code.S3Key, version: null },
      AS_CODE,
    );
    expect(Object.keys(unzipSync(archive))).toEqual(['index.js', 'lib/more.js']);
  });

  it('durations, sizes, runtimes, members of enumerations', async () =>
    expect(
      await only(
        'AWS::Lambda::Function',
        lambda({
          ...LAMBDA,
          lambdaFunctionProps: {
            ...FUNCTION,
            timeout: { $Duration: '2 minutes' },
            ephemeralStorageSize: { $Size: '1 GiB' },
            architecture: { $Enum: 'aws-lambda.Architecture.ARM_64' },
            tracing: { $Enum: 'aws-lambda.Tracing.PASS_THROUGH' },
            memorySize: 256,
          },
        }),
      ),
    ).toMatchObject({
      Timeout: 120,
      EphemeralStorage: { Size: 1024 },
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'PassThrough' },
      MemorySize: 256,
      Runtime: 'nodejs22.x',
    }));

  it('definitions of state machines, from a file or in place, with an ISO duration beside them', async () => {
    const States = { Note: { Type: 'Pass', End: true } };
    const inPlace = machine({ definitionBody: { $DefinitionBody: { json: { StartAt: 'Note', States } } } });
    const DefinitionString = '{"StartAt":"Note","States":{"Note":{"Type":"Pass","End":true}}}';
    expect(await only('AWS::StepFunctions::StateMachine', stepFunctions(machine()))).toMatchObject({
      DefinitionString,
    });
    expect(await only('AWS::StepFunctions::StateMachine', stepFunctions(inPlace))).toMatchObject({ DefinitionString });
  });

  it('event patterns in the words of the CDK, with what begins with a dollar and is plain', async () => {
    const detail = { $or: [{ eventName: ['ConsoleLogin'] }, { userIdentity: { type: ['Root'] } }] };
    const eventPattern = { source: ['aws.signin'], detailType: ['AWS API Call via CloudTrail'], detail };
    expect(
      await only('AWS::Events::Rule', stepFunctions({ ...machine(), eventRuleProps: { eventPattern } })),
    ).toMatchObject({
      EventPattern: { source: ['aws.signin'], 'detail-type': ['AWS API Call via CloudTrail'], detail },
    });
  });

  it('things that stand already, by their ARN', async () => {
    const arn = 'arn:aws:lambda:us-east-1:111122223333:function:notify';
    const { document } = await lambda({ existingLambdaObj: { $Function: arn }, eventRuleProps: EVERY_HOUR });
    expect(
      resourcesOf(document)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['AWS::Events::Rule', 'AWS::Lambda::Permission']);
    expect(JSON.stringify(document)).toContain(arn);
  });

  it.each([
    ['$Role', 'role', 'arn:aws:iam::111122223333:role/machine'],
    ['$EventBus', 'existingEventBusInterface', 'arn:aws:events:us-east-1:111122223333:event-bus/audit'],
  ])('%s as %s', async (form, prop, arn) => {
    const eventRuleProps = { eventPattern: { source: ['aws.ec2'] } };
    const existing = { [prop]: { [form]: arn } };
    const props = prop === 'role' ? machine(existing) : machine({}, { ...existing, eventRuleProps });
    expect(JSON.stringify((await stepFunctions(props)).document)).toContain(arn.split(/[:/]/).at(-1));
  });

  it('keys, queues, tables and policies of a function', async () => {
    const { document } = await lambda({
      ...LAMBDA,
      lambdaFunctionProps: {
        ...FUNCTION,
        environmentEncryption: { $Key: 'arn:aws:kms:us-east-1:111122223333:key/abc' },
        deadLetterQueue: { $Queue: { $Sub: 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:letters' } },
        layers: [{ $LayerVersion: 'arn:aws:lambda:us-east-1:111122223333:layer:tools:3' }],
        initialPolicy: [
          {
            $PolicyStatement: {
              Effect: 'Allow',
              Action: ['s3:GetObject'],
              Resource: [{ $Sub: 'arn:${AWS::Partition}:s3:::x/*' }],
            },
          },
        ],
      },
    });
    const text = JSON.stringify(document);
    expect(text).toContain('key/abc');
    expect(text).toContain('{"Fn::Sub":"arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:letters"}');
    expect(text).toContain('layer:tools:3');
    expect(text).toContain('{"Fn::Sub":"arn:${AWS::Partition}:s3:::x/*"}');
  });

  it('parameters that the manifest gives, once however often they are named', async () => {
    const { document } = await lambda({
      ...LAMBDA,
      lambdaFunctionProps: {
        ...FUNCTION,
        environment: {
          TABLE: { $Parameter: { name: 'Table', description: 'where to write' } },
          SAME: { $Parameter: 'Table' },
        },
        memorySize: { $Parameter: { name: 'Memory', type: 'Number', default: '128' } },
      },
    });
    expect(document['Parameters']).toEqual({
      Table: { Type: 'String', Description: 'where to write' },
      Memory: { Type: 'Number', Default: '128' },
    });
    expect(JSON.stringify(document)).toContain('"MemorySize":{"Ref":"Memory"}');
  });

  it('code that the CDK brings itself is there too', async () => {
    const logRetention = { $Enum: 'aws-logs.RetentionDays.ONE_WEEK' };
    const served = await lambda({ ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, logRetention } });
    const functions = resourcesOf(served.document).filter(({ type }) => type === 'AWS::Lambda::Function');
    expect(functions).toHaveLength(2);
    for (const { properties } of functions) {
      const { S3Bucket: bucket, S3Key: key } = properties['Code'] as { S3Bucket: string; S3Key: string };
      const bytes = await served.fetchObject({ type: 's3', bucket, key, version: null }, AS_CODE);
      expect(Object.keys(unzipSync(bytes))).toContain('index.js');
    }
  });
});

describe('a template', () => {
  it('holds nothing but what CloudFormation needs: no bootstrap, no metadata of the CDK', async () => {
    const { document } = await lambda(LAMBDA);
    expect(Object.keys(document)).toEqual(['Resources', 'Outputs']);
    expect(JSON.stringify(document)).not.toMatch(/BootstrapVersion|CDKMetadata|aws:cdk:path|aws:asset|\/tmp\//);
  });

  it('and its code are the same at every synthesis', async () => {
    const all = await Promise.all([1, 2, 3].map(() => lambda(LAMBDA)));
    expect(new Set(all.map(({ document }) => JSON.stringify(document))).size).toBe(1);
  });

  it('says where it is from', async () =>
    expect((await lambda(LAMBDA)).facts).toMatchObject({
      licence: 'Apache-2.0',
      publisher: { author: 'Amazon Web Services', verified: false },
      sourceCodeUrl: 'https://github.com/awslabs/aws-solutions-constructs',
    }));
});

describe('what a template puts out', () => {
  it('is the ARN and the name of what it makes, by the names of the members', async () => {
    const { document } = await stepFunctions(machine());
    const made = (name: string): string => expect.stringMatching(new RegExp(`^Construct${name}[0-9A-F]{8}$`)) as string;
    expect(document['Outputs']).toEqual({
      EventsRuleArn: { Value: { 'Fn::GetAtt': [made('EventsRule'), 'Arn'] } },
      EventsRuleName: { Value: { Ref: made('EventsRule') } },
      StateMachineArn: { Value: { Ref: made('StateMachine') } },
      StateMachineLogGroupArn: { Value: { 'Fn::GetAtt': [made('StateMachineLogGroup'), 'Arn'] } },
      StateMachineLogGroupName: { Value: { Ref: made('StateMachineLogGroup') } },
      StateMachineName: { Value: { 'Fn::GetAtt': [made('StateMachine'), 'Name'] } },
    });
  });

  it('is not what stands already', async () => {
    const existingLambdaObj = { $Function: 'arn:aws:lambda:us-east-1:111122223333:function:notify' };
    const existingEventBusInterface = { $EventBus: 'arn:aws:events:us-east-1:111122223333:event-bus/audit' };
    const eventRuleProps = { eventPattern: { source: ['aws.ec2'] } };
    const { document } = await lambda({ existingLambdaObj, existingEventBusInterface, eventRuleProps });
    expect(Object.keys(document['Outputs'] as JsonObject)).toEqual(['EventsRuleArn', 'EventsRuleName']);
  });

  it('may be called like a parameter', async () => {
    const environment = { PEER: { $Parameter: 'LambdaFunctionArn' } };
    const { document } = await lambda({ ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, environment } });
    expect(Object.keys(document['Parameters'] as JsonObject)).toEqual(['LambdaFunctionArn']);
    expect(document['Outputs']).toHaveProperty('LambdaFunctionArn.Value.Fn::GetAtt');
  });

  it.each([
    ['a bucket', `this.logs = new (require('aws-cdk-lib/aws-s3').Bucket)(this, 'Logs');`, ['LogsArn', 'LogsName']],
    [
      'a queue, without what is in a list',
      `const { Queue } = require('aws-cdk-lib/aws-sqs');
       this.letters = new Queue(this, 'Letters'); this.others = [new Queue(this, 'Other')];`,
      ['LettersArn', 'LettersName', 'LettersUrl'],
    ],
    [
      'a resource that is not wrapped',
      `this.stream = new (require('aws-cdk-lib/aws-kinesisfirehose').CfnDeliveryStream)(this, 'Stream');`,
      ['StreamArn', 'StreamName'],
    ],
    [
      'a REST API that is not deployed, which has no address',
      `this.api = new (require('aws-cdk-lib/aws-apigateway').RestApi)(this, 'Api', { deploy: false });
       this.api.root.addMethod('GET');`,
      ['ApiId'],
    ],
    [
      'a resource of no known type, one of a class of its own, text and nothing',
      `this.topic = new CfnResource(this, 'Any', { type: 'AWS::Any::Thing' }); this.self = this; this.name = 'x'; this.none = undefined;`,
      [],
    ],
  ])('of any pattern: %s', async (_, body, names) => {
    const { installation, close } = await installationOf(body);
    try {
      const { document } = await serve(block({}, undefined, '9.9.9'), FILES, { installation });
      expect(Object.keys((document['Outputs'] ?? {}) as JsonObject)).toEqual(names);
    } finally {
      await close();
    }
  });
});

describe('props that do not fit', () => {
  it.each<[string, JsonObject, string, RegExp, RegExp]>([
    [
      'a prop that is misspelt',
      { ...LAMBDA, lamdaFunctionProps: {} },
      'props.lamdaFunctionProps',
      /no such prop/,
      /lambdaFunctionProps/,
    ],
    [
      'a prop deep inside that is misspelt',
      { ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, memorysize: 1 } },
      'props.lambdaFunctionProps.memorysize',
      /FunctionProps has no such prop/,
      /memorySize/,
    ],
    [
      'text for an object',
      { ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, runtime: 'nodejs22.x' } },
      'props.lambdaFunctionProps.runtime',
      /takes an object, Runtime/,
      /\$Runtime: nodejs22\.x/,
    ],
    [
      'another object',
      { ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, timeout: { $Size: '1 MiB' } } },
      'props.lambdaFunctionProps.timeout',
      /takes an object, Duration/,
      /\$Duration/,
    ],
    [
      'text for a number',
      { ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, memorySize: '256' } },
      'props.lambdaFunctionProps.memorySize',
      /takes a number/,
      /number/,
    ],
    [
      'a number for text',
      { ...LAMBDA, eventRuleProps: { ...EVERY_HOUR, description: 5 } },
      'props.eventRuleProps.description',
      /takes a string/,
      /quotes/,
    ],
    [
      'one thing for a list',
      { ...LAMBDA, eventRuleProps: { eventPattern: { source: 'aws.ec2' } } },
      'props.eventRuleProps.eventPattern.source',
      /takes a list/,
      /list/,
    ],
    [
      'an object that YAML cannot hold',
      { ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, vpc: 'vpc-1' } },
      'props.lambdaFunctionProps.vpc',
      /takes an object, IVpc/,
      /leave it out/,
    ],
  ])('%s', (_, props, path, message, remedy) =>
    expect(lambda(props)).rejects.toMatchObject({
      code: 'EK4071',
      key: 'props',
      path: path.split('.').slice(1),
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    }),
  );

  it('are named together', () =>
    expect(
      lambda({ ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, memorysize: 1, Timeout: 2 } }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('(and props.lambdaFunctionProps.Timeout)'),
    }));

  it('are known to the CDK only while it is asked', async () => {
    await expect(
      lambda({ ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, runtime: { $Runtime: 'nodejs22.y' } } }),
    ).rejects.toMatchObject({
      code: 'EK4064',
      path: ['lambdaFunctionProps', 'runtime', '$Runtime'],
      remedy: 'write nodejs24.x',
    });
    const tracing = { $Enum: 'aws-lambda.Tracing.ACTIV' };
    await expect(lambda({ ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, tracing } })).rejects.toMatchObject({
      code: 'EK4064',
      path: ['lambdaFunctionProps', 'tracing', '$Enum'],
      remedy: 'write ACTIVE',
    });
  });

  it.each([
    'aws-lambda.Code.fromInline',
    'core.Token.asString',
    'aws-lambda.Function.prototype',
    'aws-nothing.X.Y',
    'core.App.constructor',
  ])('no function is ever reached by name: %s', async (name) => {
    const props = { ...LAMBDA, lambdaFunctionProps: { ...FUNCTION, tracing: { $Enum: name } } };
    await expect(lambda(props)).rejects.toMatchObject({ code: 'EK4064' });
  });

  it('and those that the construct itself refuses are refused in its words', () =>
    expect(lambda({ eventRuleProps: EVERY_HOUR })).rejects.toMatchObject({
      code: 'EK4070',
      message: expect.stringMatching(/existingLambdaObj or lambdaFunctionProps/),
    }));
});

it('an archive is the same whatever the order in which its files were read, in every time zone', () => {
  const zone = process.env['TZ'];
  try {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,8}(\/[a-z0-9]{1,8}){0,2}\.js$/), fc.uint8Array()), {
          selector: ([path]) => path,
          minLength: 1,
        }),
        fc.constantFrom('UTC', 'Asia/Kolkata', 'America/Los_Angeles', 'Pacific/Apia'),
        (contents, elsewhere) => {
          const sorted = [...contents].sort(([a], [b]) => (a < b ? -1 : 1));
          process.env['TZ'] = 'UTC';
          const here = zipOf(new Map(sorted));
          process.env['TZ'] = elsewhere;
          const there = zipOf(new Map(sorted));
          expect(Buffer.compare(here, there)).toBe(0);
          const unpacked = unzipSync(there);
          expect(Object.keys(unpacked)).toEqual(sorted.map(([path]) => path));
          for (const [path, bytes] of sorted)
            expect(Buffer.from(unpacked[path]!).equals(Buffer.from(bytes))).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});
