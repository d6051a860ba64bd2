import { Dictionary, textOf, type Value } from './definition.js';
import { INTEGRATION, ANY_METHOD, type SwaggerEditor } from './swagger.js';

export type Cors = {
  readonly origin: Value;
  readonly headers: Value | undefined;
  readonly methods: Value | undefined;
  readonly maxAge: Value | undefined;
  readonly credentials: boolean;
};

/** Answers preflight requests at every path; one with and one without a slash at the end are the same. */
export function addCors(editor: SwaggerEditor, cors: Cors): void {
  const done = new Set<string>();
  for (const path of editor.pathNames()) {
    const normal = path === '/' ? path : path.replace(/\/+$/, '');
    if (done.has(normal)) continue;
    done.add(normal);
    let methods = cors.methods;
    for (const item of editor.pathItems(path)) {
      if (item.has('options')) continue;
      methods ??= `'${methodsOf(item)}'`;
      item.set('options', preflight({ ...cors, methods }));
    }
  }
}

function methodsOf(item: Dictionary): string {
  const names = item.names();
  const all = names.includes(ANY_METHOD)
    ? ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']
    : [...names, 'options'].map((name) => name.toUpperCase());
  return [...new Set(all)].sort().join(',');
}

function preflight({ origin, headers, methods, maxAge, credentials }: Cors): Dictionary {
  const shown: readonly (readonly [string, Value | undefined, string])[] = [
    ['Access-Control-Allow-Origin', origin, 'string'],
    ['Access-Control-Allow-Headers', headers, 'string'],
    ['Access-Control-Allow-Methods', methods, 'string'],
    ['Access-Control-Max-Age', maxAge, 'integer'],
    ['Access-Control-Allow-Credentials', credentials ? "'true'" : undefined, 'string'],
  ];
  const parameters = new Dictionary();
  const described = new Dictionary();
  for (const [name, value, type] of shown) {
    if (value === undefined) continue;
    parameters.set(`method.response.header.${textOf(name)}`, value);
    described.set(name, { type });
  }
  const byDefault = new Dictionary()
    .set('statusCode', '200')
    .set('responseParameters', parameters)
    .set('responseTemplates', { 'application/json': '{}\n' });
  const integration = new Dictionary()
    .set('type', 'mock')
    .set('requestTemplates', { 'application/json': '{\n  "statusCode" : 200\n}\n' })
    .set('responses', new Dictionary().set('default', byDefault));
  const answer = new Dictionary().set('description', 'Default response for CORS method').set('headers', described);
  return new Dictionary()
    .set('summary', 'CORS support')
    .set('consumes', ['application/json'])
    .set('produces', ['application/json'])
    .set(INTEGRATION, integration)
    .set('responses', new Dictionary().set('200', answer));
}
