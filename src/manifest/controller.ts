import type { At, Controller } from '../model/desired.js';
import type { Region } from '../model/identifiers.js';
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
    },
    freeze: spec.freeze ?? [],
    permissionsBoundary: spec.permissionsBoundary ?? null,
    reconcileEvery: rateOf(spec.schedule?.reconcile) ?? 15 * MINUTE,
    at,
  };
}

/** Milliseconds of `15m`, `24h`, `7d`. */
function durationOf(text: string): number {
  const unit = { m: MINUTE, h: HOUR, d: DAY }[text.at(-1) as 'm' | 'h' | 'd'];
  return Number(text.slice(0, -1)) * unit;
}

/** Milliseconds of `rate(15 minutes)`; null for anything else. */
function rateOf(schedule: string | undefined): number | null {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule ?? '');
  if (match === null) return null;
  return Number(match[1]) * { minute: MINUTE, hour: HOUR, day: DAY }[match[2] as 'minute' | 'hour' | 'day'];
}
