import type { Anchor } from '../model/anchor.js';
import type { Block, Document, Line } from '../model/document.js';
import type { Break, Verification } from './ports.js';
import { counted, shortTime } from './describe-wording.js';

const SHOWN_BREAKS = 50;

/** Whether the ledger is what was written to it: what was read, and where each chain breaks first. */
export function describeVerification(
  { addresses, events, runs, breaks, root }: Verification,
  anchor: Pick<Anchor, 'at' | 'root'> | null,
): Document {
  const isWhole = breaks.length === 0;
  const read = `${counted(addresses, 'address', 'addresses')}, ${counted(events, 'event')} and ${counted(runs, 'run')}`;
  const more = breaks.length - SHOWN_BREAKS;
  return {
    blocks: [
      isWhole
        ? paragraph([
            { text: 'The ledger is whole', tone: 'good' },
            `: ${read} were read, and each is what was written.`,
          ])
        : paragraph([
            { text: `The ledger is broken in ${counted(breaks.length, 'place')}`, tone: 'bad' },
            `: ${read} were read.`,
          ]),
      ...(isWhole ? [] : ([{ type: 'list', items: breaks.slice(0, SHOWN_BREAKS).map(breakLine) }] as const)),
      ...(more > 0 ? [paragraph(`and ${String(more)} more: --output json has all of them.`)] : []),
      ...(anchor === null || !isWhole
        ? []
        : [paragraph(`It goes on from the anchor of ${shortTime(anchor.at)}: nothing before it was rewritten.`)]),
      ...(root === null || !isWhole ? [] : [paragraph(`Merkle root over all heads: ${root}`)]),
    ],
    data: {
      schemaVersion: 1,
      result: isWhole ? 'whole' : 'broken',
      addresses,
      events,
      runs,
      root,
      anchor: anchor === null ? null : { at: anchor.at, root: anchor.root },
      breaks,
    },
  };
}

function paragraph(line: Line): Block {
  return { type: 'paragraph', line };
}

function breakLine({ address, run, item, sequence, message, remedy }: Break): Line {
  const place = address ?? (run === null ? (item ?? 'the anchor') : `run ${run}`);
  return [
    { text: place, tone: 'strong' },
    sequence === null ? '' : ` event ${String(sequence)}`,
    ': ',
    { text: message, tone: 'bad' },
    `; ${remedy}`,
  ];
}
