// The process that is measured: the simulator alone, asked with the bytes of requests, past every SDK.
import { createSimulator } from '../../src/simulator/simulator.js';
import { organization } from './input.js';
import { MIX, wireRequests } from './wire-requests.js';

export type WireMeasure = {
  readonly requests: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMiB: number;
  /** Milliseconds of a request of each kind, in the middle. */
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
};

const WARM_UP = 3_000;
const REQUESTS = 20_000;
/** Simulated seconds that pass after each hundred requests, so that what was begun is also carried out. */
const STEP_SECONDS = 30;

const simulator = createSimulator({ organization, seed: 1 });
const failures: string[] = [];
const taken = new Map<string, number[]>();
const requests = wireRequests(WARM_UP + REQUESTS);

await ask(requests.slice(0, WARM_UP));
taken.clear();
const [cpuBefore, begun] = [process.cpuUsage(), performance.now()];
await ask(requests.slice(WARM_UP));
const [{ user, system }, ended] = [process.cpuUsage(cpuBefore), performance.now()];
await simulator.close();

const measure: WireMeasure = {
  requests: REQUESTS,
  seconds: (ended - begun) / 1000,
  cpuSeconds: (user + system) / 1e6,
  peakRssMiB: process.resourceUsage().maxRSS / 1024,
  milliseconds: Object.fromEntries(Object.keys(MIX).map((kind) => [kind, median(taken.get(kind) ?? [])])),
  failures,
};
process.send!(measure, () => process.exit(0));

async function ask(asked: ReturnType<typeof wireRequests>): Promise<void> {
  for (const [index, { kind, request }] of asked.entries()) {
    const from = performance.now();
    const { response } = await simulator.requestHandler.handle(request);
    taken.set(kind, taken.get(kind) ?? []);
    taken.get(kind)!.push(performance.now() - from);
    if (response.statusCode !== 200) failures.push(`${kind}: ${await text(response.body)}`);
    if (index % 100 === 99) simulator.world.clock.advance(STEP_SECONDS);
  }
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
