import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArtifactSource } from '../../../src/blocks/artifact-source.js';
import { pinSolution } from '../../../src/blocks/solution/solution.js';
import type { Desired, Solution } from '../../../src/model/desired.js';
import type { Partition } from '../../../src/model/identifiers.js';
import { codes, files } from './material.js';
import { CONTROLLER } from './repository.js';
import { after, createPublisher, solution } from './solution-material.js';
import type { Answer, Publisher } from './solution-material.js';

const FOLDER = 'https://solutions-reference.s3.amazonaws.com/automated-security-response-on-aws';
const URL = `${FOLDER}/v3.1.5/automated-security-response-member-roles.template`;
const PATH = URL.replace('https://solutions-reference.s3.amazonaws.com', '/solutions-reference');
const BY_ADDRESS = solution({ template: URL, version: 'v3.1.5' });
const BY_ID = solution({ solution: 'SO0111', part: 'member-roles', version: 'v3.1.5' });
const TEMPLATE = JSON.stringify({
  Description: '(SO0111R) Automated Security Response on AWS v3.1.5',
  Parameters: { Namespace: { Type: 'String' } },
  Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } } },
});
const source = createArtifactSource({
  partition: 'aws',
  artifactBucket: 'artifacts-${account.id}-${region}',
  controllerAccount: CONTROLLER,
});

describe('a solution is named', () => {
  const pin = (desired: Desired, partition: Partition = 'aws') =>
    pinSolution(desired, desired.block as Solution, partition);
  it('by the address of its template', () =>
    expect(pin(BY_ADDRESS)).toMatchObject({
      value: { source: { template: URL, version: 'v3.1.5' }, mainKey: 'template', title: `${URL} v3.1.5` },
      diagnostics: [],
    }));
  it('by its id, which gives the address', () =>
    expect(pin(BY_ID)).toMatchObject({
      value: { source: { template: URL, version: 'v3.1.5' }, mainKey: 'solution', title: 'SO0111 member-roles v3.1.5' },
      diagnostics: [],
    }));
  it.each([
    ['aws-us-gov', 'https://s3.us-gov-west-1.amazonaws.com/solutions-reference-us-gov/'],
    ['aws-cn', 'https://s3.cn-north-1.amazonaws.com.cn/solutions-reference-cn/'],
  ] as const)('by its id in %s, where it stands elsewhere', (partition, start) => {
    const { value } = pin(BY_ID, partition);
    expect(value?.source).toMatchObject({ template: expect.stringContaining(start) });
  });
  it('by an id that was succeeded, which is said wherever it is read', () => {
    const { value, diagnostics } = pin(solution({ solution: 'SO0009', version: 'v2.4.7' }));
    expect(value?.source).toMatchObject({ template: expect.stringContaining('centralized-logging-with-opensearch') });
    expect(diagnostics).toMatchObject([
      {
        code: 'EK4044',
        severity: 'warning',
        place: { source: 'spec.solution' },
        remedy: expect.stringContaining('solution: SO8025'),
      },
    ]);
  });
  it.each([
    [{ solution: 'SO0112', version: 'v1.0.0' }, 'aws', 'EK4040', 'spec.solution', 'SO0111'],
    [
      { solution: 'SO0111', part: 'member-role', version: 'v3.1.5' },
      'aws',
      'EK4041',
      'spec.part',
      'write member-roles',
    ],
    [{ solution: 'SO0006', version: 'v4.1.3' }, 'aws-cn', 'EK4042', 'spec.solution', 'aim the manifest'],
    [{ solution: 'SO0111', version: '../../elsewhere/v1' }, 'aws', 'EK4055', 'spec.version', 'such as v3.1.5'],
  ] as const)('and %j in %s is refused', (block, partition, code, key, remedy) => {
    const { value, diagnostics } = pin(solution(block), partition);
    expect([value, diagnostics]).toMatchObject([
      null,
      [{ code, severity: 'error', place: { source: key }, remedy: expect.stringContaining(remedy) }],
    ]);
  });
});

let publisher: Publisher;
beforeEach(async () => {
  publisher = await createPublisher();
});
afterEach(() => publisher.close());

describe('a solution that is served', () => {
  beforeEach(() => void publisher.answers.set(PATH, TEMPLATE));

  it.each([BY_ADDRESS, BY_ID])('is locked with what is known of it, to the same bytes each time', async (desired) => {
    const first = await publisher.lock([desired]);
    expect(first.diagnostics).toEqual([]);
    expect(first.changes[0]?.after).toMatchObject({
      source: { template: URL, version: 'v3.1.5' },
      requiredCapabilities: ['CAPABILITY_IAM'],
      parameters: { Namespace: { type: 'String', default: null } },
      licence: 'Apache-2.0',
      publisher: { author: 'AWS Solutions', verified: true },
    });
    const again = await publisher.lock([desired], after(first), { mode: 'all' });
    expect([again.lockText, [...again.write], again.remove]).toEqual([first.lockText, [], []]);
    expect((await publisher.lock([desired], after(first), { mode: 'check' })).diagnostics).toEqual([]);
    publisher.asked.length = 0;
    expect(source.resolve(desired, after(first)).diagnostics).toEqual([]);
    expect(publisher.asked).toEqual([]);
  });

  it('is nobody’s in particular where it stands in another bucket than its publisher’s, whatever it says', async () => {
    publisher.answers.set('/somebody/x.template', TEMPLATE);
    const { changes } = await publisher.lock([
      solution({ template: 'https://somebody.s3.amazonaws.com/x.template', version: null }),
    ]);
    expect(changes[0]?.after).toMatchObject({ licence: null, publisher: { author: null, verified: false } });
  });

  it('differs from what is locked once its publisher serves other bytes under the same version', async () => {
    const present = after(await publisher.lock([BY_ID]));
    publisher.answers.set(PATH, TEMPLATE.replace('AssumeRolePolicyDocument', 'RoleName'));
    const { diagnostics, write } = await publisher.lock([BY_ID], present, { mode: 'check' });
    expect(diagnostics).toMatchObject([
      { code: 'EK4029', severity: 'error', message: expect.stringContaining('SO0111 member-roles v3.1.5') },
    ]);
    expect(write.size).toBe(0);
  });

  it('and was exchanged in the repository is refused', async () => {
    const present = after(await publisher.lock([BY_ID]));
    const path = '.locked/Solution/response/aws/template.json';
    const text = Buffer.from(present.files.get(path)!).toString().replace('v3.1.5', 'v3.1.6');
    const { value, diagnostics } = source.resolve(BY_ID, files({ ...Object.fromEntries(present.files), [path]: text }));
    expect([value, codes(diagnostics)]).toEqual([null, ['EK4015']]);
  });

  it.each([
    [
      { solution: 'SO0111', part: 'member-roles', version: 'v3.1.4' },
      ['EK4012', 'EK4013'],
      ['spec.part', 'spec.version'],
    ],
    [{ template: URL, version: 'v3.1.4' }, ['EK4013'], ['spec.version']],
    [{ template: `${URL}.json`, version: 'v3.1.5' }, ['EK4012'], ['spec.template']],
  ] as const)('and locked is not what %j asks for', async (block, expected, keys) => {
    const present = after(await publisher.lock([BY_ID]));
    const { diagnostics } = source.resolve(solution(block), present);
    expect([codes(diagnostics), diagnostics.map(({ place }) => place?.source)]).toEqual([expected, keys]);
  });

  it('says so where the template is of another version than the manifest, or of whatever is the newest', async () => {
    publisher.answers.set('/solutions-reference/asr/latest/x.template', TEMPLATE);
    const newest = `${'https://solutions-reference.s3.amazonaws.com'}/asr/latest/x.template`;
    const { diagnostics } = await publisher.lock([solution({ template: newest, version: 'v3.0.0' })]);
    expect(diagnostics).toMatchObject([
      { code: 'EK4054', severity: 'warning', place: { source: 'spec.template' } },
      {
        code: 'EK4053',
        severity: 'warning',
        message: expect.stringContaining('the template that is served says 3.1.5'),
      },
    ]);
  });
});

describe('what is not a template is not locked', () => {
  it.each([
    ['nothing', undefined, 'EK4046', 'the answer is 404', 'correct the address'],
    ['a refusal', (response) => response.writeHead(403).end(), 'EK4046', 'the answer is 403', 'correct the address'],
    ['a failure', (response) => response.writeHead(503).end(), 'EK4046', 'the answer is 503', 'in a minute'],
    [
      'a way to somewhere else',
      (response) => response.writeHead(302, { location: 'https://elsewhere.example/x?token=1' }).end(TEMPLATE),
      'EK4047',
      'leads to elsewhere.example',
      'write that address where it is the one that you mean',
    ],
    ['a page', '<!doctype html><title>Sign in</title>', 'EK4048', 'a page of HTML or XML', 'correct the address'],
    ['a list', '- a\n- b\n', 'EK4048', 'a mapping with Resources', 'correct the address'],
    ['something without resources', '{"Description":"x"}', 'EK4048', 'it has no Resources', 'correct the address'],
    ['bytes', new Uint8Array([0xff, 0xfe, 0x00]), 'EK4048', 'not UTF-8', 'correct the address'],
    ['2 MB', Buffer.alloc(2_000_000, ' '), 'EK4049', 'more than 1000000 bytes', 'correct the address'],
    [
      '2 MB that come without a length',
      (response) => {
        for (let n = 0; n < 20; n += 1) response.write(Buffer.alloc(100_000, ' '));
        response.end();
      },
      'EK4049',
      'more than 1000000 bytes',
      'correct the address',
    ],
  ] as readonly (readonly [string, Answer | undefined, string, string, string])[])(
    '%s',
    async (_, answer, code, message, remedy) => {
      if (answer !== undefined) publisher.answers.set(PATH, answer);
      const { diagnostics, write, changes } = await publisher.lock([BY_ID]);
      expect(diagnostics).toMatchObject([
        {
          code,
          severity: 'error',
          place: { source: 'spec.part' },
          message: expect.stringContaining(message),
          remedy: expect.stringContaining(remedy),
        },
      ]);
      expect(diagnostics[0]?.message).toContain(URL);
      expect(diagnostics[0]?.message).not.toContain('token=1');
      expect([write.size, changes[0]?.change]).toEqual([0, 'failed']);
    },
  );

  it('2 MB are not read whole', async () => {
    let sent = 0;
    publisher.answers.set(PATH, (response) => {
      response.on('error', () => {});
      const more = (): void => {
        if (sent >= 200 || response.destroyed) return;
        sent += 1;
        response.write(Buffer.alloc(1_000_000, ' '), () => setImmediate(more));
      };
      more();
    });
    expect(codes((await publisher.lock([BY_ID])).diagnostics)).toEqual(['EK4049']);
    expect(sent).toBeLessThan(200);
  });

  it.each([
    ['aws', 'https://templates.example/x.template'],
    ['aws', 'https://s3.cn-north-1.amazonaws.com.cn/solutions-reference-cn/x.template'],
    ['aws', 'https://s3.us-gov-west-1.amazonaws.com/solutions-reference-us-gov/x.template'],
    ['aws', 'https://s3.amazonaws.com.evil.example/x.template'],
  ])('nothing is asked of an address that is not of S3 in the partition %s: %s', async (_, template) => {
    const { diagnostics } = await publisher.lock([solution({ template, version: null })], files({}), { hosts: 's3' });
    expect(diagnostics).toMatchObject([{ code: 'EK4045', place: { source: 'spec.template' } }]);
    expect(publisher.asked).toEqual([]);
  });

  it('what stood before stays, and the other blocks are locked', async () => {
    publisher.answers.set(PATH, TEMPLATE);
    const present = after(await publisher.lock([BY_ID]));
    const missing = solution({ template: `${FOLDER}/v9/none.template`, version: null });
    publisher.answers.set(PATH, '<html>');
    const failed = await publisher.lock([{ ...missing, address: 'Solution/other' as const }, BY_ID], present, {
      mode: 'all',
    });
    expect(codes(failed.diagnostics)).toEqual(['EK4046', 'EK4048']);
    expect([failed.write.size, failed.remove]).toEqual([0, []]);
    expect(source.resolve(BY_ID, after(failed, present)).diagnostics).toEqual([]);
  });
});
