import type { Artifact } from '../model/artifact.js';
import { parseTemplate } from '../model/template.js';
import type { TemplateDocument } from '../model/template.js';
import { isMapping, nestedReferences, resourcesOf, section } from '../model/template-resources.js';
import type { TemplateResource } from '../model/template-resources.js';

/** One template of an artifact. */
export type Template = {
  readonly document: TemplateDocument;
  readonly resources: readonly TemplateResource[];
  /** Logical ids of the nested stacks that lead to it; empty for the artifact's own. */
  readonly within: readonly string[];
  /** What a nested template's parameters are where nothing sets them; null for the artifact's own, which a manifest sets. */
  readonly defaults: Readonly<Record<string, string | null>> | null;
};

const DEEPEST = 5;
const MOST = 100;

/** An artifact never changes, and several checks read it. */
const read = new WeakMap<Artifact, readonly Template[]>();

/** The artifact's template and every template among its objects that it, or one of them, nests: each once, however often it is nested. */
export function templatesOf(artifact: Artifact): readonly Template[] {
  const known = read.get(artifact) ?? readAll(artifact);
  read.set(artifact, known);
  return known;
}

function readAll(artifact: Artifact): readonly Template[] {
  const objects = new Map(artifact.objects.map(({ sha256, bytes }) => [sha256 as string, bytes]));
  const found: Template[] = [];
  const seen = new Set<string>();
  const follow = (text: string, within: readonly string[], given: ReadonlySet<string> | null): void => {
    const parsed = parseTemplate(text);
    if (parsed.type !== 'template' || found.length >= MOST) return;
    const { document } = parsed;
    found.push({ document, resources: resourcesOf(document), within, defaults: defaultsOf(document, given) });
    if (within.length >= DEEPEST) return;
    for (const { logicalId, sha256, parameters } of nestedReferences(document)) {
      const bytes = objects.get(sha256);
      if (bytes === undefined || seen.has(sha256)) continue;
      seen.add(sha256);
      follow(new TextDecoder().decode(bytes), [...within, logicalId], new Set(Object.keys(parameters)));
    }
  };
  follow(artifact.template, [], null);
  return found;
}

/** What the template around it sets is not followed. */
function defaultsOf(document: TemplateDocument, given: ReadonlySet<string> | null): Template['defaults'] {
  if (given === null) return null;
  return Object.fromEntries(
    Object.entries(section(document, 'Parameters')).map(([name, declared]) => {
      const value = isMapping(declared) && isPlain(String(declared['Type'])) ? declared['Default'] : undefined;
      const isKnown = !given.has(name) && (typeof value === 'string' || typeof value === 'number');
      return [name, isKnown ? String(value) : null];
    }),
  );
}

/** Whether a template uses the very value that it is given. */
export const isPlain = (type: string): boolean => type === 'String' || type === 'Number';
