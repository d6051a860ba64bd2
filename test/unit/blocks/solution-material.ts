import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAws } from '../../../src/aws/clients.js';
import type { Aws } from '../../../src/aws/contract.js';
import { createDownload } from '../../../src/blocks/fetch/download.js';
import { lockBlocks } from '../../../src/blocks/lock/lock.js';
import type { LockOptions, LockResult } from '../../../src/blocks/lock/lock.js';
import type { Desired, Solution } from '../../../src/model/desired.js';
import type { DesiredFiles } from '../../../src/model/files.js';
import type { Simulator } from '../../../src/simulator/kernel/contract.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { desired } from '../../support/builders.js';
import { files } from './material.js';
import { CONTROLLER, HOME } from './repository.js';

/** Path-style path, `/bucket/key` → what the publisher's side answers there. */
export type Answer = string | Uint8Array | ((response: ServerResponse) => void);

/** A manifest whose places say which key they are of. */
export function solution(block: Partial<Solution>, over: Partial<Desired> = {}): Desired {
  return desired({
    address: 'Solution/response',
    kind: 'Solution',
    name: 'response',
    block: { type: 'solution', template: null, solution: null, part: null, version: null, ...block },
    at: (...path) => ({ file: 'security/response.yaml', line: 1, column: 1, length: 1, source: path.join('.') }),
    ...over,
  });
}

export type Publisher = {
  readonly simulator: Simulator;
  readonly aws: Aws;
  readonly answers: Map<string, Answer>;
  /** Paths that were asked for without a signature, in order. */
  readonly asked: string[];
  lock(desired: readonly Desired[], present?: DesiredFiles, over?: Partial<LockOptions>): Promise<LockResult>;
  close(): Promise<void>;
};

/** Buckets that anybody may read, behind a real socket; whatever is asked for with a signature is the simulator's. */
export async function createPublisher(): Promise<Publisher> {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
    else if (typeof answer === 'function') answer(response);
    else response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const simulator = createSimulator({
    organization: { managementAccount: { id: CONTROLLER, name: 'management' }, units: [], accounts: [] },
  });
  const clock = { now: () => simulator.world.clock.now(), sleep: () => Promise.resolve() };
  const { signal } = new AbortController();
  const aws = createAws({
    partition: 'aws',
    homeRegion: HOME,
    roles: { plan: 'plan', apply: 'apply', cloudformation: null, externalId: null },
    clock,
    requestHandler: simulator.requestHandler,
    credentials: simulator.credentials(CONTROLLER),
  });
  return {
    simulator,
    aws,
    answers,
    asked,
    lock: (wanted, present = files({}), over = {}) =>
      lockBlocks({
        aws,
        clock,
        signal,
        ...createDownload({ endpoint, signal }),
        desired: wanted,
        files: present,
        mode: 'changed',
        progress: () => {},
        ...over,
      }),
    async close() {
      await simulator.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The folder after the lock was written to it. */
export function after(result: LockResult, present: DesiredFiles = files({})): DesiredFiles {
  const contents = Object.fromEntries([...present.files, ...result.write]);
  for (const path of result.remove) delete contents[path];
  return files(contents);
}
