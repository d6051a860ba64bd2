import { manifestOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { Line } from '../model/document.js';
import { hasPassed } from '../model/moment.js';
import type { Recorded } from '../model/recorded.js';
import type { Explanation } from './describe-explain.js';
import { shortRevision, shortTime } from './describe-wording.js';

type InGit = Explanation['git'];

/** Where the manifest stands now. */
export function manifestLines(address: Address, git: InGit): readonly Line[] {
  const manifest = manifestOf(address);
  if (git === null)
    return ['no desired state was read: add --revision or --path for the manifest, its line and its commit'];
  if (git.desired === null) return [[{ text: `${manifest} is no longer in the desired state`, tone: 'warn' }]];
  const { file, line } = git.desired.at('metadata', 'name');
  return [[{ text: `${file}:${String(line)}`, tone: 'strong' }, ` ${manifest}`]];
}

/** Who last changed the manifest's file, as the recorded revision has it. */
export function commitLines(recorded: Recorded | null, git: InGit): readonly Line[] {
  if (git?.desired == null || recorded === null) return [];
  const { commit } = git;
  if (commit === null) {
    const why = recorded.revision.startsWith('content-')
      ? 'it was applied from a folder, which no commit names'
      : 'Git does not show the file at that revision: fetch it';
    return [`the commit behind revision ${shortRevision(recorded.revision)} is not known: ${why}`];
  }
  const request =
    commit.pullRequest === null ? 'pull request not known' : `pull request #${String(commit.pullRequest)}`;
  return [
    [
      { text: `commit ${commit.id.slice(0, 12)}`, tone: 'strong' },
      ` by ${commit.author}, ${shortTime(commit.at)}: ${commit.subject}`,
    ],
    `${request}; the newest commit of the file at revision ${shortRevision(recorded.revision)}`,
  ];
}

/** Rules of the manifest, which hold at each of its deployments. */
export function ruleLines(git: InGit, now: Date): readonly Line[] {
  return (git?.desired?.driftIgnore ?? []).map(({ place, resource, path, reason, expires }) => [
    { text: `${place.file}:${String(place.line)}`, tone: 'strong' },
    ` ${resource} ${path}: ${reason}`,
    expires === null
      ? ''
      : hasPassed(expires, now)
        ? { text: `; expired ${expires}`, tone: 'bad' as const }
        : `; until ${expires}`,
  ]);
}
