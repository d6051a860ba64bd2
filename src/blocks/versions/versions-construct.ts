import { constructName, findEntry } from '../../catalog/catalog.js';
import type { Construct } from '../../model/desired.js';
import { unreachable } from '../../model/unreachable.js';
import { installedVersion, ownInstallation } from '../construct/construct-package.js';
import { lockableNote } from '../construct/construct-versions.js';
import { NOTHING_KNOWN } from './versions-offer.js';
import type { Offer, VersionSession } from './versions-offer.js';

const SCOPE = '@aws-solutions-constructs/';

/** The versions of a pattern's package, from the registry where it can be reached, else from the catalogue. */
export async function offerOfConstruct({ construct, version }: Construct, session: VersionSession): Promise<Offer> {
  const known = { ...NOTHING_KNOWN, pinned: version };
  const name = constructName(construct);
  switch (name.type) {
    case 'retired': {
      const reason = `retired: ${name.reason}; ${name.instead} takes its place`;
      return { ...known, ending: { type: 'superseded', reason } };
    }
    case 'renamed':
      return versionsOf(name.name, known, [`renamed to ${name.name}, whose logical ids are others`], session);
    case 'current':
      return versionsOf(name.name, known, [], session);
    case 'unknown':
      return versionsOf(construct, known, [], session);
    default:
      return unreachable(name);
  }
}

async function versionsOf(
  name: string,
  known: Offer,
  notes: readonly string[],
  { registry }: VersionSession,
): Promise<Offer> {
  const answer = await registry(`${SCOPE}${name}`);
  const source = findEntry(name)?.entry.source;
  const pattern = source?.type === 'construct' ? source : null;
  const installed = await installedVersion(name, ownInstallation());
  const offered = { ...known, lockable: installed === null ? [] : [installed] };
  const said = pattern === null ? notes : [...notes, lockableNote(pattern)];
  if (answer.type === 'versions')
    return { ...offered, versions: answer.versions, complete: true, source: 'registry', notes: said };
  const versions = pattern?.versions ?? [];
  const unasked = `the package registry was not asked: ${answer.reason}`;
  return { ...offered, versions, source: versions.length === 0 ? null : 'catalogue', notes: [...said, unasked] };
}
