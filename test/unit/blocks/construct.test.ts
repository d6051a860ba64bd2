import { describe, expect, it } from 'vitest';
import { pinConstruct } from '../../../src/blocks/construct/construct.js';
import type { JsonObject } from '../../../src/model/json.js';
import { block, construct } from './construct-material.js';
import { codes, files } from './material.js';

const MACHINE = JSON.stringify({ StartAt: 'Note', States: { Note: { Type: 'Pass', End: true } } });
const FILES = files({
  'code/handler/index.js': 'exports.handler = 1',
  'code/handler/lib/more.js': 'exports.more = 1',
  'code/machine.asl.json': MACHINE,
  'code/list.json': '[]',
});
const pin = (props: JsonObject, present = FILES, name?: string) => {
  const own = block(props, name);
  return pinConstruct(construct(own), own, present);
};
const PROPS = { lambdaFunctionProps: { code: { $Code: { folder: 'code/handler' } }, handler: 'index.handler' } };
const digest = (props: JsonObject, present = FILES) => pin(props, present).value?.source;

describe('a construct is named', () => {
  it('by the package of its pattern', () =>
    expect(pin({})).toMatchObject({
      value: {
        source: { construct: 'aws-eventbridge-lambda', version: '2.41.0' },
        mainKey: 'construct',
        title: 'aws-eventbridge-lambda 2.41.0',
      },
      diagnostics: [],
    }));

  it.each([
    ['aws-events-rule-lambda', 'aws-eventbridge-lambda'],
    ['aws-events-rule-step-function', 'aws-eventbridge-stepfunctions'],
  ])('%s by the name that it had, with a warning that what was deployed is replaced', (former, name) => {
    const { value, diagnostics } = pin({}, FILES, former);
    expect(value?.source).toMatchObject({ construct: name });
    expect(diagnostics).toMatchObject([
      {
        code: 'EK4060',
        severity: 'warning',
        place: { source: 'spec.construct' },
        remedy: expect.stringContaining(name),
      },
    ]);
    expect(diagnostics[0]?.message).toContain('logical ids');
  });

  it('and refused where AWS retired the service that it was made of, with what is nearest', () => {
    const { value, diagnostics } = pin({}, FILES, 'aws-kinesisfirehose-s3-and-kinesisanalytics');
    expect(value).toBeNull();
    expect(diagnostics).toMatchObject([{ code: 'EK4061', remedy: expect.stringMatching(/aws-kinesisfirehose-s3\b/) }]);
    expect(diagnostics[0]?.message).toMatch(/Kinesis Data Analytics/);
  });

  it('and refused where nobody knows it, with the name that was probably meant', () =>
    expect(pin({}, FILES, 'aws-eventbridge-lamda').diagnostics).toMatchObject([
      { code: 'EK4062', remedy: expect.stringContaining('aws-eventbridge-lambda') },
    ]));
});

describe('what is pinned', () => {
  it('is the same for the same props in another order', () =>
    expect(digest({ b: 1, a: { d: 1, c: 2 } })).toEqual(digest({ a: { c: 2, d: 1 }, b: 1 })));

  it('is another where a prop, the code or the name of a file of code is another', () => {
    const changed = files({ ...Object.fromEntries(FILES.files), 'code/handler/lib/more.js': 'exports.more = 2' });
    const renamed = new Map(FILES.files);
    renamed.delete('code/handler/lib/more.js');
    renamed.set('code/handler/lib/most.js', Buffer.from('exports.more = 1'));
    const all = [
      digest(PROPS),
      digest({ ...PROPS, other: 1 }),
      digest(PROPS, changed),
      digest(PROPS, { ...FILES, files: renamed }),
    ];
    expect(new Set(all.map((source) => JSON.stringify(source))).size).toBe(4);
  });

  it('is the same where something changes that the props do not name', () => {
    const elsewhere = files({ ...Object.fromEntries(FILES.files), 'code/other/index.js': '1', 'a.yaml': 'b' });
    expect(digest(PROPS, elsewhere)).toEqual(digest(PROPS));
  });

  it('is another where the definition in a file is another', () => {
    const props = { stateMachineProps: { definitionBody: { $DefinitionBody: { file: 'code/machine.asl.json' } } } };
    const other = files({ 'code/machine.asl.json': MACHINE.replace('Note', 'Tell') });
    expect(digest(props, other)).not.toEqual(digest(props));
  });
});

describe('props that cannot be', () => {
  it.each<[JsonObject, string, string, RegExp]>([
    [{ a: { $Runtim: 'x' } }, 'EK4063', 'spec.props.a.$Runtim', /write \$Runtime/],
    [{ a: { $Runtime: 'x', handler: 'y' } }, 'EK4063', 'spec.props.a.$Runtime', /nothing else/],
    [{ a: [{ $Duration: '5 fortnights' }] }, 'EK4064', 'spec.props.a.0.$Duration', /5 minutes/],
    [{ a: { $Duration: 'P' } }, 'EK4064', 'spec.props.a.$Duration', /PT5M/],
    [{ a: { $Schedule: 'every day' } }, 'EK4064', 'spec.props.a.$Schedule', /rate\(5 minutes\)/],
    [{ a: { $Bucket: 'my-bucket' } }, 'EK4064', 'spec.props.a.$Bucket', /arn:aws:s3/],
    [{ a: { $Bucket: { $Duration: 'PT1S' } } }, 'EK4064', 'spec.props.a.$Bucket', /\$Sub/],
    [{ a: { $Enum: 'process.env' } }, 'EK4064', 'spec.props.a.$Enum', /RetentionDays/],
    [{ a: { $Code: { folder: 'code/../../etc' } } }, 'EK4064', 'spec.props.a.$Code', /code\/handler/],
    [{ a: { $Code: { folder: '/etc' } } }, 'EK4064', 'spec.props.a.$Code', /code\/handler/],
    [{ a: { $Code: { folder: 'templates' } } }, 'EK4064', 'spec.props.a.$Code', /code\/handler/],
    [{ a: { $Code: { folder: 'code/handlr' } } }, 'EK4065', 'spec.props.a.$Code.folder', /code\/handler/],
    [{ a: { $Code: { folder: 'code/list.json' } } }, 'EK4065', 'spec.props.a.$Code.folder', /folder that it is in/],
    [
      { a: { $DefinitionBody: { file: 'code/list.json' } } },
      'EK4067',
      'spec.props.a.$DefinitionBody.file',
      /States Language/,
    ],
    [
      { a: { $DefinitionBody: { file: 'code/no.json' } } },
      'EK4067',
      'spec.props.a.$DefinitionBody.file',
      /add it|write/,
    ],
    [{ a: 'x-${account.id}' }, 'EK4064', 'spec.props.a', /\$Parameter/],
    [{ a: 'x-${outputs.Stack/b.C}' }, 'EK4064', 'spec.props.a', /\$Parameter/],
  ])('%j', (props, code, source, remedy) => {
    const { value, diagnostics } = pin(props);
    expect(value).toBeNull();
    expect(diagnostics).toMatchObject([{ code, severity: 'error', place: { source } }]);
    expect(diagnostics[0]?.remedy).toMatch(remedy);
  });

  it('are all said at once', () =>
    expect(
      codes(pin({ a: { $Nothing: 1 }, b: [{ $Size: 'big' }], c: { $Code: { folder: 'code/none' } } }).diagnostics),
    ).toEqual(['EK4063', 'EK4064', 'EK4065']));

  it('are too many, or nested too deep', () => {
    const deep = Array.from({ length: 40 }).reduce<JsonObject>((inner) => ({ a: inner }), {});
    expect(codes(pin(deep).diagnostics)).toEqual(['EK4075']);
    expect(codes(pin({ many: Array.from({ length: 20_000 }, () => 1) }).diagnostics)).toEqual(['EK4075']);
  });

  it('name a folder that is too large', () => {
    const many = files(Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`code/big/${n}.js`, ''])));
    expect(codes(pin({ a: { $Code: { folder: 'code/big' } } }, many).diagnostics)).toEqual(['EK4066']);
  });
});

describe('props that are plain', () => {
  it.each<JsonObject>([
    { eventPattern: { detail: { $or: [{ a: ['b'] }, { c: ['d'] }] } } },
    { schema: { $ref: '#/definitions/x', $schema: 'http://json-schema.org/draft-07/schema#' } },
    { states: { 'Input.$': '$.detail' } },
    { text: '${aws:username} and ${AWS::Region}' },
    { definitionBody: { $DefinitionBody: { json: { StartAt: '${account.id}', Comment: { $Runtime: 1 } } } } },
  ])('%j', (props) => expect(pin(props).diagnostics).toEqual([]));
});
