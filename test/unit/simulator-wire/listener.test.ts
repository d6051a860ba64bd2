import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../../src/simulator/wire/listener.js';
import { Echo } from './echo.js';
import { codeOf, FORM, form, signed } from './raw.js';

const MIB = 1024 * 1024;

const echo = new Echo();
let server: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  server = await listen(echo.gateway, 0, MIB);
});
afterAll(() => server.close());

/** Writes bytes to the socket and gives what comes back until the other side closes. */
function talk(...pieces: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
    // What is cut off in the middle of writing may end in an error; what was heard counts.
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
    for (const piece of pieces) socket.write(piece);
    setTimeout(() => socket.end(), 300);
  });
}

async function expectAlive(): Promise<void> {
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: { ...signed('cloudformation'), ...FORM },
    body: form('DescribeStacks'),
  });
  expect(answer.status).toBe(200);
}

describe('the listener', () => {
  it.each([
    ['is no HTTP', '\u0016\u0003\u0001\u0002\u0000\r\n\r\n', 400],
    ['has a line that is none', 'GET\r\n\r\n', 400],
    ['has no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['has a length that is none', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n', 400],
    ['has two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na', 400],
    ['has chunks that are none', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    ['has headers that are too large', `GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
    ['has too many headers', `GET / HTTP/1.1\r\nHost: a\r\n${'X-Many: 1\r\n'.repeat(5000)}\r\n`, 431],
    ['has a path that is too long', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    [
      'expects what nobody gives',
      'POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      417,
    ],
  ])('refuses what %s, and goes on', async (_what, request, status) => {
    expect(await talk(request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await expectAlive();
  });

  it('is not held up by a client that stops in the middle', async () => {
    expect(await talk('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc')).toMatch(/^(HTTP\/1\.1 400 |$)/);
    await expectAlive();
  });

  it('refuses a body that is too large, once it has been said', async () => {
    const answer = await fetch(server.url, { method: 'POST', headers: signed('s3'), body: Buffer.alloc(1.5 * MIB) });
    expect(answer.status).toBe(413);
    expect(codeOf(await answer.text(), {})).toBe('RequestEntityTooLarge');
    await expectAlive();
  });

  it('hangs up on a body that does not end', async () => {
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await talk(head, ...Array.from({ length: 40 }, () => chunk))).toBe('');
    await expectAlive();
  });

  it('writes no header that HTTP cannot carry', async () => {
    echo.reply = { Body: new Uint8Array(), ContentType: 'text/plain\r\nX-Smuggled: 1', Metadata: { a: '日本' } };
    const answer = await fetch(`${server.url}/bucket/key`, { headers: signed('s3') });
    expect([answer.status, answer.headers.get('x-smuggled')]).toEqual([200, null]);
    echo.reply = {};
    await expectAlive();
  });

  it('carries a query that is no text', async () => {
    const answer = await fetch(`${server.url}/bucket?%zz=%ff&a&=b`, { headers: signed('s3') });
    expect(answer.status).toBeLessThan(500);
    await expectAlive();
  });
});
