import { refusedStructure } from '../serverless-refusal.js';
import { Authored, copied, Dictionary, isPlain, member, membersOf, textOf, type Value } from './definition.js';

export const INTEGRATION = 'x-amazon-apigateway-integration';
export const ANY_METHOD = 'x-amazon-apigateway-any-method';
export const NO_VALUE_IN_DEFINITION: Value = { Ref: 'AWS::NoValue' };
const SECURITY = 'securityDefinitions';
const RESPONSES = 'x-amazon-apigateway-gateway-responses';
const POLICY = 'x-amazon-apigateway-policy';
const NOT_METHODS = new Set(['summary', 'description', 'parameters']);

export const isVersion3 = (version: Value | undefined): boolean =>
  version !== undefined && version !== null && /^3(\.\d)(\.\d)?$/.test(shown(version));

const shown = (value: Value): string =>
  value instanceof Authored ? value.text : typeof value === 'object' ? '' : String(value);

/** True for a definition that can be edited: OpenAPI 2 or 3 with paths. */
export function isDefinition(value: Value | undefined): value is Dictionary {
  if (!(value instanceof Dictionary) || !(value.get('paths') instanceof Dictionary)) return false;
  const swagger = value.get('swagger');
  return (swagger !== undefined && swagger !== null && shown(swagger) !== '') || isVersion3(value.get('openapi'));
}

/** The definition of an API that nobody wrote. */
export function emptyDefinition(): Dictionary {
  const info = new Dictionary().set('version', '1.0').set('title', { Ref: 'AWS::StackName' });
  return new Dictionary().set('swagger', '2.0').set('info', info).set('paths', new Dictionary());
}

export const methodName = (method: Authored | string): Authored | string => {
  const lower = textOf(method).toLowerCase();
  if (lower === 'any') return ANY_METHOD;
  return method instanceof Authored ? new Authored(lower) : lower;
};

/** The value, or both branches of an `Fn::If` except where they are no value. */
export function branches(value: Value | undefined): readonly (Value | undefined)[] {
  const parts = member(value, 'Fn::If');
  if (parts === undefined) return [value];
  if (!Array.isArray(parts)) throw refusedStructure('Value of Fn::If must be a list.');
  return parts.slice(1).filter((part) => textOfRef(part) !== 'AWS::NoValue');
}

const textOfRef = (value: Value): string | undefined => {
  const name = member(value, 'Ref');
  return name instanceof Authored || typeof name === 'string' ? textOf(name) : undefined;
};

const asDictionary = (value: Value | undefined, why: string): Dictionary => {
  if (value instanceof Dictionary) return value;
  throw refusedStructure(why);
};

/** An editor of a REST API's definition. It works on a copy; `finished` answers another one. */
export class SwaggerEditor {
  readonly document: Dictionary;
  readonly paths: Dictionary;
  readonly security: Dictionary;
  readonly responses: Dictionary;
  readonly policy: Dictionary;

  constructor(definition: Value | undefined) {
    if (!isDefinition(definition))
      throw refusedStructure(
        "Invalid Swagger document or the Swagger document is not explicitly defined in 'DefinitionBody'.",
      );
    this.document = copied(definition) as Dictionary;
    this.paths = this.document.get('paths') as Dictionary;
    this.security = this.part(SECURITY);
    this.responses = this.part(RESPONSES);
    this.policy = this.part(POLICY);
    for (const path of this.pathNames()) this.pathItems(path);
  }

  private part(name: string): Dictionary {
    const value = this.document.get(name);
    return value instanceof Dictionary && value.size > 0 ? value : new Dictionary();
  }

  pathNames(): readonly string[] {
    return this.paths.names();
  }

  /** The mappings of methods at a path; more than one where a condition decides. */
  pathItems(path: string): readonly Dictionary[] {
    return branches(this.paths.get(path)).map((item) =>
      asDictionary(item, `Value of '${path}' path must be a dictionary according to Swagger spec.`),
    );
  }

  addPath(path: Authored | string, method: Authored | string): void {
    const item = this.paths.ensure(path, new Dictionary());
    if (!(item instanceof Dictionary) && !isPlain(item))
      throw refusedStructure(`Value of '${textOf(path)}' path must be a dictionary according to Swagger spec.`);
    for (const one of branches(item)) if (one instanceof Dictionary) one.ensure(methodName(method), new Dictionary());
  }

  hasIntegration(path: string, method: string): boolean {
    const name = textOf(methodName(method));
    if (!this.paths.has(path)) return false;
    return this.pathItems(path).every((item) =>
      branches(item.get(name)).some((definition) => definition instanceof Dictionary && definition.has(INTEGRATION)),
    );
  }

  /** Definitions of one method at a path that call something. */
  methodsAt(path: string, method: string): readonly Dictionary[] {
    const name = textOf(methodName(method));
    return this.pathItems(path).flatMap((item) => integrated(item.get(name), path, method));
  }

  /** Every method at a path that calls something, with its name. */
  allMethodsAt(path: string): readonly (readonly [string, Dictionary])[] {
    return this.pathItems(path).flatMap((item) =>
      item
        .all()
        .filter(([name]) => !NOT_METHODS.has(textOf(name)))
        .flatMap(([name, definition]) =>
          integrated(definition, path, textOf(name)).map((one) => [textOf(methodName(name)), one] as const),
        ),
    );
  }

  makePathConditional(path: Authored | string, condition: Value): void {
    this.paths.set(path, { 'Fn::If': [condition, this.paths.get(textOf(path))!, NO_VALUE_IN_DEFINITION] });
  }

  keepPolicy(): void {
    this.document.set(POLICY, this.policy);
  }

  finished(): Dictionary {
    if (this.security.size > 0) this.document.set(SECURITY, this.security);
    if (this.responses.size > 0) this.document.set(RESPONSES, this.responses);
    return copied(this.document) as Dictionary;
  }
}

function integrated(value: Value | undefined, path: string, method: string): readonly Dictionary[] {
  return branches(value)
    .map((definition) =>
      asDictionary(definition, `Definition of method '${method}' for path '${path}' should be a map.`),
    )
    .filter((definition) => isFilled(definition.get(INTEGRATION)));
}

const isFilled = (value: Value | undefined): boolean =>
  value !== undefined && value !== null && membersOf(value).length > 0;
