import { isObject, scalarText, type Json, type JsonObject } from './json.js';
import type { ApplicationResolver } from './serverless-application.js';
import {
  notExpanded,
  refusedDocument,
  refusedResource,
  refusedStructure,
  SERVERLESS_TRANSFORM,
  ServerlessProblem,
} from './serverless-refusal.js';
import { clash } from './serverless/clashes.js';
import type { CodeResolver } from './serverless/code.js';
import { deployments } from './serverless/deployment.js';
import { expand, isServerless, rankOf, type Expansion } from './serverless/expansion.js';
import { preparedWork } from './serverless/preparation.js';
import { renameReferences } from './serverless/references.js';
import type { Work } from './serverless/work.js';

/**
 * `code` says where a function's code or a layer's content lies; without it their URIs must be S3's. `application` knows the Serverless
 * Application Repository. Parameters have the values with which the template is deployed; where they have none, their defaults.
 */
export type ServerlessContext = {
  readonly code?: CodeResolver;
  readonly application?: ApplicationResolver;
  /** Where it is deployed; the transform looks at it. Where only the partition is known, references to the Region stay. */
  readonly region?: string;
  readonly partition?: string;
  readonly parameters?: Readonly<Record<string, string>>;
};

/**
 * What the transform AWS::Serverless-2016-10-31 makes of a template, with its logical ids. Refuses what AWS refuses, all problems
 * together, and by name what it cannot expand.
 */
export function expandServerless(
  template: Record<string, unknown>,
  context: ServerlessContext,
): Record<string, unknown> {
  const document = template as JsonObject;
  checkResources(document);
  const work = preparedWork(document, context);
  const { Transform, Conditions } = document;
  const problems: string[] = [];
  const expansions = new Map<string, Expansion>();
  for (const logicalId of inOrder(work)) {
    const expansion = collected(problems, () =>
      expand(work, logicalId, work.authored.get(logicalId)!, context.application),
    );
    if (expansion === undefined) continue;
    expansions.set(logicalId, expansion);
    for (const [id, made] of expansion.made) {
      const problem = clash(logicalId, id, made, work.authored);
      if (problem !== undefined) problems.push(problem);
    }
  }
  const gradual = collected(problems, () => deployments(work)) ?? [];
  if (problems.length > 0) throw refusedDocument(problems);
  const others = (Array.isArray(Transform) ? (Transform as readonly Json[]) : []).filter(
    (name) => name !== SERVERLESS_TRANSFORM,
  );
  const expanded: JsonObject = {
    ...Object.fromEntries(Object.entries(document).filter(([section]) => !REWRITTEN.has(section))),
    ...(others.length === 0 ? {} : { Transform: others }),
    ...(Conditions === undefined && Object.keys(work.conditions).length === 0 ? {} : { Conditions: work.conditions }),
    Resources: { ...resourcesOf(work, expansions), ...Object.fromEntries(gradual) },
  };
  return renameReferences(expanded, {
    ids: Object.fromEntries([...expansions].filter(([before, { id }]) => before !== id).map(([k, { id }]) => [k, id])),
    parts: Object.fromEntries([...expansions].map(([id, { parts }]) => [id, parts])),
  }) as JsonObject;
}

const REWRITTEN = new Set(['Globals', 'Resources', 'Transform', 'Conditions']);

function checkResources({ Resources }: JsonObject): void {
  if (!isObject(Resources) || Object.keys(Resources).length === 0)
    throw refusedStructure("'Resources' section is required");
  for (const [logicalId, resource] of Object.entries(Resources)) {
    if (!isObject(resource))
      throw refusedStructure(
        "All 'Resources' must be Objects. If you're using YAML, this may be an indentation issue.",
      );
    if (resource['Connectors'] !== undefined)
      throw refusedDocument([refusedResource(logicalId, notExpanded('the attribute Connectors')).problem]);
    const properties = resource['Properties'];
    if (isServerless(resource) && properties !== undefined && !isObject(properties))
      throw refusedDocument([refusedResource(logicalId, "Attribute 'Properties' should be a map.").problem]);
  }
}

/** The serverless resources; those of equal rank in the order in which they are authored. */
const inOrder = (work: Work): readonly string[] =>
  work
    .order()
    .filter((id) => isServerless(work.authored.get(id)!))
    .sort((left, right) => rankOf(typeOf(work, left)) - rankOf(typeOf(work, right)));

const typeOf = (work: Work, id: string): string => scalarText(work.authored.get(id)!['Type']!);

/** Undefined where the transform goes on and tells the problem at the end. */
function collected<Result>(problems: string[], attempt: () => Result): Result | undefined {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof ServerlessProblem)) throw error;
    problems.push(error.problem);
    return undefined;
  }
}

/** What was made in the places of what it was made from; a resource that an event changed is where it was. */
function resourcesOf(work: Work, expansions: ReadonlyMap<string, Expansion>): JsonObject {
  const result: Record<string, Json> = {};
  for (const [id, resource] of work.authored) {
    const expansion = expansions.get(id);
    if (expansion === undefined) result[id] ??= resource;
    else for (const [madeId, made] of expansion.made) result[madeId] = made;
  }
  return result;
}
