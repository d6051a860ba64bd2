import type { Diagnostic } from '../../../src/model/diagnostic.js';
import type { DesiredFiles } from '../../../src/model/files.js';
import type { Revision } from '../../../src/model/identifiers.js';

/** The desired state as texts by path. */
export function desiredFiles(texts: Readonly<Record<string, string | Uint8Array>>): DesiredFiles {
  const bytes = (text: string | Uint8Array): Uint8Array =>
    typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return {
    revision: 'content-0' as Revision,
    origin: 'folder',
    files: new Map(Object.entries(texts).map(([path, text]) => [path, bytes(text)])),
    diagnostics: [],
  };
}

/** A diagnostic as a reader sees it: code, place, what is underlined, what is wrong, what to do. */
export function shown({ code, place, message, remedy }: Diagnostic): string {
  const where = place === undefined ? '-' : `${place.file}:${place.line}:${place.column}`;
  const caret = place?.source.slice(place.column - 1, place.column - 1 + place.length) ?? '';
  return `${code} ${where} [${caret}] ${message} = ${remedy}`;
}

export const CONTROLLER = `apiVersion: evenkeel/v1
kind: Controller
metadata: { name: evenkeel }
spec:
  partition: aws
  homeRegion: us-east-1
  roles: { plan: evenkeel-plan, apply: evenkeel-apply }
`;

/** A Stack manifest whose \`spec\` ends with the lines given. */
export function stack(name: string, ...spec: readonly string[]): string {
  const lines = ['template: templates/x.yaml', ...spec].map((line) => `  ${line}\n`).join('');
  return `apiVersion: evenkeel/v1\nkind: Stack\nmetadata: { name: ${name} }\nspec:\n${lines}`;
}

export const EVERYWHERE = 'targets: [{ all: true, regions: [us-east-1] }]';
