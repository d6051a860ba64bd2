import { DAYS_OF_EVENTS, metricsOf } from '../../reconciler/describe-metrics.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import { withReading } from '../opening.js';
import type { LedgerOptions, SourceOptions } from '../options.js';
import { READABLE_BY_ALL, wholeFile } from '../whole-file.js';

export type MetricsOptions = SourceOptions & LedgerOptions & { readonly file?: string };

/** What the ledger knows, as metrics for Prometheus; AWS itself is not asked. */
export async function run(options: MetricsOptions, context: Context): Promise<ExitCode> {
  const file = options.file === undefined ? null : await wholeFile(options.file, context.cwd, READABLE_BY_ALL);
  return withReading({ ...options, output: 'table', color: false }, context, async ({ ledger, session }) => {
    const now = context.clock.now();
    const [drift, outgoing, spent, ...days] = await Promise.all([
      ledger.drift(),
      ledger.outgoing(),
      session === null ? null : ledger.spent(session.controller.budgets.window),
      ...newestDays(now).map((day) => ledger.eventsOf(day)),
    ]);
    // The library for the format is loaded only where something is written in it.
    const { renderPrometheus } = await import('../render/prometheus.js');
    const since = now.getTime() - DAYS_OF_EVENTS * DAY;
    const text = await renderPrometheus(
      metricsOf({
        drift,
        events: days.flat().filter(({ at }) => Date.parse(at) > since),
        noticesWaiting: outgoing.length,
        budgets: session === null || spent === null ? null : { limits: session.controller.budgets, spent },
        now,
      }),
    );
    if (file === null) context.stdout.write(text);
    else await file.write([text]);
    return EXIT.done;
  });
}

const DAY = 24 * 60 * 60 * 1000;

/** The days that the newest seven times twenty-four hours touch, such as `2026-11-23`, oldest first. */
function newestDays(now: Date): readonly string[] {
  return Array.from({ length: DAYS_OF_EVENTS + 1 }, (_, back) =>
    new Date(now.getTime() - (DAYS_OF_EVENTS - back) * DAY).toISOString().slice(0, 10),
  );
}
