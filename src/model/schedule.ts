/** When something happens, in EventBridge's words: `rate(15 minutes)`, or `cron(0 2 * * ? *)` in UTC. */
export type Schedule =
  | { readonly type: 'rate'; /** Milliseconds. */ readonly every: number }
  | { readonly type: 'cron'; /** The six fields, without `cron()`. */ readonly expression: string };
