import { setTimeout as pause } from 'node:timers/promises';
import type { NoAnswer } from '../kernel/strike.js';

/** Real milliseconds that a client in process waits for nothing, where nothing else was asked for. */
const PATIENCE = 20;

/** What Node's HTTP handler rejects with where no answer comes, after as long as a client would have waited. */
export async function asClientsSeeIt({ how }: NoAnswer): Promise<Error> {
  if (how.type === 'reset') {
    const broken = { name: 'TimeoutError', code: 'ECONNRESET', errno: -104, syscall: 'read' };
    return Object.assign(new Error('read ECONNRESET'), broken);
  }
  const milliseconds = how.milliseconds ?? PATIENCE;
  await pause(milliseconds);
  const message = `a request has exceeded the configured ${milliseconds} ms requestTimeout.`;
  return Object.assign(new Error(message), { name: 'TimeoutError', code: 'ETIMEDOUT' });
}
