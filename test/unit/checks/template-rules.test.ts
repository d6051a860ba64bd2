import { describe, expect, test } from 'vitest';
import { createTemplateRules } from '../../../src/checks/template-rules.js';
import { desired } from '../../support/builders.js';
import { corpusTemplates, corpusTitle, hasCorpus } from '../../support/corpus.js';
import { artifactOf } from './checking.js';

const QUEUE = 'Resources: { Q: { Type: AWS::SQS::Queue, Properties: { Nmae: x } } }';

const SIGNAL = new AbortController().signal;

describe("CloudFormation's own rules", () => {
  test('are warnings with the rule and the resource; runtimes are left to us', async () => {
    const rules = createTemplateRules();
    const functions =
      'Resources: { F: { Type: AWS::Lambda::Function, Properties: { Runtime: python3.7, Handler: a.b, Role: "arn:aws:iam::111111111111:role/x", Code: { ZipFile: x } } } }';
    const found = await rules.ask(
      [
        { desired: desired(), artifact: artifactOf(QUEUE) },
        { desired: desired({ address: 'Stack/other' }), artifact: artifactOf(functions) },
      ],
      SIGNAL,
    );
    expect(found).toMatchObject([
      {
        code: 'EK5040',
        severity: 'warning',
        address: 'Stack/janitor',
        message: expect.stringMatching(/^resource Q breaks rule F3002: .*Nmae/),
      },
    ]);

    const started = performance.now();
    expect(await rules.ask([{ desired: desired(), artifact: artifactOf(QUEUE) }], SIGNAL)).toEqual(found);
    expect(performance.now() - started).toBeLessThan(100);
  }, 60_000);

  test('of nothing are not loaded', async () => {
    const started = performance.now();
    expect(await createTemplateRules().ask([], SIGNAL)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(50);
  });

  test('that take too long are given up, which is told and stops nobody', async () => {
    expect(
      await createTemplateRules({ patience: 1 }).ask([{ desired: desired(), artifact: artifactOf(QUEUE) }], SIGNAL),
    ).toMatchObject([{ code: 'EK5041', severity: 'warning', message: expect.stringContaining('not waited for') }]);
  });

  test.skipIf(!hasCorpus)(
    corpusTitle('judge every real template within the time'),
    async () => {
      const blocks = corpusTemplates()
        .filter(({ text }) => !text.includes('%%'))
        .map(({ text }, n) => ({ desired: desired({ address: `Stack/t${String(n)}` }), artifact: artifactOf(text) }));
      const found = await createTemplateRules({ patience: 110_000 }).ask(blocks, SIGNAL);
      expect(found.filter(({ code }) => code !== 'EK5040')).toEqual([]);
      expect(found.filter(({ severity }) => severity !== 'warning')).toEqual([]);
      expect(found.length).toBeLessThan(20);
    },
    120_000,
  );
});
