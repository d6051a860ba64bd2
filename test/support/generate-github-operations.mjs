/**
 * Writes test/unit/notices/github-operations.json: the operations of GitHub's REST API that Evenkeel calls, as GitHub's own OpenAPI description
 * has them. The description as a package takes 385 MB, so it is no dependency: `npm install @octokit/openapi@23.0.2` in a folder elsewhere, then
 *
 *   node test/support/generate-github-operations.mjs FOLDER/node_modules/@octokit/openapi
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const OPERATIONS = [
  { method: 'post', path: '/repos/{owner}/{repo}/issues', status: '201' },
  { method: 'get', path: '/repos/{owner}/{repo}/issues', status: '200' },
];

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder of @octokit/openapi');
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const description = JSON.parse(readFileSync(join(folder, 'generated/api.github.com.deref.json'), 'utf8'));
const target = fileURLToPath(new URL('../unit/notices/github-operations.json', import.meta.url));

/** A schema without its prose; below `depth`, anything goes. */
function bare(schema, depth) {
  if (depth === 0) return {};
  const kept = {};
  for (const key of ['type', 'nullable', 'enum', 'format', 'required', 'additionalProperties'])
    if (schema[key] !== undefined) kept[key] = schema[key];
  for (const key of ['oneOf', 'anyOf', 'allOf'])
    if (schema[key] !== undefined) kept[key] = schema[key].map((each) => bare(each, depth));
  if (schema.items !== undefined) kept.items = bare(schema.items, depth - 1);
  if (schema.properties !== undefined)
    kept.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, each]) => [name, bare(each, depth - 1)]),
    );
  if (depth === 1) delete kept.required;
  return kept;
}

/** Its own properties, and what kind of value each is. */
const answerOf = (schema) => bare(schema, schema.type === 'array' ? 3 : 2);

const operations = OPERATIONS.map(({ method, path, status }) => {
  const operation = description.paths[path][method];
  return {
    method: method.toUpperCase(),
    path,
    parameters: operation.parameters.map(({ name, in: place, required, schema }) => ({
      name,
      in: place,
      required: required === true,
      schema: bare(schema, 2),
    })),
    body:
      operation.requestBody === undefined ? null : bare(operation.requestBody.content['application/json'].schema, 4),
    status: Number(status),
    answer: answerOf(operation.responses[status].content['application/json'].schema),
  };
});
const source = `@octokit/openapi ${version}, api.github.com (MIT licence)`;
const text = JSON.stringify({ source, operations });
writeFileSync(target, await format(text, { ...(await resolveConfig(target)), parser: 'json' }));
