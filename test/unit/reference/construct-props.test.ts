import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FORMS } from '../../../src/blocks/construct/construct-forms.js';
import type { JsonObject } from '../../../src/model/json.js';
import { OUTPUT_ENDINGS } from '../../../src/synthesis/output-endings.js';
import { block, serve } from '../blocks/construct-material.js';

const page = readFileSync(new URL('../../../docs/reference/construct-props.md', import.meta.url), 'utf8');

it('every form of the props is on the reference page', () => {
  const table = page.slice(page.indexOf('| form |'), page.indexOf('A construct is synthesised once'));
  expect([...table.matchAll(/`(\$[A-Z][A-Za-z]+)`/g)].map(([, name]) => name)).toEqual(
    expect.arrayContaining(Object.keys(FORMS)),
  );
});

const FUNCTION: JsonObject = {
  code: { $Code: { inline: 'exports.handler = async () => {};' } },
  runtime: { $Runtime: 'nodejs22.x' },
  handler: 'index.handler',
};
const RULE: JsonObject = { eventBusProps: {}, eventRuleProps: { eventPattern: { source: ['orders'] } } };
const DEFINITION = { json: { StartAt: 'Note', States: { Note: { Type: 'Pass', End: true } } } };

/** Props with which each pattern makes all that it can. */
const PATTERNS: Readonly<Record<string, JsonObject>> = {
  'aws-cloudfront-apigateway-lambda': {
    lambdaFunctionProps: FUNCTION,
    apiGatewayProps: { cloudWatchRole: true, defaultMethodOptions: { authorizationType: 'NONE' } },
  },
  'aws-eventbridge-lambda': { lambdaFunctionProps: FUNCTION, ...RULE },
  'aws-eventbridge-stepfunctions': {
    stateMachineProps: { definitionBody: { $DefinitionBody: DEFINITION } },
    ...RULE,
  },
};

/** What stands in the second column of the row that begins with a name. */
function rowOf(name: string): readonly string[] {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
  return [...(row.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, each]) => each!).sort();
}

it.each(Object.keys(PATTERNS))('every output of %s is on the reference page, and no other', async (name) => {
  const { document } = await serve(block(PATTERNS[name]!, name));
  const own = Object.keys(document['Outputs'] as JsonObject).filter(
    (output) => !/^Construct.*[0-9A-F]{8}$/.test(output),
  );
  expect(rowOf(name)).toEqual(own.sort());
});

it.each(Object.keys(OUTPUT_ENDINGS))('what is put out of a member of type %s is on the reference page', (type) =>
  expect(rowOf(type)).toEqual(Object.keys(OUTPUT_ENDINGS[type]!).sort()),
);
