import { manifestOf, targetOf } from '../model/address.js';
import { canonicalJson } from '../model/canonical.js';
import type { Address } from '../model/address.js';
import type { Block, Line } from '../model/document.js';
import { grouped } from '../model/grouped.js';
import { spanWords } from './describe-age.js';
import { toldInFacts } from './describe-changes.js';
import { METHOD_WORDS } from './describe-drift-findings.js';
import { targetsIn } from './describe-drift-groups.js';
import type { Unchecked } from './describe-drift-doubts.js';
import type { DriftReport } from './describe-drift-report.js';
import { compactTargets } from './describe-targets.js';
import { abbreviated, byText, counted } from './describe-wording.js';

/** What nobody could look at: one line for each manifest and reason, with the places. Nothing of it counts as good. */
export function uncheckedBlocks(
  { unchecked, unnamed }: Pick<DriftReport, 'unchecked' | 'unnamed'>,
  limit: number,
  now: Date,
): readonly Block[] {
  const items: readonly Line[] = [
    ...[
      ...grouped(
        unchecked.filter((each) => !isInPart(each)),
        sameness,
      ).values(),
    ].map((same) => uncheckedLine(same, limit, now)),
    ...partLines(unchecked.filter(isInPart)),
    ...(unnamed === 0
      ? []
      : [
          [
            { text: 'NOT_CHECKED', tone: 'warn' } as const,
            ` ${counted(unnamed, 'deployment')}: the ledger has no check of their resources yet`,
          ],
        ]),
  ];
  if (items.length === 0) return [];
  const written = limit === Infinity ? items : items.slice(0, WRITTEN);
  const more = items.length - written.length;
  return [
    { type: 'heading', text: 'Could not be checked, and not counted as good' },
    {
      type: 'list',
      items: more > 0 ? [...written, [{ text: `and ${String(more)} more; --all shows them`, tone: 'warn' }]] : written,
    },
  ];
}

const WRITTEN = 30;
const NAMED_MANIFESTS = 10;

function isInPart({ state, parts }: Unchecked): boolean {
  return state === 'NOT_CHECKABLE' && parts.length > 0;
}

/** A line for each type that a method cannot look at, wherever there is one: it is the same everywhere. */
function partLines(unchecked: readonly Unchecked[]): readonly Line[] {
  const parts = unchecked.flatMap((each) =>
    each.parts.map((part) => ({ part, method: each.method, address: each.address })),
  );
  return [...grouped(parts, ({ part, method }) => `${part} ${method}`).values()]
    .sort(([one], [other]) => byText(one!.part, other!.part))
    .map((same): Line => {
      const { part, method } = same[0]!;
      const addresses = new Set(same.map(({ address }) => address));
      const manifests = [...new Set(same.map(({ address }) => manifestOf(address)))].sort();
      const where =
        addresses.size === 1
          ? ` at ${[...addresses][0]!}`
          : `, in ${counted(addresses.size, 'deployment')} of ${abbreviated(manifests, NAMED_MANIFESTS)}`;
      return [
        { text: 'NOT_CHECKABLE', tone: 'warn' },
        ' ',
        { text: part, tone: 'strong' },
        `: ${METHOD_WORDS[method]} cannot look at it${where}`,
      ];
    });
}

/** What AWS refuses is refused whichever manifest it is of; all else is told manifest by manifest. */
function sameness({ address, layer, state, method, at, waitingSince, error, parts, pendingSince }: Unchecked): string {
  const isNever = at === null;
  return canonicalJson([
    state,
    error === null ? manifestOf(address) : null,
    waitingSince !== null,
    layer,
    method,
    isNever,
    inFacts(error, address),
    parts,
    pendingSince !== null,
  ]);
}

/** AWS's reasons name the account, and are the same reason all the same. */
function inFacts(error: string | null, address: Address): string | null {
  const target = targetOf(address);
  return target === null ? error : toldInFacts(error, target);
}

function uncheckedLine(same: readonly Unchecked[], limit: number, now: Date): Line {
  const { address, state } = same[0]!;
  const addresses = [...new Set(same.map((each) => each.address))];
  const isOne = addresses.length === 1;
  const manifests = [...new Set(addresses.map(manifestOf))].sort();
  const targets = targetsIn([...addresses].map((each) => ({ address: each })));
  const isWhole = targets.length === 0;
  return [
    { text: state, tone: 'warn' },
    ' ',
    { text: isOne ? address : abbreviated(manifests, NAMED_MANIFESTS), tone: 'strong' },
    isOne ? '' : `, ${counted(targets.length, 'deployment')}`,
    `: ${why(same, now)}`,
    isOne || isWhole ? '' : `; at ${compactTargets(targets, limit)}`,
  ];
}

function why(same: readonly Unchecked[], now: Date): string {
  const { layer, state, method, error, parts, address } = same[0]!;
  const what =
    layer === 'resource'
      ? state === 'UNKNOWN'
        ? 'all of its resources'
        : 'its resources'
      : targetOf(address) === null
        ? 'the stack set'
        : 'the stack';
  const named = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  switch (state) {
    case 'NOT_CHECKABLE':
      return `${METHOD_WORDS[method]} cannot look at ${what}`;
    case 'NOT_CHECKED':
      return `${what} ${notChecked(same, now)}${named}`;
    case 'UNKNOWN': {
      const told = same.every((each) => each.error === error) ? error : inFacts(error, address);
      const reason = told ?? (method === 'walk' ? 'evenkeel plan says why' : 'AWS gave no reason');
      return `${METHOD_WORDS[method]} could not look at ${what}${ageOf(same, now)}: ${reason}`;
    }
  }
}

function notChecked(same: readonly Unchecked[], now: Date): string {
  const spanSince = (time: string): string => spanWords(now.getTime() - Date.parse(time));
  const at = oldest(same.flatMap((each) => each.at ?? []));
  const plural = same[0]!.layer === 'resource' ? 'were' : 'was';
  const begun = oldest(same.flatMap(({ pendingSince }) => pendingSince ?? []));
  const under = begun === null ? '' : `; a detection has been under way for ${spanSince(begun)}`;
  const waiting = oldest(same.flatMap(({ waitingSince }) => waitingSince ?? []));
  if (waiting !== null && same[0]!.method === 'template')
    return `was not read by ${METHOD_WORDS.template} yet, ${spanSince(waiting)} after it was first met`;
  if (waiting !== null && begun === null) return `wait for their first check since ${spanSince(waiting)}`;
  if (at === null) return `${plural} never checked${under}`;
  const age = spanSince(at);
  return same[0]!.method === 'walk'
    ? `was not looked at since it was changed, ${age} ago`
    : `${plural} not checked for ${age}${under}`;
}

function ageOf(same: readonly Unchecked[], now: Date): string {
  const at = oldest(same.flatMap((each) => each.at ?? []));
  return at === null ? '' : ` ${spanWords(now.getTime() - Date.parse(at))} ago`;
}

function oldest(times: readonly string[]): string | null {
  return times.length === 0 ? null : times.reduce((one, other) => (other < one ? other : one));
}
