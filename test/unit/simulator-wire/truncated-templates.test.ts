import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/kernel/contract.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { corpusTemplates, corpusTitle, hasCorpus } from '../../support/corpus.js';
import { FORM, form, send, signed } from './raw.js';

const PLACES = 10;
/** CloudFormation's refusals of a template, of what it wants acknowledged, and of parameters that were not given. */
const REFUSALS = ['ValidationError', 'InsufficientCapabilitiesException'];

let simulator: Simulator;
beforeAll(() => {
  simulator = createSimulator({ organization: 'demo' });
});
afterAll(() => simulator.close());

const ask = (body: string) => send(simulator, { headers: { ...signed('cloudformation'), ...FORM }, body });

const CAPABILITIES = ['IAM', 'NAMED_IAM', 'AUTO_EXPAND']
  .map((name, index) => `&Capabilities.member.${index + 1}=CAPABILITY_${name}`)
  .join('');

/** What can be asked with a template. */
function questions(name: string, template: string): readonly string[] {
  const body = `&TemplateBody=${encodeURIComponent(template)}`;
  return [
    form('ValidateTemplate', body),
    form('GetTemplateSummary', body),
    form('CreateStack', `${body}&StackName=${name}${CAPABILITIES}`),
    form('CreateChangeSet', `${body}&StackName=${name}-c&ChangeSetName=c&ChangeSetType=CREATE${CAPABILITIES}`),
  ];
}

async function expectJudged(name: string, template: string): Promise<void> {
  for (const question of questions(name, template)) {
    const { status, code, text } = await ask(question);
    if (status === 200) continue;
    const said = `${question.slice(0, 40)}: ${text}`.slice(0, 1500);
    expect(REFUSALS, said).toContain(code);
    expect(status, said).toBe(400);
  }
  // What was begun must end, too: a template that was taken is carried out.
  while (simulator.world.clock.advanceToNext());
}

describe.skipIf(!hasCorpus)(corpusTitle('a template that is cut off'), () => {
  it.each(corpusTemplates().map((template, number) => ({ ...template, number })))(
    'is judged wherever it ends: $path',
    async ({ number, text }) => {
      for (let place = 0; place < PLACES; place += 1) {
        // Not at tenths exactly: those are the same place in files that repeat themselves.
        const end = Math.floor((text.length * (place + 0.37)) / PLACES);
        await expectJudged(`t${number}-${place}`, text.slice(0, end));
      }
    },
  );
});

describe('a template that is none', () => {
  it.each([
    ['nothing but blanks', ' \n\t '],
    ['a number', '42'],
    ['null', 'null'],
    ['a list', '[]'],
    ['bytes', '\u0000\u0001\ufffd'],
    ['a tag alone', '!Ref'],
    ['a tab where YAML wants blanks', 'Resources:\n\tTopic: {}'],
    ['several documents', 'Resources: {}\n---\nResources: {}'],
    ['a directive', '%YAML 9.9\n---\nResources: {}'],
    ['a merge', 'a: &a {b: 1}\nResources:\n  <<: *a'],
    [
      'aliases that multiply',
      `a: &a [1]\n${'bcdefghij'
        .split('')
        .map((letter, step) => `${letter}: &${letter} [${`*${'abcdefghi'[step]},`.repeat(10)}]`)
        .join('\n')}`,
    ],
    ['an alias of itself', 'Resources: &r\n  Topic: *r'],
    ['a key that is a mapping', '? {a: b}\n: c'],
    [
      'keys that JavaScript keeps for itself',
      '{"Resources":{"__proto__":{"Type":"AWS::SNS::Topic"},"constructor":{"Type":"AWS::SNS::Topic"}},"__proto__":1}',
    ],
    ['JSON nested fifty thousand times', `{"Resources":${'['.repeat(50_000)}`],
    [
      'JSON nested twenty thousand times, and closed',
      `{"Resources":{"T":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}}`,
    ],
    [
      'functions nested five thousand times',
      `{"Resources":{"T":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":${'{"Fn::Join":["",['.repeat(2500)}"a"${']]}'.repeat(2500)}}}}}`,
    ],
    ['YAML nested twenty thousand times', `Resources: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['YAML nested by blanks', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['YAML nested by dashes', `Resources: \n${'- '.repeat(20_000)}`],
    ['YAML keys of keys', `${'? '.repeat(600)}a`],
    ['YAML tags of tags', `Resources: \n${'- !Sub '.repeat(2000)}`],
    ['quotes that do not end', `Resources: "${'\\"'.repeat(20_000)}`],
    [
      'substitutions that do not end',
      `{"Resources":{"T":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":{"Fn::Sub":"${'${'.repeat(20_000)}"}}}}}`,
    ],
    ['blanks before a mistake', `Resources:${' '.repeat(50_000)}{`],
    ['resources that are a list', '{"Resources":[1]}'],
    ['resources that are null', '{"Resources":{"A":null,"B":1,"C":"x","D":[]}}'],
    ['a resource whose type is a mapping', '{"Resources":{"A":{"Type":{"Ref":"B"}}}}'],
    [
      'sections that are all of the wrong kind',
      '{"Resources":{"A":{"Type":"AWS::SNS::Topic","Properties":"x","DependsOn":{},"Condition":[]}},"Parameters":[],"Outputs":1,"Mappings":"m","Conditions":null,"Rules":[],"Transform":{},"Metadata":3}',
    ],
    [
      'functions whose arguments are of the wrong kind',
      '{"Resources":{"A":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":{"Fn::Join":1},"DisplayName":{"Fn::GetAtt":{}},"Tags":{"Fn::If":[]},"X":{"Fn::Sub":[]},"Y":{"Ref":[]},"Z":{"Fn::FindInMap":null},"W":{"Fn::Select":"a"}}}}}',
    ],
  ])('is refused at once: %s', async (_what, template) => {
    const begun = performance.now();
    await expectJudged(`none-${Math.floor(begun)}`, template);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
