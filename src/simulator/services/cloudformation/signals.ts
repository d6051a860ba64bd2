import { isObject, scalarText, type Json, type JsonObject } from '../../templates/json.js';
import { invalid } from '../../templates/refusal.js';
import type { Environment } from './environment.js';
import type { LiveResource, Stack } from './stack.js';

const WAIT_CONDITION = 'AWS::CloudFormation::WaitCondition';
/** What CloudFormation waits at most, in seconds. */
const LONGEST = 12 * 3600;

/** For how long CloudFormation waits for signals before it gives the resource up, and what it says then. */
export type Awaited = { readonly seconds: number; readonly failure: string };

/** The signals without which the resource does not become complete; `policies` are evaluated. Undefined where it waits for none. */
export function awaitedSignals(type: string, properties: JsonObject, policies: JsonObject): Awaited | undefined {
  const policy = policies['CreationPolicy'];
  const signal = isObject(policy) ? policy['ResourceSignal'] : undefined;
  if (signal !== undefined) return ofPolicy(isObject(signal) ? signal : {});
  return type === WAIT_CONDITION ? ofCondition(properties) : undefined;
}

/**
 * Lets the time of the wait pass, if there is any, and answers why it ended in vain: SignalResource and the URLs of handles
 * are not simulated, so no signal ever comes. Says nothing any more where the operation was given up in the meantime.
 */
export function awaitSignals(
  { base }: Environment,
  stack: Stack,
  awaited: Awaited | undefined,
  then: (failure: string | undefined) => void,
): void {
  if (awaited === undefined) return then(undefined);
  const { operation, status } = stack;
  base.clock.after(awaited.seconds, () => {
    if (stack.operation === operation && stack.status === status) then(awaited.failure);
  });
}

/** A wait condition is what it was made as: CloudFormation updates none of its properties. */
export function fixedCondition({ type }: LiveResource, changed: readonly string[]): string | undefined {
  if (type !== WAIT_CONDITION || changed.length === 0) return undefined;
  return `Update to resource type ${WAIT_CONDITION} is not supported.`;
}

function ofPolicy(signal: JsonObject): Awaited | undefined {
  const count = counted(signal['Count']);
  if (count === 0) return undefined;
  const seconds = isoSeconds(scalarText(signal['Timeout'] ?? 'PT5M'));
  return { seconds, failure: `Failed to receive ${count} resource signal(s) within the specified duration` };
}

function ofCondition(properties: JsonObject): Awaited | undefined {
  const missing = ['Handle', 'Timeout'].find((name) => properties[name] === undefined);
  if (missing !== undefined) throw invalid(`Property ${missing} cannot be empty.`);
  const timeout = scalarText(properties['Timeout']!);
  if (!/^\d{1,5}$/.test(timeout) || Number(timeout) > LONGEST)
    throw invalid(`Value of property Timeout must be a number of seconds up to ${LONGEST}, not ${timeout}`);
  const count = counted(properties['Count']);
  if (count === 0) return undefined;
  const failure = `WaitCondition timed out. Received 0 conditions when expecting ${count}`;
  return { seconds: Number(timeout), failure };
}

function counted(given: Json | undefined): number {
  const text = scalarText(given ?? 1);
  if (!/^\d{1,9}$/.test(text)) throw invalid(`Value of property Count must be a number, not ${text}`);
  return Number(text);
}

function isoSeconds(text: string): number {
  const [whole, hours = '0', minutes = '0', seconds = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text) ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (whole === undefined || whole === 'PT' || total > LONGEST)
    throw invalid(`Timeout of a resource signal must be a duration up to PT12H, not ${text}`);
  return total;
}
