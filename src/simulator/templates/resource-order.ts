import { invalid } from './refusal.js';
import { referencesIn } from './references.js';
import type { ResourceDefinition } from './definition.js';

/** Resources with each after all that it depends on, otherwise as written; a circle is refused with its members. */
export function inDependencyOrder(
  resources: ReadonlyMap<string, ResourceDefinition>,
): ReadonlyMap<string, ResourceDefinition> {
  const dependencies = new Map([...resources].map(([id, definition]) => [id, dependenciesOf(definition, resources)]));
  const ordered = new Map<string, ResourceDefinition>();
  let waiting = [...resources.values()];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ logicalId }) => dependencies.get(logicalId)?.every((id) => ordered.has(id)));
    if (ready.length === 0) throw circular(waiting, dependencies);
    for (const definition of ready) ordered.set(definition.logicalId, definition);
    waiting = waiting.filter(({ logicalId }) => !ordered.has(logicalId));
  }
  return ordered;
}

function dependenciesOf(
  definition: ResourceDefinition,
  resources: ReadonlyMap<string, ResourceDefinition>,
): readonly string[] {
  const named = referencesIn([definition.properties, definition.metadata, definition.policies]).flatMap((reference) =>
    reference.kind === 'ref' || reference.kind === 'attribute' ? [reference.name] : [],
  );
  return [...new Set([...named, ...definition.dependsOn])].filter((name) => resources.has(name));
}

/** Only members of a circle are named, not those that merely wait for one. */
function circular(waiting: readonly ResourceDefinition[], dependencies: ReadonlyMap<string, readonly string[]>): Error {
  const reaches = (from: string): boolean => {
    const seen = new Set<string>();
    const open = [...(dependencies.get(from) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === from) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(dependencies.get(next) ?? []));
    }
    return false;
  };
  const members = waiting.map(({ logicalId }) => logicalId).filter(reaches);
  return invalid(`Circular dependency between resources: [${members.join(', ')}]`);
}
