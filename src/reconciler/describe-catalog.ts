import type { Block, Document, Line } from '../model/document.js';
import { byText, counted } from './describe-wording.js';

/** One building block of the catalogue, as a list shows it. */
export type CatalogLine = {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly summary: string;
  /** The newest that is known; null where there is none. */
  readonly version: string | null;
  readonly publisher: string;
  readonly formerNames: readonly string[];
  readonly controls: readonly string[];
  readonly retired: { readonly reason: string; readonly instead: string } | null;
};

/** The catalogue, or what of it has all the words, by kind. */
export function describeCatalog(lines: readonly CatalogLine[], words: readonly string[]): Document {
  const wanted = words.length === 0 ? '' : ` with ${words.map((word) => `"${word}"`).join(' and ')}`;
  const kinds = [...new Set(lines.map(({ kind }) => kind))].sort(byText);
  const summary =
    lines.length === 0
      ? `No building block${wanted} is known. Fewer words, or none, show more.`
      : `${counted(lines.length, 'building block')}${wanted}. "evenkeel show ID" says what one may do, "evenkeel add ID" writes its manifest.`;
  return {
    blocks: [
      { type: 'paragraph', line: summary },
      ...kinds.flatMap((kind): readonly Block[] => [
        { type: 'heading', text: kind },
        { type: 'list', items: lines.filter((line) => line.kind === kind).map(itemOf) },
      ]),
    ],
    data: { schemaVersion: 1, words, entries: lines },
  };
}

function itemOf({ id, name, summary, version, retired, formerNames }: CatalogLine): Line {
  const former = formerNames.length === 0 ? '' : ` Formerly ${formerNames.join(', ')}.`;
  return [
    { text: id, tone: retired === null ? 'strong' : 'muted' },
    ...(version === null ? [] : [' ', { text: version, tone: 'muted' as const }]),
    `: ${id === name ? '' : `${name}. `}${summary}${former}`,
    ...(retired === null
      ? []
      : [' ', { text: `Retired: ${retired.reason}. Instead: ${retired.instead}.`, tone: 'warn' as const }]),
  ];
}
