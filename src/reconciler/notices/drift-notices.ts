import { deploymentAddress, manifestOf } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import { findingKey, isOpen } from '../../model/drift.js';
import type { DriftState, Finding } from '../../model/drift.js';
import { parseTargetKey } from '../../model/target.js';
import type { TargetKey } from '../../model/target.js';
import { counted, shortTime } from '../describe-wording.js';
import { matterWords, subjectWords } from '../drift/wording.js';
import { bounded, circumstanceLines, differenceLines, titled } from './wording.js';
import type { Draft, Found, Kept } from './write.js';

type Place = { readonly address: Address; readonly state: DriftState };
type Spot = Place & { readonly finding: Finding; readonly before: Finding | null };

/** Findings that came, or came to be something else, since they were last told, and that nobody has accepted. One that is contested is told as that. */
export function driftNotices(found: Found): readonly Draft[] {
  return spots(found)
    .filter(({ finding, before }) => {
      const isNew = before === null || !isOpen(before) || before.changedAt !== finding.changedAt;
      return finding.contestedSince === null && (isNew || isUntold(finding.changedAt, found.since));
    })
    .map(({ address, finding }) => ({
      about: [address, findingKey(finding), finding.firstSeen, finding.changedAt],
      order: `${address} ${findingKey(finding)}`,
      address,
      title: titled(`${address}: ${subjectWords(finding)} ${matterWords(finding)}`),
      lines: lines(address, finding, []),
    }));
}

/** Findings that are left alone from now on, because somebody keeps making them. */
export function contestedNotices(found: Found): readonly Draft[] {
  return spots(found).flatMap((spot) => {
    const { address, finding, before } = spot;
    const since = finding.contestedSince;
    if (since === null || (before?.contestedSince === since && !isUntold(since, found.since))) return [];
    const reverted = spot.state.reverted[findingKey(finding)] ?? [];
    const times = reverted.length === 0 ? 'each time' : counted(reverted.length, 'time');
    return [
      {
        about: [address, findingKey(finding), since],
        order: `${address} ${findingKey(finding)}`,
        address,
        title: titled(`${address}: ${subjectWords(finding)} is contested: it was put right ${times} and came back`),
        lines: lines(address, finding, [
          `${sentence(subjectWords(finding))} ${matterWords(finding)}`,
          `Left alone since ${shortTime(since)}: Evenkeel does not put it right again before somebody has decided who is right.`,
          ...(reverted.length === 0 ? [] : [`Put right: ${reverted.map(shortTime).join(', ')}`]),
          `Changed back by: ${finding.actor?.principal ?? 'nobody known'}`,
        ]),
      },
    ];
  });
}

/** Nobody has told it if it came after the newest pass that told anything: the one that wrote it died before it came to that. */
function isUntold(at: string, since: string | null): boolean {
  return since !== null && at > since;
}

function spots({ before, after }: Found): readonly Spot[] {
  const known = new Map(before.flatMap(places).map(({ address, state }) => [address, state]));
  return after.flatMap(places).flatMap(({ address, state }) =>
    state.findings.filter(isOpen).map((finding) => {
      const key = findingKey(finding);
      const earlier = known.get(address)?.findings.find((each) => findingKey(each) === key) ?? null;
      return { address, state, finding, before: earlier };
    }),
  );
}

function places({ address, drift, memberDrift }: Kept): readonly Place[] {
  return [
    { address, state: drift },
    ...Object.entries(memberDrift).map(([key, state]) => ({
      address: deploymentAddress(manifestOf(address), parseTargetKey(key as TargetKey)),
      state,
    })),
  ];
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lines(address: Address, finding: Finding, first: readonly string[]): readonly string[] {
  const isAcceptable = finding.layer !== 'instance';
  return [
    ...first,
    ...differenceLines(finding.differences),
    ...circumstanceLines(finding),
    ...(finding.unrevertable === null ? [] : [`It cannot be put right by itself: ${finding.unrevertable}`]),
    '',
    'To see where it comes from:',
    `  evenkeel explain ${address}`,
    ...(isAcceptable ? ['To leave it as it is:', `  evenkeel drift accept ${address} --reason "…"`] : []),
  ].map((line) => bounded(line));
}
