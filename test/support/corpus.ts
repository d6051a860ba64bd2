import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeArtifact } from '../../src/blocks/template/artifact.js';

/** The folder of real templates. */
export const CORPUS_FOLDER = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

/** A template of the corpus; `path` is relative to it, with /. */
export type CorpusTemplate = { readonly path: string; readonly text: string };

/** True where the folder of real templates lies beside the project; what needs it is skipped elsewhere. */
export const hasCorpus = existsSync(CORPUS_FOLDER);

/** A title that says why its tests are skipped, where they are. */
export const corpusTitle = (title: string): string =>
  hasCorpus ? title : `${title} (skipped: ../shared/corpus is absent)`;

/** Every CloudFormation or SAM template in the corpus: all that has Resources. Empty where there is no corpus. */
export function corpusTemplates(): readonly CorpusTemplate[] {
  if (!hasCorpus) return [];
  return (readdirSync(CORPUS_FOLDER, { recursive: true, encoding: 'utf8' }) as readonly string[])
    .filter((path) => /\.(ya?ml|json|template)$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${CORPUS_FOLDER}/${path}`, 'utf8') }))
    .filter(({ text }) => /^ *"?Resources"? *:/m.test(text));
}

/** A manifest of kind Stack and its template: what the template asks to be acknowledged is, whatever it is. */
export function stackOf(stack: {
  readonly name: string;
  readonly text: string;
  readonly account: string;
  readonly parameters: Readonly<Record<string, string>>;
}): Readonly<Record<string, string>> {
  const { name, text, account, parameters } = stack;
  const template = `templates/${name}.template`;
  const { value } = makeArtifact({
    address: `Stack/${name}`,
    file: template,
    template: text,
    objects: [],
    tags: {},
    extraCapabilities: [],
  });
  const spec = {
    template,
    acknowledge: value?.requiredCapabilities ?? [],
    parameters,
    targets: [{ accounts: [account], regions: ['us-east-1'] }],
  };
  // JSON is YAML.
  const manifest = { apiVersion: 'evenkeel/v1', kind: 'Stack', metadata: { name }, spec };
  return { [template]: text, [`${name}.yaml`]: JSON.stringify(manifest, null, 2) };
}
