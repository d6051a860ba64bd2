import { digestOf } from '../../../src/model/canonical.js';
import type { BlockReference, Desired } from '../../../src/model/desired.js';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import type { DesiredFiles } from '../../../src/model/files.js';
import type { Revision } from '../../../src/model/identifiers.js';
import { desired } from '../../support/builders.js';

/** Files of a revision; text is written as UTF-8. */
export function files(
  contents: Readonly<Record<string, string | Uint8Array>>,
  diagnostics: readonly Diagnostic[] = [],
): DesiredFiles {
  const bytes = Object.entries(contents).map(([path, content]): [string, Uint8Array] => [
    path,
    typeof content === 'string' ? Buffer.from(content, 'utf8') : content,
  ]);
  return {
    revision: `content-${digestOf(Object.keys(contents)).slice(0, 40)}` as Revision,
    origin: 'folder',
    files: new Map(bytes),
    diagnostics,
  };
}

/** A manifest whose places say which key they are of. */
export function manifest(name: string, block: BlockReference): Desired {
  const kind = block.type === 'template' ? 'Stack' : 'ServerlessApplication';
  return desired({
    address: `${kind}/${name}`,
    kind,
    name,
    block,
    at: (...path) => ({ file: `security/${name}.yaml`, line: 1, column: 1, length: 1, source: path.join('.') }),
  });
}

export function application(
  name: string,
  version: string,
  arn = `arn:aws:serverlessrepo:us-east-1:374852340823:applications/${name}`,
): Desired {
  return manifest(name, { type: 'serverless-application', application: arn, version });
}

export function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code }) => code);
}
