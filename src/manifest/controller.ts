import type { At, Controller } from '../model/desired.js';
import type { Region } from '../model/identifiers.js';
import type { Schedule } from '../model/schedule.js';
import { channelOf } from './channels.js';
import type { ControllerManifest } from './schema/controller.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A Controller manifest with everything defaulted. */
export function controllerOf({ metadata, spec }: ControllerManifest, at: At): Controller {
  return {
    name: metadata.name,
    partition: spec.partition,
    homeRegion: spec.homeRegion as Region,
    table: spec.table ?? metadata.name,
    artifactBucket: spec.artifactBucket ?? `${metadata.name}-artifacts-\${account.id}-\${region}`,
    roles: {
      plan: spec.roles.plan,
      apply: spec.roles.apply,
      cloudformation: spec.roles.cloudformation ?? null,
      externalId: spec.roles.externalId ?? null,
    },
    budgets: {
      delete: spec.budgets?.delete ?? 5,
      replace: spec.budgets?.replace ?? 2,
      accounts: (spec.budgets?.accounts ?? '50%') as Controller['budgets']['accounts'],
      window: durationOf(spec.budgets?.window ?? '24h'),
      checks: spec.budgets?.checks ?? 240,
    },
    freeze: spec.freeze ?? [],
    permissionsBoundary: spec.permissionsBoundary ?? null,
    reconcile: scheduleOf(spec.schedule?.reconcile ?? 'rate(15 minutes)'),
    drift: spec.schedule?.drift === undefined ? null : scheduleOf(spec.schedule.drift),
    notify: (spec.notify ?? []).map(channelOf),
    heartbeat: spec.heartbeat ?? null,
    at,
  };
}

/** Milliseconds of `15m`, `24h`, `7d`. */
function durationOf(text: string): number {
  const unit = { m: MINUTE, h: HOUR, d: DAY }[text.at(-1) as 'm' | 'h' | 'd'];
  return Number(text.slice(0, -1)) * unit;
}

/** `rate(15 minutes)` or `cron(0 2 * * ? *)`; the schema has seen that it is one of them. */
function scheduleOf(schedule: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  if (rate !== null) {
    const unit = { minute: MINUTE, hour: HOUR, day: DAY }[rate[2] as 'minute' | 'hour' | 'day'];
    return { type: 'rate', every: Number(rate[1]) * unit };
  }
  return { type: 'cron', expression: schedule.slice('cron('.length, -1) };
}
