import { accessLogsQueries } from './access-logs-queries.js';
import { edgeLogsAggregator } from './edge-logs-aggregator.js';
import { lambdaJanitor } from './lambda-janitor.js';
import { logsJanitor } from './logs-janitor.js';
import { ROTATION_FAMILY } from './rotation.js';
import type { StandIn } from './stand-in.js';

/** What the simulated Serverless Application Repository offers to everybody from the start. */
export const CATALOG: readonly StandIn[] = [
  lambdaJanitor,
  accessLogsQueries,
  ...ROTATION_FAMILY,
  edgeLogsAggregator,
  logsJanitor,
];
