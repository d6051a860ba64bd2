import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseTemplateText } from '../../src/simulator/templates/document.js';
import { corpusTemplates } from '../support/corpus.js';

type Template = Record<string, any>;

/** A SAM template that both transforms are asked to expand, with values for its parameters. */
export type ServerlessCase = {
  readonly name: string;
  readonly template: Template;
  readonly parameters: Record<string, string>;
};

const FIXTURES = fileURLToPath(new URL('./serverless-fixtures/', import.meta.url));

/** Our own templates; a file holds several with --- between them, each named by its first comment. */
export function fixtureCases(): readonly ServerlessCase[] {
  return readdirSync(FIXTURES)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) =>
      readFileSync(`${FIXTURES}${file}`, 'utf8')
        .split(/^---$/m)
        .map((text) => {
          const title = /^# (.+)$/m.exec(text)?.[1];
          const name = `${file.replace('.yaml', '')}${title === undefined ? '' : `: ${title}`}`;
          return caseOf(name, parseTemplateText(text));
        }),
    );
}

/** The SAM templates of the corpus, packaged: code lies in S3. */
export function corpusCases(): readonly ServerlessCase[] {
  return corpusTemplates()
    .filter(({ text }) => /AWS::Serverless-2016-10-31/.test(text))
    .map(({ path, text }) => caseOf(path, packaged(parseTemplateText(text))));
}

/** Defaults are given as text, as CloudFormation gives them. */
function caseOf(name: string, template: Template): ServerlessCase {
  const parameters = Object.entries<Template>(template['Parameters'] ?? {});
  const values = parameters
    .filter(([, { Default }]) => Default !== undefined)
    .map(([key, { Default }]): [string, string] => [
      key,
      typeof Default === 'string' ? Default : JSON.stringify(Default),
    ]);
  return { name, template, parameters: Object.fromEntries(values) };
}

/** What `sam package` does: paths on a disk become objects in S3. */
function packaged(template: Template): Template {
  const copy = structuredClone(template);
  for (const [id, resource] of Object.entries(copy['Resources'] as Record<string, Template>)) {
    const properties = (resource['Properties'] ??= {}) as Template;
    const uri = { 'AWS::Serverless::Function': 'CodeUri', 'AWS::Serverless::LayerVersion': 'ContentUri' }[
      resource['Type'] as string
    ];
    if (uri !== undefined && properties['InlineCode'] === undefined) properties[uri] = `s3://packages/${id}.zip`;
  }
  return copy;
}
