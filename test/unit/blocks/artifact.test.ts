import { describe, expect, it } from 'vitest';
import { makeArtifact } from '../../../src/blocks/template/artifact.js';
import type { ArtifactInput } from '../../../src/blocks/template/artifact.js';
import { MAXIMUM_TEMPLATE_BYTES } from '../../../src/model/artifact.js';
import { sha256 } from '../../../src/model/canonical.js';
import { templateSha256 } from '../../../src/model/template.js';

const BUCKET = 'Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n';

function made(template: string, over: Partial<ArtifactInput> = {}) {
  return makeArtifact({
    address: 'Stack/x',
    file: 'templates/x.yaml',
    template,
    objects: [],
    tags: {},
    extraCapabilities: [],
    ...over,
  });
}

function artifactOf(template: string, over: Partial<ArtifactInput> = {}) {
  const result = made(template, over);
  if (result.value === null) throw new Error(result.diagnostics.map(({ message }) => message).join());
  return result.value;
}

/** The template with a description that brings it to exactly so many bytes, in characters of three bytes each. */
function ofBytes(bytes: number): string {
  const head = 'Description: "';
  const room = bytes - Buffer.byteLength(`${head}"\n${BUCKET}`);
  return `${head}${'€'.repeat(Math.floor(room / 3))}${'x'.repeat(room % 3)}"\n${BUCKET}`;
}

describe('parameters', () => {
  const { parameters } = artifactOf(`
Parameters:
  Number: { Type: Number, Default: 3, MinValue: 0, MaxValue: "10" }
  Flag: { Type: String, Default: true, AllowedValues: [true, false] }
  List: { Type: CommaDelimitedList, Default: [a, 2, b] }
  Text: { Type: String, Default: "", AllowedPattern: "^.*$", ConstraintDescription: anything, MinLength: 0, MaxLength: 9, Description: a text }
  Secret: { Type: String, NoEcho: "true" }
${BUCKET}`);

  it('has defaults as CloudFormation shows them', () => {
    expect(
      Object.fromEntries(Object.entries(parameters).map(([name, definition]) => [name, definition.default])),
    ).toEqual({ Number: '3', Flag: 'true', List: 'a,2,b', Text: '', Secret: null });
  });
  it('reads limits also where they are quoted', () => {
    expect(parameters['Number']).toMatchObject({
      type: 'Number',
      minValue: 0,
      maxValue: 10,
      minLength: null,
      noEcho: false,
    });
    expect(parameters['Text']).toMatchObject({
      minLength: 0,
      maxLength: 9,
      allowedPattern: '^.*$',
      constraintDescription: 'anything',
      description: 'a text',
    });
  });
  it('writes allowed values as text', () => expect(parameters['Flag']?.allowedValues).toEqual(['true', 'false']));
  it('takes a quoted NoEcho for what it says', () => expect(parameters['Secret']?.noEcho).toBe(true));
  it('may have the names of what every object has', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const declared = names.map((name) => `"${name}":{"Type":"String"}`).join();
    const { parameters: found } = artifactOf(`{"Parameters":{${declared}},"Resources":{"A":{"Type":"X"}}}`);
    expect(Object.entries(found).map(([name, { type }]) => [name, type])).toEqual(
      names.map((name) => [name, 'String']),
    );
  });
  it('are refused without a Type, or with a Default that is a mapping, each at its place', () => {
    const { diagnostics } = made(`Parameters:\n  A: {}\n  B: { Type: String, Default: { x: 1 } }\n${BUCKET}`);
    expect(diagnostics.map(({ code, place }) => [code, place?.line, place?.column])).toEqual([
      ['EK4009', 2, 3],
      ['EK4009', 3, 22],
    ]);
  });
});

describe('the digest of an artifact', () => {
  const object = { sha256: sha256('code'), bytes: Buffer.from('code') };
  it('does not change with comments, spacing and notation', () => {
    const json = JSON.stringify({ Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } });
    expect(artifactOf(`# a comment\n${BUCKET}`).sha256).toBe(artifactOf(json).sha256);
  });
  it('changes with the template, the tags, the objects and the capabilities', () => {
    const variants = [
      artifactOf(BUCKET),
      artifactOf(BUCKET.replace('Bucket:', 'Other:')),
      artifactOf(BUCKET, { tags: { a: 'b' } }),
      artifactOf(BUCKET, { objects: [object] }),
      artifactOf(BUCKET, { extraCapabilities: ['CAPABILITY_RESOURCE_POLICY'] }),
    ];
    expect(new Set(variants.map(({ sha256: digest }) => digest)).size).toBe(variants.length);
  });
  it('is what everybody compares with GetTemplate', () =>
    expect(artifactOf(BUCKET).templateSha256).toBe(templateSha256(artifactOf(BUCKET).template)));
});

describe('sizes are counted in bytes', () => {
  it.each([51_200, 51_201, MAXIMUM_TEMPLATE_BYTES])('%i bytes are taken', (bytes) => {
    const template = ofBytes(bytes);
    expect(Buffer.byteLength(template)).toBe(bytes);
    expect(template.length).toBeLessThan(bytes);
    expect(artifactOf(template).template).toBe(template);
  });
  it('one byte over the maximum is refused, although it has fewer characters', () => {
    const template = ofBytes(MAXIMUM_TEMPLATE_BYTES + 1);
    expect(template.length).toBeLessThan(MAXIMUM_TEMPLATE_BYTES);
    expect(made(template)).toMatchObject({
      value: null,
      diagnostics: [{ code: 'EK4004', place: { file: 'templates/x.yaml' } }],
    });
  });
});

describe('what is no template', () => {
  it('is shown at the place where it stops being YAML', () => {
    expect(made('Resources:\n  A: [1, 2\n').diagnostics).toMatchObject([
      { code: 'EK4003', place: { file: 'templates/x.yaml', line: 3 } },
    ]);
  });
  it.each(['', 'just words', '- a\n- b\n', 'a: &a [x]\nb: *nowhere\n'])('%j is refused', (text) =>
    expect(made(text).diagnostics.map(({ code }) => code)).toEqual(['EK4003']),
  );
  it('may be a bomb of aliases, which is refused and not expanded', () => {
    const bomb = [
      'a0: &a0 [x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`),
    ].join('\n');
    expect(made(`${bomb}\n${BUCKET}`).diagnostics).toMatchObject([{ code: 'EK4003' }]);
  });
  it('may nest without end, which is refused too', () =>
    expect(made(`Resources: ${'['.repeat(20_000)}`).diagnostics.map(({ code }) => code)).toEqual(['EK4003']));
  it.each([
    ['JSON', (nested: string) => `{"Resources":{"A":{"Type":"X","Properties":{"P":${nested}}}}}`],
    ['YAML', (nested: string) => `Resources:\n  A: { Type: X, Properties: { P: ${nested} } }\n`],
  ])('may nest deeper in %s than anybody can walk', (_, around) => {
    const nested = (depth: number): string => around('['.repeat(depth) + ']'.repeat(depth));
    expect(made(nested(400)).diagnostics).toEqual([]);
    expect(made(nested(5_000)).diagnostics).toMatchObject([{ code: 'EK4003' }]);
    expect(made(nested(100_000)).diagnostics).toMatchObject([{ code: 'EK4003' }]);
  });
  it('may hold itself by an alias', () =>
    expect(made('Resources: &all\n  A: { Type: X, Properties: *all }\n').diagnostics).toMatchObject([
      { code: 'EK4003', message: expect.stringContaining('nested more than 500 deep') },
    ]));
  it('may lack Resources, or a Type', () => {
    expect(made('Description: x\n').diagnostics).toMatchObject([{ code: 'EK4005' }]);
    expect(made('Resources: {}\n').diagnostics).toMatchObject([
      { code: 'EK4005', place: { line: 1, column: 1, length: 9 } },
    ]);
    expect(
      made('Resources:\n  A: {}\n  B:\n    Properties: {}\n').diagnostics.map(({ code, place }) => [code, place?.line]),
    ).toEqual([
      ['EK4007', 2],
      ['EK4007', 3],
    ]);
  });
});

describe('numbers of things', () => {
  const many = (section: string, count: number, each: string) =>
    `${section}:\n${Array.from({ length: count }, (_, n) => `  N${n}: ${each}\n`).join('')}`;
  it('500 resources, 200 parameters and 200 outputs are taken', () => {
    const template =
      many('Resources', 500, '{ Type: AWS::S3::Bucket }') +
      many('Parameters', 200, '{ Type: String }') +
      many('Outputs', 200, '{ Value: x }');
    expect(Object.keys(artifactOf(template).resourceTypes)).toHaveLength(500);
  });
  it('one more of each is refused, all in one run', () => {
    const template =
      many('Resources', 501, '{ Type: AWS::S3::Bucket }') +
      many('Parameters', 201, '{ Type: String }') +
      many('Outputs', 201, '{ Value: x }');
    expect(made(template).diagnostics.map(({ code, place }) => [code, place?.source])).toEqual([
      ['EK4006', 'Resources:'],
      ['EK4006', 'Parameters:'],
      ['EK4006', 'Outputs:'],
    ]);
  });
});

it('brackets whose lines are not indented, which CloudFormation takes, are understood', () => {
  const loose =
    'Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: {\n    BucketName: !Sub "x-${AWS::Region}",\n    Tags: [\n    ]\n    }\n';
  const artifact = artifactOf(loose);
  expect(artifact.resourceTypes).toEqual({ A: 'AWS::S3::Bucket' });
  expect(artifact.templateSha256).toBe(
    templateSha256(
      JSON.stringify({
        Resources: {
          A: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': 'x-${AWS::Region}' }, Tags: [] } },
        },
      }),
    ),
  );
  expect(templateSha256(artifact.template)).toBe(artifact.templateSha256);
});
