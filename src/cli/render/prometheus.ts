import { Gauge, Registry, Summary } from 'prom-client';
import type { Metric } from '../../reconciler/describe-metrics.js';

const QUANTILES = [0.5, 0.9, 0.99] as const;

/** The metrics in Prometheus's text format, and nothing of this process. */
export async function renderPrometheus(metrics: readonly Metric[]): Promise<string> {
  const registry = new Registry();
  for (const metric of metrics) {
    const { name, help, labels } = metric;
    const options = { name, help, labelNames: [...labels], registers: [] };
    if (metric.type === 'gauge') {
      const made = new Gauge(options);
      for (const sample of metric.samples) made.set(sample.labels, sample.value);
      registry.registerMetric(made);
    } else registry.registerMetric(exactSummary(options, metric.observed));
  }
  return registry.metrics();
}

type Options = {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: Registry[];
};

/** The library estimates quantiles with the help of chance, and takes zero for those of nothing: here all values are at hand. */
function exactSummary(options: Options, observed: Extract<Metric, { type: 'summary' }>['observed']): Summary {
  const summary = new Summary({ ...options, percentiles: [] });
  summary.get = () =>
    Promise.resolve({
      name: options.name,
      help: options.help,
      type: 'summary' as never,
      aggregator: 'omit',
      collect: () => undefined,
      values: observed.flatMap(({ labels, values }) => {
        const sorted = [...values].sort((one, other) => one - other);
        const quantiles = sorted.length === 0 ? [] : QUANTILES;
        return [
          ...quantiles.map((quantile) => ({ labels: { quantile, ...labels }, value: quantileOf(sorted, quantile) })),
          { metricName: `${options.name}_sum`, labels, value: sorted.reduce((sum, value) => sum + value, 0) },
          { metricName: `${options.name}_count`, labels, value: sorted.length },
        ];
      }),
    });
  return summary;
}

/** The smallest value that so much of all values do not exceed. */
function quantileOf(sorted: readonly number[], quantile: number): number {
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)]!;
}
