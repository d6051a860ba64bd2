import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Receiver } from './receiver.js';
import { receiver } from './receiver.js';

type Parameter = { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: object };
type Operation = {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly properties: object } | null;
  readonly status: number;
  readonly answer: object;
};
type Issue = { readonly number: number; readonly title: string; readonly body: string; readonly labels: string[] };

/** How GitHub is to misbehave with the n-th request: another status, no answer after doing what was asked, or none at all. */
export type Mischief =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly message?: string }
  | 'answer-lost'
  | null;

export type Github = Receiver & {
  readonly issues: Issue[];
  /** What was asked against GitHub's own description of its API. */
  readonly mistakes: string[];
};

const { operations } = JSON.parse(readFileSync(new URL('github-operations.json', import.meta.url), 'utf8')) as {
  readonly operations: readonly Operation[];
};

const schemaOf = (schema: object): z.ZodType => z.fromJSONSchema(schema as never, { defaultTarget: 'openapi-3.0' });

/** A GitHub of one repository, `acme/ops`, which takes and gives only what GitHub's OpenAPI description allows. */
export async function github(token: string, mischief: (count: number) => Mischief = () => null): Promise<Github> {
  const issues: Issue[] = [];
  const mistakes: string[] = [];
  const server = await receiver((request, response, count) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const operation = operations.find(
      ({ method, path }) =>
        method === request.method && new RegExp(`^${path.replace(/\{[a-z]+\}/g, '[^/]+')}$`).test(pathname),
    );
    const send = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(JSON.stringify(body));
    };
    if (operation === undefined) {
      mistakes.push(`GitHub has no ${request.method} ${pathname}`);
      return send(404, { message: 'Not Found' });
    }
    mistakes.push(...mistakesOf(request.headers, operation, searchParams, request.body));
    const trick = mischief(count);
    if (trick !== null && trick !== 'answer-lost')
      return send(trick.status, { message: trick.message ?? 'no' }, trick.headers);
    if (request.headers.authorization !== `token ${token}`) return send(401, { message: 'Bad credentials' });
    if (pathname !== '/repos/acme/ops/issues') return send(404, { message: 'Not Found' });
    const answer = operation.method === 'POST' ? created(request.body) : listed(searchParams);
    if (trick === 'answer-lost') return response.destroy();
    mistakes.push(...failures('the answer', operation.answer, answer));
    return send(operation.status, answer);
  });

  function created(body: string): unknown {
    const { title, body: text, labels } = JSON.parse(body) as Issue;
    const issue = { number: issues.length + 1, title, body: text, labels };
    issues.push(issue);
    return shown(issue);
  }

  function listed(query: URLSearchParams): readonly unknown[] {
    const wanted = (query.get('labels') ?? '').split(',').filter((label) => label !== '');
    return [...issues]
      .reverse()
      .filter(({ labels }) => wanted.every((label) => labels.includes(label)))
      .slice(0, Number(query.get('per_page') ?? 30))
      .map(shown);
  }

  return { ...server, issues, mistakes };
}

function mistakesOf(
  headers: Receiver['received'][number]['headers'],
  { parameters, body: schema }: Operation,
  query: URLSearchParams,
  body: string,
): readonly string[] {
  const found: string[] = [];
  if ((headers['user-agent'] ?? '') === '') found.push('GitHub wants a User-Agent');
  if (headers.accept?.includes('application/vnd.github') !== true) found.push('no Accept header of GitHub');
  for (const [name, value] of query) {
    const parameter = parameters.find((each) => each.in === 'query' && each.name === name);
    if (parameter === undefined) found.push(`there is no query parameter ${name}`);
    else found.push(...failures(name, parameter.schema, /^\d+$/.test(value) ? Number(value) : value));
  }
  for (const { name, required } of parameters.filter((each) => each.in === 'query'))
    if (required && !query.has(name)) found.push(`the query parameter ${name} is missing`);
  if (schema === null) return body === '' ? found : [...found, 'there is a body'];
  const parsed = JSON.parse(body) as object;
  const stray = Object.keys(parsed).filter((name) => !(name in schema.properties));
  return [...found, ...stray.map((name) => `there is no ${name} in the body`), ...failures('the body', schema, parsed)];
}

function failures(what: string, schema: object, value: unknown): readonly string[] {
  const { error } = schemaOf(schema).safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${what}: ${path.join('.')} ${message}`);
}

function shown({ number, title, body, labels }: Issue): object {
  const url = `https://api.github.com/repos/acme/ops/issues/${number}`;
  const at = '2026-11-22T16:00:00Z';
  return {
    id: number,
    node_id: `I_${number}`,
    number,
    title,
    body,
    state: 'open',
    locked: false,
    labels,
    user: null,
    assignee: null,
    milestone: null,
    comments: 0,
    closed_at: null,
    created_at: at,
    updated_at: at,
    url,
    repository_url: 'https://api.github.com/repos/acme/ops',
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `https://github.com/acme/ops/issues/${number}`,
  };
}
