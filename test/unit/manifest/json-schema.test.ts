import { expect, test } from 'vitest';
import { jsonSchema } from '../../../src/manifest/json-schema.js';

type Schema = { readonly [key: string]: Schema };

test('the JSON Schema has one branch for each kind, closed to unknown keys', () => {
  const schema = jsonSchema() as { $schema: string; anyOf?: Schema[]; oneOf?: Schema[] };
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  const branches = schema.anyOf ?? schema.oneOf ?? [];
  const kinds = branches.map((branch) => branch['properties']!['kind']!['const']);
  expect(kinds).toEqual(['Controller', 'StackSet', 'Stack', 'ServerlessApplication', 'Solution', 'Construct']);
  for (const branch of branches) {
    expect(branch['additionalProperties']).toBe(false);
    expect(branch['properties']!['spec']!['additionalProperties']).toBe(false);
  }
});

test('what is optional in a manifest is not required by the schema', () => {
  const schema = jsonSchema() as { anyOf?: Schema[]; oneOf?: Schema[] };
  const stack = (schema.anyOf ?? schema.oneOf)![2]!;
  expect(stack['properties']!['spec']!['required']).toEqual(['template', 'targets']);
});
