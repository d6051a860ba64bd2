import { searchCatalog } from '../../catalog/catalog.js';
import type { CatalogEntry } from '../../catalog/entry.js';
import { unreachable } from '../../model/unreachable.js';
import { describeCatalog } from '../../reconciler/describe-catalog.js';
import type { CatalogLine } from '../../reconciler/describe-catalog.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import type { PrintOptions } from '../options.js';
import { print } from '../printer.js';

export type CatalogOptions = PrintOptions & { readonly words: readonly string[] };

/** The building blocks that are known here, or those in which every word occurs; asks nobody. */
export function run(options: CatalogOptions, context: Context): Promise<ExitCode> {
  print(describeCatalog(searchCatalog(options.words).map(lineOf), options.words), options, context);
  return Promise.resolve(EXIT.done);
}

function lineOf(entry: CatalogEntry): CatalogLine {
  const { id, kind, name, summary, publisher, formerNames, controls, state } = entry;
  return {
    id,
    kind,
    name,
    summary,
    version: newest(entry),
    publisher,
    formerNames,
    controls,
    retired: state.type === 'retired' ? { reason: state.reason, instead: state.instead } : null,
  };
}

function newest({ source }: CatalogEntry): string | null {
  switch (source.type) {
    case 'serverless-application':
      return Object.values(source.versions)[0] ?? null;
    case 'solution':
      return source.version;
    case 'construct':
      return source.synthesised ?? source.versions[0] ?? null;
    default:
      return unreachable(source);
  }
}
