import { newestRuntime } from '../model/lambda-schedule.js';
import { nearest } from '../model/nearest.js';
import type { Cdk } from './cdk.js';
import { Unfit } from './unfit.js';

type Path = readonly (string | number)[];

/** `nodejs22.x`; only what the CDK knows, because what else a function may do depends on it. Throws Unfit. */
export function runtimeOf(name: string, cdk: Cdk, path: Path): unknown {
  const { Runtime } = cdk.load('aws-cdk-lib/aws-lambda');
  const known = Runtime.ALL.find((runtime) => runtime.name === name);
  if (known !== undefined) return known;
  const names = Runtime.ALL.map((runtime) => runtime.name);
  const meant = newestRuntime(name, names);
  throw new Unfit(
    path,
    `the CDK knows no runtime ${name}`,
    meant === null ? `write one of ${names.slice(-12).join(', ')}` : `write ${meant}`,
  );
}

/** Milliseconds. */
const UNITS = { millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** `5 minutes`, or an ISO 8601 duration. */
export function durationOf(text: string, cdk: Cdk): unknown {
  const { Duration } = cdk.load('aws-cdk-lib');
  const [, amount, unit] = /^(\d+) (millisecond|second|minute|hour|day)s?$/.exec(text) ?? [];
  if (unit === undefined) return Duration.parse(text);
  const milliseconds = Number(amount) * UNITS[unit as keyof typeof UNITS];
  return milliseconds % 1_000 === 0 ? Duration.seconds(milliseconds / 1_000) : Duration.millis(milliseconds);
}

const KIBIBYTES = { KiB: 1, MiB: 1_024, GiB: 1_048_576 } as const;

/** `512 MiB`. */
export function sizeOf(text: string, cdk: Cdk): unknown {
  const [amount, unit] = text.split(' ') as [string, keyof typeof KIBIBYTES];
  return cdk.load('aws-cdk-lib').Size.kibibytes(Number(amount) * KIBIBYTES[unit]);
}

/** A member of an enumeration, or a ready value of a class, by the CDK's own name: `aws-lambda.Architecture.ARM_64`. Throws Unfit. */
export function memberOf(text: string, cdk: Cdk, path: Path): unknown {
  const [module, holder, member] = text.split('.') as [string, string, string];
  const loaded = cdk.loadAny(module === 'core' ? 'aws-cdk-lib' : `aws-cdk-lib/${module}`);
  if (loaded === null)
    throw new Unfit(path, `the CDK has no module ${module}`, 'write a module such as aws-lambda, or core');
  const owner = loaded[holder];
  if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null)
    throw new Unfit(path, `${module} of the CDK has no ${holder}`, suggestion(holder, Object.keys(loaded)));
  const members = Object.keys(owner).filter((name) => isValue(Reflect.get(owner, name)));
  if (!members.includes(member))
    throw new Unfit(path, `${module}.${holder} has no member ${member}`, suggestion(member, members));
  return Reflect.get(owner, member) as unknown;
}

const isValue = (value: unknown): boolean => typeof value !== 'function' && value !== undefined;

function suggestion(written: string, known: readonly string[]): string {
  const meant = nearest(written, known);
  return meant === null ? `write one of ${known.slice(0, 20).join(', ')}` : `write ${meant}`;
}
