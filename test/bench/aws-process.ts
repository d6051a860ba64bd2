// The process that is AWS: the simulator on the loopback, its DynamoDB included, and a desk beside it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimulator } from '../../src/simulator/simulator.js';
import type { Standing } from './desk.js';
import { organization } from './input.js';

export type Ready = { readonly endpoint: string; readonly desk: string };

const simulator = createSimulator({ organization, seed: 1, startAt: new Date() });
const { url } = await simulator.listen(0);

const standing = (): Standing => ({ calls: simulator.calls.byOperation(), now: simulator.world.clock.now().getTime() });
const desk = createServer((question, answer) => {
  const { pathname, searchParams } = new URL(question.url ?? '/', 'http://desk');
  if (pathname === '/advance') simulator.world.clock.advance(Number(searchParams.get('milliseconds')) / 1000);
  if (pathname === '/reset') simulator.calls.reset();
  answer.end(JSON.stringify(standing()));
});
desk.listen(0, '127.0.0.1', () => {
  process.send!({ endpoint: url, desk: `http://127.0.0.1:${(desk.address() as AddressInfo).port}` } satisfies Ready);
});
process.once('disconnect', () => process.exit(0));
