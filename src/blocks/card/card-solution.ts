import { solutionTemplate } from '../../catalog/catalog.js';
import { fetchTemplate } from '../fetch/served-objects.js';
import { seen } from './card-application.js';
import type { CardSession, SeenTemplate } from './card-application.js';

/** The template of one part of a solution, as its publisher serves it now; the parts that it nests are named in it and not fetched. */
export async function seeSolution(
  wanted: { readonly solution: string; readonly part: string | null; readonly version: string },
  session: CardSession,
): Promise<SeenTemplate> {
  const { partition } = session.aws;
  const found = solutionTemplate(wanted.solution, wanted.part, wanted.version, partition);
  switch (found.type) {
    case 'found':
      return seen(() => fetchTemplate(found.url, partition, session), []);
    case 'unknown-part':
      return unseen(
        `${wanted.solution} has no part ${wanted.part ?? ''}`,
        `write ${found.nearest ?? `one of ${found.parts.join(', ')}`}`,
      );
    case 'not-in-partition':
      return unseen(
        `${wanted.solution} is not published in the partition ${partition}`,
        `it is in ${found.partitions.join(', ')}`,
      );
    case 'retired':
      return unseen(`${wanted.solution} was retired: ${found.reason}`, `see ${found.instead}`);
    case 'unknown-solution':
      return unseen(`${wanted.solution} is not known`, 'see `evenkeel catalog`');
  }
}

const unseen = (because: string, remedy: string): SeenTemplate => ({
  type: 'unseen',
  because,
  remedy,
  isAbsent: false,
});
