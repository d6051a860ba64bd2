import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

/** A file of the corpus; `path` is relative to it, with /. */
export type CorpusFile = { readonly path: string; readonly text: string };

/** True where the folder of real templates lies beside the project; what needs it is skipped elsewhere. */
export const hasCorpus = existsSync(FOLDER);

/** A title that says why its tests are skipped, where they are. */
export const corpusTitle = (title: string): string =>
  hasCorpus ? title : `${title} (skipped: ../shared/corpus is absent)`;

/** Every CloudFormation or SAM template in the corpus: all that has Resources. Empty where there is no corpus. */
export function corpusTemplates(): readonly CorpusFile[] {
  if (!hasCorpus) return [];
  return (readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }) as readonly string[])
    .filter((path) => /\.(ya?ml|json|template)$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${FOLDER}/${path}`, 'utf8') }))
    .filter(({ text }) => /^ *"?Resources"? *:/m.test(text));
}
