import type { LogicalId } from './identifiers.js';
import type { TemplateDocument } from './template.js';
import { isMapping, resourcesOf, section } from './template-resources.js';
import type { Mapping } from './template-resources.js';

const DYNAMIC_SECRET = /\{\{resolve:(secretsmanager|ssm-secure):/;

/**
 * What a template gives its resources as a secret, as JSON pointers into their properties (`*` is any place of a list): values made of
 * NoEcho parameters, and references to Secrets Manager and to secure parameters. Resources without any are left out.
 */
export function secretPathsOf(template: TemplateDocument): ReadonlyMap<LogicalId, readonly string[]> {
  const secrets = new Set(
    Object.entries(section(template, 'Parameters'))
      .filter(([, definition]) => isMapping(definition) && String(definition['NoEcho']) === 'true')
      .map(([name]) => name),
  );
  const found = new Map<LogicalId, readonly string[]>();
  for (const { logicalId, properties } of resourcesOf(template)) {
    const paths = [...new Set(pathsIn(properties, '', secrets))].sort();
    if (paths.length > 0) found.set(logicalId as LogicalId, paths);
  }
  return found;
}

function pathsIn(value: unknown, path: string, secrets: ReadonlySet<string>): readonly string[] {
  if (typeof value === 'string') return DYNAMIC_SECRET.test(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((each) => pathsIn(each, `${path}/*`, secrets));
  if (!isMapping(value)) return [];
  const branches = branchesOf(value);
  if (branches !== null) return branches.flatMap((branch) => pathsIn(branch, path, secrets));
  if (isFunction(value)) return readsSecret(value, secrets) ? [path] : [];
  return Object.entries(value).flatMap(([key, each]) =>
    pathsIn(each, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, secrets),
  );
}

/** The result of a condition stands where the condition stands. */
function branchesOf(value: Mapping): readonly unknown[] | null {
  const branches = value['Fn::If'];
  return Array.isArray(branches) ? branches.slice(1) : null;
}

function isFunction(value: Mapping): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0]!.startsWith('Fn::'));
}

function readsSecret(value: unknown, secrets: ReadonlySet<string>): boolean {
  if (typeof value === 'string')
    return (
      DYNAMIC_SECRET.test(value) || [...value.matchAll(/\$\{([^!}]+)\}/g)].some(([, name]) => secrets.has(name!.trim()))
    );
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, each]) => (key === 'Ref' && secrets.has(String(each))) || readsSecret(each, secrets),
  );
}
