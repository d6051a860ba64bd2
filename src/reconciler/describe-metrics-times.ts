import { DRIFT_LAYERS } from '../model/drift.js';
import type { FindingEvent } from '../model/drift.js';
import type { HistoryEvent } from '../model/recorded.js';
import type { Metric } from './describe-metrics.js';

type Told = HistoryEvent & { readonly finding: FindingEvent };

/**
 * How long drift stood before it was seen, and until it was gone. Detecting counts from when somebody did it, or, where nobody is
 * known, from the newest look that did not show it yet: then it is the longest that it can have been.
 */
export function driftTimes(events: readonly HistoryEvent[]): readonly Metric[] {
  const told = events.filter((event): event is Told => event.finding !== undefined);
  // What comes up again because its rule is gone was seen before.
  const appeared = told.filter(({ event, finding }) => event === 'appeared' && finding.firstSeen === finding.lastSeen);
  const ended = told.filter(({ event }) => event === 'reverted' || event === 'gone');
  return [
    ...timed(
      'detect',
      'Time from a change by hand until it was seen; from the look before, where nobody knows when it was made',
      appeared,
      ({ finding }) => finding.actor?.at ?? finding.notBefore,
    ),
    ...timed(
      'restore',
      'Time from when drift was first seen until it was gone or put right',
      ended,
      ({ finding }) => finding.firstSeen,
    ),
  ];
}

function timed(
  what: 'detect' | 'restore',
  help: string,
  events: readonly Told[],
  beginOf: (event: Told) => string | null,
): readonly Metric[] {
  const name = `evenkeel_drift_time_to_${what}`;
  const byLayer = DRIFT_LAYERS.map((layer) => {
    const those = events.filter(({ finding }) => finding.layer === layer);
    const values = those.flatMap((event) => secondsBetween(beginOf(event), event.at) ?? []);
    return { labels: { layer }, values, unknown: those.length - values.length };
  });
  return [
    {
      name: `${name}_seconds`,
      help: `${help}, of the last seven days.`,
      type: 'summary',
      labels: ['layer'],
      observed: byLayer.map(({ labels, values }) => ({ labels, values })),
    },
    {
      name: `${name}_unknown`,
      help: `Drift of the last seven days of which the time to ${what} is not known, and which the summary leaves out.`,
      type: 'gauge',
      labels: ['layer'],
      samples: byLayer.map(({ labels, unknown }) => ({ labels, value: unknown })),
    },
  ];
}

/** Null where the beginning is not known, or a clock that jumped puts it after the end. */
function secondsBetween(begin: string | null, end: string): number | null {
  if (begin === null) return null;
  const span = (Date.parse(end) - Date.parse(begin)) / 1000;
  return Number.isNaN(span) || span < 0 ? null : span;
}
